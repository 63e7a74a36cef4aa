from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from seawall.disk.segments import SENDER, frames, sender_of
from seawall.model.serving import PushSettings, ServeSettings
from seawall.service.pushing import Pushing
from seawall.service.spool import Spool, SpoolFullError

TOKEN = "0123456789abcdef0123"
EVENT = b'{"time": 1764000000, "host": "pe1", "event": "%SYS-5-CONFIG_I: Configured from console"}'


@pytest.fixture
def pushing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pushing:
    monkeypatch.setenv("PUSH_TOKEN", TOKEN)
    return Pushing(tmp_path, ServeSettings(push=PushSettings(tokens={"siem": "env:PUSH_TOKEN"}, most_mb=1)))


def ask(
    pushing: Pushing,
    path: str,
    body: bytes = b"",
    *,
    authorization: str = f"Splunk {TOKEN}",
    method: str = "POST",
    coding: str = "",
) -> tuple[int, dict[str, Any]]:
    """One request, its body in two pieces; status and what was said."""
    sent: list[dict[str, Any]] = []
    pieces: Iterator[dict[str, Any]] = iter(
        (
            {"type": "http.request", "body": body[: len(body) // 2], "more_body": True},
            {"type": "http.request", "body": body[len(body) // 2 :]},
            {"type": "http.disconnect"},
        )
    )

    async def receive() -> dict[str, Any]:
        return next(pieces)

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    where, _, query = path.partition("?")
    headers = [(b"authorization", authorization.encode())] if authorization else []
    headers += [(b"content-encoding", coding.encode())] if coding else []
    scope = {"type": "http", "path": where, "method": method, "query_string": query.encode(), "headers": headers}
    asyncio.run(pushing({**scope, "client": ("192.0.2.7", 4711)}, receive, send))
    return sent[0]["status"], json.loads(sent[1]["body"])


def test_what_is_answered_with_200_is_in_the_spool_under_the_name_of_its_token(
    pushing: Pushing, tmp_path: Path
) -> None:
    assert ask(pushing, "/services/collector/event", EVENT + EVENT)[1]["events"] == 2
    assert ask(pushing, "/ingest?name=../conn.log", gzip.compress(b"a line\n"), coding="gzip")[0] == 200
    assert ask(pushing, "/services/collector/health", method="GET", authorization="")[0] == 200
    (segment,) = (tmp_path / "spool/open").iterdir()
    with segment.open("rb") as file:
        found = list(frames(file))
    (sender,) = [sender_of(one) for one in found if one.type == SENDER]
    assert (sender.address, sender.trust) == ("siem", "authenticated")
    held = b"".join(one.payload for one in found)
    assert held.count(b"Configured from console") == 2
    assert b"a line\n" in held
    assert b"../" not in held
    assert TOKEN.encode() not in held


@pytest.mark.parametrize(
    ("path", "body", "more", "status"),
    [
        pytest.param("/ingest", b"x", {"authorization": ""}, 401, id="no token"),
        pytest.param("/ingest", b"x", {"authorization": "Bearer guess"}, 403, id="wrong token"),
        pytest.param("/ingest", b"x", {"authorization": "Basic abc"}, 401, id="another scheme"),
        pytest.param("/ingest", b"x", {"method": "GET"}, 405, id="asked"),
        pytest.param("/etc/passwd", b"x", {}, 404, id="elsewhere"),
        pytest.param("/ingest", b"x" * (1 << 20 | 1), {}, 413, id="too long"),
        pytest.param("/ingest", gzip.compress(bytes(1 << 21)), {"coding": "gzip"}, 413, id="too long unpacked"),
        pytest.param("/ingest", gzip.compress(b"x" * 99)[:-9], {"coding": "gzip"}, 400, id="half a gzip"),
        pytest.param("/ingest", b"x", {"coding": "br"}, 415, id="another coding"),
        pytest.param("/services/collector", b"", {}, 400, id="nothing"),
        pytest.param("/services/collector", EVENT + b"{", {}, 400, id="half an event"),
    ],
)
def test_what_is_not_taken_is_refused_with_its_reason_and_leaves_nothing(
    pushing: Pushing, tmp_path: Path, path: str, body: bytes, more: dict[str, Any], status: int
) -> None:
    said = ask(pushing, path, body, **more)
    assert said[0] == status
    assert said[1]["text"]
    assert not [*(tmp_path / "spool/open").iterdir()]


def test_while_the_spool_or_the_disk_is_full_pushers_are_told_to_come_again(
    pushing: Pushing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(Spool, "full", lambda _: "the disk has 0 MiB left")
        assert ask(pushing, "/ingest", b"x")[0] == 503
    pushing._pen._looked = 0.0
    with monkeypatch.context() as patch:
        patch.setattr(pushing._pen._writer, "write", lambda _: (_ for _ in ()).throw(SpoolFullError("no space left")))
        assert ask(pushing, "/ingest", b"lost?")[0] == 503
    pushing._pen._looked = 0.0
    assert ask(pushing, "/ingest", b"again")[0] == 200
    (segment,) = (tmp_path / "spool/open").iterdir()
    assert b"again" in segment.read_bytes()
    assert b"lost?" not in segment.read_bytes()
