"""An exact set of 16-byte ids that stays small in memory, however many there are.

Ids live in sorted *runs*; four runs of a size are merged into one of the next (a log-structured merge tree), so
each id is rewritten a handful of times only. Runs of a million ids and more lie in memory-mapped files. A Bloom
filter, 64 bits of it at a time, answers most "never seen" at once; what it lets through is looked up in the runs,
so the answer is exact. Ids are compared as two 64-bit numbers: no byte, zero or not, is ever lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from seawall.disk.durable import Disk
from seawall.disk.rooms import IDS, Room
from seawall.engine.bloom import Bloom
from seawall.engine.runs import Run, from_batch, merge

Words = npt.NDArray[np.uint64]

FAN_IN: Final = 4  # runs of one size that become one of the next
ON_DISK_FROM: Final = 1 << 20  # ids; smaller runs stay in memory
_SMALLEST: Final = 1 << 12  # runs up to this size are of the first level


class IdSet:
    """Remembers ids. `folder` holds the large runs; without one, a temporary folder does once there are many."""

    def __init__(
        self, folder: Path | None = None, *, disk: Disk | None = None, on_disk_from: int = ON_DISK_FROM
    ) -> None:
        self._folder = folder
        self._room: Room | None = None
        self._on_disk_from = on_disk_from
        self._disk = disk or Disk()
        self._runs: list[Run] = []
        self._bloom = Bloom()
        self._count = 0
        self._made = 0
        self._obsolete: list[Path] = []
        if folder is not None:
            self._disk.make_folder(folder)

    def __len__(self) -> int:
        return self._count

    def add(self, ids: Sequence[bytes] | npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
        """Remember ids; says for each whether it was new.

        An id that stands twice in one call is new at its first place only. `ids` are 16-byte strings, an `S16`
        array, or an (n, 2) array of 64-bit words in the machine's byte order.
        """
        words = as_words(ids)
        if not len(words):
            return np.zeros(0, np.bool_)
        batch, order, first = from_batch(words)
        fresh = first.copy()
        maybe = np.flatnonzero(first & self._bloom.may_hold(batch.high, batch.low))
        if len(maybe):
            fresh[maybe[self._known(batch.high[maybe], batch.low[maybe])]] = False
        if fresh.any():
            self._keep(Run(batch.high[fresh], batch.low[fresh]))
        answer = np.empty(len(words), np.bool_)
        answer[order] = fresh
        return answer

    def _known(self, high: Words, low: Words) -> npt.NDArray[np.bool_]:
        """Which of these sorted ids stand in a run."""
        found = np.zeros(len(high), np.bool_)
        for run in sorted(self._runs, key=len, reverse=True):
            left = np.flatnonzero(~found)
            if not len(left):
                break
            found[left[run.holds(high[left], low[left])]] = True
        return found

    def _keep(self, run: Run) -> None:
        self._count += len(run)
        if self._bloom.wants(self._count):
            self._bloom.grow(self._count)
            for old in self._runs:
                for high, low in old.blocks():
                    self._bloom.add(high, low)
        self._bloom.add(run.high, run.low)
        self._runs.append(run)
        self._settle()

    def _settle(self) -> None:
        """Merge while some level holds too many runs."""
        while True:
            levels: dict[int, list[Run]] = {}
            for run in self._runs:
                levels.setdefault(_level(len(run)), []).append(run)
            full = [runs for _, runs in sorted(levels.items()) if len(runs) >= FAN_IN]
            if not full:
                return
            together = full[0]
            total = sum(map(len, together))
            made = merge(together, self._disk, self._run_path() if self._to_disk(total) else None)
            self._obsolete += [run.path for run in together if run.path is not None]
            self._runs = [run for run in self._runs if run not in together] + [made]
            if self._room is not None:
                self.sweep()

    def _to_disk(self, count: int) -> bool:
        return count >= self._on_disk_from

    def _run_path(self) -> Path:
        if self._folder is None:
            self._room = Room(IDS)
            self._folder = self._room.folder
        while True:
            self._made += 1
            path = self._folder / f"{self._made:08d}.ids"
            if not path.exists():
                return path

    def flush(self) -> list[str]:
        """Put all runs on disk; returns their file names. They can be given to `restore` later."""
        assert self._folder is not None
        in_memory = [run for run in self._runs if run.path is None]
        if in_memory:
            made = merge(in_memory, self._disk, self._run_path())
            self._runs = [run for run in self._runs if run.path is not None] + [made]
        names = [run.path.name for run in self._runs if run.path is not None]
        self._disk.sync_folder(self._folder)
        return names

    def restore(self, names: Sequence[str]) -> bool:
        """Take up the runs a `flush` named; false, and nothing taken up, if one is missing or torn."""
        assert self._folder is not None
        runs = [Run.load(self._folder / name) for name in names]
        whole = [run for run in runs if run is not None]
        if len(whole) != len(names):
            return False
        self._runs = whole
        self._count = sum(map(len, whole))
        self._bloom.grow(self._count)
        for run in whole:
            for high, low in run.blocks():
                self._bloom.add(high, low)
        return True

    def sweep(self) -> None:
        """Remove the files of runs that were merged into others, once nothing names them any more."""
        for path in self._obsolete:
            self._disk.remove(path)
        self._obsolete.clear()


def as_words(ids: Sequence[bytes] | npt.NDArray[Any]) -> npt.NDArray[np.uint64]:
    """Ids as an (n, 2) array of 64-bit words. Raises ValueError if one is not 16 bytes long."""
    if isinstance(ids, np.ndarray):
        flat = np.ascontiguousarray(ids)
        if flat.nbytes != 16 * len(flat):
            raise ValueError("an id has 16 bytes")
        return flat.view(np.uint64).reshape(-1, 2)
    joined = b"".join(ids)
    if any(len(one) != 16 for one in ids):
        raise ValueError("an id has 16 bytes")
    return np.frombuffer(joined, np.uint64).reshape(-1, 2)


def _level(count: int) -> int:
    level = 0
    while count > _SMALLEST:
        count //= FAN_IN
        level += 1
    return level
