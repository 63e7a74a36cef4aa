"""Sorted runs of ids: in memory, or in a memory-mapped file; looked up and merged in bounded memory."""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from seawall.disk.durable import TEMPORARY, Disk

Words = npt.NDArray[np.uint64]

MAGIC: Final = b"SWIDS\x00\x01\x00"
_HEAD_BYTES: Final = 16  # magic, then the count
_BLOCK: Final = 1 << 18  # ids of one run looked at together while merging
_SLICE: Final = 1 << 9  # sorted ids looked up together in a mapped run; neighbours share pages
_FORGET_AFTER: Final = 1 << 5  # look-ups after which mapped pages are given back: each may touch sixteen places, and
# the kernel maps sixteen pages around every place touched


class Run:
    """Ids sorted by their high half; equal high halves stand in any order."""

    def __init__(self, high: Words, low: Words, path: Path | None = None, mapped: mmap.mmap | None = None) -> None:
        self.high = high
        self.low = low
        self.path = path
        self._mapped = mapped
        self._looked = 0

    def __len__(self) -> int:
        return len(self.high)

    @classmethod
    def load(cls, path: Path) -> Run | None:
        """Map a run's file; None if it is missing or not whole."""
        try:
            with path.open("rb") as file:
                mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError):  # not there, or empty
            return None
        count = int.from_bytes(mapped[8:_HEAD_BYTES], "little")
        if mapped[:8] != MAGIC or len(mapped) != _HEAD_BYTES + 16 * count:
            return None
        words = np.frombuffer(mapped, np.uint64, offset=_HEAD_BYTES)
        return cls(words[:count], words[count:], path, mapped)

    def holds(self, high: Words, low: Words) -> npt.NDArray[np.bool_]:
        """Which of these ids, sorted by their high half, stand in this run."""
        if self._mapped is not None and len(high) > _SLICE:
            starts = range(0, len(high), _SLICE)
            return np.concatenate([self.holds(high[i : i + _SLICE], low[i : i + _SLICE]) for i in starts])
        found = np.zeros(len(high), np.bool_)
        at = np.searchsorted(self.high, high)
        asked = np.arange(len(high))
        while len(asked):
            inside = at < len(self.high)
            at, asked = at[inside], asked[inside]
            same = self.high[at] == high[asked]
            at, asked = at[same], asked[same]
            hit = self.low[at] == low[asked]
            found[asked[hit]] = True
            at, asked = at[~hit] + 1, asked[~hit]  # another id with the same high half may follow
        self._forget(len(high))
        return found

    def blocks(self) -> Iterator[tuple[Words, Words]]:
        """The ids, in order, a bounded piece at a time."""
        for start in range(0, len(self), _BLOCK):
            yield self.high[start : start + _BLOCK], self.low[start : start + _BLOCK]
            self._forget(_BLOCK)

    def _forget(self, looked: int) -> None:
        """Give mapped pages back now and then, so that they do not count as our memory."""
        self._looked += looked
        if self._mapped is not None and self._looked >= _FORGET_AFTER:
            self._mapped.madvise(mmap.MADV_DONTNEED)
            self._looked = 0


def from_batch(words: Words) -> tuple[Run, npt.NDArray[np.intp], npt.NDArray[np.bool_]]:
    """A batch of ids sorted, the order that sorted it, and which of the sorted ones are the first of their kind."""
    high, low = np.ascontiguousarray(words[:, 0]), np.ascontiguousarray(words[:, 1])
    order = np.argsort(high)
    sorted_high = high[order]
    if (sorted_high[1:] == sorted_high[:-1]).any():  # perhaps the same id twice: then its first place must win
        order = np.lexsort((low, high))
        sorted_high = high[order]
    sorted_low = low[order]
    first = np.ones(len(words), np.bool_)
    first[1:] = (sorted_high[1:] != sorted_high[:-1]) | (sorted_low[1:] != sorted_low[:-1])
    return Run(sorted_high, sorted_low), order, first


def merge(runs: Sequence[Run], disk: Disk, path: Path | None) -> Run:
    """Several runs that share no id as one: in memory, or where `path` is given in a file of that name."""
    if path is None:
        high = np.concatenate([run.high for run in runs])
        order = np.argsort(high, kind="stable")
        return Run(high[order], np.concatenate([run.low for run in runs])[order])
    count = sum(map(len, runs))
    unfinished = path.with_name(path.name + TEMPORARY)
    with disk.create(unfinished) as file:
        file.write(MAGIC + count.to_bytes(8, "little"))
        done = 0
        for high, low in _merged(runs):
            file.write_at(high.data, _HEAD_BYTES + 8 * done)
            file.write_at(low.data, _HEAD_BYTES + 8 * (count + done))
            done += len(high)
        file.sync()
    disk.replace(unfinished, path)
    made = Run.load(path)
    assert made is not None, "a run just written is whole"
    return made


def _merged(runs: Sequence[Run]) -> Iterator[tuple[Words, Words]]:
    """The ids of several runs in order, a bounded piece at a time."""
    at = [0] * len(runs)
    while True:
        ends = [run.high[min(at[i] + _BLOCK, len(run)) - 1] for i, run in enumerate(runs) if at[i] < len(run)]
        if not ends:
            return
        until = min(ends)
        highs, lows = [], []
        for i, run in enumerate(runs):
            window = run.high[at[i] :]
            stop = at[i] + int(np.searchsorted(window, until, side="right"))
            highs.append(run.high[at[i] : stop])
            lows.append(run.low[at[i] : stop])
            at[i] = stop
        high = np.concatenate(highs)
        order = np.argsort(high, kind="stable")
        yield high[order], np.concatenate(lows)[order]
        for run in runs:
            run._forget(_BLOCK)
