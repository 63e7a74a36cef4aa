"""A poll goes on where the last one ended, and a crash between pages loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.model.clock import FixedClock
from seawall.sharing.taxii.client import Batch, Client, Place, Walk
from seawall.sharing.taxii.polling import Polls, subscribe
from seawall.state import open_state
from tests.sharing.taxii.serving import identity, post, running
from tests.sharing.taxii.test_client import login


def test_a_crash_while_keeping_gives_that_page_again_and_the_next_poll_only_what_is_new(
    tmp_path: Path, clock: FixedClock
) -> None:
    kept: list[str] = []
    crash = [False, True, False, False, False, False]

    def keep(batch: Batch) -> None:
        if crash.pop(0):
            raise RuntimeError("power cut")
        kept.extend(str(one["id"]) for one in batch.objects)

    ours = open_state(tmp_path / "ours.db")
    polls = Polls(ours, clock)
    with running(tmp_path / "s.db") as server, Client(server.url, login(tmp_path)) as client:
        place = Place(f"{server.url}/sharing/", "both")
        with server.client() as anna:
            post(anna, "both", *(identity(number) for number in range(10)))
        with pytest.raises(RuntimeError, match="power cut"):
            subscribe(client, place, polls, keep, limit=4)
        assert polls.walk(place).next
        assert subscribe(client, place, Polls(ours, clock), keep, limit=4) == 6
        assert kept == [identity(number)["id"] for number in range(10)]
        assert subscribe(client, place, polls, keep, limit=4) == 0
        with server.client() as anna:
            post(anna, "both", identity(3, day=2))
        assert subscribe(client, place, polls, keep, limit=4) == 1
        assert polls.walk(place, {"type": "indicator"}) == Walk()
        polls.forget(place)
        assert polls.walk(place) == Walk()
    ours.close()
