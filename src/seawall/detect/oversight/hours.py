"""When an administrator may be at work: hours, days and zone as the policy has them, and the on-call list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN: Final = re.compile(r"(\d{1,2})(?::?(\d{2}))?\s*(?:-|to|–)\s*(\d{1,2})(?::?(\d{2}))?")  # noqa: RUF001 - typed so
_EVER: Final = frozenset({"", "any", "all", "always", "24x7", "24/7", "daily", "everyday"})
_DAY: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time of somebody or something, e.g. an on-call duty. UTC; an open end has no bound."""

    name: str
    start: datetime | None
    end: datetime | None
    systems: tuple[str, ...] = ()  # empty: all

    def holds(self, at: datetime, slack: timedelta = timedelta(0)) -> bool:
        """Whether it covers a moment, clocks differing by up to `slack`."""
        return (self.start is None or self.start - slack <= at) and (self.end is None or at <= self.end + slack)

    def on(self, system: str) -> bool:
        """Whether it concerns a system."""
        return not self.systems or any(same_system(system, one) for one in self.systems)


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours on days of the week, in a zone. An end before the start is the next morning."""

    start_min: int = 0  # minutes after midnight
    end_min: int = _DAY
    days: frozenset[int] = frozenset(range(7))  # Monday 0, of the day the shift begins
    zone: tzinfo = UTC

    @property
    def always(self) -> bool:
        """Whether every moment is inside."""
        return len(self.days) == 7 and (self.end_min - self.start_min) % _DAY == 0

    def holds(self, at: datetime, slack: timedelta = timedelta(0)) -> bool:
        """Whether a moment falls into it; the clock on the wall decides on days it is changed."""
        return any(self._holds((at + move).astimezone(self.zone)) for move in (timedelta(0), slack, -slack))

    def _holds(self, local: datetime) -> bool:
        minute = local.hour * 60 + local.minute
        today, yesterday = local.weekday(), (local.date() - timedelta(days=1)).weekday()
        if self.end_min > self.start_min:
            return today in self.days and self.start_min <= minute < self.end_min
        if self.end_min == self.start_min:
            return today in self.days
        return (today in self.days and minute >= self.start_min) or (yesterday in self.days and minute < self.end_min)


def read_shift(entry: Mapping[str, Any], zone: tzinfo) -> tuple[Shift | None, str]:
    """The shift an entry of `admins` gives, and a doubt in words. None: it cannot be read, so is not judged."""
    own, doubt = read_zone(entry.get("tz"), zone)
    days = read_days(entry.get("days"))
    hours = str(entry.get("hours") or "").strip().lower()
    if days is None:
        return None, f"days {str(entry.get('days'))[:40]!r} are not understood, and not judged"
    if hours in _EVER:
        return Shift(days=days, zone=own), doubt
    found = _SPAN.fullmatch(hours)
    if found is None:
        return None, f"hours {hours[:40]!r} are not understood, and not judged"
    start, end = (int(found[i]) * 60 + int(found[i + 1] or 0) for i in (1, 3))
    if start >= _DAY or end > _DAY:
        return None, f"hours {hours[:40]!r} are not understood, and not judged"
    return Shift(start, end, days, own), doubt


def read_zone(name: object, default: tzinfo) -> tuple[tzinfo, str]:
    """A zone by its name; the default, with a doubt, where there is none of that name."""
    if not isinstance(name, str) or not name.strip():
        return default, ""
    if name.strip().upper() in ("UTC", "Z"):
        return UTC, ""
    try:
        return ZoneInfo(name.strip()), ""
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return default, f"time zone {name[:40]!r} is not known"


def read_days(value: object) -> frozenset[int] | None:
    """`Mon-Fri`, `Sat, Sun`, `["Mon"]`, `Fri-Mon`; every day where nothing is said, None where it is not understood."""
    if value is None:
        return frozenset(range(7))
    words = value if isinstance(value, list | tuple) else re.split(r"[,;/\s]+", str(value).strip())
    found: set[int] = set()
    for word in (str(one).strip().lower() for one in words):
        if word in _EVER:
            if word:
                found.update(range(7))
            continue
        first, _, last = word.partition("-")
        numbers = [_day(first), _day(last or first)]
        if None in numbers:
            return None
        begin, end = numbers[0] or 0, numbers[1] or 0
        found.update((begin + step) % 7 for step in range((end - begin) % 7 + 1))
    return frozenset(found or range(7))


def _day(word: str) -> int | None:
    return next((number for number, name in enumerate(_DAYS) if len(word) >= 2 and (word.startswith(name)
                 or name.startswith(word))), None)  # fmt: skip


def read_moment(value: object, zone: tzinfo, *, end: bool = False) -> datetime | None:
    """A time of the policy, UTC; without an offset it is local to `zone`. A date alone is its start, or with `end` its
    last moment. None where it is no time."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return datetime.fromtimestamp(value, UTC)
        except (ValueError, OverflowError, OSError):
            return None
    text = str(value or "").strip()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            day = date.fromisoformat(text) + timedelta(days=end)
            return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def read_spans(entries: object, name: str, zone: tzinfo) -> Iterator[Span]:
    """Spans from a list of the policy (`on_call`, `scheduled_audits`, `maintenance`); what has no `from` and no `to`,
    or one that is no time, covers nothing and is left out."""
    for entry in entries if isinstance(entries, list) else ():
        if not isinstance(entry, Mapping):
            continue
        raw = (entry.get("from"), entry.get("to"))
        start, end = read_moment(raw[0], zone), read_moment(raw[1], zone, end=True)
        if (raw[0] and start is None) or (raw[1] and end is None) or (start is None and end is None):
            continue
        yield Span(folded(entry.get(name)), start, end, tuple(folded(s) for s in _listed(entry.get("systems"))))


def folded(value: object) -> str:
    """A name for comparing: without stray spaces and capitals."""
    return _folded(str(value if value is not None else ""))


@lru_cache(maxsize=65_536)
def _folded(text: str) -> str:
    return " ".join(text.split()).casefold()


def same_system(one: str, other: str) -> bool:
    """Whether two names are one system's: the same, or one short for the other (`amf-1`, `amf-1.example.net`)."""
    left, right = folded(one).rstrip("."), folded(other).rstrip(".")
    if left == right:
        return True
    short, full = sorted((left, right), key=len)
    return bool(short) and "." not in short and ":" not in short and full.startswith(f"{short}.")


def _listed(value: object) -> Iterable[object]:
    return value if isinstance(value, list | tuple) else (value,) if value else ()
