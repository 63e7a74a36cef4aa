"""The lake's index of event ids: a cache beside the parts, rebuilt from them whenever it is missing or torn.

It is saved only after the manifest that names the parts it covers, so it can be behind the lake but never ahead:
an id it knows stands in a part. Parts it does not cover yet are read again when a writer opens.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from seawall.disk.durable import Disk
from seawall.engine.idset import IdSet
from seawall.engine.manifest import Manifest
from seawall.engine.parts import part_trouble

FOLDER: Final = "ids"
_NAME: Final = "index.json"
_READ_ROWS: Final = 65_536


class IdIndex:
    """Answers which events the lake does not hold yet."""

    def __init__(self, lake: Path, manifest: Manifest, disk: Disk) -> None:
        self._folder = lake / FOLDER
        self._parts = lake / "parts"
        self._disk = disk
        disk.make_folder(self._folder)
        self._set, covered = self._restore(manifest)
        for part in manifest.parts:
            if part.name not in covered and ("event_id", "id") in part.shape:
                self._cover(part.name)

    def _restore(self, manifest: Manifest) -> tuple[IdSet, frozenset[str]]:
        """What was saved, and the parts it covers; nothing where that cannot be trusted."""
        ids = IdSet(self._folder, disk=self._disk)
        try:
            saved = json.loads((self._folder / _NAME).read_bytes())
            names, covered, generation = list(saved["runs"]), frozenset(saved["parts"]), int(saved["generation"])
        except (OSError, ValueError, KeyError, TypeError):
            names, covered, generation = [], frozenset(), 0
        if generation > manifest.generation or not ids.restore(names):
            names, covered = [], frozenset()
        for path in sorted(self._folder.iterdir()):
            if path.name not in names and path.name != _NAME:
                self._disk.remove(path)
        return ids, covered

    def _cover(self, name: str) -> None:
        path = self._parts / name
        with part_trouble(path), pq.ParquetFile(path) as part:
            for batch in part.iter_batches(_READ_ROWS, columns=["event_id"]):
                self._set.add(words_of(batch.column(0)))

    def add(self, column: pa.ChunkedArray) -> npt.NDArray[np.bool_]:
        """Remember the ids of an `event_id` column; true where the event is new."""
        pieces = [self._set.add(words_of(chunk)) for chunk in column.chunks]
        return np.concatenate(pieces) if pieces else np.zeros(0, np.bool_)

    def save(self, manifest: Manifest) -> None:
        """Keep the index for the next writer; `manifest` is the one just committed."""
        runs = self._set.flush()
        note = {"generation": manifest.generation, "runs": runs, "parts": [part.name for part in manifest.parts]}
        self._disk.write_file(self._folder / _NAME, json.dumps(note).encode())
        self._set.sweep()


def forget(lake: Path, disk: Disk) -> None:
    """Drop the saved index: the next writer builds it anew from the parts."""
    if (lake / FOLDER).is_dir():
        disk.remove(lake / FOLDER / _NAME)
        disk.sync_folder(lake / FOLDER)


def words_of(column: pa.Array) -> npt.NDArray[np.uint64]:
    """An Arrow column of 16-byte ids as (n, 2) words, without a copy. Raises ValueError where one is null."""
    if column.null_count:
        raise ValueError("an event has no event_id")
    data = column.buffers()[1]
    start = 16 * column.offset
    return np.frombuffer(data, np.uint8)[start : start + 16 * len(column)].view(np.uint64).reshape(-1, 2)
