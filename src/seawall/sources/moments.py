"""Times of records read one at a time: the forms machines write, quickly; all others through `records.read_time`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from typing import Any, Final

from seawall.sources.base import Reading
from seawall.sources.records import NEVER, When, read_time

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_NUMBER: Final = re.compile(r"-?\d{1,20}(?:\.\d{1,12})?$")
_FRACTION: Final = re.compile(r"(\.\d{6})\d+")
_PLAIN: Final = 19  # letters of a time without fraction or zone
_SLASHED: Final = re.compile(r"(\d{4})/(\d\d?)/(\d\d?)(?=[ T:])")
_UNITS: Final = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3), (0, 1))  # from this size on: parts of a second
_LATEST: Final = 7_258_118_400_000_000  # the year 2200, microseconds: larger counts count something else


def moment(value: Any, reading: Reading, observer: str = "", zone: tzinfo | None = None) -> When:
    """When a value says it was: ISO 8601 and its kin, or a count since 1970 whose size tells its unit.

    `zone` is that of times which name none; without it they count as UTC and are marked `zone_assumed`.
    """
    if isinstance(value, bool) or value is None:
        return NEVER
    if isinstance(value, (int, float)):
        return _since_1970(value)
    text = str(value).strip()[:80]
    if _NUMBER.match(text):
        return _since_1970(float(text) if "." in text else int(text))
    found = _iso(text, zone)
    return found if found is not None else read_time(text, reading, observer)


def _since_1970(count: float) -> When:
    if not abs(count) < 1e20:  # also what is no number
        return NEVER
    per_second = next(unit for size, unit in _UNITS if abs(count) >= size)
    micros = count * 10**6 // per_second if isinstance(count, int) else round(count * (10**6 / per_second))
    return When(int(micros), "exact") if 0 < micros < _LATEST else NEVER


@lru_cache(maxsize=8192)
def _iso(text: str, zone: tzinfo | None) -> When | None:
    plain = _SLASHED.sub(r"\1-\2-\3", text, count=1) if "/" in text[:5] else text
    if len(plain) > _PLAIN:
        plain = _FRACTION.sub(r"\1", plain).replace(" UTC", "Z", 1)
    try:
        found = datetime.fromisoformat(plain)
        quality = "exact"
        if found.tzinfo is None:
            quality = "exact" if zone else "zone_assumed"
            found = found.replace(tzinfo=zone or UTC)
        passed = found - _EPOCH
    except (ValueError, OverflowError):
        return None
    micros = (passed.days * 86_400 + passed.seconds) * 10**6 + passed.microseconds
    return When(micros, quality)
