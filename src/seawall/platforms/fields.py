"""Messages that are lists of named values: `name=value name="a value"`, `name=value, name=value`, CEF and LEEF.

Names stay as written. Of a name met twice the first value counts, unless the caller asks for all of them: whoever can
put text into a value behind it must not be able to change what the device said before.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final, NamedTuple

MAX_FIELDS: Final = 512  # per message; a line that holds more is no message of a device

_SPACED: Final = re.compile(r'(?<![^\s,])([A-Za-z_][\w.\-]{0,63})=(?:"((?:[^"\\]|\\.)*)"|([^\s",]*))')
_LISTED: Final = re.compile(r"(?:^|(?<!\\), ?)(?=[A-Za-z][^=,\[\]{}]{0,63}=)")
_HEADER: Final = re.compile(r"(?<!\\)\|")
_EXTENSION: Final = re.compile(r"(?:^|(?<=\s))([A-Za-z_][\w.\-\[\]]{0,63})=")
_ESCAPED: Final = re.compile(r"\\([\\=|nr,])")
_CEF: Final = re.compile(r"(?:CEF: ?)?[01](?=\|)")
_LEEF: Final = re.compile(r"LEEF: ?[12](?=\.0\|)")
SHIPPED: Final = re.compile(r"(?:CEF: ?)?[01]\|[^|]{1,64}\|[^|]{1,64}\||LEEF: ?[12]\.0\|[^|]{1,64}\|")
_CEF_HEAD: Final = 8  # fields before the extension
_LEEF_HEAD: Final = 5
_UNESCAPED: Final = {"n": "\n", "r": "\r"}


class Shipped(NamedTuple):
    """A message in one of the forms log managers share: CEF (ArcSight) or LEEF (QRadar)."""

    vendor: str
    product: str
    event: str  # the vendor's number or name of the event
    name: str  # what happened, in words; LEEF has none
    severity: str  # as written: 0-10 or a word; empty if none
    fields: dict[str, str]


def spaced(text: str) -> dict[str, str]:
    """The pairs of `name=value name="a value"`, separated by blanks or commas (FortiOS, SonicWall)."""
    said: dict[str, str] = {}
    for number, found in enumerate(_SPACED.finditer(text)):
        if number >= MAX_FIELDS:
            break
        quoted = found[2]
        said.setdefault(found[1], quoted.replace('\\"', '"') if quoted is not None else found[3])
    return said


def listed(text: str) -> list[tuple[str, str]]:
    """The pairs of `Name=value, Other Name=value` in order (Cisco ISE); values may hold `=`, blanks and `\\\\,`."""
    pairs: list[tuple[str, str]] = []
    starts = [found.end() for found in _LISTED.finditer(text)][:MAX_FIELDS]
    for start, end in pairwise([*starts, len(text)]):
        name, _, value = text[start:end].partition("=")
        pairs.append((name.strip(), value.strip().rstrip(",;").replace("\\,", ",").strip()))
    return pairs


def shipped(text: str) -> Shipped | None:
    """A CEF or LEEF message taken apart; None if it is neither."""
    if found := _CEF.match(text):
        parts = _HEADER.split(text[found.end() - 1 :], _CEF_HEAD - 1)
        if len(parts) < _CEF_HEAD - 1:
            return None
        head = [_plain(part) for part in parts[: _CEF_HEAD - 1]]
        rest = parts[_CEF_HEAD - 1] if len(parts) == _CEF_HEAD else ""
        return Shipped(head[1], head[2], head[4], head[5], head[6], _extension(rest))
    if found := _LEEF.match(text):
        parts = _HEADER.split(text[found.end() - 1 :], _LEEF_HEAD)
        if len(parts) < _LEEF_HEAD:
            return None
        rest, sign = parts[_LEEF_HEAD] if len(parts) > _LEEF_HEAD else "", "\t"
        if parts[0].strip().startswith("2"):
            mark, bar, behind = rest.partition("|")
            if bar and len(mark) <= 6 and "=" not in mark:
                sign, rest = _delimiter(mark), behind
        said = _extension(rest) if sign not in rest else _cut(rest, sign)
        return Shipped(parts[1], parts[2], parts[4], said.get("cat", ""), said.get("sev", ""), said)
    return None


def _extension(text: str) -> dict[str, str]:
    """`src=192.0.2.1 msg=a text of words dst=…`: a value ends where the next name begins."""
    said: dict[str, str] = {}
    marks = list(_EXTENSION.finditer(text))[:MAX_FIELDS]
    ends = [found.start() for found in marks[1:]] + [len(text)]
    for found, end in zip(marks, ends[: len(marks)], strict=True):
        said.setdefault(found[1], _plain(text[found.end() : end].strip()))
    return said


def _cut(text: str, sign: str) -> dict[str, str]:
    said: dict[str, str] = {}
    for item in text.split(sign, MAX_FIELDS)[:MAX_FIELDS]:
        name, equals, value = item.partition("=")
        if equals:
            said.setdefault(name.strip(), value.strip())
    return said


def _delimiter(mark: str) -> str:
    """The separator LEEF 2.0 names: a sign, or its number as `x09` or `0x09`; a tab if it names none."""
    found = re.fullmatch(r"0?x([0-9A-Fa-f]{1,4})", mark)
    return chr(int(found[1], 16)) if found else mark[:1] or "\t"


def _plain(text: str) -> str:
    return _ESCAPED.sub(lambda found: _UNESCAPED.get(found[1], found[1]), text) if "\\" in text else text
