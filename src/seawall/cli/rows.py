"""Rows of a query, as a table for people or lines for programs."""

from __future__ import annotations

import csv
import shutil
import sys
from datetime import datetime
from typing import Any, Final

import click
import pyarrow as pa

from seawall.cli.output import write_lines
from seawall.model.finding import utc_text
from seawall.reporting.text import safe_terminal

TABLE_ROWS: Final = 200  # a table longer than this is no table; `--limit` asks for more


def write(reader: pa.RecordBatchReader, form: str, limit: int) -> None:
    """Print rows in batches as they come; a table stops at `limit` and says so. `limit` 0 means all."""
    if form == "jsonl":
        _write_jsonl(reader, limit)
    elif form == "csv":
        _write_csv(reader, limit)
    else:
        _write_table(reader, limit)


def _rows(reader: pa.RecordBatchReader, limit: int) -> Any:
    left = limit or None
    for batch in reader:
        for row in batch.rename_columns(_names(reader)).to_pylist():
            if left is not None:
                if left == 0:
                    click.echo(f"seawall: stopped after {limit} rows; ask for more with --limit", err=True)
                    return
                left -= 1
            yield {name: _plain(value) for name, value in row.items()}


def _names(reader: pa.RecordBatchReader) -> list[str]:
    """The columns' names, told apart where a query gives one twice."""
    names: list[str] = []
    for name in reader.schema.names:
        count = 2
        told = name
        while told in names:
            told, count = f"{name}_{count}", count + 1
        names.append(told)
    return names


def _plain(value: Any) -> Any:
    """Values as documented: ids in hex, times RFC 3339 in UTC."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime):
        return utc_text(value) if value.tzinfo else value.isoformat()
    return value


def _write_jsonl(reader: pa.RecordBatchReader, limit: int) -> None:
    write_lines(_rows(reader, limit))


def _write_csv(reader: pa.RecordBatchReader, limit: int) -> None:
    writer = csv.DictWriter(_Lines(), _names(reader), lineterminator="\r\n")
    writer.writeheader()
    told = _shown if sys.stdout.isatty() else _inert  # a program gets the very text, a terminal nothing that moves it
    for row in _rows(reader, limit):
        writer.writerow({name: told(value) for name, value in row.items()})


class _Lines:
    """Standard output with plain line ends. The csv module only quotes a carriage return that is part of its own line
    end; unquoted, one inside a value would start a row of its own, and a formula with it.
    """

    def write(self, row: str) -> int:
        """Print one row."""
        return sys.stdout.write(row.removesuffix("\r\n") + "\n")


def _inert(value: Any) -> Any:
    """Text a spreadsheet would run as a formula starts with an apostrophe instead (CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


def _shown(value: Any) -> Any:
    return safe_terminal(value, len(value)) if isinstance(value, str) else value


def _write_table(reader: pa.RecordBatchReader, limit: int) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 240
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    names = _names(reader)
    for name in names:
        table.add_column(safe_terminal(name), overflow="fold")
    count = 0
    for row in _rows(reader, limit):
        table.add_row(*(Text("" if row[n] is None else safe_terminal(str(row[n]))) for n in names))
        count += 1
    Console(width=width, highlight=False).print(table)
    click.echo(f"{count} row{'' if count == 1 else 's'}", err=True)
