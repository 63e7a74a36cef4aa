"""The lake: every event of a case, as Parquet files under a manifest.

    lake/manifest.json   names what is in the lake; replaced in one step
    lake/parts/          Parquet, one kind per file, zstd, row groups of about 131,000 rows
    lake/ids/            index of event ids, a cache that can be deleted
    lake/*.lock          who writes, who reads

Any tool that reads Parquet can read the parts; the manifest says which of them count.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from seawall.disk import locks
from seawall.disk.durable import Disk, disk_trouble
from seawall.engine import manifest, snapshot, views
from seawall.engine.gathered import PIECE_ROWS, gathered
from seawall.engine.manifest import Manifest
from seawall.engine.parts import part_trouble
from seawall.engine.records import FileRecord, RejectRow
from seawall.engine.tasks import side_by_side, tasks_at_once
from seawall.engine.upgrades import UPGRADES, Upgrade
from seawall.engine.writer import FILES, PARTS, REJECTS, LakeWriter
from seawall.errors import InputError
from seawall.model.clock import Clock, SystemClock
from seawall.model.site import Site

if TYPE_CHECKING:
    import duckdb

    from seawall.engine.ibis_duckdb import LakeBackend


@dataclass(frozen=True, slots=True)
class _Opened:
    """A database with the views of one snapshot laid out, as one site file names its devices."""

    generation: int
    site: Site
    database: duckdb.DuckDBPyConnection
    schemas: dict[str, Any]  # of views, as far as Ibis asked


class Lake:
    """The events of one case. Readers see the snapshot that is current when they connect; one writer at a time."""

    def __init__(
        self,
        folder: Path,
        *,
        clock: Clock | None = None,
        memory_mb: int = 768,
        disk: Disk | None = None,
        upgrades: Mapping[tuple[str, int], Upgrade] = UPGRADES,
    ) -> None:
        """Open the lake at `folder`, or lay out an empty one there.

        `memory_mb` bounds what one query may hold; `disk` and `upgrades` are the tests' business.

        Raises:
            InputError: the folder cannot be made or its manifest not read.
        """
        self.folder = folder.absolute()
        self._clock = clock or SystemClock()
        self._memory_mb = memory_mb
        self._disk = disk or Disk()
        self._upgrades = upgrades
        self._reading: locks.Lock | None = None
        self._last: _Opened | None = None
        self._portion: tuple[Manifest, frozenset[str]] | None = None
        self._digests: tuple[int, dict[str, FileRecord]] = (-1, {})
        if not (self.folder / PARTS).is_dir():
            with disk_trouble(self.folder):
                self._disk.make_folder(self.folder)
                self._disk.make_folder(self.folder / PARTS)
        self.manifest()  # a damaged one is said now, not in the middle of a hunt

    def manifest(self) -> Manifest:
        """The current snapshot. Raises InputError if it is damaged."""
        return manifest.load(self.folder)

    def manifest_bytes(self) -> bytes:
        """The current snapshot as it lies on the disk, for a digest; empty before the first commit."""
        path = self.folder / manifest.NAME
        return path.read_bytes() if path.exists() else b""

    def writer(self) -> LakeWriter:
        """Become the one writer, as a context manager. Raises InputError saying who holds the lake."""
        return LakeWriter(self.folder, clock=self._clock, disk=self._disk)

    def kinds(self) -> dict[str, int]:
        """Event kind → rows in the current snapshot; kinds without rows are left out."""
        return {kind: rows for kind, rows in sorted(self.manifest().kinds.items()) if not kind.startswith("_")}

    def connect(self, site: Site | None = None) -> duckdb.DuckDBPyConnection:
        """A DuckDB connection of its own on the current snapshot: kinds and canonical views by their names.

        It can read the lake's parts and no other file, cannot write, and its settings are locked. Use
        `con.sql(...)` and Arrow results: `to_arrow_table()`, `to_arrow_reader(rows)`. Times come out in UTC.
        """
        return self._opened(site or Site()).database.cursor()

    def _opened(self, site: Site) -> _Opened:
        """A database on the current snapshot, kept for the next who asks: laying out all views takes a while."""
        current = self.hold()
        if (kept := self._last) is None or (kept.generation, kept.site) != (current.generation, site):
            kept = self._last = _Opened(current.generation, site, self._laid_out(current, site), {})
        return kept

    def _laid_out(self, current: Manifest, site: Site) -> duckdb.DuckDBPyConnection:
        import duckdb

        con = duckdb.connect(
            ":memory:",
            config={
                "memory_limit": f"{self._memory_mb}MB",
                "temp_directory": str(self.folder / "spill"),
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "preserve_insertion_order": "false",
                "threads": str(_threads()),
            },
        )
        con.execute("SET GLOBAL TimeZone = 'UTC'")  # for every cursor
        con.execute(
            "SET GLOBAL python_enable_replacements = false"
        )  # a name is never looked up among Python's variables
        known: dict[str, dict[str, Any]] = {}
        for kind in snapshot.kind_names(current):
            known[kind] = dict(snapshot.kind_columns(current, kind, self._upgrades))
            only = self._portion[1] if self._portion is not None else None
            select = snapshot.kind_select(self.folder, current, kind, self._upgrades, only)
            con.execute(f"CREATE VIEW {snapshot.quoted(kind)} AS {select}")
        views.create(con, known, site)
        allowed = ", ".join(snapshot.literal(str(self.folder / PARTS / part.name)) for part in current.parts)
        con.execute(f"SET allowed_paths = [{allowed}]")
        con.execute("SET enable_external_access = false")
        con.execute("SET lock_configuration = true")
        return con

    def hold(self) -> Manifest:
        """The current snapshot, its parts safe from removal for as long as this lake object lives."""
        if self._reading is None:
            self._reading = locks.lock_reader(self.folder)
        return self.manifest() if self._portion is None else self._portion[0]

    def portion(self, of: Manifest, names: frozenset[str]) -> Lake:
        """This lake as if it held only some parts of one of its snapshots, with the columns of all; to read from.

        `of` is what `hold` gave; the portion is good for as long as this lake object is.
        """
        made = copy.copy(self)
        made._portion = (of, names)
        made._last = None
        return made

    def ibis(self, site: Site | None = None) -> LakeBackend:
        """An Ibis backend over the same views, for analytics; its rows come best by `to_pyarrow_batches`."""
        from seawall.engine.ibis_duckdb import backend

        kept = self._opened(site or Site())
        return backend(kept.database.cursor(), kept.schemas)

    def batches(
        self, view: str, *, columns: Sequence[str] | None = None, site: Site | None = None, rows: int = 100_000
    ) -> Iterator[pa.RecordBatch]:
        """The rows of a kind or view, in bounded pieces, in no particular order.

        Raises:
            InputError: there is no such view or column.
        """
        import duckdb

        con = self.connect(site)
        wanted = ", ".join(map(snapshot.quoted, columns)) if columns is not None else "*"
        try:
            try:
                relation = con.sql(f"SELECT {wanted} FROM {snapshot.quoted(view)}")  # noqa: S608 - names are quoted
            except duckdb.Error as error:
                raise InputError(str(error).splitlines()[0], where=view, mend="see docs/reference for views") from error
            try:
                yield from relation.to_arrow_reader(rows)
            except (duckdb.Error, OSError) as error:  # Arrow hands on what DuckDB says midway as an OSError
                raise InputError(
                    str(error).splitlines()[0], where=view, mend="give more memory: memory_mb in seawall.toml"
                ) from error
        finally:
            con.close()

    def mapped(
        self,
        view: str,
        task: Callable[[Any], pa.RecordBatch],
        *,
        columns: Sequence[str],
        site: Site | None = None,
        rows: int = 100_000,
    ) -> Iterator[tuple[int, pa.RecordBatch]]:
        """What `task` makes of each batch of a view, in order, with how many rows the batch had.

        Tasks run in threads, one for each core up to `MAX_TASKS`: what they do in Arrow and numpy runs side by side.
        A task that says `takes_gathered` is given `Gathered` batches. Raises as `batches` does.
        """
        if not getattr(task, "takes_gathered", False):
            yield from side_by_side(task, self.batches(view, columns=columns, site=site, rows=rows))
            return
        small = self.batches(view, columns=columns, site=site, rows=PIECE_ROWS)
        yield from side_by_side(task, gathered(small, rows // tasks_at_once()))

    def ingested(self, digest: str) -> FileRecord | None:
        """The record of a file that was read to its end, by the SHA-256 of its decompressed content."""
        return self._by_digest().get(digest)

    def read_before(self) -> Mapping[str, FileRecord]:
        """Every file that was read to its end, by the SHA-256 of its decompressed content."""
        return self._by_digest()

    def files(self) -> list[FileRecord]:
        """Every file that was read to its end, in order of origin."""
        return sorted(self._by_digest().values(), key=lambda record: record.origin)

    def _by_digest(self) -> dict[str, FileRecord]:
        current = self.manifest()
        if self._digests[0] != current.generation:
            rows = [row for part in current.of_kind(FILES) for row in self._rows(part.name)]
            records = (_file_record(row) for row in rows)
            self._digests = (current.generation, {record.digest: record for record in records})
        return self._digests[1]

    def rejects(self, limit: int = 1_000) -> list[RejectRow]:
        """Records that could not be read: at most `limit` of them, first come first.

        A file that was read twice because a run was cut short says the same thing once.
        """
        found: dict[RejectRow, None] = {}
        for part in self.manifest().of_kind(REJECTS):
            for row in self._rows(part.name):
                if len(found) >= limit:
                    return list(found)
                found[RejectRow(row["where"], row["what"])] = None
        return list(found)

    def _rows(self, name: str) -> list[dict[str, Any]]:
        path = self.folder / PARTS / name
        with part_trouble(path):
            rows: list[dict[str, Any]] = pq.read_table(path).to_pylist()
        return rows

    def compact(self) -> None:
        """Merge small parts into large ones. Raises InputError if somebody writes, or the disk refuses."""
        with self.writer() as writer:
            writer.compact()

    def retain(self, older_than: datetime, legal_hold: bool) -> int:
        """Drop events before `older_than` (UTC) and take in none from before it again; returns rows dropped.

        Under a legal hold nothing is dropped, and the line is taken away so that older evidence can come in.
        The manifest keeps what went and why. Raises InputError if somebody writes, or the disk refuses.
        """
        with self.writer() as writer:
            return writer.retain(None if legal_hold else older_than, "legal hold" if legal_hold else "retention")

    def close(self) -> None:
        """Let go of the snapshot: a later writer may remove parts it no longer names."""
        if self._reading is not None:
            self._reading.release()
            self._reading = None


def _file_record(row: Mapping[str, Any]) -> FileRecord:
    notes = tuple(row.get("notes", "").split("\n")) if row.get("notes") else ()
    return FileRecord(
        digest=row["digest"],
        origin=row["origin"],
        format=row["format"],
        events=row["events"],
        rejected=row["rejected"],
        first=row.get("first"),
        last=row.get("last"),
        bytes=row["bytes"],
        notes=notes,
    )


def _threads() -> int:
    import os

    return max(1, min(len(os.sched_getaffinity(0)), 8))
