"""Segments of the service's spool: what collectors took in, with who sent it, when, and how far that is known.

Log lines of all senders are read together, as one file of syslog; then each row is told its sender (`origin`,
`trust`), when it was taken in (`received`), and where the line has no time or names nobody, the time and the sender's
address stand in. Neither changes an id: the same line, read from a relay's file, is the same event. Documents (pushed,
followed, mailed) are recognised by their content, as files are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.disk import segments
from seawall.disk.segments import Frame, Sender, frames
from seawall.sources import columns as cut
from seawall.sources import exports
from seawall.sources.base import Chunk, Evidence, Reading, Reject, Source
from seawall.sources.exports.clocks import Clocks
from seawall.sources.exports.decoder import Decoder
from seawall.sources.exports.sequences import Sequences
from seawall.sources.lines import blocks_of
from seawall.sources.opening import evidence_from_bytes
from seawall.sources.pausing import collector_paused
from seawall.sources.records import Records
from seawall.sources.spool import Spool
from seawall.sources.syslog_rows import Beside, Cutter, SyslogReader
from seawall.sources.times import Ints
from seawall.sources.unpacking import unpack
from seawall.sources.within import Within
from seawall.sources.years import SurveyedYears

_BLOCK_BYTES: Final = 4 << 20  # of lines judged together
_EVERY: Final = 4_000  # datagrams between two pieces
_UNKNOWN: Final = Sender("unknown", "", "spoofable")
_Prefixes = tuple[pa.Array, pa.Array, pa.Array]


def _sniff(evidence: Evidence) -> int:
    return 100 if evidence.head.startswith(segments.MAGIC) else 0


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of every kind that collectors take in, and rejects.

    Raises:
        InputError: a document cannot be read on.
    """
    reading = replace(reading, trust="spoofable")
    told: dict[int, Sender] = {}
    lines, flows = _Lines(evidence.origin, reading, told), _Flows(evidence.origin, reading, told)
    with flows.records, closing(evidence.open()) as stream:
        for one in frames(stream):
            if one.fault:
                yield _reject(f"{evidence.origin}@{one.at}", one.fault)
                continue
            try:
                yield from _taken(one, evidence.origin, reading, told, lines, flows)
            except ValueError as error:
                yield _reject(f"{evidence.origin}@{one.at}", f"a frame that cannot be read: {error}")
        yield from lines.flush()
        yield from lines.end()
        yield from flows.flush(last=True)


def _taken(
    one: Frame, origin: str, reading: Reading, told: dict[int, Sender], lines: _Lines, flows: _Flows
) -> Iterator[Chunk]:
    if one.type == segments.SENDER:
        told[one.sender] = segments.sender_of(one)
    elif one.type == segments.LINES:
        lines.add(one)
        if lines.size >= _BLOCK_BYTES:
            yield from lines.flush()
    elif one.type in (segments.EXPORT, segments.TEMPLATES):
        flows.add(one)
        if flows.waiting >= _EVERY:
            yield from flows.flush()
    elif one.type == segments.DOCUMENT:
        yield from _document(one, origin, reading, told.get(one.sender, _UNKNOWN))
    elif one.type == segments.LOSS:
        yield Chunk(notes=(f"{origin}: {_loss(one)}",))
    else:
        raise ValueError(f"type {one.type} is nothing we know")


def _loss(one: Frame) -> str:
    at = datetime.fromtimestamp(one.received_us / 1e6, UTC)
    said = segments.loss_of(one.payload)
    return f"{at:%Y-%m-%d %H:%M:%S} UTC: {said.lost} lost from {said.source}: {said.why}"


