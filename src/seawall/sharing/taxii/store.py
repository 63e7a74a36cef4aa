"""Collections in the state database: what a page holds is exact, whoever writes meanwhile.

Each record has a moment of its own, given while the writer holds the collection's row: moments are unique and grow in
the order of commits. So whoever has read up to a moment has seen every record that will ever stand before it.

A record's gate is the strictest of its own marking and that of every later version: a marking that became stricter
takes older versions back too, and one that became laxer, whoever sent it, never opens them again.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, cast

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    and_,
    case,
    delete,
    exists,
    func,
    insert,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from seawall.model.clock import Clock
from seawall.sharing.taxii.adding import Adding, Kept
from seawall.sharing.taxii.asking import WORDS, Question
from seawall.sharing.taxii.moments import micros_of
from seawall.sharing.taxii.objects import Checked
from seawall.sharing.taxii.uploads import Upload
from seawall.state.store import trouble
from seawall.state.taxii_tables import TaxiiCollectionRow, TaxiiKeyRow, TaxiiObjectRow, TaxiiStatusRow

ANYTHING: Final = 4  # clearance of the house itself
_AT_ONCE: Final = 400  # ids in one question
_PATIENCE_MS: Final = 30_000  # how long a writer waits for its turn
_DAY: Final = 86_400_000_000

_T: Final = cast("Table", TaxiiObjectRow.__table__)
_N: Final = _T.alias("other")


@dataclass(frozen=True, slots=True)
class Record:
    """One version of an object, as a page shows it."""

    added: int  # microseconds since 1970
    id: str
    version: str  # as the object writes it
    spec_version: str
    digest: str
    body: str  # JSON; empty where it was not asked for


@dataclass(frozen=True, slots=True)
class Page:
    """Records in the order they were added, and whether there are more behind them."""

    records: tuple[Record, ...]
    more: bool


class Store:
    """The records of every collection of a server. May be shared by threads, and by processes on one database."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    # -- writing -------------------------------------------------------------------------------------------------

    def make(self, collections: Iterable[str]) -> None:
        """Make those collections that are not there."""
        with self._writing() as connection:
            there = set(connection.scalars(select(TaxiiCollectionRow.id)))
            for id_ in dict.fromkeys(collections):
                if id_ not in there:
                    connection.execute(insert(TaxiiCollectionRow).values(id=id_, last_added=0))

    def key(self, name: str) -> bytes:
        """A key of 32 octets that every process shares, made once."""
        wanted = select(TaxiiKeyRow.value).where(TaxiiKeyRow.name == name)
        with trouble(self._engine):
            with self._engine.connect() as connection:
                value = connection.scalar(wanted)
            if value is None:
                with contextlib.suppress(IntegrityError), self._turn_to_write() as connection:  # the first one counts
                    connection.execute(insert(TaxiiKeyRow).values(name=name, value=secrets.token_hex(32)))
                with self._engine.connect() as connection:
                    value = connection.scalar(wanted)
        return bytes.fromhex(str(value))

    def add(self, collection: str, objects: Sequence[Checked], *, clearance: int = ANYTHING) -> list[Kept]:
        """Keep objects, all or none; one that is there already stays as it is. Their order is that of the moments."""
        with self._writing() as connection:
            return self._add(connection, collection, objects, clearance)

    def upload(self, collection: str, objects: Sequence[Checked], upload: Upload, clearance: int) -> str:
        """Keep what somebody sent, and what became of it, in one breath; returns the status resource (JSON)."""
        with self._writing() as connection:
            document = upload.document(self._add(connection, collection, objects, clearance))
            now, row = micros_of(self._clock.now()), TaxiiStatusRow
            connection.execute(delete(row).where(row.asked < now - upload.days * _DAY))
            connection.execute(
                insert(row).values(id=upload.id, root=upload.root, user=upload.user, asked=now, document=document)
            )
        return document

    def _add(self, connection: Connection, collection: str, objects: Sequence[Checked], clearance: int) -> list[Kept]:
        last = self._turn(connection, collection)
        adding = Adding(connection, collection, max(micros_of(self._clock.now()), last + 1), clearance)
        for some in pieces(objects):
            adding.add(some)
        row = TaxiiCollectionRow
        if adding.moment > last:
            connection.execute(update(row).where(row.id == collection).values(last_added=adding.moment - 1))
        return adding.kept

    def delete(self, collection: str, object_id: str, question: Question, clearance: int) -> int:
        """Remove the versions asked for from this collection; returns how many, of those the asker may see."""
        wanted = select(_T.c.added).where(
            _T.c.collection == collection, _T.c.object_id == object_id, *_wanted(question, clearance)
        )
        with self._writing() as connection:
            self._turn(connection, collection)
            moments = list(connection.scalars(wanted))
            for some in pieces(moments):
                connection.execute(delete(_T).where(_T.c.collection == collection, _T.c.added.in_(some)))
        return len(moments)

    def restrict(self, collection: str, object_id: str, light: int) -> int:
        """Make every version of an object at least so strict (a recall); returns how many became stricter."""
        with self._writing() as connection:
            self._turn(connection, collection)
            laxer = and_(_T.c.collection == collection, _T.c.object_id == object_id, _T.c.gate < light)
            changed = connection.scalar(select(func.count()).select_from(_T).where(laxer)) or 0
            stricter = case((_T.c.light < light, light), else_=_T.c.light)
            connection.execute(update(_T).where(laxer).values(gate=light, light=stricter))
        return changed

    # -- reading -------------------------------------------------------------------------------------------------

    def page(self, collection: str, question: Question, clearance: int, *, bodies: bool = True) -> Page:
        """The next page of what is asked for, of what the asker may see."""
        columns = [_T.c.added, _T.c.object_id, _T.c.version_text, _T.c.spec_version, _T.c.digest]
        chosen = select(*columns, *([_T.c.body] if bodies else []))
        chosen = chosen.where(_T.c.collection == collection, _T.c.added > question.after, *_wanted(question, clearance))
        with self._reading() as connection:
            rows = connection.execute(chosen.order_by(_T.c.added).limit(question.limit + 1)).all()
        return Page(tuple(_record(tuple(row), bodies) for row in rows[: question.limit]), len(rows) > question.limit)

    def holds(self, collection: str, object_id: str, clearance: int) -> bool:
        """Whether there is an object of that id, for somebody so cleared."""
        there = exists().where(_T.c.collection == collection, _T.c.object_id == object_id, _T.c.gate <= clearance)
        with self._reading() as connection:
            return bool(connection.scalar(select(there)))

    def status(self, root: str, user: str, id_: str) -> str | None:
        """The status resource of an upload, for the user whose it was."""
        with self._reading() as connection:
            row = TaxiiStatusRow
            wanted = select(row.document).where(row.id == id_, row.root == root, row.user == user)
            return connection.scalar(wanted)

    # -- turns ---------------------------------------------------------------------------------------------------

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with trouble(self._engine), self._turn_to_write() as connection:
            yield connection

    @contextmanager
    def _turn_to_write(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
                connection.exec_driver_sql("BEGIN IMMEDIATE")  # a lock taken late could not be waited for
            yield connection
            connection.commit()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with trouble(self._engine), self._engine.connect() as connection:
            if self._engine.dialect.name == "sqlite":
                connection.exec_driver_sql(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
            yield connection

    @staticmethod
    def _turn(connection: Connection, collection: str) -> int:
        """Be the collection's only writer until commit; returns its last moment."""
        row = TaxiiCollectionRow
        last = connection.scalar(select(row.last_added).where(row.id == collection).with_for_update())
        if last is None:
            raise LookupError(collection)  # `make` was not called: our own fault
        return last


def _wanted(question: Question, clearance: int) -> list[ColumnElement[bool]]:
    """The conditions of a question over `_T`, within what the asker may see."""
    wanted: list[ColumnElement[bool]] = [_T.c.gate <= clearance]
    if question.ids is not None:
        wanted.append(_T.c.object_id.in_(question.ids))
    if question.types is not None:
        wanted.append(_T.c.type.in_(question.types))
    if question.spec_versions is not None:
        wanted.append(_T.c.spec_version.in_(question.spec_versions))
    elif "all" not in question.versions:
        wanted.append(_none(clearance, _N.c.spec_version > _T.c.spec_version))
    if "all" not in question.versions:
        alike = _N.c.spec_version == _T.c.spec_version
        any_of: list[ColumnElement[bool]] = []
        if "last" in question.versions:
            any_of.append(_none(clearance, alike, _N.c.version > _T.c.version))
        if "first" in question.versions:
            any_of.append(_none(clearance, alike, _N.c.version < _T.c.version))
        if exact := [version for version in question.versions if version not in WORDS]:
            any_of.append(_T.c.version.in_(exact))
        wanted.append(or_(*any_of))
    return wanted


def _none(clearance: int, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """No other record of the same object, visible to the asker, is so."""
    same = and_(_N.c.collection == _T.c.collection, _N.c.object_id == _T.c.object_id, _N.c.gate <= clearance)
    return not_(exists().where(same, *conditions).correlate(_T))


def _record(row: Sequence[Any], bodies: bool) -> Record:
    added, id_, version, spec_version, digest = row[:5]
    return Record(added, id_, version, spec_version, digest, row[5] if bodies else "")


def pieces(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """Parts that fit into one question each."""
    for start in range(0, len(things), _AT_ONCE):
        yield things[start : start + _AT_ONCE]
