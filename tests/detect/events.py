"""Event tables for tests, written as short rows: columns left out are null, ids and origins are made up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pyarrow as pa

from seawall.engine.views import BY_NAME as VIEWS
from seawall.model.events import BY_NAME as KINDS
from seawall.model.events import event_id

START = datetime(2026, 11, 21, 22, 0, tzinfo=UTC)
_TYPES = {
    "id": pa.binary(16),
    "time": pa.timestamp("us", tz="UTC"),
    "text": pa.string(),
    "int": pa.int64(),
    "float": pa.float64(),
    "bool": pa.bool_(),
}


def table(view: str, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
    """Rows of a view or kind. `at` is seconds after START; fields of open-ended kinds become text columns."""
    columns = VIEWS[view].columns if view in VIEWS else KINDS[view].all_columns
    types = {column.name: _TYPES[column.type] for column in columns}
    full = [_row(view, number, row) for number, row in enumerate(rows, start=1)]
    further = {name for row in full for name in row} - set(types)
    if view in VIEWS or not KINDS[view].open_ended:
        assert not further, f"{view} has no column {sorted(further)}"
    types.update(dict.fromkeys(sorted(further), pa.string()))
    schema = pa.schema(list(types.items()))
    return pa.Table.from_pylist([{name: row.get(name) for name in types} for row in full], schema=schema)


def _row(view: str, number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    made = {key: value for key, value in row.items() if key != "at"}
    made.setdefault("time", START + timedelta(seconds=row.get("at", number)))
    made.setdefault("origin", f"evidence.log:{number}")
    made.setdefault("event_id", event_id(view, "", repr(sorted(row.items())).encode(), number))
    return made
