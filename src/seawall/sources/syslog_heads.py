"""Where the heads of syslog lines end: before a mnemonic, behind RFC 5424's six words, or where free text begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from seawall.sources import columns as cut
from seawall.sources import headers as h
from seawall.sources.syslog_inner import late_names, structured_data, structured_heads, unwrap
from seawall.sources.syslog_parts import Parts, read_names, read_shapes, skip, text_heads
from seawall.sources.times import Ints

_UPPER: Final = cut.byte_set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ%")
_BEFORE: Final = cut.byte_set(b" :>\n\t")
_LONGER_HEAD: Final = 160


def find_parts(parts: Parts, shapes: h.Shapes) -> None:
    """Heads, mnemonics and where the message starts."""
    data, starts, ends = parts.bytes_, parts.starts, parts.ends
    count = len(starts)
    heads, structured = structured_heads(parts, starts, ends)
    percent, tokens = _percent(parts, structured)
    with_name = percent >= 0
    heads = np.where(heads >= 0, heads, percent)
    texts = np.flatnonzero(heads < 0)
    heads[texts] = text_heads(parts, starts[texts], ends[texts])
    zeroed = np.where(data - 48 < 10, np.uint8(48), data).tobytes()
    parts.shapes = np.zeros(count, np.int64)
    read_shapes(parts, zeroed, heads, np.flatnonzero(with_name), shapes, mnemonic=True, more=False)
    read_shapes(parts, zeroed, heads, np.flatnonzero(~with_name), shapes, mnemonic=False, more=True)
    short = np.flatnonzero(parts.column(h.FORM) == h.Form.SHORT)
    if len(short):
        heads[short] = np.minimum(starts[short] + _LONGER_HEAD, ends[short])
        read_shapes(parts, zeroed, heads, short, shapes, mnemonic=False, more=False)
    parts.mnemonics = np.where(with_name, tokens.codes, 0)
    parts.message = np.where(with_name, percent + tokens.lengths, starts + parts.column(h.BODY))
    _skip_counters(parts, np.flatnonzero(with_name))
    structured_data(parts, np.flatnonzero(parts.column(h.FORM) == h.Form.RFC5424))
    skip(parts, cut.byte_set(b" \t"), np.arange(count))
    unwrap(parts, zeroed, with_name)
    late_names(parts, with_name)


@dataclass(slots=True)
class _Names:
    """Mnemonics of lines: their numbers and lengths."""

    codes: Ints
    lengths: Ints


def _percent(parts: Parts, structured: cut.Flags) -> tuple[Ints, _Names]:
    """Where each line's `%MNEMONIC` starts (-1 = none), its number and length."""
    data, starts, ends = parts.bytes_, parts.starts, parts.ends
    at = np.full(len(starts), -1, np.int64)
    tokens = _Names(np.zeros(len(starts), np.int64), np.zeros(len(starts), np.int64))
    marks = np.flatnonzero(data == 37)
    marks = marks[_UPPER[data[marks + 1]] & (_BEFORE[data[marks - 1]] | (marks == 0))]
    if not len(marks):
        return at, tokens
    first = cut.next_at(marks, starts, ends)
    rows = np.flatnonzero((first < ends) & (first - starts <= h.MAX_HEAD_BYTES) & ~structured)
    codes, lengths, known = read_names(parts, first[rows])
    rows, codes, lengths = rows[known], codes[known], lengths[known]
    at[rows], tokens.codes[rows], tokens.lengths[rows] = first[rows], codes, lengths
    return at, tokens


def _skip_counters(parts: Parts, rows: Ints) -> None:
    """VRP writes `(s)[97]:` behind the brief; then every form has its colon and blanks."""
    data = parts.bytes_
    at = parts.message[rows]
    counted = (data[at] == 40) | (data[at] == 91)
    if counted.any():
        colons = np.flatnonzero(data == 58)
        at[counted] = cut.next_at(colons, at[counted], parts.ends[rows][counted])
    parts.message[rows] = at
    skip(parts, cut.byte_set(b" :"), rows)
