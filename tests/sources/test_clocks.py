from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest

from seawall.model.clock import FixedClock
from seawall.sources import syslog
from seawall.sources.clocks import Doubts
from tests.sources.reading import Result, read_bytes

_UP = "%LINK-3-UPDOWN: Interface up"


def read(*lines: str) -> Result:
    return read_bytes(syslog.SOURCE, "\n".join(lines).encode() + b"\n")


def only(line: str) -> dict[str, Any]:
    (row,) = read(line).rows("syslog")
    return row


@pytest.mark.parametrize(
    ("head", "quality"),
    [
        ("7: Nov 22 2026 10:15:30 UTC:", "exact"),
        ("7: Nov 22 2026 10:15:30:", "zone_assumed"),
        ("7: Nov 22 10:15:30 UTC:", "year_assumed"),
        ("7: .Nov 22 2026 10:15:30 UTC:", "unsynced"),
        ("7: *Nov 22 2026 10:15:30 UTC:", "unset"),
        ("7: 00:01:15:", "missing"),
    ],
)
def test_a_time_says_how_far_it_can_be_trusted(head: str, quality: str) -> None:
    assert only(f"{head} {_UP}")["time_quality"] == quality


def test_a_line_without_a_clock_of_its_own_takes_the_relays_and_says_so() -> None:
    row = only(f"Nov 22 10:15:30 ce1 77: 2y10w: {_UP}")
    assert (row["time"], row["time_quality"]) == (datetime(2026, 11, 22, 10, 15, 30, tzinfo=UTC), "received")


def test_a_zone_of_two_meanings_is_named_once_with_its_first_line() -> None:
    result = read(*[f"7: Nov 22 2026 10:15:3{n} IST: {_UP}" for n in range(3)])
    (note,) = [note for note in result.notes if "zone" in note]
    assert note == "sample.log:1: zone 'IST' is unknown or ambiguous; read as +330 minutes"


def test_zones_with_digits_are_read_line_by_line() -> None:
    rows = read(*[f"7: Nov 22 2026 10:15:30 UTC+{n}: {_UP}" for n in (1, 2)]).rows("syslog")
    assert [row["time"].hour for row in rows] == [9, 8]  # type: ignore[attr-defined]


def test_a_doubt_is_said_once() -> None:
    doubts = Doubts("a.log", FixedClock(datetime(2026, 11, 22, tzinfo=UTC)))
    future = np.array([int(datetime(2030, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000] * 2)
    doubts.judge(future, np.array([False, True]), np.array([4, 5]))
    doubts.judge(future, np.array([True, True]), np.array([6, 7]))
    assert doubts.new() == ["a.log:5: dated in the future: the clock is wrong; kept as written"]
    assert doubts.new() == []
