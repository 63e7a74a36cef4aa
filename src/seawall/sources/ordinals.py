"""Names for records: event ids in bulk, and the ordinal that tells identical records of one file apart.

The first record of its kind in a file has ordinal 0. A record seen before needs its number among its likes, exactly
and in bounded memory: the ids themselves are the memory (ordinal 1 is free if its id was not met yet), a small cache
of counts only saves the walk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from operator import methodcaller
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from seawall.engine.idset import IdSet

Names = NDArray[Any]  # of type S16

_DIGEST: Final = methodcaller("digest")
_CACHED_COUNTS: Final = 100_000


class Ordinals:
    """Event ids of one decompressed file, in the order of its records."""

    def __init__(self, kind: str, seen: IdSet | None = None) -> None:
        name = kind.encode()
        self._head = len(name).to_bytes(4, "big") + name
        self._seen = seen if seen is not None else IdSet()
        self._counts: dict[bytes, int] = {}

    def ids(self, observers: pa.DictionaryArray, records: pa.Array) -> pa.Array:
        """The ids of records (binary, no nulls) said by `observers` (text as written, null if none)."""
        whole = self._whole(observers, records)
        return self._settled(_names(whole), lambda rows: [whole[row][:-8] for row in rows])

    def first_ids(self, observers: pa.DictionaryArray, records: pa.Array) -> pa.Array:
        """The ids records would have, were each the first of its kind; `settle` makes them what they are."""
        return _as_ids(_names(self._whole(observers, records)))

    def settle(self, first: pa.Array, spoken: Callable[[list[int]], Iterable[tuple[str | None, bytes]]]) -> pa.Array:
        """Ids from first ids, taken in the order of the records. `spoken` gives observer and bytes of some records."""

        def whole(rows: list[int]) -> list[bytes]:
            return [self._prefix((who or "").encode()) + _framed(record) for who, record in spoken(rows)]

        return self._settled(np.frombuffer(first.buffers()[1], "S16", len(first), 16 * first.offset).copy(), whole)

    def _settled(self, names: Names, whole: Callable[[list[int]], list[bytes]]) -> pa.Array:
        fresh = self._seen.add(names)
        if not fresh.all():
            rows = np.flatnonzero(~fresh).tolist()
            self._count_on(names, dict(zip(rows, whole(rows), strict=True)))
        return _as_ids(names)

    def _whole(self, observers: pa.DictionaryArray, records: pa.Array) -> list[bytes]:
        """What the ids of first records are made from."""
        prefixes = self._prefixes(observers)
        lengths = pa.FixedSizeBinaryArray.from_buffers(pa.binary(4), len(records), [None, _big_endian(records)])
        lengths = lengths.cast(pa.binary())
        made: list[bytes] = pc.binary_join_element_wise(prefixes, lengths, records, bytes(8), b"").to_pylist()
        return made

    def _prefix(self, observer: bytes) -> bytes:
        return self._head + _framed(observer)

    def _prefixes(self, observers: pa.DictionaryArray) -> pa.Array:
        made = [self._prefix(value.encode()) for value in observers.dictionary.to_pylist()]
        taken = pa.array(made, pa.binary()).take(observers.indices)
        return pc.coalesce(taken, pa.scalar(self._prefix(b""), pa.binary()))

    def _count_on(self, names: Names, whole: dict[int, bytes]) -> None:
        """Put the ids of records met before in place of those for ordinal 0; `whole` has them by row."""
        alike: dict[bytes, list[int]] = {}
        for row, record in whole.items():
            alike.setdefault(_name(record, 0), []).append(row)
        self._recall({first: whole[same[0]] for first, same in alike.items() if first not in self._counts})
        made = []
        for first, same in alike.items():
            count = self._counts.pop(first)
            for row in same:
                count += 1
                made.append(_name(whole[row], count))
                names[row] = made[-1]
            self._counts[first] = count  # newest last: the oldest go when there are too many
        self._seen.add(np.array(made, "S16"))
        for old in list(self._counts)[: max(0, len(self._counts) - _CACHED_COUNTS)]:
            del self._counts[old]

    def _recall(self, unknown: dict[bytes, bytes]) -> None:
        """Count again how often records were met whose count was forgotten, or never needed."""
        ordinal = 0
        while unknown:
            ordinal += 1
            asked = [_name(record, ordinal) for record in unknown.values()]
            fresh = self._seen.add(np.array(asked, "S16")).tolist()
            self._counts.update((first, ordinal - 1) for first, new in zip(unknown, fresh, strict=True) if new)
            unknown = {first: record for (first, record), new in zip(unknown.items(), fresh, strict=True) if not new}


def _name(record: bytes, ordinal: int) -> bytes:
    return hashlib.sha256(record + ordinal.to_bytes(8, "big")).digest()[:16]


def _names(whole: list[bytes]) -> Names:
    digests = b"".join(map(_DIGEST, map(hashlib.sha256, whole)))
    names: Names = np.frombuffer(digests, "S16").reshape(-1, 2)[:, 0].copy()
    return names


def _as_ids(names: Names) -> pa.Array:
    return pa.FixedSizeBinaryArray.from_buffers(pa.binary(16), len(names), [None, pa.py_buffer(names)])


def _framed(value: bytes) -> bytes:
    return len(value).to_bytes(4, "big") + value


def _big_endian(records: pa.Array) -> pa.Buffer:
    return pa.py_buffer(pc.binary_length(records).to_numpy(zero_copy_only=False).astype(">u4").tobytes())
