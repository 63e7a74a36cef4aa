"""Names for records: event ids in bulk, and the ordinal that tells identical records of one file apart.

The first record of its kind in a file has ordinal 0. A record seen before needs its number among its likes, exactly
and in bounded memory: the ids themselves are the memory (ordinal 1 is free if its id was not met yet), a small cache
of counts only saves the walk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_CACHED_COUNTS: Final = 100_000


class Seen(Protocol):
    """Remembers 16-byte ids: `engine.idset.IdSet` on disk, `SeenInMemory` for small files and tests."""

    def add(self, ids: Sequence[bytes]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether each id is new; the second of two equal ones in a call is not."""
        ...


class SeenInMemory:
    """Ids in a set."""

    def __init__(self) -> None:
        self._ids: set[bytes] = set()

    def add(self, ids: Sequence[bytes]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether each id is new."""
        before = len(self._ids)
        old = self._ids.intersection(ids)
        self._ids.update(ids)
        if not old and len(self._ids) == before + len(ids):
            return np.ones(len(ids), np.bool_)
        fresh = np.empty(len(ids), np.bool_)
        for i, name in enumerate(ids):
            fresh[i] = name not in old
            old.add(name)
        return fresh


class Ordinals:
    """Event ids of one decompressed file, in the order of its records."""

    def __init__(self, kind: str, seen: Seen | None = None) -> None:
        name = kind.encode()
        self._head = len(name).to_bytes(4, "big") + name
        self._seen = seen if seen is not None else SeenInMemory()
        self._counts: dict[bytes, int] = {}

    def ids(self, observers: pa.DictionaryArray, records: pa.Array) -> pa.Array:
        """The ids of records (binary, no nulls) said by `observers` (text as written, null if none)."""
        sha256, prefixes = hashlib.sha256, self._prefixes(observers)
        lengths = pa.FixedSizeBinaryArray.from_buffers(pa.binary(4), len(records), [None, _big_endian(records)])
        lengths = lengths.cast(pa.binary())
        whole = pc.binary_join_element_wise(prefixes, lengths, records, bytes(8), b"").to_pylist()
        ids = [sha256(record).digest()[:16] for record in whole]
        fresh = self._seen.add(ids)
        if not fresh.all():
            for i in np.flatnonzero(~fresh).tolist():
                ids[i] = self._later(ids[i], whole[i][:-8])
        return pa.array(ids, pa.binary(16))

    def _prefixes(self, observers: pa.DictionaryArray) -> pa.Array:
        values = [value.encode() for value in observers.dictionary.to_pylist()]
        made = [self._head + len(value).to_bytes(4, "big") + value for value in values]
        taken = pa.array(made, pa.binary()).take(observers.indices)
        return pc.coalesce(taken, pa.scalar(self._head + bytes(4), pa.binary()))

    def _later(self, first: bytes, record: bytes) -> bytes:
        """The id of a record whose ordinal-0 id is `first`, counted on from the last one met."""
        ordinal = self._counts.pop(first, 0)
        while True:
            ordinal += 1
            name = hashlib.sha256(record + ordinal.to_bytes(8, "big")).digest()[:16]
            if self._seen.add([name])[0]:
                break
        self._counts[first] = ordinal  # newest last: the oldest go when there are too many
        if len(self._counts) > _CACHED_COUNTS:
            for old in list(self._counts)[: _CACHED_COUNTS // 2]:
                del self._counts[old]
        return name


def _big_endian(records: pa.Array) -> pa.Buffer:
    return pa.py_buffer(pc.binary_length(records).to_numpy(zero_copy_only=False).astype(">u4").tobytes())
