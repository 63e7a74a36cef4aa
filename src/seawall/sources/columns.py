"""Columns cut straight out of a block of bytes: numpy finds the places, Arrow copies, no Python object per line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from seawall.sources.base import Reading

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

PADDING = bytes(256)  # behind a block, so that a window at its end stays inside


def byte_set(members: bytes) -> Flags:
    """A table of 256 flags, true for the bytes named."""
    table = np.zeros(256, np.bool_)
    table[np.frombuffer(members, np.uint8)] = True
    return table


def spans(data: bytes, starts: Ints, ends: Ints, *, binary: bool = False) -> pa.Array:
    """The texts `data[starts[i]:ends[i]]`. They must follow each other and not overlap."""
    count = len(starts)
    if not count:
        return pa.array([], pa.binary() if binary else pa.string())
    bounds = np.empty(2 * count, np.int32)
    bounds[0::2], bounds[1::2] = starts, ends
    kind = pa.binary() if binary else pa.string()
    both = pa.Array.from_buffers(kind, 2 * count - 1, [None, pa.py_buffer(bounds), pa.py_buffer(data)])
    return both.take(pa.array(np.arange(0, 2 * count, 2, dtype=np.int32)))


def encode(texts: pa.Array) -> tuple[Ints, list[str]]:
    """Each text as a number, and the distinct texts. No nulls."""
    encoded = texts.dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64), encoded.dictionary.to_pylist()


def decode(codes: Ints, values: Sequence[str | None]) -> pa.Array:
    """The text column of numbered values."""
    return pa.array(values, pa.string()).take(pa.array(codes.astype(np.int32)))


def first_of_each(codes: Ints, count: int) -> Ints:
    """The first place at which each number below `count` stands."""
    first = np.zeros(count, np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return first


def windows(data: Bytes, starts: Ints, width: int) -> Bytes:
    """The `width` bytes from each start on (below the padding), a row each."""
    found: Bytes = np.lib.stride_tricks.sliding_window_view(data, width)[starts]
    return found


def first_of(data: Bytes, starts: Ints, signs: bytes, width: int) -> Ints:
    """How far from each start the first of a few signs stands; `width` if none does."""
    if not len(starts):
        return np.zeros(0, np.int64)
    near = min(width, 48)
    text = windows(data, starts, near)
    found = text == signs[0]
    for sign in signs[1:]:
        found |= text == sign
    first = found.argmax(axis=1)
    missing = np.flatnonzero(~found[np.arange(len(starts)), first])
    if len(missing):
        first[missing] = near
        if near < width:
            first[missing] += first_of(data, starts[missing] + near, signs, width - near)
    found_at: Ints = first.astype(np.int64)
    return found_at


def tag_lengths(data: Bytes, starts: Ints, width: int) -> Ints:
    """How many bytes from each start on are capitals, digits or `_`, up to `width`."""
    text = windows(data, starts, width)
    outside = ~((text - np.uint8(65) < 26) | (text - np.uint8(48) < 10) | (text == 95))
    first = outside.argmax(axis=1)
    return np.where(outside[np.arange(len(starts)), first], first, width)


def next_at(positions: Ints, starts: Ints, ends: Ints) -> Ints:
    """The first of the sorted `positions` from each start on, or the end if none stands before it."""
    if not len(positions):
        return ends
    index = np.searchsorted(positions, starts)
    found = np.where(index < len(positions), positions[np.minimum(index, len(positions) - 1)], ends)
    return np.minimum(found, ends)


def numbers(values: Ints, valid: Flags) -> pa.Array:
    """An int column, null where not valid."""
    return pa.array(values, pa.int64(), mask=~valid)


def instants(micros: Ints, valid: Flags) -> pa.Array:
    """A time column in UTC microseconds, null where not valid."""
    return pa.array(micros, pa.int64(), mask=~valid).cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC"))


def texts_or_null(data: bytes, starts: Ints, lengths: Ints) -> pa.Array:
    """A text column, null where the length is 0."""
    texts = spans(data, starts, starts + lengths)
    return pc.if_else(pa.array(lengths > 0), texts, pa.scalar(None, pa.string()))


def scattered(rows: int, where: Ints, values: Sequence[str | None]) -> pa.Array:
    """A text column of `rows` rows that holds `values` at the ascending places `where`, null elsewhere."""
    texts = pa.array(values, pa.string())
    if texts.null_count == len(texts):
        return pa.nulls(rows, pa.string())
    lengths, valid = np.zeros(rows, np.int32), np.zeros(rows, np.bool_)
    lengths[where] = np.diff(np.frombuffer(texts.buffers()[1], np.int32)[: len(where) + 1])
    valid[where] = True
    if texts.null_count:
        valid[where] = texts.is_valid().to_numpy(zero_copy_only=False)
    offsets = np.zeros(rows + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    bits = pa.py_buffer(np.packbits(valid, bitorder="little"))
    return pa.Array.from_buffers(pa.string(), rows, [bits, pa.py_buffer(offsets), texts.buffers()[2]])


def lines_of(data: bytes, starts: Ints, ends: Ints, *, binary: bool = False) -> pa.Array:
    """Like `spans`, for whole lines: without a copy per line if they follow each other with one byte between."""
    if not len(starts) or starts[0] != 0 or ends[-1] + 1 != len(data) or (starts[1:] != ends[:-1] + 1).any():
        return spans(data, starts, ends, binary=binary)
    offsets = np.zeros(len(starts) + 1, np.int32)
    np.cumsum(ends - starts, out=offsets[1:])
    joined = data.replace(b"\n", b"")
    kind = pa.binary() if binary else pa.string()
    return pa.Array.from_buffers(kind, len(starts), [None, pa.py_buffer(offsets), pa.py_buffer(joined)])


def constants(rows: int, reading: Reading) -> dict[str, pa.Array]:
    """The columns that are the same for all rows: trust, tenant, scope."""
    values = {"trust": reading.trust, "tenant": reading.tenant, "scope": reading.scope}
    return {name: pa.repeat(pa.scalar(value, pa.string()), rows) for name, value in values.items()}


def origins(origin: str, numbers_: Ints) -> pa.Array:
    """`file:line` for each line number."""
    return pc.binary_join_element_wise(pa.scalar(origin), pa.array(numbers_).cast(pa.string()), ":")
