"""Names records: their event ids, told apart where one file holds the same record more than once.

Ordinals are exact and memory is bounded: every id given lives in an `IdSet`, whose large parts lie on disk; how
often a repeated record was met is remembered for the last million of them, and found again by trying for others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from seawall.disk.rooms import IDS, Room
from seawall.engine.idset import IdSet
from seawall.model.events import event_ids

_COUNTS_KEPT: Final = 1_000_000
_SMALL_BYTES: Final = 16 << 20  # even a gz this small holds few enough records for memory
_FEW: Final = 4_096  # ids, up to which a plain set is far quicker than an IdSet
_NO_ORDINAL: Final = bytes(8)


class Identities:
    """The event ids of one file's records, in file order. A context: its part on disk goes when it ends."""

    def __init__(self, size: int | None = None) -> None:
        """`size`: bytes of the file as stored, if known; a small one needs no disk."""
        self._room = None if size is not None and size <= _SMALL_BYTES else Room(IDS)
        self._seen: dict[str, _Seen] = {}
        self._met: dict[bytes, int] = {}  # id with ordinal 0 → the next ordinal, for records met more than once

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._seen.clear()  # its files are mapped: let go before they are removed
        if self._room is not None:
            self._room.close()

    def of(self, kind: str, observers: pa.Array | Sequence[str | None], records: Sequence[bytes]) -> pa.Array:
        """The ids of records (16 bytes each); an observer that is null counts as empty."""
        count = len(records)
        if isinstance(observers, pa.Array):
            said = observers.to_pylist() if observers.null_count < count else ()
        else:
            said = observers
        if not any(said):
            names: Sequence[str] | None = None
            words = _first_ids(kind, records)
        else:
            names = [name or "" for name in said]
            words = np.frombuffer(bytearray().join(event_ids(kind, names, records)), np.uint64).reshape(-1, 2)
        seen = self._seen.get(kind)
        if seen is None:
            seen = self._seen[kind] = _Seen(self._room.folder / kind if self._room else None)
        fresh = seen.add(words)
        if not fresh.all():
            self._number(kind, names, records, words, np.flatnonzero(~fresh).tolist(), seen)
        seen.sweep()
        return pa.Array.from_buffers(pa.binary(16), count, [None, pa.py_buffer(words.tobytes())])

    def _number(
        self,
        kind: str,
        names: Sequence[str] | None,
        records: Sequence[bytes],
        words: npt.NDArray[np.uint64],
        again: list[int],
        seen: _Seen,
    ) -> None:
        """Give the records at `again`, all met before, ids of their own; changes `words`."""
        while again:
            made: list[bytes] = []
            for index in again:
                name = names[index] if names else ""
                first = event_ids(kind, [name], [records[index]])[0]
                ordinal = self._met.pop(first, 1)
                self._met[first] = ordinal + 1  # newest last
                made += event_ids(kind, [name], [records[index]], [ordinal])
            fresh = seen.add(made)
            for index, name_bytes in zip(again, made, strict=True):
                words[index] = np.frombuffer(name_bytes, np.uint64)
            again = [index for index, new in zip(again, fresh, strict=True) if not new]
        if len(self._met) > _COUNTS_KEPT:
            for old in list(self._met)[: _COUNTS_KEPT // 2]:
                del self._met[old]


class _Seen:
    """The ids met: in a plain set while they are few, as in most files, and in an `IdSet` from then on."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._few: set[bytes] = set()
        self._many: IdSet | None = None

    def add(self, ids: Sequence[bytes] | npt.NDArray[np.uint64]) -> npt.NDArray[np.bool_]:
        """Remember ids; says for each whether it was new. Of several alike in one call the first is."""
        if self._many is None and len(self._few) + len(ids) <= _FEW:
            return self._add_few(_as_bytes(ids) if isinstance(ids, np.ndarray) else ids)
        if self._many is None:
            self._many = IdSet(self._folder)
            self._many.add(list(self._few))
            self._few.clear()
        return self._many.add(ids)

    def _add_few(self, ids: Sequence[bytes]) -> npt.NDArray[np.bool_]:
        few, before = self._few, len(self._few)
        if few.isdisjoint(ids):
            few.update(ids)
            if len(few) == before + len(ids):
                return np.ones(len(ids), np.bool_)
            few.difference_update(ids)
        fresh = np.zeros(len(ids), np.bool_)
        for index, name in enumerate(ids):
            if name not in few:
                few.add(name)
                fresh[index] = True
        return fresh

    def sweep(self) -> None:
        """Let go of files that later ones replace."""
        if self._many is not None:
            self._many.sweep()


def _as_bytes(words: npt.NDArray[np.uint64]) -> list[bytes]:
    raw = words.tobytes()
    return [raw[start : start + 16] for start in range(0, len(raw), 16)]


def _first_ids(kind: str, records: Sequence[bytes]) -> npt.NDArray[np.uint64]:
    """`event_ids` with empty observers and ordinals 0, as rows of two words: the same bytes, in a third of the time."""
    name = kind.encode()
    prefix = _Prefixes(len(name).to_bytes(4, "big") + name + bytes(4))
    sha256, tail = hashlib.sha256, _NO_ORDINAL
    digests = b"".join([sha256(prefix[len(record)] + record + tail).digest() for record in records])
    return np.frombuffer(digests, np.uint64).reshape(-1, 4)[:, :2].copy()


class _Prefixes(dict[int, bytes]):
    """What stands before a record of some length; made once for each length."""

    def __init__(self, head: bytes) -> None:
        super().__init__()
        self._head = head

    def __missing__(self, length: int) -> bytes:
        made = self[length] = self._head + length.to_bytes(4, "big")
        return made
