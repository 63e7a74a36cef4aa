"""Flows as text: CSV and other tables, JSON, nfdump's lists, AWS VPC flow logs.

Who wrote a file is told by the names of its fields, so that an export of a collector nobody listed is read as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import numpy as np
import pyarrow as pa

from seawall.model.events import BY_NAME
from seawall.sources import columns
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.columns import Ints
from seawall.sources.flows import blocks, text
from seawall.sources.flows.fields import are_flows, columns_of, field_of, fields_of
from seawall.sources.jsonlines import first_object, flattened, read_objects
from seawall.sources.lines import LineBlock, head_lines, line_blocks
from seawall.sources.records import Columns, Records
from seawall.sources.tables import Header, first_header, header_in

KIND: Final = "flow_records"
_TAKEN: Final = {c.name.lower() for c in BY_NAME[KIND].all_columns}
_HEADERLIKE: Final = re.compile(r"\s*[\"'#]?[A-Za-z]")
_ODD: Final = re.compile(r"[^0-9A-Za-z_]+")

Fields = (
    dict[str, Any] | Mapping[str, Any] | str | None
)  # by our names (others kept), why it is none, or nothing to say
LineReader = Callable[[str], Fields]


def _sniff(evidence: Evidence) -> int:
    lines = [line.decode("utf-8", "replace") for line in head_lines(evidence.head, 12)]
    if not lines:
        return 0
    if any(text.NFDUMP_HEADER.match(line) for line in lines):
        return 90
    if text.VPC_HEADER.match(lines[0].strip()) or text.VPC_ROW.match(lines[0]):
        return 90
    if text.PIPE_ROW.match(lines[0]) or text.RA_HEADER.match(lines[0]):
        return 90
    if (record := first_object(evidence.head)) is not None:
        names = list(flattened(record))
        return 0 if "event_type" in record and "timestamp" in record else _sure(names)
    header = first_header(evidence.head)
    return _sure(header.names) if header else 0


def _sure(names: list[str] | tuple[str, ...]) -> int:
    """How sure fields of these names are flows: the more of them mean something here, the surer."""
    if not are_flows(names):
        return 0
    known = sum(1 for name in names if field_of(name))
    return 86 if known * 2 >= len(names) else 66


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read flows record by record; a record that is none is a reject, the others go on."""
    with Records(KIND, evidence.origin, reading) as records:
        if first_object(evidence.head) is not None:
            yield from _read_json(evidence, reading, records)
        else:
            yield from _read_lines(evidence, reading, records)


def _read_json(evidence: Evidence, reading: Reading, records: Records) -> Iterator[Chunk]:
    for objects in read_objects(evidence):
        for number, what in objects.faults:
            records.reject(number, what)
        for item in objects.items:
            said = flattened(item.value)
            if not are_flows(said):
                records.reject(item.number, "JSON, but no flow: it names no two addresses, a size and a time")
            else:
                keep(records, reading, item.number, item.record, named(said))
        yield records.chunk(objects.read_bytes, objects.notes)


def named(said: Mapping[str, Any]) -> dict[str, Any]:
    """A record's values by our names; what we have no name for keeps its own."""
    ours = fields_of(name for name, value in said.items() if value not in ("", None))
    made = {ours[name]: value for name, value in said.items() if name in ours}
    for name, value in said.items():
        if name not in ours and value not in ("", None):
            made[own_name(name)] = value
    return made


def own_name(name: str) -> str:
    """A column's name for a field we have none for; names of ours step aside."""
    plain = _ODD.sub("_", name.strip())[:100] or "unnamed"
    return f"x_{plain}" if plain.lower() in _TAKEN or field_of(plain) else plain


def keep(records: Records, reading: Reading, place: int | str, record: bytes, said: Mapping[str, Any]) -> None:
    """Add one flow, given its fields by our names, or reject it."""
    made = columns_of(said, reading)
    if isinstance(made, str):
        records.reject(place, made)
        return
    when, observer, values = made
    rest = {name: value for name, value in said.items() if name not in _INNER}
    records.add(place, record, when, observer, {**rest, **values})


