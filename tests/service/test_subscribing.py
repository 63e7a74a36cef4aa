from __future__ import annotations

import json
from pathlib import Path

import pytest

from seawall.errors import PeerError
from seawall.model.serving import PollSettings
from seawall.service.subscribing import poll
from tests.sharing.taxii.serving import identity, post, running


def test_a_collection_is_read_on_from_the_last_look_and_again_while_the_spool_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAXII_PASSWORD", "anna:s password")
    got: list[bytes] = []
    full = [True]

    def deliver(name: str, content: bytes) -> bool:
        if not full[0]:
            got.append(content)
        return not full[0]

    with running(tmp_path / "s.db") as server:
        settings = PollSettings(f"{server.url}/sharing/collections/both/", "anna", "env:TAXII_PASSWORD")
        with server.client() as anna:
            post(anna, "both", *(identity(number) for number in range(3)))
        kept = poll(settings, {}, deliver)
        full[0] = False
        kept = poll(settings, kept, deliver)
        bundle = json.loads(got.pop())
        assert bundle["type"] == "bundle"
        assert [one["id"] for one in bundle["objects"]] == [identity(number)["id"] for number in range(3)]
        with server.client() as anna:
            post(anna, "both", identity(9))
        kept = poll(settings, json.loads(json.dumps(kept)), deliver)
        assert [one["id"] for one in json.loads(got.pop())["objects"]] == [identity(9)["id"]]
        poll(settings, kept, deliver)
        assert got == []
        monkeypatch.setenv("TAXII_PASSWORD", "wrong")
        with pytest.raises(PeerError):
            poll(settings, kept, deliver)
