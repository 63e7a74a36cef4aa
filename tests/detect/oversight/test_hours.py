"""When somebody may be at work."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.oversight.hours import read_days, read_moment, read_shift, read_spans, same_system

VIENNA = ZoneInfo("Europe/Vienna")


@pytest.mark.parametrize(
    ("hours", "days", "when", "inside"),
    [
        ("07:00-19:00", "Mon-Fri", "2026-03-11T06:00:00+00:00", True),  # 07:00 in Vienna
        ("07:00-19:00", "Mon-Fri", "2026-03-11T05:59:59+00:00", False),
        ("07:00-19:00", "Mon-Fri", "2026-03-11T18:00:00+00:00", False),  # 19:00 is after work
        ("07:00-19:00", "Mon-Fri", "2026-03-14T10:00:00+00:00", False),  # Saturday
        ("07:00-19:00", "Mon-Fri", "2026-03-30T05:00:00+00:00", True),  # summer time since Sunday: 07:00
        ("07:00-19:00", "Mon-Fri", "2026-03-27T05:00:00+00:00", False),  # the week before: 06:00
        ("22:00-06:00", "Mon-Fri", "2026-03-13T23:30:00+00:00", True),  # Friday's shift, on Saturday at 00:30
        ("22:00-06:00", "Mon-Fri", "2026-03-15T03:00:00+00:00", False),  # Sunday morning is Saturday's
        ("00:00-24:00", "Mon-Sun", "2026-03-15T03:00:00+00:00", True),
        ("any", None, "2026-03-15T03:00:00+00:00", True),
        ("7-19", "Sat,Sun", "2026-03-15T09:00:00+00:00", True),
        ("0700-1900", "Sun-Mon", "2026-03-16T09:00:00+00:00", True),
        ("07:00-19:00", "monday", "2026-03-16T09:00:00+00:00", True),
    ],
)
def test_hours_are_those_of_the_wall_clock(hours: str, days: str | None, when: str, inside: bool) -> None:
    shift, doubt = read_shift({"hours": hours, "days": days, "tz": "Europe/Vienna"}, UTC)
    assert shift is not None
    assert not doubt
    assert shift.holds(datetime.fromisoformat(when)) is inside


@pytest.mark.parametrize("entry", [{"hours": "office"}, {"hours": "25:00-26:00"}, {"days": "Xday"}])
def test_hours_that_cannot_be_read_are_said_and_not_judged(entry: dict[str, str]) -> None:
    shift, doubt = read_shift(entry, UTC)
    assert shift is None
    assert "not understood" in doubt


def test_an_unknown_zone_is_said() -> None:
    assert "not known" in read_shift({"tz": "Mars/Olympus"}, UTC)[1]


def test_a_minute_of_skew_is_no_overtime() -> None:
    shift, _ = read_shift({"hours": "07:00-19:00"}, UTC)
    assert shift is not None
    late = datetime(2026, 3, 11, 19, 0, 30, tzinfo=UTC)
    assert (shift.holds(late), shift.holds(late, timedelta(minutes=1))) == (False, True)


@given(st.integers(0, 6), st.integers(0, 6))
def test_days_run_round_the_week(first: int, last: int) -> None:
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    found = read_days(f"{names[first]}-{names[last]}")
    assert found is not None
    assert {first, last} <= found
    assert len(found) == (last - first) % 7 + 1


def test_a_date_alone_ends_with_its_day_where_it_is() -> None:
    assert read_moment("2026-03-10", VIENNA, end=True) == datetime(2026, 3, 10, 23, tzinfo=UTC)
    assert read_moment("2026-03-10T10:00:00", VIENNA) == datetime(2026, 3, 10, 9, tzinfo=UTC)
    assert read_moment("soon", VIENNA) is None


def test_a_span_whose_end_is_no_time_covers_nothing() -> None:
    entries = [{"user": "a", "from": "2026-03-10", "to": "tomorrow"}, {"user": "b"}, "c", {"user": " D ", "from": 0}]
    assert [span.name for span in read_spans(entries, "user", UTC)] == ["d"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("amf-1", "AMF-1 ", True),
        ("amf-1", "amf-1.core.example.net", True),
        ("amf-1.a.example.net", "amf-1.b.example.net", False),
        ("amf-1", "amf-10", False),
        ("", "amf-1", False),
    ],
)
def test_a_system_is_the_same_under_its_short_name(one: str, other: str, same: bool) -> None:
    assert same_system(one, other) is same
    assert same_system(other, one) is same
