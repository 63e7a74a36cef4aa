"""Findings and incidents a page at a time, straight from the database: a hundred thousand rows cost what one page does.

What belongs to the intercept case alone never comes out of here.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Select, String, Text, and_, cast, func, not_, or_, select

from seawall.model.compartment import TAG, may_leave
from seawall.model.finding import Finding, finding_from_dict
from seawall.state.store import State
from seawall.state.tables import FindingRow, HuntRow, IncidentRow

_AT_ONCE: Final = 500
_DOCUMENT: Final = cast(FindingRow.document, Text)


@dataclass(frozen=True, slots=True)
class FindingsAsked:
    """Which findings, in which order. Times are UTC."""

    detector: str = ""
    severity: int | None = None
    text: str = ""  # anywhere in the finding, small or capital
    offset: int = 0
    limit: int = 100


def stamp(state: State) -> Hashable:
    """Something that differs once findings or incidents changed."""
    with state.session() as session:
        hunts = session.execute(select(func.max(HuntRow.id))).scalar()
        found = session.execute(select(func.count(), func.max(FindingRow.last))).one()
        told = session.execute(
            select(func.count(), func.max(IncidentRow.last), func.sum(IncidentRow.severity), func.max(IncidentRow.id))
        ).one()
    return (hunts, *found, *told)


def findings(state: State, ids: Sequence[str]) -> list[Finding]:
    """Findings by id, in order of first event, then id; those the database does not hold are left out."""
    found: list[Finding] = []
    with state.session() as session:
        for start in range(0, len(ids), _AT_ONCE):
            some = select(FindingRow.document).where(FindingRow.id.in_(ids[start : start + _AT_ONCE]))
            found += [finding_from_dict(document) for document in session.scalars(some)]
    return sorted(may_leave(found), key=lambda one: (one.first, one.id))


def findings_after(
    state: State, after: tuple[datetime, str] | None, *, detector: str = "", limit: int = 100
) -> list[Finding]:
    """At most `limit` findings behind that first event (UTC) and id, the earliest first; of one detector or all."""
    query = _asked(select(FindingRow.document), FindingsAsked(detector=detector))
    if after is not None:
        same = and_(FindingRow.first == after[0], FindingRow.id > after[1])
        query = query.where(or_(FindingRow.first > after[0], same))
    with state.session() as session:
        rows = session.scalars(query.order_by(FindingRow.first, FindingRow.id).limit(limit))
        return may_leave(finding_from_dict(document) for document in rows)


def finding(state: State, start: str) -> Finding | None:
    """The finding whose id begins so; None if none does, or several do."""
    if not start.isalnum():
        return None
    with state.session() as session:
        asked = select(FindingRow.document).where(FindingRow.id.startswith(start.lower(), autoescape=True)).limit(2)
        rows = may_leave(finding_from_dict(document) for document in session.scalars(asked))
    return rows[0] if len(rows) == 1 else None


def some_findings(state: State, asked: FindingsAsked) -> tuple[list[Finding], int]:
    """One page of findings, the latest first, and how many there are in all."""
    with state.session() as session:
        total = session.execute(_asked(select(func.count(FindingRow.id)), asked)).scalar() or 0
        rows = _asked(select(FindingRow.document), asked).order_by(FindingRow.last.desc(), FindingRow.id)
        page = session.scalars(rows.limit(asked.limit).offset(asked.offset))
        return may_leave(finding_from_dict(document) for document in page), int(total)


def per_detector(state: State) -> dict[str, int]:
    """How many findings each detector made."""
    with state.session() as session:
        asked = _open(select(FindingRow.detector, func.count())).group_by(FindingRow.detector)
        return {name: int(number) for name, number in session.execute(asked)}


def per_day(state: State) -> dict[str, int]:
    """How many findings began on each day, UTC; at most the last 400 days that have any."""
    day = func.substr(cast(FindingRow.first, String), 1, 10)
    with state.session() as session:
        rows = session.execute(_open(select(day, func.count())).group_by(day).order_by(day.desc()).limit(400))
        return {str(name): int(number) for name, number in reversed(rows.all())}


def _open(query: Any) -> Any:
    return query.where(not_(_DOCUMENT.contains(f'"{TAG}"')))


def _asked(query: Select[Any], asked: FindingsAsked) -> Select[Any]:
    query = _open(query)
    if asked.detector:
        query = query.where(FindingRow.detector == asked.detector)
    if asked.severity is not None:
        query = query.where(FindingRow.severity == asked.severity)
    if asked.text:
        words = asked.text.lower()[:200]
        found = func.lower(_DOCUMENT).contains(words, autoescape=True)
        query = query.where(or_(found, FindingRow.id.startswith(words, autoescape=True)))
    return query
