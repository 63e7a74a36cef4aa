"""Templates of NetFlow v9 (RFC 3954, 5.2 and 6.1) and IPFIX (RFC 7011, 3.4), compiled to numpy types.

A template is what an exporter says of its records' layout; it may lie. Lengths are checked once, when the template is
taken, so that records can be cut in one piece afterwards. Where no field varies in length the records of a set are one
`np.frombuffer`; where one does, they are walked once and their fields gathered in columns.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from seawall.sources.exports.elements import Element

VARIABLE: Final = 65_535  # IPFIX: the record says how long the field is
MAX_FIELDS: Final = 1_024
MAX_RECORD: Final = 65_535  # octets: a datagram has no more
FIRST_ID: Final = 256
_PLAIN: Final = {1: "u1", 2: ">u2", 4: ">u4", 8: ">u8"}

Field = NDArray[Any] | list[bytes]  # a column: numbers, rows of octets, or octets of any length


class MalformedError(ValueError):
    """Why a template, a set or a datagram cannot be read, as a sentence."""


@dataclass(frozen=True)
class Template:
    """The layout of a record. Two are equal if they say the same."""

    ident: int
    elements: tuple[Element, ...]
    lengths: tuple[int, ...]  # octets; VARIABLE where the record says it
    scopes: int = 0  # so many of the first fields are scope; above 0 it is an options template
    scope_kinds: tuple[int, ...] = ()  # NetFlow v9 numbers scopes apart: 1 system, 2 interface, 3 line card …
    dtype: np.dtype[Any] | None = field(default=None, compare=False)  # None: a field varies in length
    least: int = field(default=0, compare=False)  # octets of the shortest record

    @property
    def is_options(self) -> bool:
        """Whether its records describe the exporter, not flows."""
        return self.scopes > 0

    def columns(self, data: bytes, count: int) -> list[Field]:
        """The fields of `count` records, each as a column; one without octets is an empty row of octets."""
        if self.dtype is None:
            return self._gathered(data, count)
        rows = np.frombuffer(data, self.dtype, count)
        names = self.dtype.names or ()
        return [rows[f"f{n}"] if f"f{n}" in names else np.zeros((count, 0), np.uint8) for n in range(len(self.lengths))]

    def count(self, data: bytes) -> tuple[int, int]:
        """How many records a set's content holds, and where they end; what is left is padding.

        Raises:
            MalformedError: a field of a record runs past its set.
        """
        if self.dtype is not None:
            count = len(data) // self.least
            return count, count * self.least
        count = at = 0
        while len(data) - at >= self.least:
            at = self._walk(data, at)[-1][1]
            count += 1
        return count, at

    def spans(self, data: bytes, count: int) -> list[tuple[int, int]]:
        """Where each record begins and ends."""
        if self.dtype is not None:
            return [(n * self.least, (n + 1) * self.least) for n in range(count)]
        found, at = [], 0
        for _ in range(count):
            end = self._walk(data, at)[-1][1]
            found.append((at, end))
            at = end
        return found

    def _walk(self, data: bytes, at: int) -> list[tuple[int, int]]:
        """Where the fields of the record at a place begin and end."""
        found = []
        for length in self.lengths:
            if length == VARIABLE:
                length = data[at] if at < len(data) else 0
                at += 1
                if length == 255:
                    length = int.from_bytes(data[at : at + 2], "big")
                    at += 2
            found.append((at, at + length))
            at += length
            if at > len(data):
                raise MalformedError(f"a record of template {self.ident} runs past its set")
        return found

    def _gathered(self, data: bytes, count: int) -> list[Field]:
        parts: list[list[bytes]] = [[] for _ in self.lengths]
        at = 0
        for _ in range(count):
            spans = self._walk(data, at)
            for part, (start, end) in zip(parts, spans, strict=True):
                part.append(data[start:end])
            at = spans[-1][1]
        made: list[Field] = []
        for part, length in zip(parts, self.lengths, strict=True):
            if length == VARIABLE:
                made.append(part)
            elif length in _PLAIN:
                made.append(np.frombuffer(b"".join(part), _PLAIN[length]))
            else:
                made.append(np.frombuffer(b"".join(part), np.uint8).reshape(count, length))
        return made


def compiled(
    ident: int, fields: list[tuple[Element, int]], scopes: int = 0, scope_kinds: tuple[int, ...] = ()
) -> Template:
    """A template whose lengths can be true.

    Raises:
        MalformedError: it has no field with octets, or its records would be longer than any datagram.
    """
    lengths = tuple(length for _, length in fields)
    least = sum(1 if length == VARIABLE else length for length in lengths)
    if not least:
        raise MalformedError(f"template {ident} describes records without octets")
    if least > MAX_RECORD:
        raise MalformedError(f"template {ident} describes records of {least} octets, more than a datagram holds")
    dtype = None
    if VARIABLE not in lengths:
        named = [(f"f{n}", _PLAIN.get(size) or ("u1", (size,))) for n, size in enumerate(lengths) if size]
        dtype = np.dtype([(name, *form) if isinstance(form, tuple) else (name, form) for name, form in named])
    elements = tuple(element for element, _ in fields)
    return Template(ident, elements, lengths, scopes, scope_kinds, dtype, least)


_PAIR: Final = struct.Struct(">HH")


def read_v9(content: bytes, *, options: bool) -> list[Template | MalformedError]:
    """The templates of a v9 template set (FlowSet 0, or 1 for options); one that lies stands there as the reason."""
    found: list[Template | MalformedError] = []
    at = 0
    while len(content) - at >= 4:
        ident, size = _PAIR.unpack_from(content, at)
        if ident < FIRST_ID:
            if any(content[at:]):
                found.append(MalformedError(f"template {ident}, where numbers begin at {FIRST_ID}"))
            break
        at += 4
        scopes = 0
        if options:
            if len(content) - at < 2:
                found.append(MalformedError(f"options template {ident} is cut short"))
                break
            scope_octets, option_octets = size, int.from_bytes(content[at : at + 2], "big")
            at += 2
            if scope_octets % 4 or option_octets % 4:
                found.append(MalformedError(f"options template {ident} has lengths that are no multiple of 4"))
                break
            scopes, size = scope_octets // 4, (scope_octets + option_octets) // 4
        if size > MAX_FIELDS or at + 4 * size > len(content):
            found.append(MalformedError(f"template {ident} names {size} fields, more than its set holds"))
            break
        pairs = [_PAIR.unpack_from(content, at + 4 * n) for n in range(size)]
        at += 4 * size
        # v9 numbers scopes apart from elements; 2 is an interface, whose index is element 10.
        kinds = tuple(number for number, _ in pairs[:scopes])
        if any(length == VARIABLE for _, length in pairs):
            found.append(
                MalformedError(f"template {ident} has a field of {VARIABLE} octets, more than a datagram holds")
            )
            continue
        fields = [((-1, n) if i < scopes else (0, n), length) for i, (n, length) in enumerate(pairs)]
        found.append(_made(ident, fields, max(scopes, 1) if options else 0, kinds))
    return found


def read_ipfix(content: bytes, *, options: bool) -> list[Template | MalformedError | int]:
    """The templates of an IPFIX set (2, or 3 for options); a withdrawn one stands there as its number."""
    found: list[Template | MalformedError | int] = []
    at = 0
    while len(content) - at >= 4:
        ident, size = _PAIR.unpack_from(content, at)
        if ident < FIRST_ID and not (size == 0 and ident in (2, 3)):
            if any(content[at:]):
                found.append(MalformedError(f"template {ident}, where numbers begin at {FIRST_ID}"))
            break
        at += 4
        if size == 0:  # RFC 7011, 8.1
            found.append(ident)
            continue
        scopes = 0
        if options:
            scopes = int.from_bytes(content[at : at + 2], "big")
            at += 2
            if not 0 < scopes <= size:
                found.append(MalformedError(f"options template {ident} has {scopes} scope fields of {size}"))
                break
        fields: list[tuple[Element, int]] = []
        for _ in range(min(size, MAX_FIELDS)):
            if len(content) - at < 4:
                break
            number, length = _PAIR.unpack_from(content, at)
            at += 4
            enterprise = 0
            if number & 0x8000:
                enterprise, number = int.from_bytes(content[at : at + 4], "big"), number & 0x7FFF
                at += 4
            fields.append(((enterprise, number), length))
        if len(fields) < size or at > len(content):
            found.append(MalformedError(f"template {ident} names {size} fields, more than its set holds"))
            break
        found.append(_made(ident, fields, scopes))
    return found


def _made(
    ident: int, fields: list[tuple[Element, int]], scopes: int, kinds: tuple[int, ...] = ()
) -> Template | MalformedError:
    try:
        return compiled(ident, fields, scopes, kinds)
    except MalformedError as why:
        return why
