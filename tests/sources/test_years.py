from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.model.clock import FixedClock
from seawall.sources.opening import evidence_from_bytes
from seawall.sources.years import SurveyedYears, survey

CLOCK = FixedClock(datetime(2026, 11, 22, 12, tzinfo=UTC))


def years(*samples: bytes) -> SurveyedYears:
    return survey([evidence_from_bytes(s, f"{n}.log") for n, s in enumerate(samples)], CLOCK)


@pytest.mark.parametrize(
    ("month", "day", "year"),
    [
        pytest.param(11, 22, 2026, id="today"),
        pytest.param(11, 23, 2026, id="tomorrow-in-another-zone"),
        pytest.param(11, 24, 2025, id="not-in-the-future"),
        pytest.param(1, 1, 2026, id="this-year"),
        pytest.param(2, 29, 2024, id="only-leap-years-have-it"),
    ],
)
def test_without_dated_lines_the_clock_says(month: int, day: int, year: int) -> None:
    assert years(b"Jan  1 00:00:01 r1 hello\n").year_for("r1", month, day) == year


@pytest.mark.parametrize(
    "line",
    [
        b"<189>1 2023-12-30T10:00:00Z r1 app - - - up",
        b"2023-12-30 10:00:00 r1 app: up",
        b"Dec 30 2023 10:00:00 r1 : %SYS-5-RESTART: up",
        b"Dec 30 10:00:00.123 UTC 2023 r1 up",
        b"2023 Dec 30 10:00:00 r1 %DAEMON-3-SYSTEM_MSG: up",
        b"Jan  2 10:00:00 r1 17: Dec 30 2023 09:59:59: up",
    ],
)
def test_an_observers_dated_line_decides_in_every_form(line: bytes) -> None:
    known = years(line + b"\n", b"2020-06-01 10:00:00 other app: up\n")
    assert known.year_for("r1", 12, 29) == 2023
    assert known.year_for("R1", 1, 2) == 2024
    assert known.year_for("other", 6, 2) == 2020


def test_an_unknown_observer_follows_the_folder() -> None:
    assert years(b"2022-03-01 10:00:00 r1 app: up\n").year_for("r9", 3, 4) == 2022


def test_a_clock_that_was_never_set_says_nothing() -> None:
    assert years(b"*Mar  1 2002 00:00:12: %SYS-5-RESTART\n").folder is None
    assert years(b"1970-01-01 00:00:12 r1 up\n").folder is None


def test_a_span_over_new_year_splits_it() -> None:
    known = years(b"2024-11-02 10:00:00 r1 a\n2025-02-03 10:00:00 r1 b\n")
    assert known.year_for("r1", 12, 31) == 2024
    assert known.year_for("r1", 1, 1) == 2025


def test_a_date_no_year_has_still_gets_a_year() -> None:
    assert years(b"").year_for("r1", 6, 31) == 2026


@given(st.binary(max_size=400), st.integers(1, 12), st.integers(1, 31))
def test_any_bytes_give_some_year(sample: bytes, month: int, day: int) -> None:
    known = SurveyedYears(date(2026, 11, 22))
    known.learn(sample)
    assert 1900 < known.year_for("r1", month, day) < 2100
