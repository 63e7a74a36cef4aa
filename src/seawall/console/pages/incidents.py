"""Incidents: the list, and one incident from every side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from seawall import pipeline
from seawall.console.access import first_time
from seawall.console.desk import desk_of
from seawall.console.exports import csv_answer
from seawall.console.pages.frame import Analyst, PageNumber, Viewer, paged, show
from seawall.console.problems import missing
from seawall.console.reading import Reading, Slow, reading_of
from seawall.errors import InputError
from seawall.model.assessment import Statement
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.severity import Severity
from seawall.pipeline import duties
from seawall.reporting import graph, html, tactics, timeline
from seawall.reporting.headline import place_names
from seawall.reporting.statement import answer_lines, gap_line, outflow_lines
from seawall.state import casework

router = APIRouter(include_in_schema=False)
TABS: Final = (
    ("", "Story"),
    ("findings", "Findings"),
    ("graph", "Graph"),
    ("lines", "Raw lines"),
    ("assess", "What was reached"),
    ("duties", "Who must be told"),
    ("notes", "Notes"),
)
_MARKS: Final = {"reached": "●", "tried": "◐", "cannot be known": "?", "no evidence": "○"}


@dataclass(frozen=True, slots=True)
class Row:
    """One incident of the list."""

    it: Incident
    standing: casework.Standing
    hidden: bool  # suppressed by hand for a time

    @property
    def places(self) -> list[str]:
        """Where it took place."""
        return place_names(self.it)


@router.get("/incidents")
def incidents(
    request: Request,
    _: Viewer,
    page: PageNumber = 1,
    severity: str = "",
    state: str = "",
    q: str = "",
    hidden: str = "",
    export: str = "",
) -> Response:
    """The list, the worst first."""
    reading = reading_of(request)
    every = rows(reading)
    chosen = [row for row in every if _wanted(row, severity, state, q.lower()[:200], bool(hidden))]
    if export:
        return csv_answer("incidents", _COLUMNS, (_cells(row) for row in chosen))
    pager = paged(request, page, len(chosen))
    return show(
        request,
        "incidents",
        topics="incidents casework",
        rows=chosen[pager.begin : pager.end],
        pager=pager,
        asked={"severity": severity, "state": state, "q": q, "hidden": hidden},
        hidden=sum(row.hidden for row in every),
        states=casework.STATES,
        every=len(every),
    )


def rows(reading: Reading) -> list[Row]:
    """Every incident with how far the work is."""
    known = reading.known()
    stands = reading.standings()
    now = reading.desk.clock.now()
    return [
        Row(
            one,
            stands.get(one.id, casework.Standing()),
            one.suppressed_until is not None and one.suppressed_until > now,
        )
        for one in known.incidents
    ]


def _wanted(row: Row, severity: str, state: str, words: str, hidden: bool) -> bool:
    it = row.it
    if row.hidden and not hidden:
        return False
    if severity and it.severity.word != severity:
        return False
    if state and row.standing.state != state:
        return False
    names = (it.title, it.id, row.standing.owner, *(entity.value for entity in it.entities))
    return not words or any(words in name.lower() for name in names)


_COLUMNS: Final = ("id", "severity", "title", "first", "last", "confidence", "findings", "where", "state", "owner")


def _cells(row: Row) -> tuple[Any, ...]:
    it = row.it
    where = ", ".join(row.places)
    return (it.id, it.severity.word, it.title, it.first, it.last, it.confidence, len(it.findings), where,
            row.standing.state, row.standing.owner)  # fmt: skip


def find(reading: Reading, wanted: str) -> tuple[Incident, bool]:
    """An incident by the first letters of its id, or of a name it had before it was merged; and whether by the latter.

    Raises RefusedError (404) if there is none.
    """
    known = reading.known()
    wanted = wanted.lower()
    exact = known.by_id.get(wanted)
    if exact is not None:
        return exact, False
    begun = [one for one in known.incidents if one.id.startswith(wanted)] if len(wanted) >= 4 else []
    if len(begun) == 1:
        return begun[0], False
    if (holder := known.earlier.get(wanted)) is not None:
        return known.by_id[holder], True
    raise missing("no incident has that id")


@router.get("/incidents/{name}")
def story(request: Request, _: Viewer, name: str, was: str = "") -> Response:
    """What happened, in order; when; by which tactics."""
    return _tab(request, name, "", was)


@router.get("/incidents/{name}/{tab}")
def other(request: Request, who: Viewer, name: str, tab: str, was: str = "") -> Response:
    """One of the other sides of an incident."""
    if tab not in dict(TABS) or not tab:
        raise missing("an incident has no such page")
    if tab == "lines" and not who.has("analyst"):
        return show(request, "needs", role="analyst", what="Raw lines", status=403)
    return _tab(request, name, tab, was)


def _tab(request: Request, name: str, tab: str, was: str) -> Response:
    reading = reading_of(request)
    it, merged = find(reading, name)
    if merged or it.id != name:
        old = f"?was={name[:32]}" if merged else ""
        return RedirectResponse(f"/incidents/{it.id}{f'/{tab}' if tab else ''}{old}", 303)
    found = reading.findings_of(it)
    values = _SIDES[tab](request, reading, it, found)
    return show(
        request,
        "incident",
        topics="incidents casework responses",
        it=it,
        findings=found,
        missing_findings=len(it.findings) - len(found),
        numbers=numbered(found),
        standing=reading.standings().get(it.id, casework.Standing()),
        states=casework.STATES,
        people=reading.people(),
        tab=tab,
        tabs=TABS,
        was=was[:32] if was.isalnum() else "",
        exercise=sorted({f.exercise for f in found if f.exercise}),
        plans=[plan for plan in reading.plans() if plan.incident == it.id],
        hidden=it.suppressed_until is not None and it.suppressed_until > reading.desk.clock.now(),
        limits=html.LIMITS,
        **values,
    )


def numbered(found: list[Finding]) -> dict[str, int]:
    """The number each finding has in this incident's tables."""
    return {finding.id: number for number, finding in enumerate(found, start=1)}


