"""Moments as TAXII and STIX write them (RFC 3339, UTC, `Z`), whole microseconds since 1970 inside."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_FORM: Final = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", re.ASCII)


def micros_of(moment: datetime) -> int:
    """Microseconds since 1970, UTC."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(micros: int) -> datetime:
    """The moment, aware, UTC."""
    return _EPOCH + timedelta(microseconds=micros)


def added_text(micros: int) -> str:
    """As the server writes the time it added an object: always six digits, so that none is lost."""
    return moment_of(micros).strftime("%Y-%m-%dT%H:%M:%S.%fZ").rjust(27, "0")  # %Y has no leading zeros here


def read_moment(text: str) -> str:
    """A timestamp in one form that orders as text: UTC, nine digits of a second, no zone.

    Raises:
        ValueError: no RFC 3339 timestamp, or one outside the years 1 to 9999.
    """
    found = _FORM.fullmatch(text)
    if not found:
        raise ValueError("no RFC 3339 timestamp")
    day, clock, fraction, zone = found.groups()
    moment = datetime.fromisoformat(f"{day}T{clock}{'+00:00' if zone == 'Z' else zone}")
    try:
        whole = moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S").rjust(19, "0")
    except OverflowError:
        raise ValueError("outside the years 1 to 9999") from None
    return f"{whole}.{(fraction or '').ljust(9, '0')}"


def micros_after(text: str) -> int:
    """The microsecond of a timestamp, digits beyond it cut: what `added_after` is compared with. Raises ValueError."""
    ordered = read_moment(text)
    whole = datetime.fromisoformat(ordered[:19]).replace(tzinfo=UTC)
    return micros_of(whole) + int(ordered[20:26])
