"""Delimited text evidence: the delimiter and the header of a table, and its rows with the lines they stand on."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import Final

from seawall.sources.lines import head_lines

DELIMITERS: Final = (",", "\t", ";", "|")
MAX_COLUMNS: Final = 400
_NAME: Final = re.compile(r"[\"']?[A-Za-z_@#%][\w .:/()@%#\[\]-]{0,79}[\"']?$")


@dataclass(frozen=True, slots=True)
class Header:
    """The line that names the columns."""

    delimiter: str
    names: tuple[str, ...]  # as written, without blanks around them; all different

    def row(self, line: str) -> list[str] | None:
        """The cells of a line; None if it does not have as many as the header (one empty one at the end is no cell)."""
        cells = cells_of(line, self.delimiter)
        if len(cells) == len(self.names) + 1 and not cells[-1].strip():
            cells.pop()
        return cells if len(cells) == len(self.names) else None


def cells_of(line: str, delimiter: str) -> list[str]:
    """The cells of one line; a line the CSV reader refuses has none."""
    if '"' not in line:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return []


def header_in(line: str, delimiter: str = "") -> Header | None:
    """The header a line is; None if its cells are no names of columns. Without `delimiter` the commonest one is it."""
    line = line.strip("\r\n").lstrip("\ufeff")
    counts = sorted(((line.count(d), d) for d in DELIMITERS), reverse=True)
    if counts[0][0] < 1 and not delimiter:
        return None
    delimiter = delimiter or counts[0][1]
    names = [name.strip().strip("\"'") for name in cells_of(line, delimiter)]
    if names and not names[-1]:
        names.pop()  # `rwcut` ends its lines with a delimiter
    if not 2 <= len(names) <= MAX_COLUMNS or not all(_NAME.match(name) for name in names):
        return None
    return Header(delimiter, tuple(_different(names)))


def _different(names: list[str]) -> list[str]:
    seen: set[str] = set()
    made = []
    for name in names:
        fresh, number = name, 2
        while fresh.lower() in seen:
            fresh, number = f"{name}_{number}", number + 1
        seen.add(fresh.lower())
        made.append(fresh)
    return made


def first_header(head: bytes, delimiter: str = "") -> Header | None:
    """The header a file begins with; comment lines before it are passed over."""
    for raw in head_lines(head, 20):
        line = raw.decode("utf-8", "replace")
        if line.startswith(("# ", "//")) and header_in(line.lstrip("# ")) is None:
            continue
        return header_in(line.removeprefix("#").strip("\r\n ") if line.startswith("#") else line, delimiter)
    return None
