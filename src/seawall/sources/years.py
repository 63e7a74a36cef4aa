"""Which year a date without one belongs to: the observer's own dated lines say, then the folder's, then the clock.

Only samples are looked at: the first and the last bytes of each file. A file's mtime says when somebody copied it,
so it is never asked.
"""

from __future__ import annotations

import calendar
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final

from seawall.model.clock import Clock
from seawall.sources.base import HEAD_BYTES, Evidence

FIRST_YEAR: Final = 2005  # older dates come from clocks that were never set
MAX_OBSERVERS: Final = 50_000  # names remembered; beyond that the folder's dates answer
LINES: Final = 100  # looked at, at each end of a sample
_BINARY_IN: Final = 1_024  # a NUL this early: no log
_CENTURY: Final = re.compile(rb"(?:19|20)\d\d")
_MAX_NAME: Final = 255
_MONTHS: Final = {name.lower(): n for n, name in enumerate(calendar.month_abbr) if name}
_MONTH: Final = rb"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}"
# `*` before a Cisco date says that the clock was never set: such a date says nothing about years.
_DATED: Final = (
    re.compile(rb"(?<![\d*])((?:19|20)\d\d)[-/.](\d\d)[-/.](\d\d)[T _]\d\d:\d\d"),
    re.compile(rb"(?<![\w*])((?:19|20)\d\d) " + _MONTH + rb" {1,2}(\d{1,2}) \d\d:\d\d"),
)
_MONTH_FIRST: Final = (
    re.compile(rb"(?<![\w*])" + _MONTH + rb" {1,2}(\d{1,2}),? ((?:19|20)\d\d)[ T]\d\d:\d\d"),
    re.compile(
        rb"(?<![\w*])" + _MONTH + rb" {1,2}(\d{1,2}) \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]{2,5})? ((?:19|20)\d\d)\b"
    ),
)
_NAME: Final = re.compile(rb"[0-9A-Za-z][0-9A-Za-z_.:\-]*")


@dataclass(slots=True)
class _Span:
    """The first and last date somebody was seen to write."""

    first: date
    last: date

    def widen(self, day: date) -> None:
        self.first, self.last = min(self.first, day), max(self.last, day)


@dataclass(slots=True)
class SurveyedYears:
    """A `Years` made from samples of the evidence and the clock."""

    today: date
    observers: dict[str, _Span] = field(default_factory=dict)
    folder: _Span | None = None

    def year_for(self, observer: str, month: int, day: int) -> int:
        """The year of a yearless date said by `observer`. A date no year has (31 June) gets the latest year."""
        span = self.observers.get(observer.lower()) or self.folder
        limit = self.today + timedelta(days=1)
        if span is None:
            return _latest(limit, month, day)
        limit = max(limit, span.last)
        around = (_day(y, month, day) for y in range(span.first.year - 1, span.last.year + 2))
        candidates = [d for d in around if d and d <= limit]
        if not candidates:
            return _latest(limit, month, day)
        # Inside the span, then nearest to it; of equals an earlier date than the span's, because logs are saved
        # from a moment backwards, and of several inside it the latest.
        best = min(candidates, key=lambda d: (_distance(d, span), d > span.last, -d.toordinal()))
        return best.year

    def learn(self, sample: bytes) -> None:
        """Take in the dated lines of a sample."""
        if b"\0" in sample[:_BINARY_IN]:
            return
        lines = sample.split(b"\n")
        for raw in lines if len(lines) <= 2 * LINES else (*lines[:LINES], *lines[-LINES:]):
            line = raw[:1024]
            if _CENTURY.search(line) is None:
                continue
            for day, rest in _dates(line):
                if day.year >= FIRST_YEAR and day <= self.today + timedelta(days=366):
                    self._remember(day, line, rest)

    def _remember(self, day: date, line: bytes, rest: bytes) -> None:
        if self.folder is None:
            self.folder = _Span(day, day)
        self.folder.widen(day)
        for name in _names_near(line, rest):
            if name in self.observers:
                self.observers[name].widen(day)
            elif len(self.observers) < MAX_OBSERVERS:
                self.observers[name] = _Span(day, day)


def survey(evidence: Iterable[Evidence], clock: Clock) -> SurveyedYears:
    """Look at the head and tail of each file. Raises nothing; what cannot be read says nothing."""
    years = SurveyedYears(clock.now().date())
    for one in evidence:
        years.learn(one.head)
        years.learn(_tail(one))
    return years


def _tail(evidence: Evidence) -> bytes:
    """The last bytes of a plain file; a gz would have to be unpacked whole, so its head must do."""
    if evidence.path is None or (evidence.size or 0) <= HEAD_BYTES:
        return b""
    try:
        with closing(evidence.path.open("rb")) as stream:
            stream.seek(-HEAD_BYTES, os.SEEK_END)
            return stream.read(HEAD_BYTES)
    except OSError:  # shorter than it was, or gone: then it says nothing
        return b""


def _dates(line: bytes) -> Iterator[tuple[date, bytes]]:
    """Full dates in a line, each with what stands after it."""
    for pattern in _DATED:
        for found in pattern.finditer(line):
            if day := _day(int(found[1]), _month(found[2]), int(found[3])):
                yield day, line[found.end() :]
    for pattern in _MONTH_FIRST:
        for found in pattern.finditer(line):
            if day := _day(int(found[3]), _month(found[1]), int(found[2])):
                yield day, line[found.end() :]


def _names_near(line: bytes, rest: bytes) -> set[str]:
    """Words that may be the observer: the first ones after the date, and those before it (a relay's header)."""
    before = line[: len(line) - len(rest)]
    words = [*_NAME.findall(rest)[:4], *_NAME.findall(before)[:8]]
    return {w.rstrip(b":").decode("ascii").lower() for w in words if 1 < len(w) <= _MAX_NAME and not w.isdigit()}


def _month(text: bytes) -> int:
    return int(text) if text.isdigit() else _MONTHS[text[:3].decode("ascii").lower()]


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _latest(limit: date, month: int, day: int) -> int:
    """The latest year in which the date exists and is not later than `limit`."""
    for year in range(limit.year, limit.year - 9, -1):  # nine years always hold a leap year
        found = _day(year, month, day)
        if found and found <= limit:
            return year
    return limit.year


def _distance(day: date, span: _Span) -> int:
    """Days between a date and a span; 0 inside."""
    if day < span.first:
        return (span.first - day).days
    return max(0, (day - span.last).days)
