# ruff: noqa: E501 - patterns are as long as they are
"""Formats whose records are lines: how sure a head is one, and the loop that turns lines into rows and rejects.

A format gives one function: a line in, what it tells (`Told`) or None out. The same function serves the lines of a
file of its own and the messages of a syslog file (`within`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from typing import Any, Final, NamedTuple

from seawall.platforms.masking import mask
from seawall.sources import columns as cut
from seawall.sources.base import Chunk, Evidence, Reading
from seawall.sources.intercepts import LINE_REFUSAL, is_intercept_line
from seawall.sources.lines import LineBlock, head_lines, line_blocks
from seawall.sources.pausing import collector_paused
from seawall.sources.records import NEVER, Records, When, excerpt
from seawall.sources.syslog_parts import suspects

MAX_KEPT: Final = 8_192  # characters of a text column that holds a whole record or statement
MAX_RECORD: Final = 65_536  # characters; a longer line of these formats is a reject: it may be a trap
_LOOKED_AT: Final = 60


class Told(NamedTuple):
    """What one record tells."""

    values: Mapping[str, Any]  # columns of the format's kind
    when: When = NEVER
    observer: str | None = None


NOTHING: Final = Told({})  # a line that is part of the format and no event: a header, a directive
Tell = Callable[[str, Reading], Told | None]


def share(evidence: Evidence, fits: Callable[[str], bool], skip: str = "#") -> tuple[int, int]:
    """(lines of the head that fit, lines looked at); lines that begin with one of `skip` are not counted."""
    lines = [line.decode("utf-8", "replace") for line in head_lines(evidence.head, _LOOKED_AT)]
    asked = [line for line in lines if not (skip and line.startswith(tuple(skip)))]
    if len(evidence.head) > 60_000 or len(asked) == _LOOKED_AT:
        asked = asked[:-1] or asked  # the last one may be cut off
    return sum(1 for line in asked if len(line) <= MAX_RECORD and fits(line)), len(asked)


def sureness(evidence: Evidence, fits: Callable[[str], bool], sure: int, skip: str = "#") -> int:
    """`sure` if most lines of the head fit, 30 if some do, else 0."""
    good, asked = share(evidence, fits, skip)
    if not good:
        return 0
    return sure if good * 2 >= asked else 30 if good * 5 >= asked else 0


def read_lines(
    evidence: Evidence, reading: Reading, kind: str, tell: Tell, name: str, skip: str = ""
) -> Iterator[Chunk]:
    """Rows of `kind` and rejects, block by block. `name` says what a line should have been.

    Raises:
        InputError: the file cannot be read on.
    """
    with Records(kind, evidence.origin, reading) as records:
        for block in line_blocks(evidence):
            with collector_paused():
                _take(records, block, reading, tell, name, skip)
                made = records.chunk(block.read_bytes, notes_of(evidence, block))
            yield made


def read_groups(
    evidence: Evidence,
    reading: Reading,
    kind: str,
    tell: Tell,
    name: str,
    goes_on: Callable[[list[str], str], bool],
    why_not: Callable[[str], str] = lambda _: "",
) -> Iterator[Chunk]:
    """As `read_lines`, for records of several lines: `goes_on` says whether a line belongs to those before it.

    `why_not` is the format's own reason to refuse a record; empty if it may be read.

    A record above `MAX_RECORD` characters ends there, and its place is that of its first line.
    """
    with Records(kind, evidence.origin, reading) as records:
        waiting: list[str] = []
        began, size = 0, 0
        for block in line_blocks(evidence):
            if block.too_long:
                records.reject(block.first, f"line of {block.too_long} bytes or more, longer than any record")
            with collector_paused():
                for place, text in block.texts():
                    if waiting and size < MAX_RECORD and goes_on(waiting, text):
                        waiting.append(text)
                        size += len(text)
                        continue
                    _take_group(records, began, waiting, reading, tell, name, why_not)
                    waiting, began, size = [text], place, len(text)
                made = records.chunk(block.read_bytes, notes_of(evidence, block))
            yield made
        _take_group(records, began, waiting, reading, tell, name, why_not)
        yield records.chunk()


def _take_group(
    records: Records,
    place: int,
    lines: list[str],
    reading: Reading,
    tell: Tell,
    name: str,
    why_not: Callable[[str], str],
) -> None:
    text = "\n".join(lines)
    if not text.strip():
        return
    told = None if (why := refused(text) or why_not(text)) else tell(text, reading)
    if told is None:
        records.reject(place, why or f"no {name}: {excerpt(text)}")
    elif told is not NOTHING:
        records.add(place, text.encode("utf-8", "surrogatepass"), told.when, told.observer, told.values)


# Whether the record being read holds no secret, so that its parts need no second look: looking is what costs most.
# Never true where a part may be written otherwise than the record has it (backslashes, hexadecimal digits).
_CLEAN: Final[ContextVar[bool]] = ContextVar("_CLEAN", default=False)


def _suspects(block: LineBlock) -> frozenset[int]:
    """The numbers of the lines in which a secret may stand, asked of the whole block at once."""
    if not len(block):
        return frozenset()
    found = suspects(cut.lines_of(block.data, block.starts, block.ends, binary=True))
    return frozenset((found + block.first).tolist())


def notes_of(evidence: Evidence, block: LineBlock) -> tuple[str, ...]:
    """A block's notes with the place they stand at."""
    return tuple(f"{evidence.origin}:{block.first}: {note}" for note in block.notes)


