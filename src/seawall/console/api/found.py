"""Incidents and findings: what they say, and what people write beside them."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Request
from pydantic import BaseModel, Field

from seawall.console.access import Who, needs
from seawall.console.api.paging import Cursor, Limit, Page, no_cursor, page, read_cursor
from seawall.console.desk import desk_of
from seawall.console.problems import missing
from seawall.errors import InputError
from seawall.model.finding import Finding, finding_to_dict, utc_text
from seawall.model.incident import Incident, incident_to_dict
from seawall.model.incident import one_incident as named_so
from seawall.state import paging
from seawall.state.store import Feedback

router = APIRouter(tags=["incidents"])
Viewer = Annotated[Who, Depends(needs("viewer"))]
Analyst = Annotated[Who, Depends(needs("analyst"))]
Id = Annotated[str, Path(min_length=4, max_length=32, pattern="^[0-9a-f]+$", description="the first letters of its id")]


@router.get("/incidents")
def incidents(request: Request, _: Viewer, limit: Limit = 100, cursor: Cursor = "") -> Page:
    """Every incident, the earliest first."""
    rows = desk_of(request).state.incidents()
    return page(rows, lambda one: [utc_text(one.first), one.id], incident_to_dict, limit, cursor)


@router.get("/incidents/{id}")
def incident(request: Request, _: Viewer, id: Id) -> dict[str, Any]:
    """One incident, with its storyline, stages, and why its findings belong together."""
    return incident_to_dict(one_incident(request, id))


@router.get("/incidents/{id}/findings")
def findings_of(request: Request, who: Analyst, id: Id, limit: Limit = 100, cursor: Cursor = "") -> Page:
    """The findings of an incident, with their raw lines. The look at them stands in the ledger."""
    found = one_incident(request, id)
    desk_of(request).looked(who.id, "evidence", found.id)
    return _findings(paging.findings(desk_of(request).state, found.findings), limit, cursor)


@router.get("/findings", tags=["findings"])
def findings(request: Request, who: Analyst, limit: Limit = 100, cursor: Cursor = "", detector: str = "") -> Page:
    """Findings with their raw lines, the earliest first; of one detector if asked. The look stands in the ledger."""
    desk_of(request).looked(who.id, "evidence", f"findings {detector}")
    state, after = desk_of(request).state, _place(cursor) if cursor else None
    rows = paging.findings_after(state, after, detector=detector, limit=limit + 1)  # one more tells of a next page
    return _findings(rows, limit, cursor)


@router.get("/findings/{id}", tags=["findings"])
def finding(request: Request, who: Analyst, id: Id) -> dict[str, Any]:
    """One finding: its reason, its evidence. The look at it stands in the ledger."""
    found = one_finding(request, id)
    desk_of(request).looked(who.id, "evidence", found.id)
    return finding_to_dict(found)


class Judged(BaseModel):
    """What somebody thinks of a finding."""

    verdict: Literal["right", "wrong", "unsure"]
    note: str = Field("", max_length=4_000)


@router.post("/findings/{id}/feedback", status_code=201, tags=["findings"])
def judge(request: Request, who: Analyst, id: Id, given: Judged) -> dict[str, Any]:
    """Say whether a finding is right."""
    desk, found = desk_of(request), one_finding(request, id)
    desk.state.give_feedback(Feedback(found.id, desk.clock.now(), who.id, given.verdict, given.note))
    return {"finding": found.id, "verdict": given.verdict, "person": who.id}


def one_incident(request: Request, start: str) -> Incident:
    """The incident whose id begins so. Raises RefusedError (404)."""
    try:
        return named_so(desk_of(request).state.incidents(), start)
    except InputError as error:
        raise missing(error.what) from error


def one_finding(request: Request, start: str) -> Finding:
    """The finding whose id begins so; none of the intercept case. Raises RefusedError (404)."""
    found = paging.finding(desk_of(request).state, start)
    if found is None:
        raise missing("no finding has that id, or several start so")
    return found


def _place(cursor: str) -> tuple[datetime, str]:
    match read_cursor(cursor):
        case [str(text), str(id_)]:
            with suppress(ValueError):
                if (first := datetime.fromisoformat(text)).tzinfo is not None:
                    return first, id_
    raise no_cursor()


def _findings(rows: list[Finding], limit: int, cursor: str) -> Page:
    return page(rows, lambda one: [utc_text(one.first), one.id], finding_to_dict, limit, cursor)
