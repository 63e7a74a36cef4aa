"""JSON evidence read object by object: one a line, or one array of them, as exports write it.

Objects come with the bytes they stood as, so that ids rest on the record and not on how we would write it.
"""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final, NamedTuple

import orjson

from seawall.sources.base import Evidence
from seawall.sources.lines import head_lines, line_blocks

MAX_OBJECT: Final = 32 << 20  # characters of one object written over several lines, or in an array
MAX_DEPTH: Final = 12  # objects within objects that still become columns
TOO_DEEP: Final = "(nested too deeply)"
MAX_TEXT: Final = 32_768  # characters of one flattened value
_ROWS: Final = 20_000


class Item(NamedTuple):
    """One object."""

    number: int  # line it starts on, or its place in the array, from 1
    record: bytes
    value: dict[str, Any]


@dataclass(slots=True)
class Objects:
    """Some neighbouring objects, and what stood between them that is none."""

    items: list[Item] = field(default_factory=list)
    faults: list[tuple[int, str]] = field(default_factory=list)
    read_bytes: int = 0
    notes: tuple[str, ...] = ()


def first_object(head: bytes) -> dict[str, Any] | None:
    """The first object of a head, whatever form it stands in; None if it is no JSON object.

    A first object longer than the head is not seen.
    """
    lines = head_lines(head, 3)
    if not lines or lines[0].lstrip()[:1] not in (b"{", b"["):
        return None
    for line in lines[:2]:
        found = _object(line.strip().removeprefix(b"[").rstrip(b",]\r ")) if line.strip() not in (b"[", b"{") else None
        if found:
            return found
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").lstrip().removeprefix("[").lstrip()
    try:
        value, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _object(line: bytes) -> dict[str, Any] | None:
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return value if isinstance(value, dict) else None


def read_objects(evidence: Evidence) -> Iterator[Objects]:
    """Every object of a file, in bounded pieces."""
    if _is_whole(evidence.head):
        yield from _whole(evidence)
        return
    for block in line_blocks(evidence):
        found = Objects(read_bytes=block.read_bytes, notes=block.notes)
        if block.too_long:
            found.faults.append((block.first, "line longer than 1 MiB"))
        for number, text in block.texts():
            line = text.strip()
            if not line:
                continue
            value = _object(raw := line.encode())
            if value is None:
                found.faults.append((number, "not a whole JSON object"))
            else:
                found.items.append(Item(number, raw, value))
            if len(found.items) >= _ROWS:
                yield found
                found = Objects()
        yield found


def _is_whole(head: bytes) -> bool:
    """Whether a file is one JSON text over many lines, and not an object a line (the first of which may be damaged)."""
    lines = head_lines(head, 3)
    if not lines or b"\n" not in head.strip():
        return bool(lines) and lines[0].lstrip()[:1] == b"["
    return lines[0].lstrip()[:1] == b"[" or not any(_object(line.strip()) for line in lines)


def _whole(evidence: Evidence) -> Iterator[Objects]:
    """The objects of a file that is one array, or objects written over several lines; never held together."""
    found = Objects()
    with closing(evidence.open()) as stream:
        window = _Window(stream)
        for number, value in window.values():
            if isinstance(value, str):
                found.faults.append((number, value))
            else:
                found.items.append(Item(number, orjson.dumps(value, option=orjson.OPT_SORT_KEYS), value))
            if len(found.items) >= _ROWS or window.used >= _PIECE_BYTES:
                found.read_bytes, window.used = window.used, 0
                yield found
                found = Objects()
        found.read_bytes = window.used
    yield found


_PIECE_BYTES: Final = 2 << 20
_STEP_BYTES: Final = 1 << 20
_CUT: Final = "JSON is damaged or cut off from here on; what stood before it was read"
_CLOSE: Final = 64  # characters before the end of what was read: a fault there may be no more than the end


class _Window:
    """A moving piece of a text that holds objects, in an array or one after another."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._json = json.JSONDecoder()
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._text, self._at, self._ended = "", 0, False
        self.used = 0  # bytes read since somebody set it to 0

    def values(self) -> Iterator[tuple[int, dict[str, Any] | str]]:
        """(number, object or fault) of everything in the text; a fault no reader can get past is the last."""
        number = 0
        while self._begins():
            number += 1
            value = self._next()
            if isinstance(value, _Fault):
                yield number, str(value)
                return
            if isinstance(value, dict) and _writable(value):
                yield number, value
            else:
                yield number, "JSON, but not an object"

    def _begins(self) -> bool:
        """Go to where a value begins; False at the end of the text."""
        while True:
            found = _SOMETHING.search(self._text, self._at)
            if found:
                self._at = found.start()
                return True
            self._at = len(self._text)
            if not self._more():
                return False

    def _next(self) -> Any:
        while True:
            try:
                value, end = self._json.raw_decode(self._text, self._at)
            except RecursionError:
                return _Fault(_CUT)
            except ValueError as error:
                place = len(self._text) if str(error).startswith("Unterminated") else getattr(error, "pos", 0)
                if self._ended or place < len(self._text) - _CLOSE:
                    return _Fault(_CUT)
            else:
                # A number may go on behind what was read so far.
                if end < len(self._text) or self._ended or isinstance(value, (dict, list, str)):
                    self._at = end
                    return value
            held = len(self._text) - self._at
            if held > MAX_OBJECT:
                return _Fault(f"one JSON value larger than {MAX_OBJECT >> 20} MiB; write it as JSON lines")
            self._more(held)

    def _more(self, least: int = 0) -> bool:
        """Read on, at least as much again as is held, so that a long value is not tried too often."""
        if self._ended:
            return False
        block = self._stream.read(max(_STEP_BYTES, least))
        self.used += len(block)
        self._ended = not block
        self._text = self._text[self._at :] + self._decoder.decode(block, final=not block)
        self._at = 0
        return bool(block)


class _Fault(str):
    """Why nothing can be read from here on."""

    __slots__ = ()


_SOMETHING: Final = re.compile(r"[^ \t\r\n,\[\]]")


def _writable(value: dict[str, Any]) -> bool:
    try:
        orjson.dumps(value)
    except (TypeError, RecursionError):  # lone surrogates, numbers past 64 bits, nests too deep
        return False
    return True


def flattened(value: dict[str, Any], joint: str = "_") -> dict[str, Any]:
    """An object's leaves by their path: `{"a": {"b": 1}}` → `{"a_b": 1}`; lists of plain values are comma-separated.

    Lists of objects, and what lies deeper than `MAX_DEPTH`, stay JSON text.
    """
    flat: dict[str, Any] = {}
    stack: list[tuple[str, dict[str, Any], int]] = [("", value, 1)]
    while stack:
        path, part, depth = stack.pop()
        for key, leaf in part.items():
            name = f"{path}{joint}{key}" if path else str(key)
            if isinstance(leaf, dict) and leaf and depth < MAX_DEPTH:
                stack.append((name, leaf, depth + 1))
            elif leaf is not None and leaf != {}:
                flat.setdefault(name[:200], plain(leaf))
    return flat


def plain(value: Any) -> Any:
    """A value as a column holds it: lists as comma-separated text, objects as JSON text, long texts cut."""
    if isinstance(value, list) and all(not isinstance(one, (dict, list)) for one in value):
        value = ",".join("" if one is None else str(one) for one in value)
    elif isinstance(value, (dict, list)):
        try:
            value = json.dumps(value, ensure_ascii=False)
        except RecursionError:  # orjson reads deeper than this writes
            value = TOO_DEEP
    return value[:MAX_TEXT] if isinstance(value, str) else value
