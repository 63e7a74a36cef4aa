"""The files of `remembering`: rows noticed, as Parquet, with what was asked of which parts in the file's own notes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from seawall.detect.noticing import RULE
from seawall.disk.durable import TEMPORARY, Disk, DurableFile, disk_trouble

FORMAT: Final = 1
MOST_ROWS: Final = 20_000_000  # kept of one view; beyond that everything is asked each time
_NOTE: Final = b"seawall.asked"
_READ_ROWS: Final = 65_536


@dataclass(frozen=True)
class Memory:
    """What was asked of a view: every question of `keys` of every part of `parts`."""

    basis: str  # digest of program and site
    generation: int  # of the lake
    drops: int  # how often retention had dropped events
    parts: frozenset[str]  # name:rows:bytes, of every kind
    keys: tuple[str, ...]  # the rows' RULE is a place in here
    kept: tuple[str, ...]  # columns of the rows
    types: Mapping[str, str]  # of all columns the view had
    path: Path | None = None

    def rows(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The rows noticed, in bounded pieces."""
        assert self.path is not None, "only what was loaded has rows"
        with pq.ParquetFile(self.path) as file:
            if file.metadata.num_rows:
                yield from file.iter_batches(_READ_ROWS, columns=None if columns is None else list(columns))


def load(path: Path, now: Memory) -> tuple[Memory | None, str]:
    """What is kept at `path`, and why not if it is no use to a hunt that knows `now`."""
    try:
        with pq.ParquetFile(path) as file:
            note = json.loads((file.metadata.metadata or {})[_NOTE])
        if note.pop("format") != FORMAT:
            return None, "kept by another version"
        note["parts"], note["keys"], note["kept"] = frozenset(note["parts"]), tuple(note["keys"]), tuple(note["kept"])
        before = Memory(**note, path=path)
        return _fits(before, now)
    except FileNotFoundError:
        return None, "never asked before"
    except (OSError, pa.ArrowException, ValueError, KeyError, TypeError):
        return None, "what was kept cannot be read"


def _fits(before: Memory, now: Memory) -> tuple[Memory | None, str]:
    if before.basis != now.basis:
        return None, "the site file, the program or a library changed"
    if before.generation > now.generation:
        return None, "the lake is older than what was kept"
    if any(now.types.get(name, word) != word for name, word in before.types.items()):
        return None, "a column changed its type"
    if any(name not in before.kept and name in before.types for name in now.kept):
        return None, "a correlation asks for further columns"
    return before, ""


class Writing:
    """A file being written, as a context manager; without `finish` the one before stays."""

    def __init__(self, path: Path, memory: Memory, numbers: Sequence[int], disk: Disk) -> None:
        """`numbers` are the questions' numbers in the rows that come, in the order of `memory.keys`."""
        self._path = path
        self._disk = disk
        note: dict[str, Any] = {**asdict(memory), "parts": sorted(memory.parts), "format": FORMAT}
        note.pop("path")
        self._note = {_NOTE: json.dumps(note).encode()}
        self._places = pa.array(range(len(numbers)), pa.int32())
        self._numbers = pa.array(numbers, pa.int32())
        self._file: DurableFile | None = None
        self._writer: pq.ParquetWriter | None = None
        self._rows = 0

    def add(self, batch: pa.RecordBatch) -> None:
        """Keep rows."""
        self._rows += batch.num_rows
        if not batch.num_rows or self._rows > MOST_ROWS:
            return
        with disk_trouble(self._path):
            writer = self._writer or self._open(_plain(batch.schema))
            at = pc.index_in(batch.column(RULE), self._numbers)
            columns = [at if name == RULE else batch.column(name) for name in batch.schema.names]
            named = pa.RecordBatch.from_arrays(columns, names=batch.schema.names)
            writer.write_batch(named.select(writer.schema.names).cast(writer.schema))

    def _open(self, schema: pa.Schema) -> pq.ParquetWriter:
        self._disk.make_folder(self._path.parent)
        self._file = self._disk.create(self._path.with_name(self._path.name + TEMPORARY))
        sink = pa.PythonFile(self._file, mode="w")
        self._writer = pq.ParquetWriter(sink, schema.with_metadata(self._note), compression="zstd", compression_level=1)
        return self._writer

    def finish(self) -> None:
        """Put the file in place. One with too many rows is none: the next hunt asks everything."""
        with disk_trouble(self._path):
            if self._rows > MOST_ROWS:
                self._disk.remove(self._path)
                return
            writer = self._writer or self._open(pa.schema([pa.field(RULE, pa.int32())]))
            writer.close()
            assert self._file is not None
            self._file.sync()
            self._file.close()
            self._disk.replace(self._file.path, self._path)
            self._disk.sync_folder(self._path.parent)
            self._file = None

    def __enter__(self) -> Writing:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            self._file.close()
            self._disk.remove(self._file.path)


def _plain(schema: pa.Schema) -> pa.Schema:
    """The schema without dictionaries: pieces bring their own."""
    fields = (pa.field(f.name, f.type.value_type if pa.types.is_dictionary(f.type) else f.type) for f in schema)
    return pa.schema(list(fields))
