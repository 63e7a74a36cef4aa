from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.line_times import day_first, time_at_start
from seawall.sources.records import NEVER, When
from tests.sources.reading import READING

AT = int(datetime(2026, 11, 22, 10, 30, 17, tzinfo=UTC).timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("2026-11-22 10:30:17", When(AT, "zone_assumed")),
        ("2026-11-22T11:30:17.250+01:00 x", When(AT + 250_000, "exact")),
        ("2026-11-22 10:30:17,250 UTC", When(AT + 250_000, "exact")),
        ("2026-11-22 12:30:17+02", When(AT, "exact")),
        ("22/Nov/2026:10:30:17 +0000", When(AT, "exact")),
        ("22-Nov-2026 10:30:17.000 client", When(AT, "zone_assumed")),
        ("Sun Nov 22 10:30:17 2026", When(AT, "zone_assumed")),
        ("Sun Nov 22 11:30:17 CET 2026", When(AT, "exact")),
        ("Nov 22 10:30:17 host", When(AT, "year_assumed")),
        ("2026-11-22 10:30:17 PM", When(AT + 12 * 3_600_000_000, "zone_assumed")),
        ("1795343417.5", When(AT + 500_000, "exact")),
        ("2026-02-30 10:30:17", NEVER),
        ("2026-11-22 25:30:17", NEVER),
        ("1066-11-22 10:30:17", NEVER),
        ("words", NEVER),
    ],
)
def test_the_forms_servers_write_are_read(text: str, when: When) -> None:
    assert time_at_start(text, READING) == when


@given(st.datetimes(datetime(2005, 1, 3), datetime(2100, 1, 1)), st.integers(-14 * 4, 14 * 4))
def test_any_moment_in_any_zone_is_read_back(naive: datetime, quarters: int) -> None:
    local = naive.replace(tzinfo=timezone(timedelta(minutes=15 * quarters)))
    assert time_at_start(local.isoformat(), READING).micros == round(local.timestamp() * 1_000_000)


@given(st.text(max_size=60))
def test_any_text_is_a_moment_or_none(text: str) -> None:
    time_at_start(text, READING)
    time_at_start(day_first(text), READING)


def test_numbers_only_are_put_in_order() -> None:
    assert day_first("22/11/2026 10:30") == "2026-11-22 10:30:00"
    assert day_first("11/22/2026 1:30:17 PM") == "2026-11-22 01:30:17 PM"
    assert day_first("03.04.2026 10:30:17", month_first=True) == "2026-03-04 10:30:17"
