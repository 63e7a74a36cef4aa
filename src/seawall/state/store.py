"""Findings and incidents that outlive a run, in a database of the operator's choice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, get_args

from sqlalchemy import URL, Engine, create_engine, delete, event, select, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from seawall.errors import InputError, UsageError
from seawall.model.compartment import may_leave
from seawall.model.finding import UNTIMED, Finding, finding_from_dict, finding_to_dict
from seawall.model.incident import Incident, incident_from_dict, incident_to_dict
from seawall.state.tables import HEAD, FeedbackRow, FindingRow, HuntRow, IncidentRow

Verdict = Literal["right", "wrong", "unsure"]
_AT_ONCE: Final = 500  # ids in one question: SQLite bounds the number of parameters
_MEND: Final = "check that the database is there, writable and not used by a later version"


@dataclass(frozen=True, slots=True)
class Hunt:
    """A run of the hunt. Times are UTC; `finished` is null if it never came to its end."""

    id: int
    started: datetime
    finished: datetime | None
    counts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a person thought of a finding."""

    finding: str
    at: datetime
    person: str
    verdict: Verdict
    note: str = ""


def open_state(url: str | Path) -> State:
    """Open the state database, laid out or brought up to date where needed.

    `url` is a path (SQLite) or any SQLAlchemy URL.

    Raises:
        InputError: it cannot be opened, or a later version wrote it.
        UsageError: the URL names a database we have no driver for.
    """
    return State(open_engine(url))


def open_engine(url: str | Path, **options: Any) -> Engine:
    """The database itself, as `open_state` opens it, for rooms that keep tables of their own in it.

    `options` are those of SQLAlchemy's `create_engine`.
    """
    address = URL.create("sqlite", database=str(url)) if isinstance(url, Path) or "://" not in url else url
    try:
        engine = create_engine(address, **options)
    except ArgumentError as error:
        raise UsageError(
            f"not a database URL: {error}", mend="write e.g. postgresql+psycopg://user@host/name"
        ) from None
    except (NoSuchModuleError, ModuleNotFoundError) as error:
        raise UsageError(
            f"no driver for that database: {error}", mend="install the extra, e.g. pip install 'seawall[postgres]'"
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _foreign_keys)
    try:
        with trouble(engine):
            _bring_up_to_date(engine)
    except BaseException:
        engine.dispose()
        raise
    return engine


