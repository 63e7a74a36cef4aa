"""The stamps every writer shares, on the days and milliseconds that go wrong, and counters that only go up."""

from __future__ import annotations

from datetime import UTC, datetime

from seawall.drills.render.sender import Sender, stamp, stamp_ms, stamp_year_ms, tail_stamp

EARLY = datetime(2026, 1, 3, 4, 5, 6, 7_999, tzinfo=UTC)
LATE = datetime(2024, 2, 29, 23, 59, 59, 999_999, tzinfo=UTC)


def test_a_day_of_one_digit_is_padded_with_a_space() -> None:
    assert stamp(EARLY) == "Jan  3 04:05:06"
    assert stamp_year_ms(EARLY) == "Jan  3 2026 04:05:06.007"
    assert tail_stamp(EARLY) == "04:05:06 UTC Sat Jan 3 2026"


def test_milliseconds_are_cut_and_never_rounded_into_the_next_second() -> None:
    assert stamp_ms(LATE) == "Feb 29 23:59:59.999"
    assert tail_stamp(LATE) == "23:59:59 UTC Thu Feb 29 2024"


def test_each_line_has_numbers_of_its_own() -> None:
    sender = Sender("pe1", "10.0.0.1", count=41, sequence=7)
    assert [sender.next() for _ in range(3)] == [(42, 8), (43, 9), (44, 10)]