_INNER: Final = frozenset(
    {"start", "end", "seen", "duration_ms", "tot_bytes", "tot_pkts", "src_ip", "dst_ip"}
    | {c.name for c in BY_NAME[KIND].columns}
)


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the lines below a header are read: one by one, and where there is a way, many at once."""

    read: LineReader
    cut: Callable[[bytes, pa.Array], blocks.Said | None] | None = None  # all lines in one piece, and each


def _read_lines(evidence: Evidence, reading: Reading, records: Records) -> Iterator[Chunk]:
    lines = _Lines(evidence.origin, reading, records)
    for block in line_blocks(evidence):
        if block.too_long:
            records.reject(block.first, "line longer than 1 MiB")
        lines.take(block)
        yield records.chunk(block.read_bytes, block.notes)


@dataclass(slots=True)
class _Lines:
    """A file's lines below the header that holds for them."""

    origin: str
    reading: Reading
    records: Records
    layout: _Layout | None = None

    def take(self, block: LineBlock) -> None:
        """Read the lines of a block."""
        begin = 0
        while self.layout is None and begin < len(block):
            self._singly(block, begin, begin + 1)
            begin += 1
        self._between(block, begin, len(block))

    def _between(self, block: LineBlock, begin: int, end: int) -> None:
        if end - begin <= _ALONE or self.layout is None or self.layout.cut is None:
            self._singly(block, begin, end)
        elif not self._together(block, begin, end):
            middle = (begin + end) // 2
            self._between(block, begin, middle)
            self._between(block, middle, end)

    def _together(self, block: LineBlock, begin: int, end: int) -> bool:
        """Read lines at once; False if one of them needs a look of its own."""
        assert self.layout is not None
        assert self.layout.cut is not None
        base = int(block.starts[begin])
        data = block.data[base : int(block.ends[end - 1])]
        starts, ends = block.starts[begin:end] - base, block.ends[begin:end] - base
        said = self.layout.cut(data, columns.spans(data, starts, ends))
        found = blocks.flows_of(said, self.reading) if said is not None else None
        if said is None or found is None:
            return False
        numbers = np.arange(block.first + begin, block.first + end, dtype=np.int64)
        add_block(
            self.records,
            found,
            said,
            columns.spans(data, starts, ends, binary=True),
            columns.origins(self.origin, numbers),
            numbers,
        )
        return True

    def _singly(self, block: LineBlock, begin: int, end: int) -> None:
        spans = zip(block.starts[begin:end].tolist(), block.ends[begin:end].tolist(), strict=True)
        for number, (start, stop) in enumerate(spans, block.first + begin):
            self._line(number, block.data[start:stop].decode())

    def _line(self, number: int, line: str) -> None:
        if not line.strip():
            return
        # Below a header only a line that begins like one is asked whether it is another.
        if (self.layout is None or _HEADERLIKE.match(line)) and (fresh := _layout_for(line)) is not None:
            self.layout = fresh  # lists put one after another say their header again
            if not (text.VPC_ROW.match(line) or text.PIPE_ROW.match(line)):
                return
        if self.layout is None:
            if not line.startswith("#"):
                self.records.reject(number, "no header above it says what its columns are")
            return
        said = self.layout.read(line)
        if isinstance(said, str):
            self.records.reject(number, said)
        elif said is not None:
            keep(self.records, self.reading, number, line.encode(), said)


_ALONE: Final = 128  # lines read one by one once a block this small cannot be read at once


def add_block(
    records: Records, found: blocks.Flows, said: blocks.Said, lines: pa.Array, origins: pa.Array, numbers: Ints
) -> None:
    """Add flows read together."""
    values = {**blocks.extras(said, _INNER), **found.columns}
    records.add_columns(Columns(found.micros, found.quality, found.observers, origins, numbers, lines, values))


def _layout_for(line: str) -> _Layout | None:
    """How the lines below this one are read, if it is a header (or a VPC record, whose version says it)."""
    if text.NFDUMP_HEADER.match(line):
        tail = text.nfdump_tail(line)
        return _Layout(partial(_nfdump, tail=tail), lambda data, lines: blocks.nfdump_cells(lines, data, tail))
    if text.VPC_HEADER.match(line.strip()):
        return _Layout(partial(_vpc, names=tuple(line.split())))
    if text.VPC_ROW.match(line):
        return _Layout(partial(_vpc, names=text.VPC_V2))
    if text.PIPE_ROW.match(line):
        return _Layout(text.pipe_fields)
    if text.RA_HEADER.match(line):
        return _Layout(lambda _: text.RA_LACKS)
    if line[:1].isdigit():
        return None
    header = header_in(line.removeprefix("#").strip())
    if header is None or not are_flows(header.names):
        return None
    names = _columns(header)
    return _Layout(
        partial(_cells, header=header, names=names),
        lambda data, lines: blocks.table_cells(data, len(lines), header, names),
    )


def _columns(header: Header) -> tuple[str, ...]:
    """Our name for each column of a table."""
    ours = fields_of(header.names)
    return tuple(ours.get(name) or own_name(name) for name in header.names)


def _cells(line: str, header: Header, names: tuple[str, ...]) -> Fields:
    if text.NFDUMP_FOOT.match(line):
        return None
    cells = header.row(line)
    if cells is None:
        parts = line.count(header.delimiter) + 1
        return None if _foot_figures(line) else f"{parts} fields where the header names {len(header.names)}"
    return {name: cell for name, raw in zip(names, cells, strict=True) if (cell := raw.strip())}


def _foot_figures(line: str) -> bool:
    """The six figures nfdump ends a CSV with, below their own header."""
    return re.fullmatch(r"\d+(,\d+){5}", line.strip()) is not None


def _nfdump(line: str, tail: tuple[str, ...]) -> Fields:
    return None if text.NFDUMP_FOOT.match(line) else text.nfdump_fields(line, tail)


def _vpc(line: str, names: tuple[str, ...]) -> Fields:
    said = text.vpc_fields(line, names)
    if isinstance(said, str):
        return said
    if said.get("log-status") in ("NODATA", "SKIPDATA"):
        return None
    return named({name: value for name, value in said.items() if value != "-"})


SOURCE: Final = Source(
    name="flows",
    title="Flow records (nfdump, Argus, SiLK, pmacct, GoFlow2, ntopng, VPC)",
    kinds=(KIND,),
    sniff=_sniff,
    read=_read,
)