def _story(_request: Request, _reading: Reading, it: Incident, found: list[Finding]) -> dict[str, Any]:
    beats = [html.beat_of(sentence) for sentence in it.storyline]
    drawing = timeline.draw(it, found, numbered(found))
    return {"beats": beats, "drawing": drawing, "tactics": tactics.strip(found)}


def _findings(_request: Request, _reading: Reading, _it: Incident, _found: list[Finding]) -> dict[str, Any]:
    return {}


def _graph(_request: Request, reading: Reading, _it: Incident, found: list[Finding]) -> dict[str, Any]:
    return {"graph": graph.draw(found, reading.site())}


def _lines(request: Request, reading: Reading, it: Incident, found: list[Finding]) -> dict[str, Any]:
    reading.desk.looked(request.state.who.id, "raw-lines", it.id)
    return {"shown": found[: html.MAX_RAW], "lines_each": 12}


def _assess(_request: Request, reading: Reading, it: Incident, _found: list[Finding]) -> dict[str, Any]:
    told = assessed(reading, it)
    outflows = list(outflow_lines(told.value)) if told.value else []
    return {"told": told, "lines": answer_lines, "gap_line": gap_line, "outflows": outflows, "marks": _MARKS}


def assessed(reading: Reading, it: Incident, *, wait_s: float = 0.15) -> Slow[Statement]:
    """What was reached, tried, and cannot be known; worked out aside."""
    case, clock = reading.desk.case, reading.desk.clock

    def work() -> Statement:
        question = pipeline.Question("everything", it.id, None, "", reading.site())
        return pipeline.assess_case(case, reading.rules(), question, clock)

    return reading.slow(("assess", it.id), ("incidents", "lake", "settings"), work, wait_s=wait_s)


def _duties(_request: Request, reading: Reading, it: Incident, _found: list[Finding]) -> dict[str, Any]:
    case, clock = reading.desk.case, reading.desk.clock
    held = duties.case_duties(case)
    told = duties.told(case, clock, it.id)
    which = duties.jurisdictions(held, reading.site())
    board = duties.duty_board(held, told, clock, which)
    shown = [row for row in board if row.state not in _QUIET and row.state != "waiting"]
    waiting: dict[str, list[str]] = {}
    for row in board:
        if row.state == "waiting":
            waiting.setdefault(row.duty.start, []).append(row.duty.title)
    return {"board": shown, "waiting": waiting, "statements": told.statements}


_QUIET: Final = frozenset({"not in force then", "does not apply", "rescinded"})


def _notes(_request: Request, _reading: Reading, _it: Incident, _found: list[Finding]) -> dict[str, Any]:
    return {}


_SIDES: Final = {
    "": _story,
    "findings": _findings,
    "graph": _graph,
    "lines": _lines,
    "assess": _assess,
    "duties": _duties,
    "notes": _notes,
}


@router.post("/incidents/{name}/{deed}")
def write(
    request: Request,
    who: Analyst,
    name: str,
    deed: str,
    text: Annotated[str, Form(max_length=20_000)] = "",
    once: Annotated[str, Form()] = "",
    back: Annotated[str, Form()] = "",
) -> Response:
    """Write a note, take or give an incident, say how far it is."""
    if deed not in ("note", "assign", "state"):
        raise missing("nothing of that name can be done to an incident")
    desk, reading = desk_of(request), reading_of(request)
    it, merged = find(reading, name)
    if first_time(desk, who, once):
        now = desk.clock.now()
        if deed == "note":
            casework.write_note(desk.state, it.id, casework.Note(text, who.id, now))
        elif deed == "assign":
            if text and text not in reading.people():
                raise InputError("nobody here is called so", mend="choose one of those who can log in")
            casework.set_work(desk.state, it.id, who.id, now, owner=text)
        else:
            casework.set_work(desk.state, it.id, who.id, now, status=text)
        reading.forget()
    tab = "" if back == "story" else back if back in dict(TABS) and back else "notes"
    old = f"?was={name[:32]}" if merged else ""
    return RedirectResponse(f"/incidents/{it.id}{f'/{tab}' if tab else ''}{old}", 303)


SEVERITIES: Final = tuple(one.word for one in sorted(Severity, reverse=True))
