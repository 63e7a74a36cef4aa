"""Filling the lake: rows go in once, and nothing is visible before `commit`.

The order that makes a crash harmless: parts are written and synced under names nobody knows, then the manifest that
names them is replaced in one step, then the index of ids is saved. What a crash leaves over is removed by the next
writer, under the same lock.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.disk import locks
from seawall.disk.durable import Disk, disk_trouble
from seawall.engine import ids, manifest, upkeep
from seawall.engine.manifest import Manifest, Part
from seawall.engine.parts import PartWriter
from seawall.engine.records import FileRecord, RejectLike
from seawall.engine.upgrades import SCHEMAS
from seawall.errors import InputError
from seawall.model.clock import Clock

FILES: Final = upkeep.FILES
REJECTS: Final = "_rejects"
PARTS: Final = "parts"
_KIND: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_TIME: Final = pa.timestamp("us", tz="UTC")
_FILE_COLUMNS: Final = pa.schema(
    [
        ("digest", pa.string()),
        ("origin", pa.string()),
        ("format", pa.string()),
        ("events", pa.int64()),
        ("rejected", pa.int64()),
        ("first", _TIME),
        ("last", _TIME),
        ("bytes", pa.int64()),
        ("notes", pa.string()),
    ]
)
_KEPT_REJECTS: Final = 10_000  # gathered before they are handed on


class LakeWriter:
    """The lake's one writer, used as a context manager. Leaving it without `commit` forgets what came since."""

    def __init__(self, folder: Path, *, clock: Clock, disk: Disk) -> None:
        self._folder = folder
        self._disk = disk
        self._clock = clock
        with disk_trouble(folder):
            disk.make_folder(folder / PARTS)
        self._lock = locks.lock_writer(folder, clock)
        self._parts: dict[str, PartWriter] = {}
        self._rejects: list[tuple[str, str]] = []
        self._files: list[FileRecord] = []
        self._refused = 0
        self._named = 0
        self._dirty = False
        self._broken = False
        self.tidies = True  # after each commit; who looks at what just came tidies up before the next
        self.came: list[str] = []  # parts this writer's commits brought
        try:
            self._manifest = manifest.load(folder)
            with disk_trouble(folder):
                self._manifest = upkeep.sweep(folder, self._manifest, disk)
                self._ids = ids.IdIndex(folder, self._manifest, disk)
        except BaseException:
            self._lock.release()
            raise

    def add(self, kind: str, table: pa.Table) -> int:
        """Take in rows of a kind; returns how many the lake did not know yet.

        Rows with an `event_id` already in the lake, or in this writer, are left out; so are rows older than what
        retention keeps (the manifest counts them as `refused_rows`).

        Raises:
            InputError: the disk refuses, or the table has no `event_id`.
        """
        if not table.num_rows:
            return 0
        if "event_id" not in table.column_names or table.schema.field("event_id").type != pa.binary(16):
            raise InputError(f"{kind}: events need a 16-byte event_id", where=kind, mend="mend the source")
        table = self._young_enough(table)
        with self._all_or_nothing():
            fresh = self._ids.add(table.column("event_id"))
            new = int(np.count_nonzero(fresh))
            if new:
                self._append(kind, table if new == table.num_rows else table.filter(pa.array(fresh)))
        return new

    def reject(self, rejects: Iterable[RejectLike]) -> None:
        """Keep what could not be read, for the report."""
        self._rejects += [(reject.where, reject.what) for reject in rejects]
        if len(self._rejects) >= _KEPT_REJECTS:
            with self._all_or_nothing():
                self._hand_on_rejects()

    def finish_file(self, record: FileRecord) -> None:
        """A file was read to its end; after `commit`, `Lake.ingested` knows its digest."""
        self._files.append(record)

    def commit(self) -> None:
        """Make everything so far visible and durable, in one step. Does nothing if there is nothing new.

        Raises:
            InputError: the disk refuses; the lake stays as the last commit left it.
        """
        with self._all_or_nothing():
            self._hand_on_rejects()
            self._hand_on_files()
            made = [part for writer in self._parts.values() for part in writer.finish()]
            if not made and not self._refused:
                return
            self._disk.sync_folder(self._folder / PARTS)
            self._publish(
                self._manifest.following(
                    add=made, clashes=self._clashes(), refused_rows=self._manifest.refused_rows + self._refused
                )
            )
            self.came += [part.name for part in made]
            self._refused = 0
            self._dirty = True
        if self.tidies:
            self.tidy()

    def tidy(self) -> None:
        """Merge parts when commits have left many small ones, so that no lake falls to crumbs."""
        with self._all_or_nothing():
            for kind in self._manifest.kinds:
                while tier := upkeep.full_tier(self._manifest, kind):
                    self._merge(tier)
                    self._dirty = True

    def _merge(self, parts: tuple[Part, ...]) -> None:
        """Replace parts of one kind by fewer that hold the same rows; old ones wait for readers that know them."""
        made = upkeep.merged_parts(self._folder, parts, self._disk, self._part_name)
        self._disk.sync_folder(self._folder / PARTS)
        self._publish(self._manifest.following(add=made, drop=[part.name for part in parts]))

    def compact(self) -> None:
        """Merge every small part there is. Raises InputError if the disk refuses."""
        with self._all_or_nothing():
            for kind in self._manifest.kinds:
                small = upkeep.small_parts(self._manifest, kind)
                if len(small) > 1:
                    self._merge(small)
            self._dirty = True

    def retain(self, older_than: datetime | None, why: str) -> int:
        """Drop events before that moment and take none in from before it; None takes the line away again.

        Returns the rows dropped. Events without a time stay. Raises InputError if the disk refuses.
        """
        with self._all_or_nothing():
            before = sum(self._manifest.kinds.values())
            ids.forget(self._folder, self._disk)  # it still knows what is about to go
            after = upkeep.retained(
                self._folder, self._manifest, older_than, why, self._clock.now(), self._disk, self._part_name
            )
            self._disk.sync_folder(self._folder / PARTS)
            self._publish(after)
            self._ids = ids.IdIndex(self._folder, after, self._disk)
            self._dirty = True
        return before - sum(after.kinds.values())

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """After one failure this writer takes nothing more: it no longer knows which rows are where."""
        if self._broken:
            raise InputError(
                "this writer failed before", where=str(self._folder), mend="open a new one and read the files again"
            )
        self._broken = True
        with disk_trouble(self._folder):
            yield
        self._broken = False

    def _publish(self, following: Manifest) -> None:
        manifest.save(self._folder, following, self._disk)
        self._manifest = following
        self._named = 0

    def _append(self, kind: str, table: pa.Table) -> None:
        if kind not in self._parts:
            if not _KIND.fullmatch(kind):
                raise InputError(f"{kind!r} cannot name an event kind", mend="use lower-case letters, digits and _")
            schema = SCHEMAS.get(kind, 1)
            self._parts[kind] = PartWriter(kind, schema, self._folder / PARTS, self._disk, self._part_name)
        self._parts[kind].add(table)

    def _part_name(self, kind: str) -> str:
        self._named += 1
        return f"{kind}-{self._manifest.generation + 1:08d}-{self._named:04d}.parquet"

    def _young_enough(self, table: pa.Table) -> pa.Table:
        line = self._manifest.retained_from
        if line is None or "time" not in table.column_names:
            return table
        kept = table.filter(pc.fill_null(pc.greater_equal(table.column("time"), pa.scalar(line, _TIME)), True))
        self._refused += table.num_rows - kept.num_rows
        return kept

    def _hand_on_rejects(self) -> None:
        if self._rejects:
            where, what = zip(*self._rejects, strict=True)
            self._rejects = []
            self._append(REJECTS, pa.table({"where": pa.array(where), "what": pa.array(what)}))

    def _hand_on_files(self) -> None:
        if self._files:
            rows = [
                {name: getattr(record, name) for name in _FILE_COLUMNS.names} | {"notes": "\n".join(record.notes)}
                for record in self._files
            ]
            self._files = []
            self._append(FILES, pa.Table.from_pylist(rows, schema=_FILE_COLUMNS))

    def _clashes(self) -> dict[str, int]:
        counts = dict(self._manifest.clashes)
        for kind, writer in self._parts.items():
            for column, rows in writer.clashes.items():
                counts[f"{kind}.{column}"] = counts.get(f"{kind}.{column}", 0) + rows
            writer.clashes.clear()
        return counts

    def close(self) -> None:
        """Save the index of what was committed, and let the next writer in."""
        for writer in self._parts.values():
            writer.abandon()
        self._lock.release()

    def __enter__(self) -> LakeWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None and self._dirty and not self._broken and not self._uncommitted():
                with disk_trouble(self._folder):
                    self._ids.save(self._manifest)
        finally:
            self.close()

    def _uncommitted(self) -> bool:
        """Whether the index knows ids that no committed part holds."""
        return any(writer.busy for writer in self._parts.values())