def _document(one: Frame, origin: str, reading: Reading, sender: Sender) -> Iterator[Chunk]:
    from seawall.sources import read, recognise, why_unknown  # they know this source too

    name, content = segments.document_of(one.payload)
    reading = replace(reading, trust=sender.trust)
    for found in unpack(evidence_from_bytes(content, f"{origin}!/{name}"), Spool()):
        if isinstance(found, Reject):
            yield _reject(found.where, found.what)
            continue
        source = None if found.head.startswith(segments.MAGIC) else recognise(found, reading.maps)
        if source is None or source.refused:
            yield _reject(found.origin, (source and source.refused) or why_unknown(found))
        else:
            yield from read(source, found, reading)


def _reject(where: str, what: str) -> Chunk:
    return Chunk(rejects=(Reject(where, what),), rejected=1)


@dataclass
class _Lines:
    """The log lines of a segment: read together, told apart afterwards."""

    origin: str
    reading: Reading
    told: dict[int, Sender]
    size: int = 0
    first: int = 1  # number of the first line that waits
    payloads: list[bytes] = field(default_factory=list)
    senders: list[Ints] = field(default_factory=list)
    received: list[Ints] = field(default_factory=list)
    reader: SyslogReader | None = None
    cutter: Cutter | None = None
    within: Within | None = None

    def add(self, one: Frame) -> None:
        """Have the lines of a frame wait. Raises ValueError if it does not hold what it says."""
        many = one.sender == segments.MANY
        payload = one.payload[4 * one.messages :] if many else one.payload
        lines = payload.count(b"\n")
        if lines != one.messages or not payload.endswith(b"\n"):
            raise ValueError(f"it names {one.messages} lines and holds {lines}")
        who = np.full(lines, one.sender, np.int64)
        if many:
            who = np.frombuffer(one.payload, "<u4", lines).astype(np.int64)
        if not self.payloads and self.reader is None:
            self._begin(one.received_us)
        self.payloads.append(payload)
        self.senders.append(who)
        self.received.append(np.full(one.messages, one.received_us, np.int64))
        self.size += len(payload)

    def _begin(self, at_us: int) -> None:
        """A date without a year is of the days before it was taken in, whenever it is read."""
        years = SurveyedYears(datetime.fromtimestamp(max(0, min(at_us, _LATEST_US)) / 1e6, UTC).date())
        reading = replace(self.reading, years=years)
        self.reader, self.cutter = SyslogReader(self.origin, reading), Cutter(self.origin, reading)
        self.within = Within(self.origin, reading)

    def flush(self) -> Iterator[Chunk]:
        """Rows and rejects of what waits."""
        if not self.payloads:
            return
        assert self.reader is not None, "begun with the first line"
        assert self.cutter is not None, "begun with the first line"
        assert self.within is not None, "begun with the first line"
        data, who, at = b"".join(self.payloads), np.concatenate(self.senders), np.concatenate(self.received)
        first, prefixes = self.first, _prefixes(self.origin, who, self.told)
        who = np.unique(who, return_inverse=True)[1].astype(np.int64)
        self.payloads, self.senders, self.received = [], [], []
        self.first, self.size = first + len(who), 0
        for block in blocks_of(data, first):
            with collector_paused():
                one = self.cutter.read(block)
                chunk = self.reader.settle(one)
                if "syslog" in chunk.tables:
                    assert isinstance(one.beside, Beside), "a cut of syslog"
                    rows = one.beside.numbers - first
                    chunk.tables["syslog"] = _stamped(chunk.tables["syslog"], rows, who, at, prefixes, first)
                    chunk = self.within.enriched(chunk)
                    for kind in set(chunk.tables) - {"syslog"}:
                        chunk.tables[kind] = _richer(chunk.tables[kind], who, at, prefixes, first)
            yield chunk

    def end(self) -> Iterator[Chunk]:
        """What is said once all was read."""
        if self.reader is not None and self.within is not None:
            self.within.__exit__(None, None, None)
            yield self.reader.end()


_LATEST_US: Final = 4_102_444_800 * 10**6  # 2100


