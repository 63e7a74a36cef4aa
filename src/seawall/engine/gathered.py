"""Many rows of a view held in little memory: of each column only the values there are, and where they stand.

Windows events have hundreds of columns and each event fills thirty: written out, most of a batch is the places of
values that are not there. What reads columns one by one works on larger batches this way, which costs it less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Places: TypeAlias = npt.NDArray[np.int64]

PIECE_ROWS: Final = 2_048  # what the engine hands over at once: it makes room for columns by doubling
_STEP_ROWS: Final = 16_384  # rows written out before they are gathered


class Gathered:
    """Some rows of a view. Read like a record batch, column by column; rows are written out with `taken`."""

    def __init__(self, tables: Iterable[pa.Table]) -> None:
        """Each table is let go before the next is asked for."""
        self.num_rows = 0
        self.schema = pa.schema([])
        values: list[list[pa.Array]] = []
        places: list[list[Places]] = []
        for table in tables:
            if not values:
                self.schema = table.schema
                values, places = [[] for _ in table.schema], [[] for _ in table.schema]
            for at, column in enumerate(table.columns):
                if column.null_count < len(column):
                    array = column.combine_chunks() if column.num_chunks > 1 else column.chunk(0)
                    if pa.types.is_dictionary(array.type):
                        array = array.dictionary_decode()  # a null may stand in the dictionary
                    there = valid_places(array)
                    values[at].append(without_nulls(array, there))
                    places[at].append(there + self.num_rows)
            self.num_rows += table.num_rows
        self._columns = {
            name: _joined(found, there)
            for name, found, there in zip(self.schema.names, values, places, strict=True)
            if found
        }

    def values(self, name: str) -> tuple[pa.Array, Places] | None:
        """A column's values, none of them null, and their rows; None if it has none."""
        return self._columns.get(name)

    def taken(self, names: Sequence[str], rows: Places) -> pa.RecordBatch:
        """Some columns of some rows, written out."""
        return pa.RecordBatch.from_arrays(
            [self._taken(name, rows) for name in names], schema=pa.schema([self.schema.field(n) for n in names])
        )

    def _taken(self, name: str, rows: Places) -> pa.Array:
        found = self._columns.get(name)
        if found is None:
            return pa.nulls(len(rows), self.schema.field(name).type)
        array, there = found
        at = np.searchsorted(there, rows)
        missing = np.append(there, -1)[at] != rows
        return array.take(pa.array(at, mask=missing))


def gathered(batches: Iterable[pa.RecordBatch], rows: int) -> Iterator[Gathered]:
    """Batches of about so many rows out of small ones."""
    source = (batch for batch in batches if batch.num_rows)
    for first in source:
        made = Gathered(_steps(first, source, rows))
        yield made
        del made  # or it would live while the next is made


def _steps(first: pa.RecordBatch, source: Iterator[pa.RecordBatch], rows: int) -> Iterator[pa.Table]:
    """Tables of a step each, up to `rows` together."""
    held, count, total = [first], first.num_rows, first.num_rows
    while total < rows and (batch := next(source, None)) is not None:
        held.append(batch)
        count, total = count + batch.num_rows, total + batch.num_rows
        if count >= _STEP_ROWS:
            yield pa.Table.from_batches(held)
            held, count = [], 0
    if held:
        yield pa.Table.from_batches(held)


def _joined(values: list[pa.Array], places: list[Places]) -> tuple[pa.Array, Places]:
    if len(values) == 1:
        return values[0], places[0]
    return pa.concat_arrays(values), np.concatenate(places)


def valid_places(array: pa.Array) -> Places:
    """The places that hold a value."""
    if not array.null_count:
        return np.arange(len(array), dtype=np.int64)
    bits = np.frombuffer(array.buffers()[0], dtype=np.uint8)
    start = array.offset
    flags = np.unpackbits(bits[start // 8 : (start + len(array) + 7) // 8], bitorder="little")
    return flags[start % 8 : start % 8 + len(array)].view(np.bool_).nonzero()[0]


def without_nulls(array: pa.Array, places: Places) -> pa.Array:
    """The values at these places, which are all there are. Texts are not copied if nothing lies between them."""
    if not array.null_count:
        return array
    if pa.types.is_string(array.type) and len(places):
        offsets = np.frombuffer(array.buffers()[1], dtype=np.int32, count=len(array) + 1, offset=4 * array.offset)
        starts, ends = offsets[places], offsets[places + 1]
        if (starts[1:] == ends[:-1]).all():
            cut = pa.py_buffer(np.append(starts, ends[-1]))
            return pa.Array.from_buffers(pa.string(), len(places), [None, cut, array.buffers()[2]])
    return array.take(pa.array(places))
