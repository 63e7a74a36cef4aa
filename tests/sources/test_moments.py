from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.moments import moment
from seawall.sources.records import NEVER
from tests.sources.reading import READING

AT = datetime(2026, 11, 21, 22, 1, 5, 250_000, UTC)
MICROS = int(AT.timestamp() * 1e6)


@pytest.mark.parametrize(
    ("value", "quality"),
    [
        ("2026-11-21T22:01:05.250Z", "exact"),
        ("2026-11-21T23:01:05.250+0100", "exact"),
        ("2026-11-21 22:01:05.250000123 UTC", "exact"),
        ("2026/11/21 22:01:05.250", "zone_assumed"),
        ("2026/11/21T22:01:05.250", "zone_assumed"),
        (MICROS / 1e6, "exact"),
        (MICROS // 1000, "exact"),
        (str(MICROS), "exact"),
        (MICROS * 1000, "exact"),
        (f"{MICROS / 1e6:.6f}", "exact"),
    ],
)
def test_every_form_machines_write_is_the_same_moment(value: object, quality: str) -> None:
    assert moment(value, READING) == (MICROS, quality)


def test_a_given_zone_is_that_of_times_that_name_none() -> None:
    zone = timezone(timedelta(hours=1))
    assert moment("2026-11-21 23:01:05.25", READING, zone=zone) == (MICROS, "exact")
    assert moment("2026-11-21T22:01:05.25Z", READING, zone=zone) == (MICROS, "exact")


@pytest.mark.parametrize("value", [None, "", "-", True, 0, -5, float("nan"), float("inf"), "9" * 20, "soon", 1e300])
def test_what_is_no_time_is_none(value: object) -> None:
    assert moment(value, READING) == NEVER


@given(st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.none()))
def test_any_value_is_a_time_or_none(value: object) -> None:
    moment(value, READING)
