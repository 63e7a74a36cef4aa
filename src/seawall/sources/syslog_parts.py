"""Where the parts of syslog lines stand: mnemonic, head, message, found for a whole block at once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.platforms.masking import PREFILTER, mask
from seawall.sources import columns as cut
from seawall.sources import headers as h
from seawall.sources.lines import LineBlock
from seawall.sources.times import Ints

_UPPER: Final = cut.byte_set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ%")
_DIGIT: Final = cut.byte_set(b"0123456789")
_BEFORE: Final = cut.byte_set(b" :>\n\t")
_LONGER_HEAD: Final = 160
_LONGEST_NAME: Final = 96
_USUAL_HEAD: Final = 72

_MNEMONIC: Final = re.compile(
    r"%(?:(?P<cisco>[A-Z][A-Za-z0-9_]*(?:-[A-Za-z0-9_.]+)*?-(?P<severity>[0-7])-[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*)"
    r"|%\d\d(?P<vrp>[A-Za-z0-9_\-]+/(?P<level>[0-7])/[A-Za-z0-9_]+))"
)
_JUNOS_EXPLICIT: Final = re.compile(
    r"[A-Z]+-[0-7]-(?P<tag>(?!SYSTEM_MSG$)(?:UI|SSHD|SNMPD|RPD|LOGIN|RT|BGP|SNMP)_[A-Z0-9_]+)$"
)
_EVENT_TAG: Final = re.compile(r"[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+$")
_SD: Final = re.compile(rb'(?:\[(?:[^"\]]|"(?:\\.|[^"\\])*")*\])+ ?')


@dataclass(slots=True)
class Parts:
    """Where everything stands in the lines of a block. Places are offsets into `data`."""

    data: bytes
    bytes_: cut.Bytes
    starts: Ints
    ends: Ints
    numbers: Ints
    table: Ints = field(default_factory=lambda: np.zeros((0, h.WIDTH), np.int64))
    shapes: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    message: Ints = field(default_factory=lambda: np.zeros(0, np.int64))
    mnemonics: Ints = field(default_factory=lambda: np.zeros(0, np.int64))  # numbers into `names`; 0 = none
    names: list[str | None] = field(default_factory=lambda: [None])
    severities: list[int] = field(default_factory=lambda: [-1])
    _by_name: dict[str, int] = field(default_factory=dict)

    def column(self, part: int) -> Ints:
        """A column of the shapes' table, for every line."""
        found: Ints = self.table[self.shapes, part]
        return found

    def span(self, part: int) -> tuple[Ints, Ints]:
        """Starts and lengths of a part."""
        return self.starts + self.column(part), self.column(part + 1)

    def keep(self, rows: cut.Flags) -> None:
        """Forget all other lines."""
        for name in ("starts", "ends", "numbers", "shapes", "message", "mnemonics"):
            setattr(self, name, getattr(self, name)[rows])

    def name(self, mnemonic: str, severity: int) -> int:
        """The number of a mnemonic."""
        number = self._by_name.setdefault(mnemonic, len(self.names))
        if number == len(self.names):
            self.names.append(mnemonic)
            self.severities.append(severity)
        return number


def masked_parts(block: LineBlock, filled: Ints, records: pa.Array) -> Parts:
    """The block's lines with secrets masked; line numbers stay."""
    numbers, data = block.first + filled, block.data
    starts, ends = block.starts[filled], block.ends[filled]
    hits = np.flatnonzero(pc.match_substring_regex(records, PREFILTER, ignore_case=True).to_numpy(zero_copy_only=False))
    changed: dict[int, bytes] = {}
    for i in hits.tolist():
        line = data[starts[i] : ends[i]]
        masked = mask(line.decode()).encode()
        if masked != line:
            changed[i] = masked
    if changed:
        pieces, at = [], 0
        lengths = ends - starts
        for i, line in changed.items():
            pieces += [data[at : starts[i]], line]
            at, lengths[i] = ends[i], len(line)
        pieces.append(data[at:])
        grown = np.cumsum(lengths - (ends - starts))
        data, ends = b"".join(pieces), ends + grown
        starts = ends - lengths
    padded = np.frombuffer(data + cut.PADDING, np.uint8)
    return Parts(data, padded, starts, ends, numbers)


def find_parts(parts: Parts, shapes: h.Shapes) -> None:
    """Heads, mnemonics and where the message starts."""
    data, starts, ends = parts.bytes_, parts.starts, parts.ends
    count = len(starts)
    heads, structured = _structured_heads(parts)
    percent, tokens = _percent(parts, structured)
    with_name = percent >= 0
    stops = _text_heads(parts, ~with_name & (heads < 0))
    heads = np.where(heads >= 0, heads, np.where(with_name, percent, stops))
    zeroed = np.where(data - 48 < 10, np.uint8(48), data).tobytes()
    parts.shapes = np.zeros(count, np.int64)
    _read_shapes(parts, zeroed, heads, np.flatnonzero(with_name), shapes, mnemonic=True, more=False)
    _read_shapes(parts, zeroed, heads, np.flatnonzero(~with_name), shapes, mnemonic=False, more=True)
    short = np.flatnonzero(parts.column(h.FORM) == h.Form.SHORT)
    if len(short):
        heads[short] = np.minimum(starts[short] + _LONGER_HEAD, ends[short])
        _read_shapes(parts, zeroed, heads, short, shapes, mnemonic=False, more=False)
    parts.mnemonics = np.where(with_name, tokens.codes, 0)
    parts.message = np.where(with_name, percent + tokens.lengths, starts + parts.column(h.BODY))
    _skip_counters(parts, with_name)
    _structured_data(parts)
    _skip(parts, cut.byte_set(b" \t"))
    _late_names(parts, data, with_name)


