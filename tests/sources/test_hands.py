from __future__ import annotations

from pathlib import Path

import pytest

from seawall.model.settings import Settings
from seawall.sources import hands
from seawall.sources.intake import reading_for
from seawall.sources.worker import READY, Setup
from tests.sources.test_workers import CLOCK


@pytest.mark.parametrize(
    ("files", "stored", "asked", "jobs"),
    [
        pytest.param(1, 1_000, 0, 1, id="little"),
        pytest.param(1, 1_000, 8, 1, id="little-whatever-is-asked"),
        pytest.param(3, 1 << 40, 5, 5, id="much"),
        pytest.param(5_000, 1_000, 2, 2, id="many-crumbs"),
        pytest.param(3, 1 << 40, 1, 1, id="alone"),
    ],
)
def test_processes_are_started_where_they_pay(files: int, stored: int, asked: int, jobs: int) -> None:
    assert hands.jobs_for(files, stored, asked) == jobs


def test_a_process_that_was_started_says_it_lives_and_ends_when_told(tmp_path: Path) -> None:
    hand = hands.start()
    hand.peer.send(Setup(reading_for([], Settings(), CLOCK), frozenset(), tmp_path))
    assert hand.peer.poll(60)
    assert hand.peer.recv() == READY
    hands.end(hand)
    assert hand.process.returncode is not None
    hands.end(hand)
