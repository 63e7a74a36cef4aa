"""TACACS+ accounting files: tac_plus (F4 and older), tac_plus-ng.

One record a line: time, device, user, port, client address, record type, then `attribute=value` pairs (tac_plus) or
service and command bare (tac_plus-ng), separated by tabs. Records that came through syslog are lines of the AAA server
and are read by `syslog`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from seawall.engine.idset import IdSet
from seawall.model.events import arrow_schema
from seawall.platforms.acts import Act
from seawall.platforms.masking import mask
from seawall.platforms.tacacs import act_of_fields, attributes
from seawall.sources import columns as cut
from seawall.sources import headers as h
from seawall.sources.acts import Acts, act_columns
from seawall.sources.base import MAX_REJECTS_KEPT, Chunk, Evidence, Reading, Reject, Source
from seawall.sources.clocks import Doubts, times_of
from seawall.sources.clockwatch import ClockWatch
from seawall.sources.intercepts import LINE_REFUSAL, is_intercept_line
from seawall.sources.lines import LineBlock, head_lines, line_blocks
from seawall.sources.ordinals import Ordinals
from seawall.sources.times import STAMP_WIDTH, Ints, read_stamp

_ZEROED: Final = bytes(48 if 48 <= byte <= 57 else byte for byte in range(256))
_RECORD: Final = re.compile(r"[^\t]{8,80}(?:\t[^\t]*){3,4}\t(?:start|stop|update)(?:\t|$)", re.IGNORECASE)


def sniff(evidence: Evidence) -> int:
    """98 if most lines are accounting records."""
    lines = head_lines(evidence.head, 200)
    fits = sum(bool(_RECORD.match(line.decode("latin-1"))) for line in lines)
    return 98 if fits and fits * 2 >= len(lines) else 30 if fits else 0


def read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of kind `tacacs` and rejects, block by block. Raises InputError if the file cannot be read on."""
    reader = _Reader(evidence.origin, reading, IdSet())
    for block in line_blocks(evidence):
        yield reader.chunk(block)
    yield Chunk(notes=reader.watch.notes())


SOURCE: Final = Source("tacacs", "TACACS+ accounting (tac_plus)", ("tacacs",), sniff, read)


@dataclass(slots=True)
class _Lines:
    """The lines of a block that are records, and the shapes of their times."""

    data: bytes
    bytes_: cut.Bytes
    starts: Ints
    numbers: Ints
    table: Ints
    shapes: Ints


@dataclass(slots=True)
class _Record:
    device: str
    act: Act
    kind: str
    said: dict[str, str]
    rest: str
    raw: str


