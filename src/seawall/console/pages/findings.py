"""Findings, one finding with the lines it rests on, and one event down to every column."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from seawall.console.exports import csv_answer
from seawall.console.pages.frame import SIZE, Analyst, PageNumber, Viewer, paged, show
from seawall.console.problems import missing
from seawall.console.reading import reading_of
from seawall.model.finding import Finding
from seawall.model.severity import Severity
from seawall.pipeline.events import event, neighbours
from seawall.reporting.proof import KIND, finding_bytes
from seawall.response.steps import sha as _sha
from seawall.state import paging

router = APIRouter(include_in_schema=False)
_COLUMNS: Final = ("id", "severity", "confidence", "title", "why", "subject", "first", "last", "count", "detector",
                   "attack", "tags", "entities", "exercise")  # fmt: skip
_EXPORTED: Final = 50_000
_LINES: Final = 200  # of one finding on its page


@router.get("/findings")
def findings(
    request: Request,
    _: Viewer,
    page: PageNumber = 1,
    severity: str = "",
    detector: str = "",
    q: str = "",
    export: str = "",
) -> Response:
    """Every finding, the latest first."""
    reading = reading_of(request)
    word = {one.word: int(one) for one in Severity}.get(severity)
    state = reading.desk.state
    if export:
        found, _every = paging.some_findings(state, paging.FindingsAsked(detector[:200], word, q, 0, _EXPORTED))
        return csv_answer("findings", _COLUMNS, (_cells(one) for one in found))
    asked = paging.FindingsAsked(detector[:200], word, q, (page - 1) * SIZE, SIZE)
    found, total = paging.some_findings(state, asked)
    pager = paged(request, page, total)
    holders = {name: one for one in reading.known().incidents for name in one.findings}
    return show(
        request,
        "findings",
        topics="incidents",
        findings=found,
        holders=holders,
        pager=pager,
        asked={"severity": severity, "detector": detector, "q": q},
    )


def _cells(one: Finding) -> tuple[Any, ...]:
    entities = [f"{entity.role} {entity.type} {entity.value}" for entity in one.entities]
    plain = (one.id, one.severity.word, one.confidence, one.title, one.why, one.subject, one.first, one.last)
    rest = (" ".join(one.attack), " ".join(one.tags), "; ".join(entities), one.exercise or "")
    return (*plain, one.count, one.detector, *rest)


@router.get("/findings/{name}")
def finding(request: Request, who: Viewer, name: str) -> Response:
    """One finding whole: why, who, and the lines it rests on."""
    reading = reading_of(request)
    found = paging.finding(reading.desk.state, name)
    if found is None:
        raise missing("no finding has that id")
    holder = next((one for one in reading.known().incidents if found.id in one.findings), None)
    entries = reading.desk.ledger.find("sha256", _sha(finding_bytes(found).decode()), kind=KIND)
    if who.has("analyst"):
        reading.desk.looked(who.id, "raw-lines", found.id)
    return show(
        request,
        "finding",
        topics="incidents",
        f=found,
        holder=holder,
        entry=entries[0] if entries else None,
        lines=found.evidence[:_LINES] if who.has("analyst") else (),
        details=[(key, value) for key, value in sorted(found.details.items())],
    )


@router.get("/events/{event_id}")
def one_event(request: Request, who: Analyst, event_id: str) -> Response:
    """One event: every column, where it stands, and the events beside it."""
    reading = reading_of(request)
    if len(event_id) != 32 or set(event_id) - set("0123456789abcdef"):
        raise missing("an event's id has 32 hex digits")
    reading.desk.looked(who.id, "event", event_id)
    lake = reading.lake()
    found = event(lake, bytes.fromhex(event_id))
    if found is None:
        raise missing("no event of this case has that id; it may have been beyond what is kept")
    return show(request, "event", topics="lake", e=found, beside=neighbours(lake, found))
