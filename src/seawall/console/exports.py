"""Tables as CSV (RFC 4180) that no spreadsheet runs and no terminal obeys."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from fastapi.responses import StreamingResponse

from seawall.model.finding import utc_text
from seawall.reporting.text import visible

MAX_ROWS: Final = 200_000  # of one file; a further line says that there were more
_MAX_CELL: Final = 32_000  # characters: spreadsheets take no more
_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_LINES: Final = 500  # of one piece that is sent


def cell(value: Any) -> str | int | float:
    """One cell: texts that a spreadsheet would run begin with an apostrophe, hidden characters are shown."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return value
    if isinstance(value, datetime):
        return utc_text(value)
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping | list | tuple):
        value = json.dumps(value, default=str, ensure_ascii=False)
    text = visible(str(value), _MAX_CELL)
    return "'" + text if text.lstrip(" \u00a0").startswith(_STARTS) else text


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The file, in pieces: a head, then a line for each row."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([cell(name) for name in columns])
    for number, row in enumerate(rows, start=1):
        if number > MAX_ROWS:
            writer.writerow([f"cut off after {MAX_ROWS:,} rows: ask for less"])
            break
        writer.writerow([cell(value) for value in row])
        if number % _LINES == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def csv_answer(name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingResponse:
    """An answer that browsers save as `name`.csv; `name` is a word of ours, never of the evidence."""
    return StreamingResponse(
        csv_lines(columns, rows),
        media_type="text/csv; charset=utf-8; header=present",
        headers={"content-disposition": f'attachment; filename="seawall-{name}.csv"'},
    )
