"""Shared objects in the case's database: what came from whom, under which marking, and when it was added.

A collection is a name. `in:SOURCE` holds what a source gave, `out:RECEIVER` what a receiver was given, `for:SOURCE`
sightings waiting to go back; all other names are collections that may be served. Objects are kept as they came, to the
letter of their JSON values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from seawall.model.finding import utc_text
from seawall.model.tlp import Light
from seawall.state.store import State
from seawall.state.tables import SharedRow

FROM: Final = "in:"  # collections of what sources gave
TO: Final = "out:"  # of what receivers were given
BACK: Final = "for:"  # of sightings waiting to go back
_AT_ONCE: Final = 500
_TICK: Final = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Shared:
    """An object of a collection."""

    object: Mapping[str, Any]  # STIX, as it came
    source: str  # who gave it
    light: Light  # the strictest of its own marking and that of what held it
    added: datetime  # UTC; unique and rising within a collection
    collection: str
    notes: Mapping[str, Any] = field(default_factory=dict)  # what we know of it beside what it says

    @property
    def id(self) -> str:
        """Its STIX id."""
        return str(self.object["id"])

    @property
    def version(self) -> str:
        """`modified`, else `created`, else when it was added (STIX 2.1 3.5, TAXII 2.1 5.6)."""
        return version_of(self.object, self.added)


def version_of(one: Mapping[str, Any], added: datetime) -> str:
    """Which version of itself an object is."""
    return str(one.get("modified") or one.get("created") or utc_text(added))


@dataclass(frozen=True, slots=True)
class Arriving:
    """An object on its way into a collection."""

    object: Mapping[str, Any]
    light: Light
    notes: Mapping[str, Any] = field(default_factory=dict)


class Shelf:
    """The shared objects of a case."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, collection: str, source: str, arriving: Iterable[Arriving], now: datetime) -> list[Shared]:
        """Keep objects; returns those that were not there, in order. All or nothing.

        One of the same id and version is there already: its light may only rise, and its notes are brought up to date.
        """
        wanted = list(arriving)
        new: list[Shared] = []
        with self._state.session() as session:
            last = session.scalar(select(func.max(SharedRow.added)).where(SharedRow.collection == collection))
            moment = max(now.astimezone(UTC), last + _TICK) if last else now.astimezone(UTC)
            there = self._there(session, collection, wanted)
            for one in wanted:
                # An observable has no version of its own: once in a collection is enough.
                plain = str(one.object.get("modified") or one.object.get("created") or "")
                known = there.get((str(one.object["id"]), plain))
                if known is not None:
                    known.light = max(known.light, int(one.light))
                    known.notes = {**known.notes, **one.notes}
                    continue
                row = _row(one, collection, source, moment)
                session.add(row)
                there[row.object_id, plain] = row
                new.append(_shared(row))
                moment += _TICK
        return new

    def _there(self, session: Session, collection: str, wanted: Sequence[Arriving]) -> dict[tuple[str, str], SharedRow]:
        ids = list({str(one.object["id"]) for one in wanted})
        found: dict[tuple[str, str], SharedRow] = {}
        for start in range(0, len(ids), _AT_ONCE):
            asked = select(SharedRow).where(
                SharedRow.collection == collection, SharedRow.object_id.in_(ids[start : start + _AT_ONCE])
            )
            for row in session.scalars(asked):
                plain = str(row.document.get("modified") or row.document.get("created") or "")
                found[row.object_id, plain] = row
        return found

    def objects(self, *collections: str, starting: str = "", type: str = "") -> list[Shared]:
        """Every object of some collections (all whose name starts so), in order of arrival; all versions."""
        asked = select(SharedRow).order_by(SharedRow.seq)
        if collections:
            asked = asked.where(SharedRow.collection.in_(collections))
        if starting:
            asked = asked.where(SharedRow.collection.startswith(starting, autoescape=True))
        if type:
            asked = asked.where(SharedRow.type == type)
        with self._state.session() as session:
            return [_shared(row) for row in session.scalars(asked)]

    def of(self, ids: Iterable[str], *, starting: str = "") -> list[Shared]:
        """Every version of some objects, wherever they stand."""
        wanted = list(dict.fromkeys(ids))
        found: list[Shared] = []
        with self._state.session() as session:
            for start in range(0, len(wanted), _AT_ONCE):
                asked = select(SharedRow).where(SharedRow.object_id.in_(wanted[start : start + _AT_ONCE]))
                if starting:
                    asked = asked.where(SharedRow.collection.startswith(starting, autoescape=True))
                found += [_shared(row) for row in session.scalars(asked.order_by(SharedRow.seq))]
        return found

    def raise_light(self, ids: Iterable[str], light: Light) -> int:
        """Make every version of some objects at least so strict, wherever they stand; returns how many rows changed."""
        wanted, changed = list(dict.fromkeys(ids)), 0
        with self._state.session() as session:
            for start in range(0, len(wanted), _AT_ONCE):
                asked = select(SharedRow).where(SharedRow.object_id.in_(wanted[start : start + _AT_ONCE]))
                for row in session.scalars(asked):
                    if row.light < light:
                        row.light, changed = int(light), changed + 1
        return changed

    def collections(self) -> Iterator[tuple[str, int]]:
        """The collections there are, and how many versions each holds."""
        with self._state.session() as session:
            asked = select(SharedRow.collection, func.count()).group_by(SharedRow.collection)
            rows = [(str(name), int(count)) for name, count in session.execute(asked)]
        yield from sorted(rows)

    def remove(self, collection: str, ids: Iterable[str]) -> int:
        """Take objects out of one collection, in all versions; returns how many rows went."""
        wanted, gone = list(dict.fromkeys(ids)), 0
        with self._state.session() as session:
            for start in range(0, len(wanted), _AT_ONCE):
                some = wanted[start : start + _AT_ONCE]
                rows = session.scalars(
                    select(SharedRow.seq).where(SharedRow.collection == collection, SharedRow.object_id.in_(some))
                ).all()
                gone += len(rows)
                session.execute(
                    delete(SharedRow).where(SharedRow.collection == collection, SharedRow.object_id.in_(some))
                )
        return gone


def _row(one: Arriving, collection: str, source: str, moment: datetime) -> SharedRow:
    return SharedRow(
        collection=collection,
        object_id=str(one.object["id"]),
        version=version_of(one.object, moment)[:40],
        type=str(one.object["type"]),
        added=moment,
        source=source,
        light=int(one.light),
        document=dict(one.object),
        notes=dict(one.notes),
    )


def _shared(row: SharedRow) -> Shared:
    return Shared(row.document, row.source, Light(row.light), row.added, row.collection, row.notes)
