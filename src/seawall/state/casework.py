"""What people write while they work an incident: notes, who has it, how far it is; and questions worth keeping.

An incident that is merged changes its name: what was written hangs on the name it had, and readers give every earlier
name (`owner_of`: name → the incident's name now).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, func, select

from seawall.errors import InputError
from seawall.state.store import State
from seawall.state.tables import NoteRow, SearchRow, WorkRow

STATES: Final[dict[str, str]] = {
    "new": "nobody has looked yet",
    "in work": "somebody is on it",
    "contained": "cut off; eradication goes on",
    "closed": "done; it stays on record",
}
MAX_NOTE: Final = 8_000  # characters
MAX_NAME: Final = 120
MAX_QUERY: Final = 20_000
_MOST: Final = 50_000  # notes that are read
_MOST_EACH: Final = 500  # of one incident


@dataclass(frozen=True, slots=True)
class Note:
    """One thing somebody wrote. Times are UTC."""

    text: str
    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the work on an incident is."""

    state: str = "new"
    owner: str = ""
    changed_by: str = ""  # who said so last
    changed: datetime | None = None  # UTC
    version: int = 0  # counts changes
    notes: tuple[Note, ...] = ()  # oldest first


@dataclass(frozen=True, slots=True)
class Search:
    """A question somebody keeps."""

    id: int
    name: str
    sql: str
    person: str
    at: datetime


def write_note(state: State, incident: str, note: Note) -> None:
    """Keep a note beside an incident. Raises InputError if it is empty or too long."""
    text = note.text.strip()
    if not text:
        raise InputError("the note is empty", mend="write what the next person must know")
    if len(text) > MAX_NOTE:
        raise InputError(f"a note has at most {MAX_NOTE:,} characters; this has {len(text):,}", mend="write two")
    with state.session() as session:
        session.add(NoteRow(incident=incident, at=note.at, person=note.person, text=text))


def set_work(
    state: State, incident: str, person: str, at: datetime, *, status: str | None = None, owner: str | None = None
) -> None:
    """Say how far an incident is, or who has it; what is not given stays. Whoever takes a new one works on it.

    Raises:
        InputError: there is no such state.
    """
    if status is not None and status not in STATES:
        raise InputError(f"no state is called {status!r}", mend=f"one of {', '.join(STATES)}")
    with state.session() as session:
        row = session.get(WorkRow, incident, with_for_update=True)
        if row is None:
            row = WorkRow(incident=incident, assignee="", status="new", changed=at, person=person, version=0)
            session.add(row)
        if owner is not None:
            row.assignee = owner[:64]
            row.status = "in work" if owner and row.status == "new" else row.status
        row.status = row.status if status is None else status
        row.changed, row.person, row.version = at, person, row.version + 1


def standings(state: State, owner_of: Mapping[str, str]) -> dict[str, Standing]:
    """How far the work on each incident is, by its name now; those nobody touched are left out."""
    notes: dict[str, list[Note]] = {}
    work: dict[str, WorkRow] = {}
    with state.session() as session:
        for row in session.scalars(select(NoteRow).order_by(NoteRow.id.desc()).limit(_MOST)):
            name = owner_of.get(row.incident, row.incident)
            if len(held := notes.setdefault(name, [])) < _MOST_EACH:
                held.append(Note(row.text, row.person, row.at))
        for one in session.scalars(select(WorkRow).order_by(WorkRow.changed)):
            work[owner_of.get(one.incident, one.incident)] = one
        session.expunge_all()
    return {name: _standing(work.get(name), notes.get(name, [])) for name in {*notes, *work}}


def _standing(work: WorkRow | None, notes: list[Note]) -> Standing:
    written = tuple(reversed(notes))
    if work is None:
        return Standing(notes=written)
    return Standing(work.status, work.assignee, work.person, work.changed, work.version, written)


def stamp(state: State) -> Hashable:
    """Something that differs once somebody wrote a note, took an incident, or saved a search."""
    with state.session() as session:
        return (
            session.execute(select(func.max(NoteRow.id))).scalar(),
            *session.execute(select(func.count(), func.max(WorkRow.changed), func.sum(WorkRow.version))).one(),
            *session.execute(select(func.count(), func.max(SearchRow.id))).one(),
        )


def keep_search(state: State, name: str, sql: str, person: str, at: datetime) -> None:
    """Keep a question under a name; one of the same name and person is replaced. Raises InputError."""
    name = name.strip()
    if not name or len(name) > MAX_NAME or not sql.strip() or len(sql) > MAX_QUERY:
        raise InputError(
            "a saved search has a name and a question", mend=f"a name of at most {MAX_NAME} characters, and one SELECT"
        )
    with state.session() as session:
        session.execute(delete(SearchRow).where(SearchRow.name == name, SearchRow.person == person))
        session.add(SearchRow(name=name, sql=sql, person=person, at=at))


def forget_search(state: State, number: int, person: str) -> None:
    """Forget one's own saved search; somebody else's stays."""
    with state.session() as session:
        session.execute(delete(SearchRow).where(SearchRow.id == number, SearchRow.person == person))


def searches(state: State) -> list[Search]:
    """Every saved search, by name; everybody may use them."""
    with state.session() as session:
        rows = session.scalars(select(SearchRow).order_by(SearchRow.name, SearchRow.id).limit(500))
        return [Search(row.id, row.name, row.sql, row.person, row.at) for row in rows]
