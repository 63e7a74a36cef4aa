"""Where the parts of a block of syslog lines stand, and how names and shapes of heads are read into them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import re2  # type: ignore[import-untyped]  # Arrow's own engine

from seawall.platforms.masking import ANY_SECRET, mask
from seawall.sources import columns as cut
from seawall.sources import headers as h
from seawall.sources.intercepts import LINE_PREFILTER
from seawall.sources.times import Ints

_LONGEST_NAME: Final = 96
_USUAL_HEAD: Final = 72
_SUSPECT: Final = f"{ANY_SECRET}|{LINE_PREFILTER}"
_FEW: Final = 256  # lines


def _as_arrow_does() -> re2.Options:
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.case_sensitive = False
    return options


_SEARCH: Final = re2.compile(_SUSPECT.encode(), _as_arrow_does()).search

_MNEMONIC: Final = re.compile(
    r"%(?:(?P<cisco>[A-Z][A-Za-z0-9_]*(?:-[A-Za-z0-9_.]+)*?-(?P<severity>[0-7])-[A-Za-z0-9_]+(?:-[A-Za-z0-9_]+)*)"
    r"|%\d\d(?P<vrp>[A-Za-z0-9_\-]+/(?P<level>[0-7])/[A-Za-z0-9_]+))"
)
_JUNOS_EXPLICIT: Final = re.compile(  # `explicit-priority`: a facility of Junos, then the event's own tag
    r"(?:AUTH(?:ORIZATION)?|CHANGE|CONFLICT|CRON|DAEMON|DFC|EXTERNAL|FIREWALL|FTP|INTERACT|KERN(?:EL)?|PFE|USER|LOCAL\d)-[0-7]-"
    r"(?P<tag>(?!SYSTEM_MSG$)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)$"
)


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


def suspects(records: pa.Array) -> Ints:
    """The lines that may hold a secret or come from an intercept system: one search for both."""
    if len(records) <= _FEW:  # Arrow makes the automaton anew for each call, which costs more than a few lines
        return np.array([i for i, line in enumerate(records.to_pylist()) if _SEARCH(line)], np.int64)
    return np.flatnonzero(pc.match_substring_regex(records, _SUSPECT, ignore_case=True).to_numpy(zero_copy_only=False))


def masked_parts(data: bytes, starts: Ints, ends: Ints, numbers: Ints, hits: Ints) -> Parts:
    """Some lines of a block with the secrets of a few (`hits`) masked; line numbers stay."""
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


def read_names(parts: Parts, at: Ints) -> tuple[Ints, Ints, cut.Flags]:
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


def read_shapes(
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


def skip(parts: Parts, members: cut.Flags, rows: Ints) -> None:
    """Move the start of some lines' messages over up to eight bytes that are no text."""
    for _ in range(8):
        at = parts.message[rows]
        rows = rows[members[parts.bytes_[at]] & (at < parts.ends[rows])]
        if not len(rows):
            return
        parts.message[rows] += 1


def text_heads(parts: Parts, at: Ints, ends: Ints) -> Ints:
    """Ends of heads without mnemonic that begin at some places: the first `: `, or the first sign of free text."""
    first = _first_stop(cut.windows(parts.bytes_, at, _USUAL_HEAD + 1))
    long = np.flatnonzero(first < 0)
    first[long] = _first_stop(cut.windows(parts.bytes_, at[long], h.MAX_HEAD_BYTES + 1))
    return np.minimum(ends, at + np.where(first < 0, h.MAX_HEAD_BYTES, first))


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
