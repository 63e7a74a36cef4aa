"""The times servers write, read one at a time and quickly: dates are worked out once, the rest is arithmetic.

Forms: ISO 8601 and its kin (`2026-11-22 10:30:17.123+01:00`), the web's (`22/Nov/2026:10:30:17 +0000`), BIND's
(`22-Nov-2026 10:30:17.123`), `ctime` (`Sun Nov 22 10:30:17 2026`), seconds since 1970. Anything else is asked of
`records.read_time`.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final

from seawall.sources.base import Reading
from seawall.sources.records import NEVER, When, read_time
from seawall.sources.times import EARLIEST_YEAR, LATEST_YEAR, zone_minutes

_DAY_US: Final = 86_400_000_000
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_REST: Final = (
    r"(\d{1,2}):(\d{1,2}):(\d{1,2})(?:[.,](\d{1,9}))?(?: ?([APap][Mm]))?(?: ?(Z|[+-]\d\d(?::?\d\d)?|[A-Z]{2,5}))?"
)
_ISO: Final = re.compile(r"(\d{4}[-/]\d{1,2}[-/]\d{1,2})[ T]" + _REST)
_DMY: Final = re.compile(r"(\d{1,2}[-/. ][A-Z][a-z]{2}[-/. ]\d{4})[: ]" + _REST)
# The commonest forms up to the minute, then second, fraction and zone; halves of the day are left to the others.
_QUICK: Final = re.compile(
    r"(\d{4}[-/]\d\d[-/]\d\d[ T]\d\d:\d\d|\d\d[-/. ][A-Z][a-z]{2}[-/. ]\d{4}[: ]\d\d:\d\d):([0-5]\d)(?!\d)"
    r"(?:[.,](\d{1,9}+))?+(?! ?[APap][Mm])(?: ?(Z|[+-]\d\d(?::?\d\d)?|[A-Z]{2,5}))?"
)
_CTIME: Final = re.compile(
    r"(?:[A-Z][a-z]{2} )?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?: ([A-Z]{2,5}))? (\d{4})"
)
_EPOCH: Final = re.compile(r"(\d{9,10})(?:\.(\d{1,9}))?(?![\d.])")


def time_at_start(text: str, reading: Reading, observer: str = "") -> When:
    """The time at the start of `text`, UTC; `NEVER` if there is none."""
    if found := _QUICK.match(text):
        minute, second, fraction, zone = found.groups()
        if begun := _minute(minute, zone):
            start, quality = begun
            micros = start + int(second) * 1_000_000
            return When(micros + _micros(fraction) if fraction else micros, quality)
    return _slowly(text, reading, observer)


def _slowly(text: str, reading: Reading, observer: str) -> When:
    """As `time_at_start`, for every form."""
    if (found := _ISO.match(text)) or (found := _DMY.match(text)):
        return _when(*found.groups())
    if found := _CTIME.match(text):
        month, day, *clock, fraction, zone, year = found.groups()
        return _when(f"{day}-{month}-{year}", clock[0], clock[1], clock[2], fraction, None, zone)
    if found := _EPOCH.match(text):
        return When(int(found[1]) * 1_000_000 + _micros(found[2]), "exact")
    return read_time(text, reading, observer)


def _when(
    day: str, hour: str, minute: str, second: str, fraction: str | None, half: str | None, zone: str | None
) -> When:
    midnight = _midnight(day)
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half in ("PM", "pm", "Pm") else 0)
    if midnight is None or hours > 23 or int(minute) > 59 or int(second) > 60:
        return NEVER
    shift, sure = zone_minutes(_zone(zone)) if zone else (0, False)
    seconds = (hours * 60 + int(minute) - shift) * 60 + int(second)
    return When(midnight + seconds * 1_000_000 + _micros(fraction), "exact" if sure else "zone_assumed")


@lru_cache(maxsize=4096)
def _minute(text: str, zone: str | None) -> tuple[int, str] | None:
    """The start of a minute as `_QUICK` finds it, and its quality; None if there is no such minute."""
    found = _ISO.match(f"{text}:00") or _DMY.match(f"{text}:00")
    if found is None:
        return None
    micros, quality = _when(found[1], found[2], found[3], found[4], None, None, zone)
    return None if micros is None else (micros, quality)


def _zone(zone: str) -> str:
    return zone + "00" if zone[0] in "+-" and len(zone) == 3 else zone


def _micros(fraction: str | None) -> int:
    return int(fraction[:6].ljust(6, "0")) if fraction else 0


@lru_cache(maxsize=4096)
def _midnight(day: str) -> int | None:
    """Microseconds from 1970 to the start of a day; None if there is no such day."""
    parts = re.split(r"[-/. ]", day)
    try:
        if len(parts[0]) == 4:
            found = date(int(parts[0]), int(parts[1]), int(parts[2]))
        else:
            found = date(int(parts[2]), _MONTHS[parts[1].lower()], int(parts[0]))
    except (ValueError, KeyError):
        return None
    if not EARLIEST_YEAR <= found.year <= LATEST_YEAR:
        return None
    return (found - date(1970, 1, 1)).days * _DAY_US


def day_first(text: str, *, month_first: bool = False) -> str:
    """`22/11/2026 10:30` as ISO, for exports that write numbers only; unchanged if it has another form."""
    found = re.match(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})[ T]+(\d{1,2}):(\d\d)(?::(\d\d))?(.*)", text, re.DOTALL)
    if not found:
        return text
    day, month, year, hour, minute, second, rest = found.groups()
    if month_first or int(month) > 12:
        day, month = month, day
    return f"{year}-{month:>02}-{day:>02} {hour:>02}:{minute}:{second or '00'}{rest}"
