"""What every canonical view is put together from: a kind's own columns, in the type wanted, and the common ones."""

# ruff: noqa: S608 - names come from the model and are quoted; no value is ever pasted in
from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from seawall.engine.columns import SQL
from seawall.engine.snapshot import literal, quoted
from seawall.model.events import ColumnType

_TEXTS: Final = ("time_quality", "observer", "origin", "trust", "tenant", "scope")
COMMON: Final = ("event_id", "time", "received", *_TEXTS, "written", "kind")  # columns `rows` gives by itself


def own(columns: Mapping[str, ColumnType], *names: str, word: ColumnType = "text") -> str:
    """The first of these columns that a kind has and that is not null, in the type wanted; else null."""
    there = [
        quoted(name) if columns[name] == word else f"TRY_CAST({quoted(name)} AS {SQL[word]})"
        for name in names
        if name in columns
    ]
    if not there:
        return f"NULL::{SQL[word]}"
    return there[0] if len(there) == 1 else f"coalesce({', '.join(there)})"


def rows(kind: str, columns: Mapping[str, ColumnType], items: Mapping[str, str], where: str = "true") -> str:
    """Rows of one kind with the common columns, the device as written, and these further ones; in order of names.

    The order makes kinds line up under UNION ALL, which not every engine does by name.
    """
    common = {
        "event_id": own(columns, "event_id", word="id"),
        "time": own(columns, "time", word="time"),
        "received": own(columns, "received", word="time"),
        **{name: own(columns, name) for name in _TEXTS},
        "written": f"coalesce({own(columns, 'device')}, {own(columns, 'observer')})",
        "kind": literal(kind),
    }
    chosen = ", ".join(f"{sql} AS {quoted(name)}" for name, sql in sorted({**common, **items}.items()))
    return f"SELECT {chosen} FROM {quoted(kind)} WHERE {where}"


def texts(columns: Mapping[str, ColumnType], *names: str) -> dict[str, str]:
    """Text columns under their own names."""
    return {name: own(columns, name) for name in names}
