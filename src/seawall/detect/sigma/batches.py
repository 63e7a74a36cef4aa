"""One batch as the kernel reads it: columns by the names rules use, each prepared once, and only if somebody asks."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from seawall.detect.sigma.columns import AnyColumn, Column
from seawall.detect.sigma.known import Known, Memory
from seawall.detect.sigma.values import Ids

# Columns that describe the record's journey, not the event: a keyword is never looked for in them.
BOOKKEEPING: Final[frozenset[str]] = frozenset(
    {"event_id", "time", "time_quality", "received", "origin", "trust", "tenant", "scope"}
    | {"device_method", "device_confidence", "kind"}
)


class Batch:
    """The columns of a record batch."""

    def __init__(self, batch: pa.RecordBatch, memory: Memory) -> None:
        memory.trim()
        self._memory = memory
        self.length: int = batch.num_rows
        self._batch = batch
        # Lakes do not tell columns apart by case, so neither does a rule.
        self._names = {name.lower(): name for name in batch.schema.names} | {name: name for name in batch.schema.names}
        self._columns: dict[str, Column | None] = {}

    def column(self, field: str) -> Column | None:
        """The column a field means: of this spelling if there is one, else of another case. None if no row has it."""
        name = self._names.get(field) or self._names.get(field.lower())
        if name is None:
            return None
        if name not in self._columns:
            self._columns[name] = _column(self._batch.column(name), self._memory.of(name))
        return self._columns[name]

    def any_text(self, rows: Ids, *, numbers: bool) -> AnyColumn:
        """Every text column as one field, over some rows; with `numbers`, whole numbers and booleans as well."""
        whole = len(rows) * 2 > self.length  # then the columns that exist anyway cost least
        chosen = every_row(self.length) if whole else rows
        places = pa.array(chosen)
        columns: list[Column] = []
        for field, array in zip(self._batch.schema, self._batch.columns, strict=True):
            asked = _is_text(field.type) or (numbers and _is_short(field.type))
            if field.name in BOOKKEEPING or not asked or array.null_count == len(array):
                continue
            column = self.column(field.name) if whole else _column(array.take(places))
            if column is not None:
                columns.append(column)
        return AnyColumn(columns, self.length, chosen)


def _column(array: pa.Array, known: Known | None = None) -> Column | None:
    """An array as a column; None if it holds no value."""
    return None if array.null_count == len(array) else Column(array, known)


def _is_text(type_: pa.DataType) -> bool:
    plain = type_.value_type if pa.types.is_dictionary(type_) else type_
    return bool(pa.types.is_string(plain) or pa.types.is_large_string(plain))


def _is_short(type_: pa.DataType) -> bool:
    return bool(pa.types.is_integer(type_) or pa.types.is_boolean(type_))


def every_row(length: int) -> Ids:
    """All rows of a batch."""
    return np.arange(length, dtype=np.int64)
