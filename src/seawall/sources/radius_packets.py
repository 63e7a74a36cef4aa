"""RADIUS packets as pairs of attribute and value, and the form with a packet over several lines: detail files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, Protocol

MAX_PAIRS: Final = 1_024  # attributes of one packet; a packet has 4,096 octets at most (RFC 2865, 3)
MAX_RECORD: Final = 65_536  # characters of one packet

Lines = Iterable[tuple[int, str]]


class Packet(NamedTuple):
    """One packet as written; `wrong` says why it could not be read."""

    line: int
    record: bytes
    time: str
    pairs: list[tuple[str, str]]
    wrong: str = ""


class State(Protocol):
    """Reads the lines of one file, block by block."""

    def take(self, lines: Lines) -> Iterator[Packet]:
        """The packets that end in these lines."""
        ...

    def end(self) -> Iterator[Packet]:
        """The packet the file broke off in."""
        ...


_PAIR: Final = re.compile(
    r"[ \t]+([A-Za-z0-9][\w.\-]{0,80})(?::\d{1,4})? (?:[:+]?=|[=!<>]~?=?|=\*) ?"
    r'(?:"((?:[^"\\]|\\.)*)"|\'([^\']*)\'|(.*))$'
)
_USUAL: Final = re.compile(  # most attributes: no operator but `=`, no tag, nothing escaped, no blanks to strip
    r'\t([A-Za-z0-9][\w.\-]{0,80}) = (?:"([^"\\\s](?:[^"\\]*[^"\\\s])?)"|([^\s"\'](?:.*\S)?))$'
)
_HEADER: Final = re.compile(
    r"[A-Z][a-z]{2} [A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d(?: [A-Z]{2,5})? \d{4}|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d"
)
_ESCAPE: Final = re.compile(r'\\(["\\])')


class Detail:
    """A time, then indented `Name = value` lines, then an empty line (FreeRADIUS rlm_detail, Cistron, radiator)."""

    def __init__(self) -> None:
        self._line, self._time, self._size, self._wrong = 0, "", 0, ""
        self._texts: list[str] = []
        self._pairs: list[tuple[str, str]] = []

    def take(self, lines: Lines) -> Iterator[Packet]:
        """The packets in these lines."""
        usual = _USUAL.match
        for number, text in lines:
            if text[:1] == "\t" and self._texts and self._has_room(text) and (found := usual(text)):
                self._size += len(text)
                self._texts.append(text)
                self._pairs.append((found[1], found[2] or found[3]))
            elif not text.strip():
                yield from self.end()
            elif text[0] not in " \t":
                yield from self.end()
                self._line, self._time, self._texts = number, text.strip(), [text]
            elif not self._texts:
                yield Packet(number, text.encode(), "", [], f"an attribute outside a packet: {_name(text)}")
            else:
                self._attribute(number, text)

    def _has_room(self, text: str) -> bool:
        return len(self._pairs) < MAX_PAIRS and self._size + len(text) <= MAX_RECORD

    def _attribute(self, number: int, text: str) -> None:
        if not self._has_room(text):
            self._wrong = self._wrong or f"a packet of more than {MAX_PAIRS} attributes or {MAX_RECORD} characters"
            self._size += len(text)
            return
        self._size += len(text)
        self._texts.append(text)
        found = _PAIR.match(text)
        if found is None:
            self._wrong = self._wrong or f"line {number}: no `name = value`: {_name(text)}"
            return
        quoted = found[2]
        value = (
            found[3] or found[4] or "" if quoted is None else _ESCAPE.sub(r"\1", quoted) if "\\" in quoted else quoted
        )
        self._pairs.append((found[1], value.strip()))

    def end(self) -> Iterator[Packet]:
        """The packet not yet given, if there is one."""
        if self._texts:
            wrong = self._wrong or ("" if self._pairs else f"no packet: {self._texts[0][:80]}")
            yield Packet(self._line, "\n".join(self._texts).encode(), self._time, self._pairs, wrong)
        self._texts, self._pairs, self._size, self._wrong = [], [], 0, ""


def _name(text: str) -> str:
    """The name in a line whose value may be a secret."""
    return (text.split() or [""])[0].partition("=")[0][:60]


def detailed(lines: Sequence[str]) -> bool:
    """Whether the first lines of a file are a detail file's."""
    headers = sum(bool(_HEADER.match(line)) for line in lines)
    pairs = sum(bool(_PAIR.match(line)) for line in lines)
    return bool(headers) and pairs >= 2 and (headers + pairs) * 10 >= len(lines) * 8
