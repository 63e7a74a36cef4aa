"""Flows as text: CSV and other tables, JSON, nfdump's lists, AWS VPC flow logs.

Who wrote a file is told by the names of its fields, so that an export of a collector nobody listed is read as well.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from seawall.model.events import BY_NAME
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.flows import text
from seawall.sources.flows.fields import are_flows, columns_of, field_of, fields_of
from seawall.sources.jsonlines import first_object, flattened, read_objects
from seawall.sources.lines import head_lines, line_blocks
from seawall.sources.records import Records
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


def _read_lines(evidence: Evidence, reading: Reading, records: Records) -> Iterator[Chunk]:
    reader: LineReader | None = None
    for block in line_blocks(evidence):
        if block.too_long:
            records.reject(block.first, "line longer than 1 MiB")
        for number, line in block.texts():
            if not line.strip():
                continue
            # Below a header only a line that begins like one is asked whether it is another.
            if (reader is None or _HEADERLIKE.match(line)) and (fresh := _reader_for(line)) is not None:
                reader = fresh  # lists put one after another say their header again
                if not text.VPC_ROW.match(line):
                    continue
            if reader is None:
                if not line.startswith("#"):
                    records.reject(number, "no header above it says what its columns are")
                continue
            said = reader(line)
            if isinstance(said, str):
                records.reject(number, said)
            elif said is not None:
                keep(records, reading, number, line.encode(), said)
        yield records.chunk(block.read_bytes, block.notes)


def _reader_for(line: str) -> LineReader | None:
    """How the lines below this one are read, if it is a header (or a VPC record, whose version says it)."""
    if text.NFDUMP_HEADER.match(line):
        return partial(_nfdump, tail=text.nfdump_tail(line))
    if text.VPC_HEADER.match(line.strip()):
        return partial(_vpc, names=tuple(line.split()))
    if text.VPC_ROW.match(line):
        return partial(_vpc, names=text.VPC_V2)
    if line[:1].isdigit():
        return None
    header = header_in(line.removeprefix("#").strip())
    return partial(_cells, header=header, names=_columns(header)) if header and are_flows(header.names) else None


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