class State:
    """The state database; a context manager that closes it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save_findings(self, findings: Iterable[Finding], *, run: int | None = None) -> list[str]:
        """Keep findings; returns the ids that were not there before, in the order given.

        A finding that is there already is brought up to date (its count may have grown). One that replaces another
        removes that one. All or nothing.
        """
        wanted = {finding.id: finding for finding in findings}
        with self.session() as session:
            replaced = [f.replaces for f in wanted.values() if f.replaces and f.replaces not in wanted]
            for ids in _pieces(replaced):
                session.execute(delete(FindingRow).where(FindingRow.id.in_(ids)))
            there: dict[str, FindingRow] = {}
            for ids in _pieces(wanted):
                there |= {row.id: row for row in session.scalars(select(FindingRow).where(FindingRow.id.in_(ids)))}
            for finding in wanted.values():
                row = there.get(finding.id)
                if row is None:
                    session.add(FindingRow(id=finding.id, run=run, **_finding_columns(finding)))
                elif row.document != (columns := _finding_columns(finding))["document"]:
                    for name, value in columns.items():
                        setattr(row, name, value)
            return [id_ for id_ in wanted if id_ not in there]

    def withdraw(self, ids: Iterable[str]) -> None:
        """Let findings go that the events do not show any more; one that is not there is fine."""
        with self.session() as session:
            for some in _pieces(ids):
                session.execute(delete(FindingRow).where(FindingRow.id.in_(some)))

    def forget(self, before: datetime) -> int:
        """Let go of findings that ended before a moment, those without a time left alone; returns how many went."""
        with self.session() as session:
            old = (FindingRow.last < before) & (FindingRow.last > UNTIMED)
            ids = list(session.scalars(select(FindingRow.id).where(old)))
            for some in _pieces(ids):
                session.execute(delete(FindingRow).where(FindingRow.id.in_(some)))
        return len(ids)

    def findings(self, *, compartment: bool = False) -> list[Finding]:
        """Every finding, in order of first event, then id.

        Those of the guard over lawful intercept only with `compartment`, to be asked for by whatever shows them to a
        person who signed for it: all else that reads findings writes for others.
        """
        with self.session() as session:
            rows = session.scalars(select(FindingRow.document).order_by(FindingRow.first, FindingRow.id))
            every = [finding_from_dict(document) for document in rows]
        return every if compartment else may_leave(every)

    def save_incidents(self, incidents: Iterable[Incident]) -> list[str]:
        """Make these the incidents; returns the ids that were not there before, in the order given.

        Incidents follow from the findings, so one that is not given any more (it was merged with another) goes.
        """
        wanted = {incident.id: incident for incident in incidents}
        with self.session() as session:
            there = {row.id: row for row in session.scalars(select(IncidentRow))}
            for id_, row in there.items():
                if id_ not in wanted:
                    session.delete(row)
            for incident in wanted.values():
                columns = _incident_columns(incident)
                known = there.get(incident.id)
                if known is None:
                    session.add(IncidentRow(id=incident.id, **columns))
                elif known.document != columns["document"]:
                    for name, value in columns.items():
                        setattr(known, name, value)
            return [id_ for id_ in wanted if id_ not in there]

    def incidents(self) -> list[Incident]:
        """Every incident, in order of first event, then id."""
        with self.session() as session:
            rows = session.scalars(select(IncidentRow.document).order_by(IncidentRow.first, IncidentRow.id))
            return [incident_from_dict(document) for document in rows]

    def record_hunt(self, started: datetime, finished: datetime | None, counts: Mapping[str, Any]) -> int:
        """Keep a note of a run; returns its number."""
        with self.session() as session:
            row = HuntRow(started=started, finished=finished, counts=dict(counts))
            session.add(row)
            session.flush()
            return row.id

    def hunts(self) -> list[Hunt]:
        """Every run, oldest first."""
        with self.session() as session:
            rows = session.scalars(select(HuntRow).order_by(HuntRow.id))
            return [Hunt(row.id, row.started, row.finished, row.counts) for row in rows]

    def give_feedback(self, feedback: Feedback) -> None:
        """Keep what a person thought of a finding. Raises UsageError for a verdict we do not know."""
        if feedback.verdict not in get_args(Verdict):
            raise UsageError(
                f"no verdict is called {feedback.verdict!r}", mend=f"one of {', '.join(get_args(Verdict))}"
            )
        with self.session() as session:
            session.add(
                FeedbackRow(
                    finding=feedback.finding,
                    at=feedback.at,
                    person=feedback.person,
                    verdict=feedback.verdict,
                    note=feedback.note,
                )
            )

    def feedback(self) -> list[Feedback]:
        """Everything people said about findings, oldest first."""
        with self.session() as session:
            rows = session.scalars(select(FeedbackRow).order_by(FeedbackRow.id))
            return [Feedback(r.finding, r.at, r.person, _verdict(r.verdict), r.note) for r in rows]

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One transaction, for rooms that keep tables of their own here. Raises InputError on trouble."""
        with trouble(self._engine), Session(self._engine) as session, session.begin():
            yield session

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def __enter__(self) -> State:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _bring_up_to_date(engine: Engine) -> None:
    """Run the migrations that are missing; the quick way out is the usual one."""
    with engine.connect() as connection:
        there = engine.dialect.has_table(connection, "alembic_version")
        version = connection.scalar(text("SELECT version_num FROM alembic_version")) if there else None
    if version == HEAD:
        return
    if version is not None and version > HEAD:
        raise InputError(
            f"the state database has version {version}, this program knows {HEAD}",
            where=engine.url.render_as_string(hide_password=True),
            mend="use the version that wrote it, or a later one",
        )
    from seawall.state.migrate import upgrade

    upgrade(engine)


@contextmanager
def trouble(engine: Engine) -> Iterator[None]:
    """What the database complains of, as an InputError that names it."""
    try:
        yield
    except SQLAlchemyError as error:
        what = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise InputError(what, where=engine.url.render_as_string(hide_password=True), mend=_MEND) from error


def _foreign_keys(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA foreign_keys = ON")


def _pieces(ids: Iterable[str]) -> Iterator[list[str]]:
    every = list(ids)
    for start in range(0, len(every), _AT_ONCE):
        yield every[start : start + _AT_ONCE]


def _finding_columns(finding: Finding) -> dict[str, Any]:
    return {
        "detector": finding.detector,
        "severity": int(finding.severity),
        "first": finding.first,
        "last": finding.last,
        "document": finding_to_dict(finding),
    }


def _incident_columns(incident: Incident) -> dict[str, Any]:
    return {
        "severity": int(incident.severity),
        "first": incident.first,
        "last": incident.last,
        "document": incident_to_dict(incident),
    }


def _verdict(word: str) -> Verdict:
    for known in get_args(Verdict):
        if known == word:
            verdict: Verdict = known
            return verdict
    return "unsure"
