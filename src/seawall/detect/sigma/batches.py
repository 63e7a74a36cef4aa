"""One batch as the kernel reads it: columns by the names rules use, each prepared once, and only if somebody asks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import pyarrow as pa

from seawall.detect.sigma.columns import AnyColumn, Column
from seawall.detect.sigma.known import Known, Memory
from seawall.detect.sigma.values import Ids
from seawall.engine.gathered import Gathered

# Columns that describe the record's journey, not the event: a keyword is never looked for in them.
BOOKKEEPING: Final[frozenset[str]] = frozenset(
    {"event_id", "time", "time_quality", "received", "origin", "trust", "tenant", "scope"}
    | {"device_method", "device_confidence", "kind"}
)


class Batch:
    """The columns of a record batch."""

    def __init__(self, batch: pa.RecordBatch | Gathered, memory: Memory) -> None:
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
            self._columns[name] = self._column(name, self._memory.of(name))
        return self._columns[name]

    def _column(self, name: str, known: Known | None) -> Column | None:
        """A column; None if it holds no value."""
        if isinstance(self._batch, Gathered):
            found = self._batch.values(name)
            return None if found is None else Column(found[0], known, rows=found[1], length=self.length)
        return _of_array(self._batch.column(name), known)

    def _at(self, name: str, rows: Ids) -> Column | None:
        """A column of some rows alone; None if they hold no value."""
        return _of_array(rows_of(self._batch, [name], rows).column(0))

    def any_text(self, rows: Ids, *, numbers: bool) -> AnyColumn:
        """Every text column as one field, over some rows; with `numbers`, whole numbers and booleans as well."""
        whole = len(rows) * 2 > self.length  # then the columns that exist anyway cost least
        chosen = every_row(self.length) if whole else rows
        columns: list[Column] = []
        for field in self._batch.schema:
            asked = _is_text(field.type) or (numbers and _is_short(field.type))
            if field.name in BOOKKEEPING or not asked:
                continue
            column = self.column(field.name) if whole else self._at(field.name, chosen)
            if column is not None:
                columns.append(column)
        return AnyColumn(columns, self.length, chosen)


def _of_array(array: pa.Array, known: Known | None = None) -> Column | None:
    return None if array.null_count == len(array) else Column(array, known)


def rows_of(batch: pa.RecordBatch | Gathered, names: Sequence[str], rows: Ids) -> pa.RecordBatch:
    """Some columns of some rows."""
    if isinstance(batch, Gathered):
        return batch.taken(names, rows)
    return batch.select(list(names)).take(pa.array(rows))


def _is_text(type_: pa.DataType) -> bool:
    plain = type_.value_type if pa.types.is_dictionary(type_) else type_
    return bool(pa.types.is_string(plain) or pa.types.is_large_string(plain))


def _is_short(type_: pa.DataType) -> bool:
    return bool(pa.types.is_integer(type_) or pa.types.is_boolean(type_))


def every_row(length: int) -> Ids:
    """All rows of a batch."""
    return np.arange(length, dtype=np.int64)