@dataclass(slots=True)
class _Tokens:
    codes: Ints
    lengths: Ints


def _structured_heads(parts: Parts) -> tuple[Ints, cut.Flags]:
    """Head ends of RFC 5424 lines, -1 for others: PRI, version, then five words."""
    data, starts = parts.bytes_, parts.starts
    closing = np.zeros(len(starts), np.int64)
    for offset in (4, 3, 2):
        closing = np.where(data[starts + offset] == 62, starts + offset, closing)
    found = (data[starts] == 60) & (closing > 0) & _DIGIT[data[closing + 1]] & (data[closing + 2] == 32)
    found &= _DIGIT[data[closing + 3]] | (data[closing + 3] == 45)
    heads = np.full(len(starts), -1, np.int64)
    if found.any():
        blanks = np.flatnonzero(data == 32)
        sixth = np.searchsorted(blanks, starts[found]) + 5
        inside = (
            np.where(sixth < len(blanks), blanks[np.minimum(sixth, len(blanks) - 1)] + 1, parts.ends[found])
            if len(blanks)
            else parts.ends[found]
        )
        heads[found] = np.minimum(np.minimum(inside, parts.ends[found]), starts[found] + 2 * h.MAX_HEAD_BYTES)
    return heads, found


def _percent(parts: Parts, structured: cut.Flags) -> tuple[Ints, _Tokens]:
    """Where each line's `%MNEMONIC` starts (-1 = none), its number and length."""
    data, starts, ends = parts.bytes_, parts.starts, parts.ends
    at = np.full(len(starts), -1, np.int64)
    tokens = _Tokens(np.zeros(len(starts), np.int64), np.zeros(len(starts), np.int64))
    marks = np.flatnonzero(data == 37)
    marks = marks[_UPPER[data[marks + 1]] & (_BEFORE[data[marks - 1]] | (marks == 0))]
    if not len(marks):
        return at, tokens
    first = cut.next_at(marks, starts, ends)
    rows = np.flatnonzero((first < ends) & (first - starts <= h.MAX_HEAD_BYTES) & ~structured)
    codes, lengths, known = _read_tokens(parts, first[rows])
    rows, codes, lengths = rows[known], codes[known], lengths[known]
    at[rows], tokens.codes[rows], tokens.lengths[rows] = first[rows], codes, lengths
    return at, tokens


def _read_tokens(parts: Parts, at: Ints) -> tuple[Ints, Ints, cut.Flags]:
    """Number, length and validity of the mnemonics at some places."""
    data = parts.bytes_
    lengths = np.minimum(cut.first_of(data, at, b": ([\n", _LONGEST_NAME), len(parts.data) - at)
    which, values = cut.encode(cut.spans(parts.data, at, at + lengths))
    codes, valid = np.zeros(len(values), np.int64), np.zeros(len(values), np.bool_)
    for i, value in enumerate(values):
        if found := _MNEMONIC.match(value):
            name, severity = found["cisco"] or found["vrp"], int(found["severity"] or found["level"])
            if explicit := _JUNOS_EXPLICIT.match(name):
                name = explicit["tag"]
            codes[i], valid[i] = parts.name(name, severity), True
    return codes[which], lengths, valid[which]


def _text_heads(parts: Parts, rows: cut.Flags) -> Ints:
    """Head ends of lines without mnemonic: the first `: `, or the first sign of free text."""
    limits = np.minimum(parts.ends, parts.starts + h.MAX_HEAD_BYTES)
    which = np.flatnonzero(rows)
    if not len(which):
        return limits
    first = _first_stop(cut.windows(parts.bytes_, parts.starts[which], _USUAL_HEAD + 1))
    long = np.flatnonzero(first < 0)
    first[long] = _first_stop(cut.windows(parts.bytes_, parts.starts[which[long]], h.MAX_HEAD_BYTES + 1))
    limits[which] = np.minimum(limits[which], parts.starts[which] + np.where(first < 0, h.MAX_HEAD_BYTES, first))
    return limits


