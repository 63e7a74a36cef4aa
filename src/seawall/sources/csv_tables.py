"""Exports with a header line: which delimiter, which columns, and the rows, however the program quotes them.

A quoted cell may hold line ends; it is read on over at most `MAX_CELL_LINES` lines, so that one stray quote
cannot swallow a file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from seawall.sources.base import Chunk, Evidence
from seawall.sources.line_format import notes_of
from seawall.sources.lines import LineBlock, head_lines, line_blocks
from seawall.sources.records import Records

DELIMITERS: Final = (",", ";", "\t", "|")
MAX_CELL_LINES: Final = 200
MAX_COLUMNS: Final = 400
_PREAMBLE: Final = 30  # lines an export may put above its header


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the number of its first line, the text it stood as, and its cells."""

    number: int
    text: str
    cells: list[str]


def letters(text: str) -> str:
    """A column's name without case, blanks and signs."""
    return re.sub(r"[^a-z0-9]", "", text.lower())


def cells(line: str, delimiter: str) -> list[str]:
    """The cells of one line; empty if it cannot be cut."""
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])]
    except csv.Error:
        return []


def header(line: str, wanted: frozenset[str], least: int) -> tuple[str, list[str]] | None:
    """Delimiter and column names of a line that names at least `least` of the columns `wanted` (letters only)."""
    for delimiter in DELIMITERS:
        if delimiter not in line:
            continue
        names = cells(line, delimiter)[:MAX_COLUMNS]
        if len(names) >= 3 and len(wanted & {letters(name) for name in names}) >= least:
            return delimiter, names
    return None


def head_header(evidence: Evidence, wanted: frozenset[str], least: int) -> tuple[str, list[str]] | None:
    """The header in the first lines of a file, for `sniff`."""
    for raw in head_lines(evidence.head, _PREAMBLE):
        if found := header(raw.decode("utf-8", "replace").lstrip("#"), wanted, least):
            return found
    return None


def read_rows(
    evidence: Evidence, records: Records, header: tuple[str, list[str]], take: Callable[[Row], None]
) -> Iterator[Chunk]:
    """Hand every row below a header to `take`, and give what `records` made of them, block by block.

    Raises:
        InputError: the file cannot be read on.
    """
    for row in rows(line_blocks(evidence), *header):
        if isinstance(row, Row):
            take(row)
            continue
        if row.too_long:
            records.reject(row.first, f"line of {row.too_long} bytes or more, longer than any record")
        yield records.chunk(row.read_bytes, notes_of(evidence, row))
    yield records.chunk()


def rows(blocks: Iterator[LineBlock], delimiter: str, names: Sequence[str] = ()) -> Iterator[Row | LineBlock]:
    """The rows of a file, and after each block the block itself, so that progress can be told.

    With `names`, those below the line that names these columns; a lone quote above it opens no cell.

    A cell left open over too many lines ends its row where it began: the next line starts a new one.
    """
    keys = [letters(name) for name in names]
    begun = not keys
    open_text, open_number, waiting = "", 0, 0
    for block in blocks:
        for number, line in block.texts():
            if not begun:
                begun = [letters(cell) for cell in cells(line, delimiter)[: len(keys)]] == keys
                continue
            text = f"{open_text}\n{line}" if waiting else line
            if not text.strip():
                continue
            if text.count('"') % 2 and waiting < MAX_CELL_LINES and len(text) < 1 << 20:
                open_number = open_number if waiting else number
                open_text, waiting = text, waiting + 1
                continue
            yield Row(open_number if waiting else number, text, _cut(text, delimiter))
            open_text, waiting = "", 0
        yield block
    if waiting:
        yield Row(open_number, open_text, cells(open_text, delimiter))


def _cut(text: str, delimiter: str) -> list[str]:
    if "\n" not in text:
        return cells(text, delimiter)
    try:
        return [cell.strip() for cell in next(csv.reader(io.StringIO(text), delimiter=delimiter), [])]
    except csv.Error:
        return []
