"""What stands behind the head of a syslog line: structured data, the header of another relay, a name.

Relays wrap what they pass on, in their own form, once or twice. The innermost header is the device's: its host and time
are the line's, the outermost time is kept as `received`.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from seawall.sources import columns as cut
from seawall.sources import headers as h
from seawall.sources.syslog_parts import Parts, read_names, skip, text_heads
from seawall.sources.times import Flags, Ints

_DEEPEST: Final = 3  # headers inside headers; what is deeper stays text
_DIGIT: Final = cut.byte_set(b"0123456789")
_FIRST: Final = cut.byte_set(b"<0123456789")
_NAMED: Final = cut.byte_set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ%(")
_INNER_BYTES: Final = 160
_EVENT_TAG: Final = re.compile(r"[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+$")
_SD: Final = re.compile(rb'(?:\[(?:[^"\]]|"(?:\\.|[^"\\])*")*\])+ ?')
_SLOT: Final = re.compile(rb"\([A-Za-z0-9 ,._/\-]{1,40}\) (?=[A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+: )")
_VENDOR: Final = re.compile(rb"[^%\n]{0,160}?(?=%(?:[A-Z][A-Za-z0-9_\-.]{0,80}-[0-7]-|%\d\d[A-Za-z0-9_\-]{1,40}/\d/))")


def structured_heads(parts: Parts, at: Ints, ends: Ints, *, bare: bool = False) -> tuple[Ints, Flags]:
    """Ends of the RFC 5424 heads that begin at some places (PRI, version, then five words), and where there are any.

    `bare` takes one without PRI too, if its time begins with a year.
    """
    data = parts.bytes_
    closing = np.zeros(len(at), np.int64)
    for offset in (4, 3, 2):
        closing = np.where(data[at + offset] == 62, at + offset, closing)
    marked = (data[at] == 60) & (closing > 0)
    version = np.where(marked, closing + 1, at)
    found = _DIGIT[data[version]] & (data[version + 1] == 32)
    found &= (marked | (data[version + 6] == 45)) if bare else marked
    found &= _DIGIT[data[version + 2]] | (data[version + 2] == 45)
    heads = np.full(len(at), -1, np.int64)
    if found.any():
        blanks = np.flatnonzero(data == 32)
        heads[found] = np.minimum(ends[found], at[found] + 2 * h.MAX_HEAD_BYTES)
        sixth = np.searchsorted(blanks, version[found]) + 5
        inside = sixth < len(blanks)
        heads[np.flatnonzero(found)[inside]] = np.minimum(heads[found][inside], blanks[sixth[inside]] + 1)
    return heads, found


def structured_data(parts: Parts, rows: Ints) -> None:
    """RFC 5424: the message stands behind the structured data; if there is none, the data are the message."""
    first = parts.bytes_[parts.message[rows]]
    parts.message[rows] += np.where(first == 45, np.minimum(2, parts.ends[rows] - parts.message[rows]), 0)
    for i in rows[first == 91].tolist():
        found = _SD.match(parts.data, parts.message[i], parts.ends[i])
        if found and found.end() < parts.ends[i]:
            parts.message[i] = found.end()
    at = parts.message[rows]
    bom = (parts.bytes_[at] == 0xEF) & (parts.bytes_[at + 1] == 0xBB) & (parts.bytes_[at + 2] == 0xBF)
    parts.message[rows] += np.where(bom, 3, 0)


def unwrap(parts: Parts, zeroed: bytes, with_name: Flags) -> None:
    """Take the innermost header for the line's own, where a relay wrapped another's."""
    form, named = parts.column(h.FORM), parts.column(h.PROGRAM + 1) > 0
    # Behind a program's name, or its MSGID, stands the program's own text: there, a header would be somebody's word.
    wraps = np.where(form == h.Form.RFC5424, parts.column(h.MSGID + 1) <= 1, (form != h.Form.NONE) & ~named)
    rows = outer = np.flatnonzero(~with_name & wraps)
    for _ in range(_DEEPEST):
        rows = rows[_FIRST[parts.bytes_[parts.message[rows]]]]
        if not len(rows):
            break
        at, ends = parts.message[rows], parts.ends[rows]
        heads, found = structured_heads(parts, at, ends, bare=True)
        heads = np.where(found, heads, text_heads(parts, at, ends))
        found |= parts.bytes_[at] == 60
        rows = _inner_rows(parts, zeroed, rows[found], heads[found], mnemonic=False)
        structured_data(parts, rows[parts.column(h.FORM)[rows] == h.Form.RFC5424])
        skip(parts, cut.byte_set(b" \t"), rows)
    _unwrap_vendors(parts, zeroed, outer[form[outer] == h.Form.RFC5424])


def _unwrap_vendors(parts: Parts, zeroed: bytes, rows: Ints) -> None:
    """A vendor's own header and mnemonic behind an RFC 5424 header, only where the whole of it fits."""
    marks = np.flatnonzero(parts.bytes_ == 37) if len(rows) else rows
    if not len(marks):
        return
    first = cut.next_at(marks, parts.message[rows], parts.ends[rows])
    rows = rows[
        (first > parts.message[rows]) & (first < np.minimum(parts.ends[rows], parts.message[rows] + _INNER_BYTES))
    ]
    ends = [
        found.end() if (found := _VENDOR.match(parts.data, parts.message[i], parts.ends[i])) else -1
        for i in rows.tolist()
    ]
    heads = np.array(ends, np.int64)
    _inner_rows(parts, zeroed, rows[heads >= 0], heads[heads >= 0], mnemonic=True)


