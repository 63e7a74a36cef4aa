"""A part of a time is read in UTC from whatever form a log writes times in, and from nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.sigma.timeparts import judge, moment_of, question

MOMENT = datetime(2026, 12, 31, 23, 4, 5, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("2026-12-31T23:04:05.123456Z", id="RFC 3339"),
        pytest.param("2026-12-31 23:04:05.123456", id="no zone is UTC"),
        pytest.param("2027-01-01T01:04:05.123456+02:00", id="a zone is honoured"),
        pytest.param("2026-12-31T23:04:05.123456789Z", id="nine digits"),
        pytest.param("1798758245.123456", id="seconds"),
        pytest.param("1798758245123456", id="microseconds"),
        pytest.param("1798758245123456000", id="nanoseconds"),
    ],
)
def test_one_moment_in_many_forms(text: str) -> None:
    found = moment_of(text)
    assert found is not None
    assert abs((found - MOMENT).total_seconds()) < 0.001


@pytest.mark.parametrize(
    ("part", "number"), [("minute", 4), ("hour", 23), ("day", 31), ("week", 53), ("month", 12), ("year", 2026)]
)
def test_each_part_agrees_with_its_own_number_only(part: str, number: int) -> None:
    text = [MOMENT.isoformat()]
    assert judge(text, question(part, "eq", number)).all()
    assert not judge(text, question(part, "eq", number + 1)).any()
    assert judge(text, question(part, "gte", number)).all()
    assert not judge(text, question(part, "gt", number)).any()


@pytest.mark.parametrize("text", ["", "x", "22", "nan", "1e400", "12:30", "2026-13-01T00:00:00", "\uff19" * 12])
def test_what_is_no_time_of_our_days_has_no_hour_22(text: str) -> None:
    assert not judge([text], question("hour", "eq", 22)).any()


@given(st.text(max_size=40))
def test_any_text_is_a_moment_in_utc_or_none(text: str) -> None:
    found = moment_of(text)
    assert found is None or found.tzinfo is UTC
