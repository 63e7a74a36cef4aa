"""Keeping a lake in shape: small parts merged, old events dropped, leftovers removed.

Nothing here changes what a reader sees halfway: new parts are written first, the manifest then swaps them in, and a
part that was swapped out is removed by a later writer, when nobody reads any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seawall.disk import locks
from seawall.disk.durable import Disk
from seawall.engine import manifest
from seawall.engine.manifest import Drop, Manifest, Part
from seawall.engine.parts import PartWriter, part_trouble

SMALL_BYTES: Final = 64 << 20  # parts below this are worth merging
FAN_IN: Final = 16  # parts of about one size that are merged as soon as there are so many
FILES: Final = "_files"  # the kind in which the lake notes the files it has read
_READ_ROWS: Final = 65_536

Namer = Callable[[str], str]


def sweep(folder: Path, current: Manifest, disk: Disk) -> Manifest:
    """Remove files no snapshot names. Retired parts go too, unless a reader may still hold them."""
    named = {part.name for part in current.parts} | set(current.retired)
    for path in sorted((folder / "parts").iterdir()):
        if path.name not in named:
            disk.remove(path)
    if not current.retired:
        return current
    alone = locks.lock_out_readers(folder)
    if alone is None:
        return current
    try:
        following = replace(current, generation=current.generation + 1, retired=())
        manifest.save(folder, following, disk)
        for name in current.retired:
            disk.remove(folder / "parts" / name)
        return following
    finally:
        alone.release()


def small_parts(current: Manifest, kind: str) -> tuple[Part, ...]:
    """The kind's parts worth merging: small, and of one schema version."""
    small = [part for part in current.of_kind(kind) if part.bytes < SMALL_BYTES]
    return tuple(part for part in small if part.schema == small[-1].schema)


def full_tier(current: Manifest, kind: str) -> tuple[Part, ...]:
    """Small parts of about one size, once there are many; else none.

    Merging like with like rewrites a row a few times at most, however many commits there are.
    """
    tiers: dict[int, list[Part]] = {}
    for part in small_parts(current, kind):
        tiers.setdefault(part.bytes.bit_length() // 4, []).append(part)
    return next((tuple(tier) for tier in tiers.values() if len(tier) >= FAN_IN), ())


def merged_parts(folder: Path, parts: Iterable[Part], disk: Disk, name: Namer) -> list[Part]:
    """Write the rows of several parts of one kind and schema into as few as hold them; returns those."""
    parts = list(parts)
    writer = PartWriter(parts[0].kind, parts[0].schema, folder / "parts", disk, name)
    for part in parts:
        for table in _tables(folder / "parts" / part.name):
            writer.add(table)
    return writer.finish()


def retained(
    folder: Path, current: Manifest, older_than: datetime | None, why: str, now: datetime, disk: Disk, name: Namer
) -> Manifest:
    """The snapshot without events before `older_than`; what went, and why, is written in its `drops`.

    Kinds without a `time` (the lake's own notes) and events without one stay. Where the line moves back, files that
    reach before the old one are no longer held to have been read: reading them again brings the rest.
    """
    gone: list[str] = []
    made: list[Part] = []
    rows: dict[str, int] = {}
    for part in current.parts:
        if older_than is None or part.first is None or part.first >= older_than:
            continue
        gone.append(part.name)
        kept = _not_before(folder, part, "time", older_than, disk, name)
        made += kept
        rows[part.kind] = rows.get(part.kind, 0) + part.rows - sum(one.rows for one in kept)
    before = current.retained_from
    if before is not None and (older_than is None or older_than < before):
        for part in current.of_kind(FILES):
            gone.append(part.name)
            made += _not_before(folder, part, "first", before, disk, name)
    drops = [Drop(now, kind, count, older_than, why) for kind, count in sorted(rows.items()) if older_than]
    return current.following(add=made, drop=gone, retained_from=older_than, drops=(*current.drops, *drops))


def _not_before(folder: Path, part: Part, column: str, moment: datetime, disk: Disk, name: Namer) -> list[Part]:
    """The part again, without rows whose `column` is before that moment."""
    line = pa.scalar(moment, pa.timestamp("us", tz="UTC"))
    writer = PartWriter(part.kind, part.schema, folder / "parts", disk, name)
    for table in _tables(folder / "parts" / part.name):
        kept = table
        if column in table.column_names:
            kept = table.filter(pc.fill_null(pc.greater_equal(table.column(column), line), True))
        if kept.num_rows:
            writer.add(kept)
    return writer.finish()


def _tables(path: Path) -> Iterable[pa.Table]:
    with part_trouble(path), pq.ParquetFile(path) as part:
        for batch in part.iter_batches(_READ_ROWS):
            yield pa.Table.from_batches([batch])
