"""The times vendors write, as UTC microseconds, with how far each can be trusted.

A stamp is read in two steps. `read_stamp` finds where in a header the year, month, day, clock and zone stand; it is
asked once per *shape* of header (digits alike), so it may be slow. `moments` then reads the digits of a whole block of
lines at once. A missing year comes from `Years`; a missing or unknown zone counts as UTC and is said.

Zone names are not unique. Ours is the reading most common in carrier logs; the ambiguous ones are in
`AMBIGUOUS_ZONES`, and a time that rests on one is marked `zone_assumed`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

MINUTES: Final[dict[str, int]] = {  # east of Greenwich
    **dict.fromkeys(("Z", "UTC", "GMT", "UCT", "WET"), 0),
    **dict.fromkeys(("CET", "MET", "MEZ", "BST", "WEST", "WAT"), 60),
    **dict.fromkeys(("CEST", "MEST", "MESZ", "EET", "SAST", "CAT"), 120),
    **dict.fromkeys(("EEST", "MSK", "EAT", "TRT", "IDT"), 180),
    "IRST": 210,
    "GST": 240,
    "PKT": 300,
    "IST": 330,
    "NPT": 345,
    "ICT": 420,
    "WIB": 420,
    **dict.fromkeys(("SGT", "HKT", "PHT", "AWST", "MYT"), 480),
    "JST": 540,
    "KST": 540,
    "ACST": 570,
    "AEST": 600,
    "ACDT": 630,
    "AEDT": 660,
    "NZST": 720,
    "NZDT": 780,
    "BRT": -180,
    "ART": -180,
    "ADT": -180,
    "NST": -210,
    "NDT": -150,
    "AST": -240,
    "CLT": -240,
    "EDT": -240,
    "EST": -300,
    "CDT": -300,
    "CST": -360,
    "MDT": -360,
    "MST": -420,
    "PDT": -420,
    "PST": -480,
    "AKDT": -480,
    "AKST": -540,
    "HST": -600,
}
AMBIGUOUS_ZONES: Final = frozenset({"ADT", "AST", "BST", "CST", "GST", "IST"})  # also Arabia, Bangladesh, China, Israel
EARLIEST_YEAR: Final = 2005  # a clock that says less was never set: devices start in 1970, 1993, 2000 or 2002
LATEST_YEAR: Final = 9998

_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MON = rb"(?P<mon>" + b"|".join(m.capitalize().encode() + b"|" + m.upper().encode() for m in _MONTHS) + rb")"
_DAYNAME = rb"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? {1,2})"
_CLOCK = rb"(?P<h>\d{1,2}):(?P<m>\d\d):(?P<s>\d\d)(?:[.,](?P<frac>\d{1,9}))?(?:\.\d+)?"
_KNOWN = b"|".join(z.encode() for z in sorted(MINUTES, key=len, reverse=True))
_ZONE = (
    rb"(?:(?P<zone>Z| ?[+-]\d\d:?\d\d| (?:" + _KNOWN + rb")(?:[+-]\d{1,2}(?::?\d\d)?)?"
    rb"GUESS)(?![A-Za-z0-9]))?"
)
_GUESS = rb"| [A-Z]{2,5}(?= ?:)"  # a zone nobody listed: only where a mnemonic follows, else it may be a program
_FLAG = rb"(?P<flag>[*.]?)"
_END = rb"(?=[ \t:\]]|$)"
_FORMS: Final = (
    _DAYNAME + _MON + rb" {1,2}(?P<day>\d{1,2}) " + _CLOCK + rb" (?P<year>\d{4})",
    _DAYNAME + rb"?" + _MON + rb" {1,2}(?P<day>\d{1,2}),? (?P<year>\d{4}),? " + _CLOCK,
    _MON + rb" {1,2}(?P<day>\d{1,2}) " + _CLOCK + rb" (?P<year>\d{4})(?= |$)",
    _DAYNAME + rb"?" + _MON + rb" {1,2}(?P<day>\d{1,2}) " + _CLOCK,
    rb"(?P<year>\d{4}) " + _MON + rb" {1,2}(?P<day>\d{1,2}) " + _CLOCK,
    rb"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})[T ]" + _CLOCK,
    rb"(?P<year>\d{4})-" + _MON + rb"-[ ]?(?P<day>\d{1,2}) " + _CLOCK,
    rb"(?P<month>\d{1,2})/(?P<day>\d{1,2})/(?P<year>\d{4}):" + _CLOCK,
    rb"(?P<day>\d{1,2})[- ]" + _MON + rb"[- ](?P<year>\d{4})[ :]" + _CLOCK,
)
_STAMPS, _STAMPS_GUESSING = (
    tuple(re.compile(_FLAG + form + _ZONE.replace(b"GUESS", guess) + _END) for form in _FORMS)
    for guess in (b"", _GUESS)
)
_EPOCH: Final = re.compile(rb"(?P<epoch>\d{10})(?:\.(?P<frac>\d{1,9}))?(?= |$)")
_MOMENT: Final = re.compile(
    r"(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.:](\d{1,9}))?(?:\.\d+)? ?(Z|[+-]\d\d:?\d\d)?"
)
_ONLY_EPOCH: Final = re.compile(r"(\d{10})(\d{3})?(\d{3})?(\d{3})?")
_WORD_MONTH: Final = re.compile(r"([A-Z][a-z]{2}) (\d{1,2}) (\d{4}) (\d\d:\d\d:\d\d(?:\.\d{1,9})?)(?: (\S+))?")
UPTIME: Final = re.compile(rb"[*.]?(?:\d{1,3}:\d\d:\d\d(?:\.\d+)?|(?:\d+[ywdh]){2,3})(?=:| |$)")

# Columns of a stamp's row in a table of shapes: offset and length in the header (length 0 = not written).
_PARTS: Final = ("year", "month", "day", "h", "m", "s", "frac", "epoch", "zone")
STAMP_WIDTH: Final = 2 * len(_PARTS) + 3
_MON_CONST, _FLAG_CONST, _WRITTEN = 2 * len(_PARTS), 2 * len(_PARTS) + 1, 2 * len(_PARTS) + 2
NO_STAMP: Final = (0,) * STAMP_WIDTH


class Stamp(NamedTuple):
    """Where a time stands in a header."""

    row: tuple[int, ...]
    end: int


def read_stamp(head: bytes, at: int = 0, *, epoch: bool = False, any_zone: bool = False) -> Stamp | None:
    """The time written at `at`, if one is. What it finds depends on the head's letters and the places of its digits.

    `any_zone` takes capitals before a colon for a zone even if no table knows it.
    """
    for pattern in (_EPOCH,) if epoch else _STAMPS_GUESSING if any_zone else _STAMPS:
        if found := pattern.match(head, at):
            spans = found.re.groupindex
            row: list[int] = []
            for part in _PARTS:
                start, end = found.span(part) if part in spans else (-1, -1)
                row += (start, end - start) if start >= 0 else (0, 0)
            month = found["mon"].decode().lower() if "mon" in spans else ""
            flag = b" .*".find(found["flag"]) if "flag" in spans and found["flag"] else 0
            return Stamp((*row, _MONTHS.index(month) + 1 if month else 0, flag, 1), found.end())
    return None


class Moments(NamedTuple):
    """Times of a block of lines."""

    micros: Ints  # since 1970, UTC; 0 where not valid
    valid: Flags
    year_assumed: Flags
    zone_assumed: Flags
    flag: Ints  # 1 = `.`, 2 = `*`


@lru_cache(maxsize=4096)
def zone_minutes(zone: str) -> tuple[int, bool]:
    """Minutes east of Greenwich, and whether that is sure: ("UTC+1" → 60, True), ("XYZ" → 0, False)."""
    name = zone.strip()
    found = re.fullmatch(r"([A-Z]*)(?:([+-])(\d{1,2}):?(\d\d)?)?", name)
    if not name or found is None:
        return 0, False
    word, sign, hours, minutes = found.groups()
    shift = (int(hours) * 60 + int(minutes or 0)) * (-1 if sign == "-" else 1) if sign else 0
    if abs(shift) > 18 * 60:
        return 0, False
    if not word or word in ("UTC", "GMT") or sign:
        return shift, True
    return MINUTES.get(word, 0), word in MINUTES and word not in AMBIGUOUS_ZONES


def digits(data: NDArray[np.uint8], starts: Ints, lengths: Ints) -> Ints:
    """The decimal numbers at `starts`; 0 where the length is 0. Lengths up to 18."""
    value = np.zeros(len(starts), np.int64)
    last = starts + lengths - 1
    for place in range(int(lengths.max(initial=0))):
        digit = data[np.maximum(last - place, 0)].astype(np.int64) - 48
        value += np.where(place < lengths, digit, 0) * 10**place
    return value


def moments(
    data: NDArray[np.uint8],
    lines: Ints,
    table: Ints,
    shapes: Ints,
    zones: Callable[[Ints, Ints], tuple[Ints, Flags]],
    observers: Ints,
    year_for: Callable[[int, int, int], int],
) -> Moments:
    """Read the stamps of many lines.

    `lines` are where the lines start in `data`, `shapes` says which row of `table` (`STAMP_WIDTH` wide) holds each
    one's stamp. `zones` answers minutes and certainty for spans of zone text. `year_for(observer, month, day)` answers
    a missing year, asked once for each distinct question; `observers` are small numbers.
    """
    at = {p: (lines + table[shapes, 2 * i], table[shapes, 2 * i + 1]) for i, p in enumerate(_PARTS)}
    named = table[shapes, _MON_CONST]
    month = np.where(named > 0, named, digits(data, *at["month"]))
    day, year = digits(data, *at["day"]), digits(data, *at["year"])
    hour, minute, second = (digits(data, *at[p]) for p in "hms")
    written = table[shapes, _WRITTEN] > 0
    is_epoch = at["epoch"][1] > 0
    sane = (month >= 1) & (month <= 12) & (day >= 1) & (day <= 31) & (hour < 24) & (minute < 60) & (second <= 60)
    yearless = written & sane & ~is_epoch & (at["year"][1] == 0)
    if yearless.any():
        year[yearless] = _years(observers[yearless], month[yearless], day[yearless], year_for)
    sane &= (year >= 1900) & (year <= LATEST_YEAR)
    first = (np.where(sane, year, 1970) - 1970) * 12 + np.where(sane, month, 1) - 1
    start, after = (_days(first + k) for k in (0, 1))
    sane &= day <= after - start
    seconds = (start + day - 1) * 86_400 + hour * 3_600 + minute * 60 + second
    seconds = np.where(is_epoch, digits(data, *at["epoch"]), seconds)
    frac_length = at["frac"][1]
    frac = digits(data, at["frac"][0], np.minimum(frac_length, 6)) * 10 ** (6 - np.minimum(frac_length, 6))
    shift, sure = zones(*at["zone"])
    valid = written & (sane | is_epoch)
    micros = np.where(valid, (seconds - np.where(is_epoch, 0, shift) * 60) * 1_000_000 + frac, 0)
    return Moments(micros, valid, yearless & valid, valid & ~sure & ~is_epoch, table[shapes, _FLAG_CONST])


def _days(months: Ints) -> Ints:
    """Days from 1970 to the first of a month, counted in months from 1970."""
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _years(observers: Ints, month: Ints, day: Ints, year_for: Callable[[int, int, int], int]) -> Ints:
    """A year for each yearless line; a 29 February falls back to the last leap year."""
    questions, which = np.unique((observers << 9) | (month << 5) | day, return_inverse=True)
    answers = [_existing(year_for(q >> 9, (q >> 5) & 15, q & 31), (q >> 5) & 15, q & 31) for q in questions.tolist()]
    return np.array(answers, np.int64)[which]


@lru_cache(maxsize=4096)
def _existing(year: int, month: int, day: int) -> int:
    """The latest year up to `year` that has the day; `year` itself if none of the last eight has."""
    for candidate in range(year, year - 9, -1):
        try:
            date(candidate, month, day)
        except ValueError:
            continue
        return candidate
    return year


def moment(text: str) -> tuple[int | None, bool]:
    """One moment written with its year, as UTC microseconds (None: it is none), and whether a zone stands with it.

    For values inside a record, one at a time: `2026-11-22T10:15:30.5+01:00`, `2026/11/22 10:15:30`, an epoch in
    seconds, milli-, micro- or nanoseconds, `Nov 22 2026 10:15:30 UTC`.
    """
    text = text.strip()
    if epoch := _ONLY_EPOCH.fullmatch(text):
        digits = (epoch[2] or "000") + (epoch[3] or "000")
        return int(epoch[1]) * 1_000_000 + int(digits), True
    if named := _WORD_MONTH.fullmatch(text):
        month = _MONTHS.index(named[1].lower()) + 1 if named[1].lower() in _MONTHS else 0
        shift, sure = zone_minutes(named[5]) if named[5] else (0, False)
        micros, _ = moment(f"{named[3]}-{month:02d}-{int(named[2]):02d} {named[4]}")
        return (None if micros is None else micros - shift * 60_000_000), sure
    found = _MOMENT.match(text)
    if found is None:
        return None, False
    *date, fraction, zone = found.groups()
    shift, sure = (0, True) if zone == "Z" else zone_minutes(zone) if zone else (0, False)
    try:
        when = datetime(*map(int, date), tzinfo=UTC) - timedelta(minutes=shift)  # type: ignore[arg-type,misc]
        return int(when.timestamp()) * 1_000_000 + int((fraction or "0")[:6].ljust(6, "0")), sure
    except (ValueError, OverflowError):
        return None, False
