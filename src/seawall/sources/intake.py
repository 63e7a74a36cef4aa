"""Intake: one pass over the evidence, file by file, into a lake or into nothing at all.

`explain` and `ingest` walk the same loop; the only difference is where the tables go.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from seawall.engine.records import FileRecord
from seawall.errors import SeawallError
from seawall.model.clock import Clock
from seawall.model.maps import load_maps
from seawall.model.settings import Settings
from seawall.sources import discover, proposals, read, recognise, why_unknown
from seawall.sources.base import Chunk, Evidence, Reading, Reject, Skipped, Source

COMMIT_ROWS: Final = 2_000_000  # rows after which what was read so far becomes visible
REJECTS_SHOWN: Final = 20  # per file, in reports; the lake keeps more
UNKNOWN_FORMAT: Final = "unknown"
NOT_READ: Final = "not read: "  # how the note of a file starts that nobody may or can read


@dataclass(frozen=True, slots=True)
class FileReport:
    """What became of one file."""

    origin: str
    format: str  # title of the source, or "" if nobody knew the file
    events: int = 0
    new: int = 0  # events the lake did not hold yet
    kinds: tuple[tuple[str, int], ...] = ()  # event kind and rows, sorted
    rejected: int = 0
    rejects: tuple[Reject, ...] = ()
    first: datetime | None = None  # UTC
    last: datetime | None = None
    notes: tuple[str, ...] = ()
    skipped: str = ""  # why nothing was read, as a sentence; empty if it was
    meant: bool = False  # whether it was left out on purpose (an empty file, a case folder), not for a fault
    proposal: str = ""  # for a table or JSON nobody knows: a mapping file to start from
    read_bytes: int = 0  # decompressed
    stored_bytes: int = 0

    @property
    def faulty(self) -> bool:
        """Whether anything of it could not be read, or it was not recognised."""
        return bool(self.rejected or (self.skipped and not self.meant))


@dataclass(frozen=True, slots=True)
class Reached:
    """Progress inside a file."""

    origin: str
    format: str
    read_bytes: int  # decompressed, of this file
    events: int  # of this file


class Sink(Protocol):
    """Where tables go."""

    def add(self, kind: str, table: pa.Table) -> int:
        """Take rows; say how many were new."""
        ...

    def reject(self, rejects: Iterable[Reject]) -> None:
        """Take what could not be read."""
        ...

    def finish_file(self, record: FileRecord) -> None:
        """Take note that a file is completely read."""
        ...

    def commit(self) -> None:
        """Make everything taken so far visible."""
        ...


class Nowhere:
    """The sink of `--explain`: counts, keeps nothing."""

    def add(self, kind: str, table: pa.Table) -> int:  # noqa: ARG002 - the shape of a sink
        """Count rows as new."""
        return int(table.num_rows)

    def reject(self, rejects: Iterable[Reject]) -> None:
        """Let go."""

    def finish_file(self, record: FileRecord) -> None:
        """Let go."""

    def commit(self) -> None:
        """Nothing to make visible."""


class Known(Protocol):
    """Whether a file's content was completely read before."""

    def __call__(self, digest: str) -> FileRecord | None:
        """The record of a file with this SHA-256, or None."""
        ...


def reading_for(
    paths: Sequence[Path], settings: Settings, clock: Clock, standing: discover.Standing | None = None
) -> Reading:
    """What sources may know beyond the bytes: years of the neighbours, tenant, scope, clock."""
    return Reading(
        years=discover.survey(paths, clock, standing),
        clock=clock,
        tenant=settings.tenant or None,
        scope=settings.scope or None,
        maps=load_maps([Path(name) for name in settings.maps]),
    )


def take_in(
    paths: Sequence[Path],
    reading: Reading,
    sink: Sink,
    known: Known | None = None,
    standing: discover.Standing | None = None,
) -> Iterator[Reached | FileReport]:
    """Read every file below `paths` into `sink`; yield progress, and one report per file, in a stable order.

    What is visible in the sink is always whole files: their events, their rejects, and the note that they are done.
    """
    pending = 0
    for item in discover.find(paths, standing=standing):
        if isinstance(item, Reject):
            yield FileReport(item.where, "", skipped=item.what, meant=isinstance(item, Skipped))
            continue
        for step in _take_file(item, reading, sink, known):
            if isinstance(step, FileReport):
                pending += step.new
            yield step
        if pending >= COMMIT_ROWS:
            sink.commit()
            pending = 0
    sink.commit()


