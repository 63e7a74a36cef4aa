from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import times


def micros(text: str, *, year: int = 2026, any_zone: bool = False) -> tuple[datetime | None, times.Moments]:
    """One stamp read the way blocks are."""
    head = text.encode()
    stamp = times.read_stamp(head, any_zone=any_zone)
    assert stamp is not None, text
    data = np.frombuffer(head + bytes(64), np.uint8)

    def zones(starts: times.Ints, lengths: times.Ints) -> tuple[times.Ints, times.Flags]:
        read = [times.zone_minutes(head[s : s + n].decode()) for s, n in zip(starts, lengths, strict=True)]
        return np.array([r[0] for r in read]), np.array([r[1] for r in read])

    zero = np.zeros(1, np.int64)
    found = times.moments(data, zero, np.array([stamp.row]), zero, zones, zero, lambda *_: year)
    when = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(found.micros[0])) if found.valid[0] else None
    return when, found


AT = datetime(2026, 11, 22, 10, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Nov 22 10:15:30", AT),
        ("Nov 22 2026 10:15:30", AT),
        ("NOV 22 2026 10:15:30", AT),
        ("Nov 22 10:15:30 2026", AT),
        ("Sun Nov 22 10:15:30 2026", AT),
        ("2026 Nov 22 10:15:30", AT),
        ("2026 Nov 22 10:15:30.5 UTC", AT.replace(microsecond=500_000)),
        ("Nov 22 10:15:30.123456 UTC", AT.replace(microsecond=123_456)),
        ("Nov 22 10:15:30.123456789", AT.replace(microsecond=123_456)),
        ("2026-11-22T10:15:30Z", AT),
        ("2026-11-22T12:15:30+02:00", AT),
        ("2026-11-22T05:45:30-0430", AT),
        ("2026-11-22 10:15:30,123", AT.replace(microsecond=123_000)),
        ("2026/11/22 10:15:30", AT),
        ("2026-11-22 10:15:30.270.1", AT.replace(microsecond=270_000)),
        ("2026-Nov-22 10:15:30", AT),
        ("22-Nov-2026 10:15:30", AT),
        ("11/22/2026:10:15:30 GMT", AT),
        ("Nov 22 05:15:30 EST", AT),
        ("Nov 22 03:15:30 MST", AT),
        ("Nov 22 11:15:30 CET", AT),
        ("Nov 22 11:15:30 UTC+1", AT),
        ("Feb 29 10:15:30", datetime(2024, 2, 29, 10, 15, 30, tzinfo=UTC)),
        ("Jan  1 1970 00:00:00 UTC", datetime(1970, 1, 1, tzinfo=UTC)),
        ("Feb 30 2026 10:15:30", None),
        ("Nov 22 2026 24:15:30", None),
        ("2026-13-01T00:00:00Z", None),
        ("Nov 22 0000 10:15:30", None),
    ],
)
def test_every_form_of_time_is_read(text: str, when: datetime | None) -> None:
    assert micros(text)[0] == when


@pytest.mark.parametrize(
    ("text", "year_assumed", "zone_assumed", "flag"),
    [
        ("*Nov 22 2026 10:15:30 UTC", False, False, 2),
        (".Nov 22 10:15:30", True, True, 1),
        ("Nov 22 2026 10:15:30 CST", False, True, 0),
    ],
)
def test_doubts_are_told(text: str, year_assumed: bool, zone_assumed: bool, flag: int) -> None:
    found = micros(text)[1]
    assert (bool(found.year_assumed[0]), bool(found.zone_assumed[0]), int(found.flag[0])) == (
        year_assumed, zone_assumed, flag,
    )  # fmt: skip


@pytest.mark.parametrize("text", ["", "Nov", "10:15:30", "Foo 22 10:15:30", "2026-11-22", "Nov 22 10:15:30x"])
def test_what_is_no_time_is_none(text: str) -> None:
    assert times.read_stamp(text.encode()) is None


@pytest.mark.parametrize(
    ("zone", "minutes", "sure"),
    [("UTC", 0, True), (" CEST", 120, True), ("MEZ", 60, True), ("+05:30", 330, True),
     ("-0800", -480, True), ("UTC+1", 60, True),
     ("IST", 330, False), ("QQT", 0, False), ("", 0, False), ("+99:00", 0, False)],
)  # fmt: skip
def test_zones_are_minutes_and_how_sure(zone: str, minutes: int, sure: bool) -> None:
    assert times.zone_minutes(zone) == (minutes, sure)


@given(st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)), st.sampled_from([0, 3, 6]), st.integers(-840, 840))
def test_any_moment_survives_the_way_through_rfc_3339(when: datetime, places: int, shift: int) -> None:
    when = when.replace(microsecond=when.microsecond // 10 ** (6 - places) * 10 ** (6 - places))
    local = when + timedelta(minutes=shift)
    frac = f"{local.microsecond:06d}"[:places]
    zone = f"{'-' if shift < 0 else '+'}{abs(shift) // 60:02d}:{abs(shift) % 60:02d}"
    text = f"{local:%Y-%m-%dT%H:%M:%S}{'.' + frac if places else ''}{zone}"
    assert micros(text)[0] == when.replace(tzinfo=UTC)