def _inner_rows(parts: Parts, zeroed: bytes, rows: Ints, heads: Ints, *, mnemonic: bool) -> Ints:
    """Read inner heads, once per distinct text up to their end; the rows where there really was one."""
    if not len(rows):
        return rows
    starts = parts.starts[rows]
    which, distinct = cut.encode(cut.spans(zeroed, starts, heads, binary=True))
    table, good = np.zeros((len(distinct), h.WIDTH), np.int64), np.zeros(len(distinct), np.bool_)
    for number, i in enumerate(cut.first_of_each(which, len(distinct)).tolist()):
        line, outer = rows[i], parts.table[parts.shapes[rows[i]]].tolist()
        head = parts.data[starts[i] : heads[i]]
        inner = h.read_inner(head, int(parts.message[line] - starts[i]), outer, mnemonic=mnemonic)
        if inner is not None:
            table[number], good[number] = inner, True
    kept = good[which]
    rows = rows[kept]
    parts.shapes[rows] = which[kept] + len(parts.table)
    parts.table = np.concatenate((parts.table, table))
    parts.message[rows] = parts.starts[rows] + parts.column(h.BODY)[rows]
    return rows


def late_names(parts: Parts, with_name: Flags) -> None:
    """Mnemonics behind the header: MSGID, `UI_COMMIT: `, `%…` as program or behind structured data."""
    data = parts.bytes_
    ids, lengths = parts.span(h.MSGID)
    if lengths.any():
        _named_in_header(parts, np.flatnonzero(lengths > 4), ids, lengths)
    rows = np.flatnonzero(~with_name & (parts.mnemonics == 0) & _NAMED[data[parts.message]])
    if not len(rows):
        return
    _behind_slots(parts, rows)
    marked = rows[data[parts.message[rows]] == 37]
    if len(marked):
        codes, sizes, known = read_names(parts, parts.message[marked])
        these = marked[known]
        parts.mnemonics[these] = codes[known]
        parts.message[these] += sizes[known]
        skip(parts, cut.byte_set(b" :"), these)
    _tags(parts, rows)


def _named_in_header(parts: Parts, rows: Ints, at: Ints, lengths: Ints) -> None:
    """The MSGID of RFC 5424, or the mnemonic a relay wrote in another field of it."""
    marked = parts.bytes_[at[rows]] == 37
    codes, _, known = read_names(parts, at[rows[marked]])
    parts.mnemonics[rows[marked]] = np.where(known, codes, 0)
    for i in rows[~marked].tolist():
        name = parts.data[at[i] : at[i] + lengths[i]].decode()
        if _EVENT_TAG.match(name):
            parts.mnemonics[i] = parts.name(name, -1)


def _behind_slots(parts: Parts, rows: Ints) -> None:
    """A Junos line card names its slot in front of the tag: `(FPC Slot 0, PIC Slot 1) PFE_FW_SYSLOG_IP: `."""
    for i in rows[parts.bytes_[parts.message[rows]] == 40].tolist():
        if found := _SLOT.match(parts.data, parts.message[i], parts.ends[i]):
            parts.message[i] = found.end()


def _tags(parts: Parts, rows: Ints) -> None:
    """Event tags with a colon in front of the text."""
    at = parts.message[rows]
    sizes = cut.tag_lengths(parts.bytes_, at, 64)
    tagged = (sizes > 4) & (sizes < 64) & (parts.bytes_[at + sizes] == 58)
    which, values = cut.encode(cut.spans(parts.data, at[tagged], at[tagged] + sizes[tagged]))
    codes = (
        np.array([parts.name(v, -1) if _EVENT_TAG.match(v) else 0 for v in values], np.int64)[which]
        if values
        else which
    )
    these = rows[tagged]
    parts.mnemonics[these] = codes
    parts.message[these] += np.where(codes > 0, sizes[tagged] + 1, 0)
    skip(parts, cut.byte_set(b" "), these)