def _take_file(evidence: Evidence, reading: Reading, sink: Sink, known: Known | None) -> Iterator[Reached | FileReport]:
    report = FileReport(
        evidence.origin, "", stored_bytes=(evidence.size if evidence.share is None else evidence.share) or 0
    )
    try:
        digest = discover.digest(evidence)
        source = recognise(evidence, reading.maps)
        if known and (before := known(digest)) and (before.format != UNKNOWN_FORMAT or source is None):
            yield _as_before(report, before)
            return
        if source is None:
            left = _not_read(report, sink, digest, UNKNOWN_FORMAT, why_unknown(evidence))
            yield replace(left, proposal=proposals.proposal(evidence))
        elif source.refused:
            yield _not_read(replace(report, format=source.title), sink, digest, source.name, source.refused)
        else:
            yield from _read(evidence, source, reading, sink, replace(report, format=source.title), digest)
    except SeawallError as error:
        yield replace(report, skipped=f"{error.what}; {error.mend}" if error.mend else error.what)


def _as_before(report: FileReport, before: FileRecord) -> FileReport:
    """A file the case has read to its end: nothing to do, and the second run says what the first one said."""
    why = next((n.removeprefix(NOT_READ) for n in before.notes if n.startswith(NOT_READ)), "")
    return replace(
        report,
        format=before.format,
        events=before.events,
        rejected=before.rejected,
        first=before.first,
        last=before.last,
        notes=() if why else (*before.notes, "read before: nothing new"),
        skipped=why,
    )


def _not_read(report: FileReport, sink: Sink, digest: str, form: str, why: str) -> FileReport:
    """A file nobody may or can read is remembered too, so that the report keeps saying so."""
    sink.finish_file(
        FileRecord(digest, report.origin, form, 0, 0, None, None, report.stored_bytes, notes=(NOT_READ + why,))
    )
    return replace(report, skipped=why)


@dataclass(slots=True)
class _Tally:
    """What a file has given so far."""

    events: int = 0
    new: int = 0
    rejected: int = 0
    read_bytes: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)  # a set that keeps its order
    first: datetime | None = None
    last: datetime | None = None

    def take(self, chunk: Chunk, sink: Sink) -> None:
        for kind, table in chunk.tables.items():
            self.new += sink.add(kind, table)
            self.events += table.num_rows
            self.kinds[kind] = self.kinds.get(kind, 0) + table.num_rows
            self._stretch(table)
        self.rejected += chunk.rejected
        self.read_bytes += chunk.read_bytes
        self.rejects.extend(chunk.rejects[: REJECTS_SHOWN - len(self.rejects)])
        self.notes.update(dict.fromkeys(chunk.notes))
        if chunk.rejects:
            sink.reject(chunk.rejects)

    def _stretch(self, table: pa.Table) -> None:
        span = pc.min_max(table["time"]).as_py()
        if span["min"] is not None:
            self.first = min(filter(None, (self.first, span["min"])))
            self.last = max(filter(None, (self.last, span["max"])))


def _read(
    evidence: Evidence, source: Source, reading: Reading, sink: Sink, report: FileReport, digest: str
) -> Iterator[Reached | FileReport]:
    tally = _Tally()
    for chunk in read(source, evidence, reading):
        tally.take(chunk, sink)
        yield Reached(evidence.origin, source.title, tally.read_bytes, tally.events)
    told = any("clock" in note for note in tally.notes)  # a source that names the line says it better
    notes = (*tally.notes, *(() if told else _doubts(tally.first, tally.last, reading.clock)))
    sink.finish_file(
        FileRecord(
            digest=digest,
            origin=evidence.origin,
            format=source.name,
            events=tally.events,
            rejected=tally.rejected,
            first=tally.first,
            last=tally.last,
            bytes=tally.read_bytes,
            notes=notes,
        )
    )
    yield replace(
        report,
        events=tally.events,
        new=tally.new,
        kinds=tuple(sorted(tally.kinds.items())),
        rejected=tally.rejected,
        rejects=tuple(tally.rejects),
        first=tally.first,
        last=tally.last,
        notes=notes,
        read_bytes=tally.read_bytes,
    )


def _doubts(first: datetime | None, last: datetime | None, clock: Clock) -> tuple[str, ...]:
    """Clock doubts a whole file raises: times no router log of ours can rightly carry."""
    doubts = []
    if first is not None and first.year < 1990:
        doubts.append(f"clock doubt: earliest time is {first:%Y-%m-%d}, before any router logged")
    if last is not None and (last - clock.now()).total_seconds() > 86_400:
        doubts.append(f"clock doubt: latest time is {last:%Y-%m-%d %H:%M} UTC, in the future")
    return tuple(doubts)