def is_clean(text: str) -> bool:
    """Whether a record is short and known to hold no secret, so that its parts may be kept as they are."""
    return _CLEAN.get() and len(text) <= MAX_KEPT


def _take(records: Records, block: LineBlock, reading: Reading, tell: Tell, name: str, skip: str) -> None:
    if block.too_long:
        records.reject(block.first, f"line of {block.too_long} bytes or more, longer than any record")
    hits = _suspects(block)
    was = False
    before = _CLEAN.set(was)
    try:
        for (number, text), record in zip(block.texts(), block.whole().split(b"\n"), strict=False):
            if not text or text.isspace() or (skip and text.startswith(skip)):
                continue
            hit = number in hits  # also where an intercept system may have written the line
            if (hit or len(text) > MAX_RECORD) and (why := refused(text)):
                records.reject(number, why)
                continue
            if (clean := not hit and "\\" not in text) is not was:
                _CLEAN.set(was := clean)
            told = tell(text, reading)
            if told is None:
                records.reject(number, f"no {name}: {excerpt(text)}")
            elif told is not NOTHING:
                records.add(number, record, told.when, told.observer, told.values)
    finally:
        _CLEAN.reset(before)


def refused(text: str) -> str:
    """Why a record may not be read at all; empty if it may."""
    if len(text) > MAX_RECORD:
        return f"record of {len(text)} characters, longer than any of this format"
    lowered = text.lower()  # `is_intercept_line` is dear: first what every line it finds holds
    if ("intercept" in lowered or "openli" in lowered) and is_intercept_line(text.encode("utf-8", "replace")):
        return LINE_REFUSAL
    return ""


# A PRI; a BSD time without fraction and year; an ISO time, a host and a program.
_SYSLOG: Final = re.compile(
    r"<\d{1,3}>|[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d \S|\d{4}-\d\d-\d\dT\S{8,30} [\w.:\-]{0,254}[\w.\-] [\w./\-]{1,80}(?:\[\d{1,10}\])?: "
)
# IPv4, or IPv6 with `::` or all its seven colons: three numbers with colons are a time of day.
IP: Final = (
    r"(?:\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9A-Fa-f]{1,4}:){7}[0-9A-Fa-f]{1,4}"
    r"|(?:[0-9A-Fa-f]{1,4}:){0,7}:(?:[0-9A-Fa-f]{1,4}:){0,7}(?:[0-9A-Fa-f]{1,4}|\d{1,3}(?:\.\d{1,3}){3})?)"
)


def has_syslog_header(text: str) -> bool:
    """Whether a line begins as syslog: then its file is one of `syslog`, and what stands inside is read by `within`."""
    return _SYSLOG.match(text) is not None


def kept(text: str | None, limit: int = MAX_KEPT) -> str | None:
    """A text with secrets masked, and not longer than a column holds; None for nothing."""
    if not text:
        return None
    made = text if _CLEAN.get() else mask(text)
    return made if len(made) <= limit else made[: limit - 1] + "…"


def number(text: str | None) -> int | None:
    """A decimal number, or None."""
    if text and text.isascii() and text.isdigit() and len(text) <= 18:
        return int(text)
    return None


def said(text: str | None) -> str | None:
    """A field, or None where the log writes nothing: empty, `-`, quotes around nothing."""
    return None if text is None or text in ("", "-", '""', "(null)", "null", "NULL", "N/A", "n/a") else text
