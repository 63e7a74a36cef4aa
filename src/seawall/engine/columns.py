"""Column types: the model's six words, and what Arrow and SQL call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from seawall.model.events import BY_NAME, ColumnType

ARROW: Final[dict[str, pa.DataType]] = {
    "id": pa.binary(16),
    "time": pa.timestamp("us", tz="UTC"),
    "text": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
}
SQL: Final[dict[str, str]] = {
    "id": "BLOB",
    "time": "TIMESTAMP WITH TIME ZONE",
    "text": "VARCHAR",
    "int": "BIGINT",
    "float": "DOUBLE",
    "bool": "BOOLEAN",
}

Shape = tuple[tuple[str, ColumnType], ...]  # columns of one part, in order


def declared(kind: str) -> dict[str, ColumnType]:
    """The columns the model describes for a kind; none for a kind it does not know."""
    return {c.name: c.type for c in BY_NAME[kind].all_columns} if kind in BY_NAME else {}


def word_for(arrow: pa.DataType) -> ColumnType:
    """The model's word for an Arrow type; whatever is none of ours is text."""
    if pa.types.is_dictionary(arrow):
        return word_for(arrow.value_type)
    if pa.types.is_fixed_size_binary(arrow) and arrow.byte_width == 16:
        return "id"
    if pa.types.is_timestamp(arrow):
        return "time"
    if pa.types.is_boolean(arrow):
        return "bool"
    if pa.types.is_integer(arrow):
        return "int"
    return "float" if pa.types.is_floating(arrow) else "text"


def cast(column: pa.ChunkedArray, word: ColumnType) -> pa.ChunkedArray | None:
    """A column as that type without losing anything, or None where a value cannot be it.

    A 64-bit unsigned number too large for `int` and bytes that are not UTF-8 are values that cannot.
    """
    if column.type == ARROW[word]:
        return column
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    try:
        return pc.cast(column, ARROW[word], safe=True)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return None


def as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """A column as text, whatever it was; structures are written the way Python prints them."""
    made = cast(column, "text")
    if made is not None:
        return made
    return pa.chunked_array([pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())])


def conform(kind: str, table: pa.Table, known: Mapping[str, ColumnType]) -> tuple[pa.Table, dict[str, int]]:
    """A source's table in the lake's types, without columns that are all null.

    `known` holds what the lake says of the kind's columns so far. Where a value does not fit the type, the column
    becomes text; the second answer counts such rows per column, so that a type clash is never silent.
    """
    wanted = {**declared(kind), **known}
    spelling = {name.lower(): name for name in wanted}
    names: list[str] = []
    columns: list[pa.ChunkedArray] = []
    clashes: dict[str, int] = {}
    for given in table.column_names:
        column = table.column(given)
        if column.null_count == len(column) and given != "event_id":
            continue
        name = spelling.setdefault(given.lower(), given)  # query engines cannot tell names apart by case
        if name in names:
            at = names.index(name)
            columns[at] = pc.coalesce(as_text(columns[at]), as_text(column))
            continue
        word = wanted.get(name) or word_for(column.type)
        fitted = cast(column, word)
        if fitted is None:
            fitted = as_text(column)
            clashes[name] = len(column) - column.null_count
        names.append(name)
        columns.append(fitted)
    return pa.table(columns, names=names), clashes


def shape_of(table: pa.Table) -> Shape:
    """Name and type word of each column."""
    return tuple((field.name, word_for(field.type)) for field in table.schema)


def merged(shapes: list[Shape]) -> dict[str, ColumnType]:
    """Columns of several parts together; one that has two types is text, two spellings the first one's."""
    found: dict[str, ColumnType] = {}
    spelling: dict[str, str] = {}
    for shape in shapes:
        for given, word in shape:
            name = spelling.setdefault(given.lower(), given)
            found[name] = word if found.get(name, word) == word else "text"
    return found


def reshape(table: pa.Table, columns: Mapping[str, ColumnType]) -> pa.Table:
    """A table with exactly these columns, in their order; missing ones are null, clashing ones text."""
    rows = table.num_rows
    made = []
    for name, word in columns.items():
        if name not in table.column_names:
            made.append(pa.nulls(rows, ARROW[word]))
            continue
        column = table.column(name)
        made.append(column if column.type == ARROW[word] else as_text(column))
    return pa.table(made, schema=pa.schema([pa.field(n, ARROW[w]) for n, w in columns.items()]))