def _prefixes(origin: str, who: Ints, told: dict[int, Sender]) -> _Prefixes:
    """Of each sender, in the order of their numbers: how its origins begin, its trust, its address."""
    found = [told.get(int(number), _UNKNOWN) for number in np.unique(who)]
    return (
        pa.array([f"{origin}!/{one.transport}/{one.address}" for one in found], pa.string()),
        pa.array([one.trust for one in found], pa.string()),
        pa.array([one.address or None for one in found], pa.string()),
    )


def _stamped(table: pa.Table, rows: Ints, who: Ints, at: Ints, prefixes: _Prefixes, first: int) -> pa.Table:
    """Syslog rows with who sent them and when; where a line says neither, that stands in."""
    sender = pa.array(who[rows])
    taken_in = cut.instants(at[rows], np.ones(len(rows), np.bool_))
    numbers = pa.array(rows + first).cast(pa.string())
    address = prefixes[2].take(sender)
    silent = pc.is_null(table["time"])
    changed = {
        "origin": pc.binary_join_element_wise(prefixes[0].take(sender), numbers, ":"),
        "trust": prefixes[1].take(sender),
        "received": pc.coalesce(table["received"], taken_in),
        "time": pc.coalesce(table["time"], taken_in),
        "time_quality": pc.if_else(silent, "received", table["time_quality"]),
        "observer": pc.coalesce(table["observer"], address),
        "device": pc.coalesce(table["device"], address),
    }
    return _with(table, changed)


def _richer(table: pa.Table, who: Ints, at: Ints, prefixes: _Prefixes, first: int) -> pa.Table:
    """Rows made from lines, told by the line number in their origin."""
    rows = np.array([int(text.rpartition(":")[2]) - first for text in table["origin"].to_pylist()], np.int64)
    taken_in = cut.instants(at[rows], np.ones(len(rows), np.bool_))
    trust = prefixes[1].take(pa.array(who[rows]))
    return _with(table, {"trust": trust, "received": pc.coalesce(table["received"], taken_in)})


def _with(table: pa.Table, changed: dict[str, pa.Array]) -> pa.Table:
    for name, column in changed.items():
        place = table.schema.get_field_index(name)
        table = table.set_column(place, table.schema.field(place), column)
    return table


class _Flows:
    """The flow export of a segment."""

    def __init__(self, origin: str, reading: Reading, told: dict[int, Sender]) -> None:
        self._origin, self._told = origin, told
        self._decoder, self._clocks = Decoder(), Clocks(origin)
        self.records = Records(exports.KIND, origin, reading)
        self.waiting = 0  # datagrams since the last piece
        self._number = 0

    def add(self, one: Frame) -> None:
        """Decode the datagrams of a frame. Raises ValueError if they are not all there."""
        senders, rest = segments.senders_of(one)
        datagrams = segments.datagrams_of(rest, one.messages)
        for number, datagram in zip(senders, datagrams, strict=True):
            exporter = self._told.get(number, _UNKNOWN).address
            if one.type == segments.TEMPLATES:
                self._learn(datagram, exporter)
                continue
            self._number += 1
            self._clocks.see(datagram, exporter, one.received_us)
            self._decoder.take(datagram, exporter, one.received_us, self._number)
        self.waiting += one.messages

    def _learn(self, datagram: bytes, exporter: str) -> None:
        """What was explained before this segment began; its numbers say nothing about losses in it."""
        counting, self._decoder.sequences = self._decoder.sequences, Sequences()
        self._decoder.take(datagram, exporter)
        self._decoder.sequences = counting

    def flush(self, *, last: bool = False) -> Iterator[Chunk]:
        """Rows and rejects so far."""
        self.waiting = 0
        exports.hand_over(self._decoder, self.records, self._origin, last=last)
        notes = (*exports.notes_of(self._decoder), *self._clocks.notes()) if last else ()
        yield self.records.chunk(0, notes)


SOURCE: Final = Source(
    name="spooled",
    title="Segments of the service's spool",
    kinds=("syslog", exports.KIND),
    sniff=_sniff,
    read=_read,
)
