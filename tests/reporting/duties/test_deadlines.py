from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.reporting.duties.deadlines import due, is_business_day, opens
from seawall.reporting.duties.duty import Calendar, Deadline
from seawall.reporting.duties.load import load

CASES = [
    [part.strip() for part in line.split("|")]
    for line in (Path(__file__).parent / "deadlines.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
DUTIES = load()
US = DUTIES.calendars["US-federal"]
MOMENTS = st.datetimes(datetime(2008, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


def test_there_are_two_hundred_cases_of_many_duties() -> None:
    assert len(CASES) >= 200
    assert len({duty for duty, *_ in CASES}) >= 25


@pytest.mark.parametrize(("duty", "start", "expected", "why"), CASES)
def test_the_law_ends_a_time_where_the_calendar_says(duty: str, start: str, expected: str, why: str) -> None:
    one = DUTIES.duties[duty]
    moment, wanted = datetime.fromisoformat(start), datetime.fromisoformat(expected)
    if one.earliest:
        found = opens(one.earliest, moment, one.zone, DUTIES.calendars)
    else:
        amount = one.deadline or one.target
        assert amount is not None, why
        found = due(amount, moment, one.zone, DUTIES.calendars)
    assert found == wanted, why
    assert found.tzinfo is UTC


def test_a_day_the_office_is_closed_moves_the_end() -> None:
    closed = Calendar("US", closed=(date(2026, 3, 27),))
    seven = Deadline(business_days=7, calendar="own")
    end = due(seven, datetime(2026, 3, 18, 10, 2, tzinfo=UTC), "America/New_York", {"own": closed})
    assert end == datetime(2026, 3, 31, 3, 59, 59, tzinfo=UTC)
    opened = Calendar("US", open=(date(2026, 3, 22),))
    end = due(seven, datetime(2026, 3, 18, 10, 2, tzinfo=UTC), "America/New_York", {"own": opened})
    assert end == datetime(2026, 3, 27, 3, 59, 59, tzinfo=UTC)


def test_another_weekend_is_another_calendar() -> None:
    friday_saturday = Calendar("AE", weekend=(4, 5))
    assert is_business_day(date(2026, 4, 12), friday_saturday)
    assert not is_business_day(date(2026, 4, 10), friday_saturday)


@given(MOMENTS, st.integers(1, 30))
def test_business_days_end_on_one_and_more_days_never_end_sooner(start: datetime, amount: int) -> None:
    zone, calendars = "America/New_York", {"US-federal": US}
    shorter = due(Deadline(business_days=amount, calendar="US-federal"), start, zone, calendars)
    longer = due(Deadline(business_days=amount + 1, calendar="US-federal"), start, zone, calendars)
    assert start < shorter < longer
    assert longer - shorter >= timedelta(hours=23)
    assert is_business_day((shorter - timedelta(hours=6)).date(), US)


@given(MOMENTS, st.integers(1, 24), st.sampled_from(["Europe/Brussels", "America/New_York", "Australia/Lord_Howe"]))
def test_a_month_ends_in_the_month_it_should(start: datetime, amount: int, zone: str) -> None:
    from zoneinfo import ZoneInfo

    end = due(Deadline(months=amount), start, zone, {})
    first, last = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    assert (last.year - first.year) * 12 + last.month - first.month == amount
    assert last.day == first.day or (last + timedelta(days=1)).day == 1


@pytest.mark.parametrize(
    ("deadline", "zone"),
    [
        (Deadline(business_days=7, calendar="Mars"), "America/New_York"),
        (Deadline(days=7), "Mars/Olympus"),
        (Deadline(days=7), "../../etc/passwd"),
        (Deadline(business_days=7, calendar="nowhere"), "UTC"),
        (Deadline(business_days=7, calendar="never"), "UTC"),
        (Deadline(months=120), "UTC"),
    ],
)
def test_what_no_calendar_knows_is_said(deadline: Deadline, zone: str) -> None:
    calendars: dict[str, Any] = {"nowhere": Calendar("QQ"), "never": Calendar("US", weekend=(0, 1, 2, 3, 4, 5, 6))}
    with pytest.raises(InputError):
        due(deadline, datetime(9990, 1, 1, tzinfo=UTC), zone, calendars)
