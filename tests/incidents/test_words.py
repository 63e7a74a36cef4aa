"""Small words for people: lengths of time read well on both sides of every change of unit."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.incidents.words import MAX_VALUE, and_text, clock_text, count_text, short_value, span_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "less than 1 s"), (0.4, "less than 1 s"), (1, "1 s"), (89.4, "89 s"), (90, "2 min"),
        (59 * 60 + 29, "59 min"), (59 * 60 + 31, "1 h"), (117 * 60, "1 h 57 min"), (48 * 3600 - 31, "47 h 59 min"),
        (48 * 3600, "2 d"), (51 * 3600, "2 d 3 h"), (400 * 86_400, "400 d"),
    ],
)  # fmt: skip
def test_lengths_of_time_are_said_as_people_say_them(seconds: float, text: str) -> None:
    assert span_text(seconds) == text


@given(st.text())
def test_a_short_value_fits_stands_on_one_line_and_shows_that_it_was_cut(value: str) -> None:
    short = short_value(value)
    assert len(short) <= MAX_VALUE
    assert short == " ".join(short.split())
    assert short == " ".join(value.split()) or short.endswith("\u2026")


def test_a_value_of_the_greatest_length_is_not_cut() -> None:
    assert short_value("x" * MAX_VALUE) == "x" * MAX_VALUE
    assert short_value("x" * (MAX_VALUE + 1)) == "x" * (MAX_VALUE - 1) + "\u2026"


def test_a_clock_is_read_in_utc_wherever_it_stood() -> None:
    assert clock_text(datetime(2026, 11, 22, 1, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))) == "19:45"


def test_counts_and_lists_mind_one_and_many() -> None:
    assert [count_text(n, "stage") for n in (0, 1, 1_234)] == ["0 stages", "1 stage", "1,234 stages"]
    assert count_text(2, "entry", "entries") == "2 entries"
    assert [and_text(parts) for parts in (["a"], ["a", "b"], ["a", "b", "c"])] == ["a", "a and b", "a, b and c"]
    assert and_text(["a", "b"], 1_200) == "a, b and 1,200 more"
