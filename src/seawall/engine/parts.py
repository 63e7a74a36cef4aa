"""Rows on their way into a Parquet file: gathered until a row group is worth writing, closed when big enough."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seawall.disk.durable import Disk, DurableFile
from seawall.engine.columns import Shape, conform, declared, merged, reshape, shape_of
from seawall.engine.manifest import Part
from seawall.errors import InputError
from seawall.model.events import ColumnType

GROUP_ROWS: Final = 131_072  # rows of a row group
BUFFER_BYTES: Final = 64 << 20  # or this much, whichever comes first: long lines must not fill the memory
_CELL_BYTES: Final = 4  # an empty cell costs this much once tables of different columns are put together
SMALL_ROWS: Final = 4_096  # tables below are put together first
SMALL_BYTES: Final = 8 << 20
PART_BYTES: Final = 256 << 20  # a part is closed when its file is this large
NEVER_REPEATS: Final = frozenset({"event_id", "raw", "message", "attributes", "uid", "origin"})  # no dictionary pays


@contextmanager
def part_trouble(path: Path) -> Iterator[None]:
    """Turn what Arrow says of a part it cannot read into an InputError naming the part and the way out."""
    try:
        yield
    except (pa.ArrowException, OSError) as error:
        raise InputError(
            f"a part of the lake cannot be read: {str(error).splitlines()[0]}",
            where=str(path),
            mend="restore the case from a backup, or make a new case from the same evidence",
        ) from error


class PartWriter:
    """Gathers the rows of one kind and writes them as parts. Not durable before `finish`."""

    def __init__(self, kind: str, schema: int, folder: Path, disk: Disk, name: Callable[[str], str]) -> None:
        self._kind = kind
        self._schema = schema
        self._folder = folder
        self._disk = disk
        self._name = name
        self._columns: dict[str, ColumnType] = {}  # grows with what this session has seen
        self._small: list[pa.Table] = []  # of one schema
        self._small_rows = 0
        self._small_bytes = 0
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0
        self._waiting_bytes = 0
        self._open: _OpenPart | None = None
        self._done: list[Part] = []
        self.clashes: dict[str, int] = {}

    def add(self, table: pa.Table) -> None:
        """Take rows in; writes a row group when enough have gathered."""
        if self._small and self._small[0].schema != table.schema:
            self._take_small()
        most = min(SMALL_ROWS, GROUP_ROWS)
        if table.num_rows >= most:
            self._take_small()
            self._take(table)
            return
        self._small.append(table)
        self._small_rows += table.num_rows
        self._small_bytes += table.nbytes
        if self._small_rows >= most or self._small_bytes >= min(SMALL_BYTES, BUFFER_BYTES):
            self._take_small()

    def _take_small(self) -> None:
        """Small tables as one: what a table costs, it costs whatever its size, and small files come in thousands."""
        if self._small:
            table = pa.concat_tables(self._small)
            self._small, self._small_rows, self._small_bytes = [], 0, 0
            self._take(table)

    def _take(self, table: pa.Table) -> None:
        table, clashes = conform(self._kind, table, self._columns)
        for name, rows in clashes.items():
            self.clashes[name] = self.clashes.get(name, 0) + rows
        columns = merged([tuple(self._columns.items()), shape_of(table)])
        if columns != self._columns:
            self._columns = _in_order(self._kind, columns)
        self._waiting.append(table)
        self._waiting_rows += table.num_rows
        self._waiting_bytes += table.nbytes
        cells = self._waiting_rows * len(self._columns)
        if self._waiting_rows >= GROUP_ROWS or self._waiting_bytes + cells * _CELL_BYTES >= BUFFER_BYTES:
            self._write_group()

    def finish(self) -> list[Part]:
        """Put everything on the disk; returns the parts made since the last call."""
        self._take_small()
        if self._waiting:
            self._write_group()
        self._close_part()
        made, self._done = self._done, []
        return made

    @property
    def busy(self) -> bool:
        """Whether rows were taken in that no finished part holds."""
        return bool(self._small or self._waiting or self._open)

    def abandon(self) -> None:
        """Forget what is not finished; the next writer removes the torn file."""
        self._small.clear()
        self._waiting.clear()
        if self._open is not None:
            self._open.abandon()
            self._open = None

    def _write_group(self) -> None:
        table = pa.concat_tables([reshape(table, self._columns) for table in self._waiting])
        self._waiting, self._waiting_rows, self._waiting_bytes = [], 0, 0
        shape = tuple(self._columns.items())
        if self._open is not None and self._open.shape != shape:
            self._close_part()
        if self._open is None:
            self._open = _OpenPart(self._folder / self._name(self._kind), self._disk, shape)
        self._open.write(table)
        if self._open.bytes >= PART_BYTES:
            self._close_part()

    def _close_part(self) -> None:
        if self._open is not None:
            self._done.append(self._open.finish(self._kind, self._schema))
            self._open = None


class _OpenPart:
    """One Parquet file being written."""

    def __init__(self, path: Path, disk: Disk, shape: Shape) -> None:
        self._path = path
        self.shape = shape
        self._rows = 0
        self._first: datetime | None = None
        self._last: datetime | None = None
        self._file: DurableFile = disk.create(path)
        self._arrow = pa.PythonFile(self._file, mode="w")
        schema = reshape(pa.table({}), dict(shape)).schema
        self._writer = pq.ParquetWriter(
            self._arrow,
            schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=[name for name, word in shape if word == "text" and name not in NEVER_REPEATS],
            write_statistics=["time", "received"],
        )

    @property
    def bytes(self) -> int:
        """Octets written so far."""
        return self._file.tell()

    def write(self, table: pa.Table) -> None:
        """Write one row group."""
        self._writer.write_table(table, row_group_size=max(table.num_rows, 1))
        self._rows += table.num_rows
        if "time" in table.column_names:
            span = pc.min_max(table.column("time")).as_py()
            self._first = min((m for m in (self._first, span["min"]) if m), default=None)
            self._last = max((m for m in (self._last, span["max"]) if m), default=None)

    def finish(self, kind: str, schema: int) -> Part:
        """Close the file and wait until it is on the disk."""
        self._writer.close()
        self._file.sync()
        size = self._file.tell()
        self._file.close()
        return Part(self._path.name, kind, schema, self._rows, size, _utc(self._first), _utc(self._last), self.shape)

    def abandon(self) -> None:
        """Close what is open, whatever state it is in."""
        self._file.close()


def _in_order(kind: str, columns: Mapping[str, ColumnType]) -> dict[str, ColumnType]:
    """The model's columns first and in its order, then the others by name."""
    place = {name: number for number, name in enumerate(declared(kind))}
    return {name: columns[name] for name in sorted(columns, key=lambda name: (place.get(name, len(place)), name))}


def _utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment else None
