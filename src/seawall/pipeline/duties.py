"""An incident's duties: what people stated, the board, and the drafts; gathered from the case's own files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from seawall.errors import InputError, UsageError
from seawall.ledger import open_ledger
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.finding import UNTIMED, Finding, utc_text
from seawall.model.incident import Incident, one_incident
from seawall.model.severity import Severity
from seawall.model.site import Site
from seawall.pipeline.cases import case_lake, case_settings, case_state
from seawall.reporting.duties import statements
from seawall.reporting.duties.board import Row, board
from seawall.reporting.duties.drafts import Notice, draft
from seawall.reporting.duties.duty import Duties
from seawall.reporting.duties.filling import Sheet
from seawall.reporting.duties.load import load
from seawall.reporting.duties.statements import CARRIER, Statement
from seawall.reporting.proof import KIND

_ORDER: Final = ("warrant_id", "liid", "agency_id")
SKEW: Final = timedelta(minutes=5)  # how far a stated time may lie ahead of our clock


@dataclass(frozen=True, slots=True)
class Told:
    """An incident with its findings, as far as they are no exercise, and what was stated of it."""

    incident: Incident
    findings: tuple[Finding, ...]  # in order of time, those of drills left out
    drills: tuple[str, ...]  # sessions of the drills among its findings
    statements: tuple[Statement, ...]  # of the carrier first, then of the incident

    @property
    def exercise(self) -> bool:
        """Whether nothing of it is real."""
        return bool(self.drills) and not self.findings


def case_duties(case: Case | None, folders: Sequence[Path] = ()) -> Duties:
    """The duties that come with Seawall, then those of the case, then those of the folders given."""
    own = [case.duties] if case is not None and case.duties.is_dir() else []
    return load([*own, *folders])


def jurisdictions(held: Duties, site: Site, asked: Sequence[str] = ()) -> tuple[str, ...]:
    """Which jurisdictions to show: those asked for, else the one of the site's country, else every one (none named).

    Raises:
        UsageError: no duty is of a jurisdiction asked for.
    """
    known = {duty.jurisdiction.lower(): duty.jurisdiction for duty in held.duties.values()}
    for name in asked:
        if name.lower() not in known:
            raise UsageError(f"no duty is of {name!r}", mend=f"one of {', '.join(sorted(known.values()))}")
    if asked:
        return tuple(known[name.lower()] for name in asked)
    return tuple(name for name, countries in held.jurisdictions.items() if site.country.upper() in countries)


def whole_incident(case: Case, name: str) -> tuple[Incident, list[Finding]]:
    """The incident whose id begins so, and its findings in order of time.

    Raises:
        InputError: no incident, or more than one, is called so.
    """
    with case_state(case, case_settings(case)) as state:
        incident = one_incident(state.incidents(), name)
        wanted = set(incident.findings)
        return incident, [finding for finding in state.findings() if finding.id in wanted]


def worth_a_board(case: Case) -> list[str]:
    """Ids of incidents somebody may have to be told of: above low, the worst first."""
    with case_state(case, case_settings(case)) as held:
        grave = [incident for incident in held.incidents() if incident.severity > Severity.LOW]
    return [incident.id for incident in sorted(grave, key=lambda one: (-one.severity, one.first))]


def orphans(case: Case) -> list[str]:
    """Ids people stated something of that no incident has any more: it was joined with another, or split."""
    with case_state(case, case_settings(case)) as held:
        known = {CARRIER, *(incident.id for incident in held.incidents())}
    return sorted({path.stem for path in case.statements.glob("*.jsonl")} - known)


def told(case: Case, clock: Clock, name: str) -> Told:
    """An incident and what was stated of it.

    Raises:
        InputError: no incident is called so, or a statement is not the one the ledger holds.
    """
    incident, findings = whole_incident(case, name)
    with open_ledger(case, clock=clock) as ledger:
        said = [
            *statements.read(case.statements, ledger, CARRIER),
            *statements.read(case.statements, ledger, incident.id),
        ]
    real = tuple(finding for finding in findings if not finding.exercise)
    drills = tuple(sorted({finding.exercise for finding in findings if finding.exercise}))
    return Told(incident, real, drills, tuple(said))


def duty_board(held: Duties, it: Told, clock: Clock, which: Sequence[str] = ()) -> list[Row]:
    """The board of an incident; of an exercise it is empty, since drills never start a clock."""
    return [] if it.exercise else board(held, it.statements, clock.now(), which)


def sheet_of(case: Case, it: Told, site: Site, clock: Clock) -> Sheet:
    """The facts all notices of an incident share, with their places in the ledger."""
    with open_ledger(case, clock=clock) as ledger:
        places = {f.id: entries[-1].index for f in it.findings if (entries := ledger.find("finding", f.id, kind=KIND))}
    return Sheet(it.incident, it.findings, site, places)


def secrets_of(case: Case, it: Told, agency: str = "") -> list[str]:
    """Values no notice may hold: warrants and taps of incident and registry, but those of `agency`."""
    every, own = set[str](), set[str]()
    for finding in it.findings:
        values = {e.value for e in finding.entities if e.type in ("warrant", "tap")}
        every |= values
        if agency and {e.value for e in finding.entities if e.type == "agency"} == {agency}:
            own |= values
    lake = case_lake(case)
    held = lake.batches("warrants", columns=_ORDER) if lake.kinds().get("warrants") else ()
    for order, liid, owner in (tuple(row.values()) for batch in held for row in batch.to_pylist()):
        every |= {value for value in (order, liid) if value}
        if agency and owner == agency:
            own |= {order, liid}
    return sorted(every - own)


def notice(case: Case, clock: Clock, name: str, duty_id: str, held: Duties, site: Site, *, agency: str = "") -> Notice:
    """The draft of one duty's notice for an incident.

    Raises:
        InputError: no incident is called so, or the draft would tell what its reader must not know.
        UsageError: no duty is called so, or a notice to an agency names none.
    """
    if (duty := held.duties.get(duty_id)) is None:
        raise UsageError(f"no duty is called {duty_id!r}", mend="list them with: seawall report duties")
    if duty.audience == "agency" and not agency:
        raise UsageError("one notice for each agency", mend="name it: --agency NAME; none may see another's warrants")
    it = told(case, clock, name)
    row = next(row for row in board(held, it.statements, clock.now()) if row.duty.id == duty_id)
    sheet = replace(sheet_of(case, it, site, clock), open_about_intercepts=duty.shows_intercepts)
    return draft(
        row,
        held,
        sheet,
        it.statements,
        clock.now(),
        secrets=secrets_of(case, it, agency),
        agency=agency,
        exercise=", ".join(it.drills) if it.exercise else "",
    )


def state(case: Case, clock: Clock, name: str, statement: Statement, *, correct: bool = False) -> Statement:
    """Record what somebody states of an incident (`name`: first letters of its id, or `carrier`).

    Raises:
        InputError: there is no such incident, or it is an exercise; or the ledger cannot be written.
        UsageError: the time lies ahead, or the same was stated before.
    """
    now = clock.now()
    if name == CARRIER:
        if statement.kind != "fact":
            raise UsageError("only facts hold for the whole carrier", mend="name an incident")
        incident = CARRIER
    else:
        it = told(case, clock, name)
        incident = it.incident.id
        if it.exercise and statement.kind != "fact":
            raise InputError(
                "a drill starts no clock: every finding of this incident is of an exercise",
                where=f"incident {incident[:8]}, session {', '.join(it.drills)}",
                mend="name an incident that is real",
            )
    if statement.kind in ("start", "sent") and statement.at > now + SKEW:
        raise UsageError(f"{utc_text(statement.at)} lies ahead", mend="check the time and its zone; UTC unless said")
    made = Statement(
        incident, statement.kind, statement.name, statement.at, statement.by, statement.value, statement.reason, now
    )
    with open_ledger(case, clock=clock) as ledger:
        return statements.record(case.statements, ledger, made, correct=correct)


def odd_time(it: Incident, statement: Statement) -> str:
    """A doubt about a start stated before anything happened; empty where there is none."""
    if statement.kind == "start" and it.first != UNTIMED and statement.at < it.first:
        return f"that is before the first event of the incident ({utc_text(it.first)}): check the year and the zone"
    return ""
