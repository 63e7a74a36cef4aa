"""Zeek's tab-separated logs: every file says its own columns, and may say them anew at any line.

https://docs.zeek.org/en/master/log-formats.html. Blocks are read by Arrow's CSV reader in one go; a block it
refuses is halved until the lines at fault stand alone, and only those are rejected.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from seawall.sources.zeek.columns import MAX_COLUMNS, column_names, times_of, type_of

_ALONE: Final = 128  # lines read one by one once a block this small is refused
_ARROW: Final = {
    "time": pa.float64(),
    "float": pa.float64(),
    "int": pa.int64(),
    "bool": pa.bool_(),
    "text": pa.string(),
}
_HEX: Final = re.compile(rb"\\x([0-9a-fA-F]{2})")
_BOOLS: Final = {b"T": True, b"F": False}


@dataclass(frozen=True, slots=True)
class Header:
    """What the `#` lines above some records say."""

    separator: bytes = b"\t"
    set_separator: str = ","
    empty: str = "(empty)"
    unset: str = "-"
    path: str = ""  # as written, e.g. "conn"
    names: tuple[str, ...] = ()  # our column names, in order
    types: dict[str, str] = field(default_factory=dict)  # Zeek's types by our names


@dataclass(frozen=True, slots=True)
class Rows:
    """Records read: their columns, their bytes and where they stand among the lines given."""

    columns: dict[str, pa.Array]
    lines: list[bytes]
    numbers: np.ndarray[tuple[int], np.dtype[np.int64]]


def read_header(header: Header, line: bytes) -> Header:
    """The header as one more `#` line changes it; lines it does not need (`#open`, `#close`) change nothing."""
    name, _, value = line.rstrip(b"\r").partition(b" ")
    if name == b"#separator":
        return Header(separator=_HEX.sub(lambda m: bytes([int(m[1], 16)]), value.strip(b" ")) or b"\t")
    name, _, value = line.rstrip(b"\r").partition(header.separator)
    text = value.decode("utf-8", "backslashreplace")
    if name == b"#fields":
        fields = [f.decode("utf-8", "backslashreplace") for f in value.split(header.separator)]
        return replace(header, names=tuple(column_names(fields[:MAX_COLUMNS])), types={})
    if name == b"#types":
        return replace(
            header, types=dict(zip(header.names, text.split(header.separator.decode("latin-1")), strict=False))
        )
    if name == b"#path":
        return replace(header, path=text)
    if name == b"#set_separator":
        return replace(header, set_separator=text or ",")
    if name == b"#empty_field":
        return replace(header, empty=text)
    return replace(header, unset=text) if name == b"#unset_field" else header


def read_rows(
    header: Header, kind: str, lines: list[bytes], first: int, data: bytes | None = None
) -> Iterator[Rows | tuple[int, str]]:
    """The records of some lines under one header, and (line number, reason) for each line that is none.

    `data` may give the same lines in one piece, which saves putting them together.
    """
    columns = _all_at_once(header, kind, b"\n".join(lines) if data is None else data, len(lines))
    if columns is not None:
        yield Rows(columns, lines, np.arange(first, first + len(lines), dtype=np.int64))
    elif len(lines) > _ALONE:
        half = len(lines) // 2
        yield from read_rows(header, kind, lines[:half], first)
        yield from read_rows(header, kind, lines[half:], first + half)
    else:
        yield from _one_by_one(header, kind, lines, first)


def _all_at_once(header: Header, kind: str, data: bytes, count: int) -> dict[str, pa.Array] | None:
    """The columns of `count` lines without a fault; None if one has, or the form is too odd for the quick reader."""
    if len(header.names) < 2 or len(header.separator) != 1 or b"\r" in data:
        return None
    try:
        table = csv.read_csv(
            pa.BufferReader(data),
            read_options=csv.ReadOptions(use_threads=False, block_size=len(data) + 1, column_names=list(header.names)),
            parse_options=csv.ParseOptions(
                delimiter=header.separator.decode("latin-1"), quote_char=False, double_quote=False, escape_char=False
            ),
            convert_options=_conversion(header, kind),
        )
    except (pa.ArrowInvalid, pa.ArrowKeyError):
        return None
    if table.num_rows != count:
        return None  # blank lines among them
    columns = {name: table.column(name).combine_chunks() for name in header.names}
    return _finished(header, columns, has_empty=header.empty.encode() in data)


def _conversion(header: Header, kind: str) -> csv.ConvertOptions:
    return csv.ConvertOptions(
        column_types={name: _ARROW[type_of(kind, name)] for name in header.names},
        null_values=[header.unset],
        strings_can_be_null=True,
        true_values=["T"],
        false_values=["F"],
    )


def _finished(header: Header, columns: dict[str, pa.Array], *, has_empty: bool) -> dict[str, pa.Array]:
    """Times as times, empty sets as empty text, members of sets told apart by commas."""
    for name, column in columns.items():
        if name == "ts":
            columns[name] = times_of(column)
        elif pa.types.is_string(column.type):
            if has_empty:
                column = pc.if_else(pc.equal(column, header.empty), "", column)
            if header.set_separator != "," and header.types.get(name, "").startswith(("set[", "vector[")):
                column = pc.replace_substring(column, header.set_separator, ",")
            columns[name] = column
    return columns


def _one_by_one(header: Header, kind: str, lines: list[bytes], first: int) -> Iterator[Rows | tuple[int, str]]:
    cells: list[list[object]] = []
    good: list[bytes] = []
    numbers: list[int] = []
    for number, raw in enumerate(lines, first):
        line = raw.rstrip(b"\r")
        if not line:
            continue
        read = _cells(header, kind, line)
        if isinstance(read, str):
            yield number, read
            continue
        cells.append(read)
        good.append(line)
        numbers.append(number)
    if cells:
        types = [_ARROW[type_of(kind, name)] for name in header.names]
        columns = {
            name: pa.array(values, kind_of)
            for name, kind_of, values in zip(header.names, types, zip(*cells, strict=True), strict=True)
        }
        yield Rows(_finished(header, columns, has_empty=True), good, np.array(numbers, dtype=np.int64))


def _cells(header: Header, kind: str, line: bytes) -> list[object] | str:
    """The values of one line, or why it is no record."""
    raw = line.split(header.separator)
    if len(raw) != len(header.names):
        return f"{len(raw)} fields where the header names {len(header.names)}"
    unset = header.unset.encode()
    values: list[object] = []
    for name, cell in zip(header.names, raw, strict=True):
        if cell == unset:
            values.append(None)
            continue
        try:
            values.append(_value(type_of(kind, name), cell))
        except (ValueError, KeyError):
            return f"field {name} does not hold a {type_of(kind, name)}"
    return values


def _value(type_: str, cell: bytes) -> object:
    if type_ == "text":
        return cell.decode("utf-8", "backslashreplace")
    if type_ == "bool":
        return _BOOLS[cell]
    if b"_" in cell or cell != cell.strip():
        raise ValueError  # Python would take them, Zeek never writes them
    if type_ == "int":
        number = int(cell)
        if not -(2**63) <= number < 2**63:
            raise ValueError
        return number
    return float(cell)
