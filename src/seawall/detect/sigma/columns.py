"""One field of one batch: its values, and the rows each stands in.

A column that repeats itself is dictionary-encoded (an Arrow or Parquet dictionary is reused as it is), so that each
different value is judged once. Where nearly every value is new, encoding would cost more than it saves: the values are
then judged as they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detect.sigma.known import Codes, Known
from seawall.detect.sigma.values import Ids, Mask, Values, as_text
from seawall.engine.gathered import valid_places, without_nulls

_ALWAYS_ENCODED: Final = 256  # rows
_SAMPLE: Final = 1_024  # values looked at before a column is encoded
_MOSTLY_NEW: Final = 0.9  # share of different values in the sample from which on encoding does not pay


class Column:
    """A field's values and, for each, its rows.

    `rows` are the rows that hold a value, `codes_there` the number of the value each holds. With what is `known` of
    earlier batches the values are all those remembered; some may stand in no row of this one.
    """

    known: Known | None = None  # set if the values are numbered as remembered

    def __init__(
        self, array: pa.Array, known: Known | None = None, *, rows: Ids | None = None, length: int | None = None
    ) -> None:
        """`rows` and `length`: where the values stand, if `array` holds no others."""
        self.length = len(array) if length is None else length
        if pa.types.is_dictionary(array.type) and array.dictionary.null_count:
            array = array.dictionary_decode()  # a null may stand in the dictionary
        elif pa.types.is_large_string(array.type) or pa.types.is_string_view(array.type):
            array = array.cast(pa.string())
        self.rows = rows if rows is None or len(rows) < self.length else None  # None: all
        if array.null_count:
            self.rows = valid_places(array)
            array = without_nulls(array, self.rows)
        if not self._is_remembered(array, known):
            numeric = pa.types.is_integer(array.type) or pa.types.is_floating(array.type)
            distinct, self.codes_there = _encoded(array)
            self.values = Values(as_text(distinct), numeric=numeric)
        self.size = self.values.size
        self.marks = np.zeros(self.size + 1, dtype=bool)  # for a moment's use; always left all false

    def _is_remembered(self, array: pa.Array, known: Known | None) -> bool:
        """Take the values as remembered, if they are."""
        if known is None or not pa.types.is_string(array.type):
            return False
        codes = known.numbers(array, _is_mostly_new)
        if codes is None:
            return False
        self.known, self.values, self.codes_there = known, known.values, codes
        return True

    @cached_property
    def present(self) -> Mask:
        """Which of the values remembered stand in this batch."""
        assert self.known is not None
        assert self.codes_there is not None
        return self.known.present(self.codes_there)

    @property
    def filled(self) -> float:
        """The share of rows that hold a value."""
        return 1.0 if self.rows is None else len(self.rows) / max(self.length, 1)

    @cached_property
    def codes(self) -> Codes:
        """Per row the number of its value; `size` for none."""
        there = self.codes_there
        if self.rows is None:
            return np.arange(self.length, dtype=np.int32) if there is None else there
        codes = np.full(self.length, self.size, dtype=np.int32)
        codes[self.rows] = np.arange(self.size, dtype=np.int32) if there is None else there
        return codes

    @cached_property
    def _order(self) -> tuple[Ids, Ids]:
        """The rows ordered by value, and where each value's rows start."""
        there = self.codes_there
        assert there is not None
        narrow = there.astype(np.uint16) if self.size < 65_536 else there  # numpy sorts those by radix
        order = np.argsort(narrow, kind="stable")
        starts = np.zeros(self.size + 1, dtype=np.int64)
        np.cumsum(np.bincount(there, minlength=self.size), out=starts[1:])
        return order if self.rows is None else self.rows[order], starts

    def rows_of(self, which: Ids) -> Ids:
        """The rows that hold one of these values, in no order."""
        if self.codes_there is None:
            return which if self.rows is None else self.rows[which]
        rows, starts = self._order
        return rows[ranges(starts[which], starts[which + 1] - starts[which])]

    def holds(self, which: Ids, rows: Ids) -> Mask:
        """Which of these rows hold one of these values."""
        self.marks[which] = True
        found = self.marks[self.codes[rows]]
        self.marks[which] = False
        return found


class AnyColumn(Column):
    """All text columns of a batch as one field, for keywords: a row has many values."""

    def __init__(self, columns: list[Column], length: int, rows: Ids) -> None:
        self.length = length
        self.rows = self._chosen = rows
        texts = [column.values.texts for column in columns]
        self.values = Values(pa.concat_arrays(texts) if texts else pa.array([], pa.string()))
        self.size = self.values.size
        self._columns = columns
        self._starts = np.cumsum([0, *(column.size for column in columns)])

    def rows_of(self, which: Ids) -> Ids:
        """The rows that hold one of these values, in no order."""
        which = np.sort(which)
        parts = np.searchsorted(which, self._starts)
        found = [
            column.rows_of(which[low:high] - start)
            for column, low, high, start in zip(self._columns, parts, parts[1:], self._starts, strict=False)
            if high > low
        ]
        return self._chosen[np.concatenate(found)] if found else np.empty(0, dtype=np.int64)

    def holds(self, which: Ids, rows: Ids) -> Mask:
        """Which of these rows hold one of these values."""
        marks = np.zeros(self.length, dtype=bool)
        marks[self.rows_of(which)] = True
        return marks[rows]


def ranges(starts: Ids, counts: Ids) -> Ids:
    """The numbers `start … start + count - 1` of each pair, one after another."""
    total = int(counts.sum())
    if not total:
        return np.empty(0, dtype=np.int64)
    ends = np.cumsum(counts)
    return np.repeat(starts - ends + counts, counts) + np.arange(total)


def gathered(keys: Ids, items: Ids) -> Iterator[tuple[int, Ids]]:
    """Each key with its items; equal keys must stand together."""
    if len(keys):
        cuts = (keys[1:] != keys[:-1]).nonzero()[0] + 1
        yield from zip(keys[np.concatenate([[0], cuts])].tolist(), np.split(items, cuts), strict=True)


def _encoded(array: pa.Array) -> tuple[pa.Array, Codes | None]:
    """Different values, and which of them each is; None if every value counts as different."""
    if pa.types.is_dictionary(array.type):
        return array.dictionary, array.indices.cast(pa.int32()).to_numpy(zero_copy_only=False)
    if pa.types.is_string(array.type) and _is_mostly_new(array):
        return array, None
    encoded = array.dictionary_encode()
    return encoded.dictionary, encoded.indices.to_numpy(zero_copy_only=False)


def _is_mostly_new(array: pa.Array) -> bool:
    count = len(array)
    if count <= _ALWAYS_ENCODED:
        return False
    places = np.linspace(0, count - 1, min(_SAMPLE, count // 4), dtype=np.int64)
    sample = array.take(pa.array(places))
    return int(pc.count_distinct(sample).as_py()) >= _MOSTLY_NEW * len(places)
