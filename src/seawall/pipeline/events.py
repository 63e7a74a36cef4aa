"""One event of a case down to every column, and what its device said just before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from seawall.engine.lake import Lake

_BESIDE: Final = 8  # before and after
_FIRST: Final = (
    "time",
    "time_quality",
    "received",
    "observer",
    "device",
    "origin",
    "trust",
    "user",
    "src_ip",
    "dst_ip",
)
_TEXTS: Final = ("raw", "message", "line", "text", "command_raw", "command", "query", "uri", "activity")


@dataclass(frozen=True, slots=True)
class Event:
    """A row of the lake."""

    id: str  # hex
    kind: str
    columns: Mapping[str, Any]  # those that hold something, the common ones first
    empty: tuple[str, ...]  # columns that hold nothing

    @property
    def text(self) -> str:
        """What it says, in one line."""
        return next((str(self.columns[name]) for name in _TEXTS if self.columns.get(name)), "")

    @property
    def time(self) -> datetime | None:
        """When, UTC; None where the record has no time."""
        moment = self.columns.get("time")
        return moment if isinstance(moment, datetime) else None


def event(lake: Lake, event_id: bytes) -> Event | None:
    """The event of that id; None if the lake holds none."""
    con = lake.connect()
    try:
        for kind in lake.kinds():
            cursor = con.execute(f'SELECT * FROM "{kind}" WHERE event_id = ? LIMIT 1', [event_id])  # noqa: S608
            if (row := cursor.fetchone()) is not None:
                return _event(kind, [about[0] for about in cursor.description or ()], row)
    finally:
        con.close()
    return None


def neighbours(lake: Lake, one: Event) -> list[Event]:
    """What the same observer said just before and after, of the same kind, in order of time."""
    if one.time is None or not (observer := one.columns.get("observer")):
        return []
    con = lake.connect()
    try:
        found = []
        for mark, order in (("<", "DESC"), (">", "ASC")):
            cursor = con.execute(
                f'SELECT * FROM "{one.kind}" WHERE observer = $1 AND (time, event_id) {mark} ($2, $3) '  # noqa: S608
                f"ORDER BY time {order}, event_id {order} LIMIT {_BESIDE}",
                [observer, one.time, bytes.fromhex(one.id)],
            )
            names = [about[0] for about in cursor.description or ()]
            rows = [_event(one.kind, names, row) for row in cursor.fetchall()]
            found += rows[::-1] if order == "DESC" else [one, *rows]
        return found
    finally:
        con.close()


def _event(kind: str, names: list[str], row: tuple[Any, ...]) -> Event:
    values = {name: value.hex() if isinstance(value, bytes) else value for name, value in zip(names, row, strict=True)}
    ordered = [*_FIRST, *(name for name in names if name not in _FIRST)]
    held = {name: values[name] for name in ordered if values.get(name) not in (None, "", []) and name != "event_id"}
    empty = tuple(name for name in names if name not in held and name != "event_id")
    return Event(str(values["event_id"]), kind, held, empty)