class _Reader:
    def __init__(self, origin: str, reading: Reading, seen: IdSet) -> None:
        self._origin, self._reading = origin, reading
        self._rows: dict[bytes, tuple[tuple[int, ...], int] | None] = {}
        self._ordinals = Ordinals("tacacs", seen)
        self._doubts = Doubts(origin, reading.clock)
        self.watch = ClockWatch(origin)

    def chunk(self, block: LineBlock) -> Chunk:
        """Rows and rejects of one block."""
        notes = [f"{self._origin}:{block.first}: {note}" for note in block.notes]
        if block.too_long:
            what = f"line of {block.too_long} bytes or more, longer than any record"
            return Chunk({}, (Reject(f"{self._origin}:{block.first}", what),), 1, block.read_bytes, tuple(notes))
        rows, shapes, records, rejects = [], [], [], []
        table: dict[tuple[int, ...], int] = {}
        for i, (number, text) in enumerate(block.texts()):
            if not text.strip():
                continue
            if is_intercept_line(text.encode()):
                rejects.append((number, LINE_REFUSAL))
                continue
            found = self._record(text)
            if found is None:
                rejects.append((number, f"no accounting record: {_excerpt(text)}"))
                continue
            row, record = found
            rows.append(i)
            shapes.append(table.setdefault(row, len(table)))
            records.append(record)
        tables = {}
        if records:
            lines = _stamped(block, np.array(rows, np.int64), np.array(shapes, np.int64), list(table))
            tables["tacacs"] = self._table(lines, block, records)
        kept = tuple(Reject(f"{self._origin}:{number}", what) for number, what in rejects[:MAX_REJECTS_KEPT])
        notes += self._doubts.new()
        return Chunk(tables, kept, len(rejects), block.read_bytes, tuple(notes))

    def _record(self, text: str) -> tuple[tuple[int, ...], _Record] | None:
        """The place of a line's time and the rest of it; None if it is no record."""
        masked = mask(text)
        first, *fields = masked.split("\t")
        stamp = self._stamp(first)
        if stamp is None:
            return None
        row, end = stamp
        device = first[end:].strip()
        if not device:
            device, fields = (fields[0].strip(), fields[1:]) if fields else ("", [])
        act = act_of_fields(fields)
        if act is None:
            return None
        record = _Record(device, act, fields[3].strip().lower(), attributes(fields[4:]), "\t".join(fields[4:]), masked)
        return row, record

    def _stamp(self, first: str) -> tuple[tuple[int, ...], int] | None:
        """Where the time stands in a line's first field, asked once per shape."""
        head = first.encode()[: h.MAX_HEAD_BYTES]
        shape = head.translate(_ZEROED)
        if shape not in self._rows:
            if len(self._rows) > 10_000:
                self._rows.clear()
            found = read_stamp(head)
            self._rows[shape] = (found.row, found.end) if found else None
        return self._rows[shape]

    def _table(self, lines: _Lines, block: LineBlock, records: list[_Record]) -> pa.Table:
        who = pa.array([r.device for r in records], pa.string()).dictionary_encode()
        hosts, names = who.indices.to_numpy(zero_copy_only=False).astype(np.int64), who.dictionary.to_pylist()
        when = times_of(lines, hosts, names, self._reading.years, self._doubts)
        count = len(records)
        twice = when.received, when.received_valid
        self.watch.see(hosts, names, when.micros, when.own(), *twice, when.zoned(), lines.numbers)
        ends = block.ends[np.searchsorted(block.starts, lines.starts)]
        everything = Acts(np.arange(count), [r.act for r in records], [None] * count)
        observer = cut.decode(hosts, [name or None for name in names])
        values: dict[str, pa.Array] = {
            "event_id": self._ordinals.ids(who, cut.spans(block.data, lines.starts, ends, binary=True)),
            "time": cut.instants(when.micros, when.valid),
            "time_quality": when.quality(),
            "received": pa.nulls(count, pa.timestamp("us", tz="UTC")),
            "observer": observer,
            "device": observer,
            "origin": cut.origins(self._origin, lines.numbers),
            **cut.constants(count, self._reading),
            "record": pa.array([r.kind for r in records], pa.string()),
            "task_id": pa.array([r.said.get("task-id") for r in records], pa.string()),
            "priv_lvl": pa.array([_level(r.said) for r in records], pa.int64()),
            "attributes": pa.array([r.rest for r in records], pa.string()),
            "raw": pa.array([r.raw for r in records], pa.string()),
            **act_columns(count, everything),
        }
        schema = arrow_schema("tacacs")
        return pa.table([values[name] for name in schema.names], schema=schema)


def _level(said: dict[str, str]) -> int | None:
    level = said.get("priv-lvl", "")
    return int(level) if level.isascii() and level.isdigit() and len(level) <= 2 else None


def _stamped(block: LineBlock, rows: Ints, shapes: Ints, stamps: list[tuple[int, ...]]) -> _Lines:
    """The records' lines with a table of shapes that holds nothing but a time."""
    table = np.zeros((len(stamps), h.WIDTH), np.int64)
    for i, stamp in enumerate(stamps):
        table[i, h.TIME : h.TIME + STAMP_WIDTH] = stamp
    padded = np.frombuffer(block.data + cut.PADDING, np.uint8)
    return _Lines(block.data, padded, block.starts[rows], block.first + rows, table, shapes)


def _excerpt(text: str) -> str:
    return "".join(c if c.isprintable() else "·" for c in mask(text)[:80])
