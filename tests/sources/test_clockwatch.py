# ruff: noqa: E501 - notes are sentences
from __future__ import annotations

import re
import tracemalloc
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import syslog
from seawall.sources.clockwatch import MAX_DEVICES, ClockWatch
from tests.sources.reading import read_bytes

AT = datetime(2026, 11, 20, 0, 0, tzinfo=UTC)


def notes(offsets: list[float], *, every_s: int = 600, zone: str = "") -> list[str]:
    """What is said of a device whose clock stands so many seconds from the relay's, line by line."""
    lines = []
    for n, offset in enumerate(offsets):
        relay, device = AT + timedelta(seconds=n * every_s), AT + timedelta(seconds=n * every_s + offset)
        lines.append(
            f"{relay:%Y-%m-%dT%H:%M:%S}Z pe1 {n}: {device:%b %d %Y %H:%M:%S}{zone}: %SYS-5-CONFIG_I: Configured"
        )
    result = read_bytes(syslog.SOURCE, ("\n".join(lines) + "\n").encode())
    return [note for note in result.notes if "clock of" in note]


@pytest.mark.parametrize("jitter", [[0], [0, 1, 2, -1], [3, -2]])
def test_a_clock_that_keeps_time_is_not_spoken_of(jitter: list[float]) -> None:
    assert notes(jitter * 100) == []


@pytest.mark.parametrize("lines", range(1, 9))
def test_a_handful_of_lines_of_one_minute_is_enough_to_see_a_clock_that_is_hours_off(lines: int) -> None:
    assert bool(notes([7_200.0] * lines, every_s=1)) == (lines >= 3)


def test_one_late_line_is_no_step() -> None:
    assert notes([0.0] * 40 + [-500.0] + [0.0] * 40, every_s=1_000) == []


def test_a_clock_off_by_a_whole_zone_is_told_apart_from_one_that_is_wrong() -> None:
    (zone,) = notes([7_200.0] * 50)
    assert zone == (
        "sample.log:1: clock of pe1 stands 2 h 0 min ahead of the relay's (median of 50 lines seen twice): one of them is "
        "in a zone it does not write, the device perhaps UTC+2:00"
    )
    (relay,) = notes([-3_600.0] * 50, zone=" UTC")
    assert relay.endswith("the relay is in a zone it does not write, perhaps UTC+1:00")
    (wrong,) = notes([-95.0] * 50)
    assert wrong.endswith("stands 95 s behind the relay's (median of 50 lines seen twice)")


def test_a_step_is_told_with_its_line() -> None:
    said = notes([0.0] * 80 + [4_000.0] * 80)
    assert any("jumps ahead by 1 h 7 min against the relay's" in note for note in said)
    (line,) = [int(note.split(":")[1]) for note in said if "jumps" in note]
    assert abs(line - 81) <= 10


def test_a_drift_is_told_in_seconds_a_day() -> None:
    (said,) = notes([n * 600 / 86_400 * -5 for n in range(600)])
    found = re.search(r"loses (\d\.\d) s a day", said)
    assert found
    assert 4.8 < float(found[1]) < 5.2


def test_a_clock_that_goes_back_is_told_once_with_how_far() -> None:
    stamps = ["10:00:00", "10:00:01", "08:00:00", "10:00:05", "07:59:00"]
    lines = [f"<189>{n}: pe1: Nov 22 2026 {clock} UTC: %SYS-5-CONFIG_I: x" for n, clock in enumerate(stamps)]
    result = read_bytes(syslog.SOURCE, ("\n".join(lines) + "\n").encode())
    assert [n for n in result.notes if "clock of" in n] == [
        "sample.log:3: clock of pe1 goes back 2 times, by up to 2 h 1 min (or files were joined out of order)"
    ]


def test_a_clock_in_1993_is_marked_and_its_setting_told() -> None:
    lines = [
        "<189>1: pe1: Mar  1 1993 00:00:30 UTC: %SYS-5-RESTART: x",
        "<189>2: pe1: Nov 22 2026 10:15:30 UTC: %SYS-6-CLOCKUPDATE: x",
        "<189>3: pe1: Nov 22 2026 10:15:31 UTC: %SYS-5-CONFIG_I: x",
    ]
    result = read_bytes(syslog.SOURCE, ("\n".join(lines) + "\n").encode())
    assert [row["time_quality"] for row in result.rows("syslog")] == ["unset", "exact", "exact"]
    assert [n for n in result.notes if "clock of" in n] == [
        "sample.log:2: clock of pe1 was set here: until then it said 1993-03-01 00:00; times before it are not to be trusted"
    ]


def test_a_flood_of_new_names_costs_no_memory_and_is_said() -> None:
    watch = ClockWatch("a.log")
    flags = np.ones(1_000, np.bool_)

    def flood(start: int, blocks: int) -> None:
        for block in range(start, start + blocks):
            times = np.full(1_000, 1_795_342_530_000_000 + block)
            names = [f"host-{block}-{n}" for n in range(1_000)]
            watch.see(np.arange(1_000), names, times, flags, times, flags, flags, np.arange(1_000))

    flood(0, 4)
    tracemalloc.start()
    flood(4, 60)
    grown, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert grown < 1 << 20
    assert watch.notes() == (
        f"a.log: more than {MAX_DEVICES:,} device names; the clocks of the others were not watched",
    )


@given(
    st.lists(st.tuples(st.integers(0, 2**52), st.integers(0, 2**52), st.booleans(), st.integers(0, 3)), max_size=200)
)
def test_any_times_give_notes(rows: list[tuple[int, int, bool, int]]) -> None:
    watch = ClockWatch("a.log")
    for _ in range(2):
        times, arrivals, flags, hosts = (np.array(column) for column in zip(*rows, strict=True)) if rows else ([],) * 4
        if rows:
            names = ["", "a", "b\n", "c"]
            watch.see(hosts, names, times, flags, arrivals, flags, flags, np.arange(len(rows)))
    assert all(note.isprintable() for note in watch.notes())
