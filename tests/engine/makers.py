"""Small tables of invented events for the lake's tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from seawall.engine.lake import Lake
from seawall.model.events import arrow_schema, event_id

START = datetime(2026, 3, 1, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def events(kind: str, rows: Iterable[dict[str, Any]], *, extra: dict[str, pa.DataType] | None = None) -> pa.Table:
    """Rows of a kind, each with an id and a time of its own unless it says otherwise."""
    made = []
    for number, row in enumerate(rows):
        origin = row.get("origin", f"a.log:{number + 1}")
        base = {"event_id": event_id(kind, "", origin.encode()), "time": at(number), "observer": "pe1"}
        made.append({**base, "origin": origin, **row})
    schema = arrow_schema(kind)
    for name, arrow in (extra or {}).items():
        schema = schema.append(pa.field(name, arrow))
    return pa.Table.from_pylist(made, schema=schema)


def lines(count: int, *, file: str = "a.log", first: int = 1) -> pa.Table:
    """Plain syslog rows of one file."""
    return events(
        "syslog",
        (
            {"origin": f"{file}:{n}", "time": at(n), "raw": f"line {n}", "message": f"line {n}"}
            for n in range(first, first + count)
        ),
    )


def put(lake: Lake, kind: str, table: pa.Table) -> int:
    with lake.writer() as writer:
        new = writer.add(kind, table)
        writer.commit()
    return new


def column(lake: Lake, view: str, name: str, **where: Any) -> list[Any]:
    """One column of a view in order of time and origin."""
    con = lake.connect(**where)
    try:
        found: list[Any] = (
            con.sql(f'SELECT "{name}" FROM "{view}" ORDER BY time, length(origin), origin')
            .to_arrow_table()
            .column(0)
            .to_pylist()
        )
        return found
    finally:
        con.close()