def _first_stop(text: cut.Bytes) -> Ints:
    """Where in each row the head ends: behind `: `, or at a sign of free text; -1 if nowhere."""
    here, after = text[:, :-1], text[:, 1:]
    colon = (here == 58) & ((after == 32) | (after == 10))
    stops = colon | (here == 61) | (here == 34) | (here == 123)
    behind = stops[:, 1:]  # signs that count by what stands before them
    behind |= (after[:, :-1] == 91) & (here[:, :-1] == 32)
    behind |= (after[:, :-1] == 40) & (here[:, :-1] != 32)
    stops[:, 2:] |= (here[:, 2:] == 44) & _is_digit(here[:, 1:-1]) & (here[:, :-2] == 32)  # ` 1,...`: PAN-OS
    first, rows = stops.argmax(axis=1), np.arange(len(text))
    return np.where(stops[rows, first], first + colon[rows, first], -1)


def _is_digit(bytes_: cut.Bytes) -> cut.Flags:
    found: cut.Flags = bytes_ - np.uint8(48) < 10
    return found


def _read_shapes(
    parts: Parts, zeroed: bytes, heads: Ints, rows: Ints, shapes: h.Shapes, *, mnemonic: bool, more: bool
) -> None:
    """Rows of the shapes' table for some lines."""
    if not len(rows):
        return
    starts, ends = parts.starts[rows], heads[rows]
    texts = cut.spans(zeroed, starts, ends, binary=True)
    which, distinct = cut.encode(texts)
    example = cut.first_of_each(which, len(distinct))
    samples = [parts.data[starts[i] : ends[i]] for i in example.tolist()]
    table = shapes.rows(distinct, samples, mnemonic=mnemonic, more=more)  # type: ignore[arg-type]
    parts.shapes[rows] = which + len(parts.table)
    parts.table = np.concatenate((parts.table, table))


def _skip_counters(parts: Parts, rows: cut.Flags) -> None:
    """VRP writes `(s)[97]:` behind the brief; then every form has its colon and blanks."""
    data = parts.bytes_
    at = parts.message[rows]
    counted = (data[at] == 40) | (data[at] == 91)
    if counted.any():
        colons = np.flatnonzero(data == 58)
        at[counted] = cut.next_at(colons, at[counted], parts.ends[rows][counted])
    parts.message[rows] = at
    _skip(parts, cut.byte_set(b" :"), rows)


def _skip(parts: Parts, members: cut.Flags, rows: cut.Flags | None = None) -> None:
    """Move the message's start over up to eight bytes that are no text."""
    for _ in range(8):
        more = members[parts.bytes_[parts.message]] & (parts.message < parts.ends)
        if rows is not None:
            more &= rows
        if not more.any():
            return
        parts.message += more


def _structured_data(parts: Parts) -> None:
    """RFC 5424: the message stands behind the structured data; if there is none, the data are the message."""
    rows = np.flatnonzero(parts.column(h.FORM) == h.Form.RFC5424)
    if not len(rows):
        return
    first = parts.bytes_[parts.message[rows]]
    parts.message[rows] += np.where(first == 45, np.minimum(2, parts.ends[rows] - parts.message[rows]), 0)
    for i in rows[first == 91].tolist():
        found = _SD.match(parts.data, parts.message[i], parts.ends[i])
        if found and found.end() < parts.ends[i]:
            parts.message[i] = found.end()
    at = parts.message[rows]
    bom = (parts.bytes_[at] == 0xEF) & (parts.bytes_[at + 1] == 0xBB) & (parts.bytes_[at + 2] == 0xBF)
    parts.message[rows] += np.where(bom, 3, 0)


def _late_names(parts: Parts, data: cut.Bytes, with_name: cut.Flags) -> None:
    """Mnemonics behind the header: MSGID, `UI_COMMIT: `, or `%…` after structured data."""
    ids, lengths = parts.span(h.MSGID)
    for i in np.flatnonzero(lengths > 4).tolist() if lengths.any() else ():
        name = parts.data[ids[i] : ids[i] + lengths[i]].decode()
        if _EVENT_TAG.match(name):
            parts.mnemonics[i] = parts.name(name, -1)
    rows = np.flatnonzero(~with_name & (parts.mnemonics == 0) & _UPPER[data[parts.message]])
    if not len(rows):
        return
    at = parts.message[rows]
    marked = data[at] == 37
    if marked.any():
        codes, sizes, known = _read_tokens(parts, at[marked])
        these = rows[marked][known]
        parts.mnemonics[these] = codes[known]
        parts.message[these] += sizes[known]
        _skip(parts, cut.byte_set(b" :"), np.isin(np.arange(len(parts.starts)), these))
    sizes = cut.tag_lengths(data, at, 64)
    tagged = ~marked & (sizes > 4) & (sizes < 64) & (data[at + sizes] == 58)
    which, values = cut.encode(cut.spans(parts.data, at[tagged], at[tagged] + sizes[tagged]))
    codes = (
        np.array([parts.name(v, -1) if _EVENT_TAG.match(v) else 0 for v in values], np.int64)[which]
        if values
        else which
    )
    these = rows[tagged]
    parts.mnemonics[these] = codes
    parts.message[these] += np.where(codes > 0, sizes[tagged] + 1, 0)
    _skip(parts, cut.byte_set(b" "))
