"""Intake: one pass over the evidence, file by file, into a lake or into nothing at all.

`explain` and `ingest` walk the same loop; the only difference is where the tables go.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from seawall.engine import collecting
from seawall.engine.records import FileRecord
from seawall.model.clock import Clock
from seawall.model.maps import load_maps
from seawall.model.settings import Settings
from seawall.sources import ALL, discover
from seawall.sources.base import Chunk, Evidence, Reading, Reject, Skipped
from seawall.sources.custody import Custodian
from seawall.sources.steps import UNKNOWN_FORMAT, Again, Begun, Failed, Step, steps
from seawall.sources.times import EARLIEST_YEAR
from seawall.sources.workers import Reads, Workers

COMMIT_ROWS: Final = 2_000_000  # rows after which what was read so far becomes visible
REJECTS_SHOWN: Final = 20  # per file, in reports; the lake keeps more
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
    known: Mapping[str, FileRecord] | None = None,
    *,
    standing: discover.Standing | None = None,
    jobs: int = 1,
    custodian: Custodian | None = None,
) -> Iterator[Reached | FileReport]:
    """Read every file below `paths` into `sink`; yield progress, and one report per file, in a stable order.

    What is visible in the sink is always whole files: their events, their rejects, and the note that they are done.
    `jobs` above 1 reads by so many processes; what comes out is the same. A `custodian` is told of each stored file
    before it is opened.
    """
    standing = standing or discover.Standing()
    # What nobody knew is looked at again: a mapping, or a later version, may know it now.
    read = {digest: record for digest, record in (known or {}).items() if record.format != UNKNOWN_FORMAT}
    seen = ChainMap[str, FileRecord]({}, read)  # first: what this run has read
    pending = 0
    with ExitStack() as stack:
        stack.enter_context(collecting.rarely())
        items = discover.find(paths, standing=standing, before=custodian.before if custodian else None)
        reads: Iterator[Reads] = ((item, _here(item, reading, seen)) for item in items)
        if jobs > 1:
            reads = stack.enter_context(Workers(reading, frozenset(read), jobs, standing.spool)).read(items)
        for item, said in reads:
            if isinstance(item, Reject):
                yield FileReport(item.where, "", skipped=item.what, meant=isinstance(item, Skipped))
                continue
            for step in _Taking(item, reading.clock, sink, seen, known or {}).take(said):
                if isinstance(step, FileReport):
                    pending += step.new
                yield step
            if pending >= COMMIT_ROWS:
                _commit(sink, custodian)
                pending = 0
        _commit(sink, custodian)


def _commit(sink: Sink, custodian: Custodian | None) -> None:
    if custodian is not None:
        custodian.flush()
    sink.commit()


def _here(item: Evidence | Reject, reading: Reading, known: Container[str]) -> Iterator[Step]:
    return iter(()) if isinstance(item, Reject) else steps(item, reading, known)


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


class _Taking:
    """The taking half of intake: one file's steps, on their way into the sink."""

    def __init__(
        self,
        evidence: Evidence,
        clock: Clock,
        sink: Sink,
        known: ChainMap[str, FileRecord],
        earlier: Mapping[str, FileRecord],
    ) -> None:
        stored = evidence.size if evidence.share is None else evidence.share
        self._report = FileReport(evidence.origin, "", stored_bytes=stored or 0)
        self._clock, self._sink, self._known, self._earlier = clock, sink, known, earlier
        self._tally = _Tally()

    def take(self, said: Iterator[Step]) -> Iterator[Reached | FileReport]:
        """Put everything where it belongs; the last thing yielded is the report."""
        begun: Begun | None = None
        for step in said:
            match step:
                case Begun():
                    begun = step
                    self._report = replace(self._report, format=step.title)
                    if step.digest in self._known or step.why_not:
                        break
                case Again():
                    self._tally = _Tally(new=self._tally.new, notes={step.why: None})
                case Failed():
                    yield replace(self._report, skipped=step.what)
                    return
                case Chunk():
                    self._tally.take(step, self._sink)
                    yield Reached(self._report.origin, self._report.format, self._tally.read_bytes, self._tally.events)
        for _ in said:  # a worker may have more to say of a file that is known by now
            pass
        assert begun is not None, "a file begins, or fails"
        before = self._known.get(begun.digest)
        if before is not None:
            same = begun.digest in self._known.maps[0]
            again = f"same content as {before.origin}" if same else "read before"
            yield _as_before(self._report, before, f"{again}: nothing new")
        elif begun.why_not:
            yield self._not_read(begun)
        else:
            yield self._finished(begun)

    def _not_read(self, begun: Begun) -> FileReport:
        """A file nobody may or can read is remembered too, so that the report keeps saying so."""
        notes, size = (NOT_READ + begun.why_not,), self._report.stored_bytes
        record = FileRecord(begun.digest, self._report.origin, begun.name, 0, 0, None, None, size, notes=notes)
        before = self._earlier.get(begun.digest)
        if before is None or before.notes != notes:
            self._remember(record)
        return replace(self._report, skipped=begun.why_not, proposal=begun.proposal)

    def _finished(self, begun: Begun) -> FileReport:
        tally = self._tally
        told = any("clock" in note for note in tally.notes)  # a source that names the line says it better
        notes = (*tally.notes, *(() if told else _doubts(tally.first, tally.last, self._clock)))
        self._remember(
            FileRecord(
                digest=begun.digest,
                origin=self._report.origin,
                format=begun.name,
                events=tally.events,
                rejected=tally.rejected,
                first=tally.first,
                last=tally.last,
                bytes=tally.read_bytes,
                notes=notes,
            )
        )
        return replace(
            self._report,
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

    def _remember(self, record: FileRecord) -> None:
        self._sink.finish_file(record)
        self._known[record.digest] = record


_TITLES: Final = {source.name: source.title for source in ALL}


def _as_before(report: FileReport, before: FileRecord, note: str) -> FileReport:
    """A file read to its end before: nothing to do, and what the first reading said is said again."""
    why = next((n.removeprefix(NOT_READ) for n in before.notes if n.startswith(NOT_READ)), "")
    return replace(
        report,
        format=_TITLES.get(before.format, ""),
        events=before.events,
        rejected=before.rejected,
        first=before.first,
        last=before.last,
        notes=() if why else (*before.notes, note),
        skipped=why,
    )


def _doubts(first: datetime | None, last: datetime | None, clock: Clock) -> tuple[str, ...]:
    """Clock doubts a whole file raises: times no router log of ours can rightly carry."""
    doubts = []
    if first is not None and first.year < EARLIEST_YEAR:
        doubts.append(
            f"clock doubt: earliest time is {first:%Y-%m-%d}: a clock never set, or evidence of before {EARLIEST_YEAR}"
        )
    if last is not None and (last - clock.now()).total_seconds() > 86_400:
        doubts.append(f"clock doubt: latest time is {last:%Y-%m-%d %H:%M} UTC, in the future")
    return tuple(doubts)
