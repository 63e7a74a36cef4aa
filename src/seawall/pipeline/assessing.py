"""A case's honest statement: the facts gathered, the answers judged, the statement made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from seawall.detect.rules import RuleSet
from seawall.engine.lake import Lake
from seawall.errors import InputError, UsageError
from seawall.incidents import facts as looked
from seawall.incidents.asked import Asked
from seawall.incidents.statement import state
from seawall.ledger.heads import read_heads
from seawall.ledger.policy import load_policy
from seawall.ledger.verifying import verify
from seawall.model.assessment import Claim, Integrity, Statement
from seawall.model.case import Case
from seawall.model.clock import Clock, SystemClock
from seawall.model.compartment import may_leave
from seawall.model.finding import UNTIMED
from seawall.model.incident import Incident
from seawall.model.settings import Settings
from seawall.model.site import Site
from seawall.pipeline.cases import case_settings, case_state
from seawall.pipeline.findings import in_view
from seawall.sources import clockpairs

MOST_SENDERS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody wants to know: of one incident, or of a period (UTC)."""

    claim: Claim = "everything"
    incident: str = ""  # its id, or the first letters of it
    period: tuple[datetime, datetime] | None = None
    privilege: str = ""  # counsel's marking
    site: Site = field(default_factory=Site)


def assess_case(case: Case, ruleset: RuleSet, question: Question, clock: Clock | None = None) -> Statement:
    """The statement a question asks for.

    Raises:
        UsageError: neither an incident nor a period is named, or both are.
        InputError: no incident, or more than one, is called so.
    """
    clock = clock or SystemClock()
    if bool(question.incident) == bool(question.period):
        raise UsageError("an incident or a period", mend="name an incident's ID, or --period 2026-11-01..2026-11-23")
    settings = case_settings(case)
    lake = Lake(case.lake, clock=clock, memory_mb=settings.lake.memory_mb)
    with case_state(case, settings) as stored:
        findings, known = may_leave(stored.findings()), stored.incidents()
    incidents = _asked_about(known, question)
    first, last = _period(lake, incidents, question, clock)
    site = question.site
    found = gathered(lake, site, incidents, first, last)
    asked = Asked(
        findings=findings,
        incidents=incidents,
        coverage=in_view(lake, ruleset, findings, site),
        site=site,
        facts=found,
        first=first,
        last=last,
        claim=question.claim,
    )
    return state(
        asked,
        first=first,
        last=last,
        made=clock.now(),
        ledger=_ledger(case),
        retention=_kept(settings),
        privilege=question.privilege,
    )


def gathered(lake: Lake, site: Site, incidents: Sequence[Incident], first: datetime, last: datetime) -> looked.Facts:
    """The facts of a period, for the crown jewels and for what the incidents touched."""
    jewels = [device for device in site.devices if device.crown_jewel]
    senders = {address for jewel in jewels for address in jewel.addresses}
    places = {e.value.lower() for incident in incidents for e in incident.entities if e.type in ("device", "system")}
    names = site.device_names
    touched = {names.get(place, place) for place in places}
    senders |= {a for device in site.devices if device.name in touched for a in device.addresses}
    senders |= {e.value for i in incidents for e in i.entities if e.type == "ip"}
    return looked.gather(
        lake,
        site,
        first,
        last,
        jewels=[jewel.name for jewel in jewels],
        senders=sorted(senders)[:MOST_SENDERS],
        doubts=clockpairs.compare(lake),
    )


def _asked_about(known: Sequence[Incident], question: Question) -> list[Incident]:
    if question.period:
        first, last = question.period
        if last <= first:
            raise UsageError("the period ends before it begins", mend="write FROM..TO, e.g. 2026-11-01..2026-11-23")
        return [i for i in known if i.last >= first and i.first <= last]
    named = [incident for incident in known if incident.id.startswith(question.incident.lower())]
    if len(named) != 1:
        what = "no incident has that id" if not named else f"{len(named)} incidents start with that id"
        raise InputError(what, where=question.incident, mend="list them with: seawall incidents list")
    return named


def _period(lake: Lake, incidents: Sequence[Incident], question: Question, clock: Clock) -> tuple[datetime, datetime]:
    """The time asked about; of an incident: from its first sign to the end of the evidence, for intruders stay."""
    if question.period:
        return question.period
    first = min(incident.first for incident in incidents)
    latest = [file.last for file in lake.files() if file.last is not None]
    last = max([*latest, *(incident.last for incident in incidents)])
    return (first, last) if first != UNTIMED else (last, clock.now())


def _ledger(case: Case) -> Integrity:
    """Whether the record of this case can be believed."""
    try:
        heads, policy = read_heads(case.ledger, case.origin), load_policy(case.witness_policy)
        checks = list(verify(case.ledger, heads, policy, key_file=case.ledger_key))
    except InputError as error:
        return Integrity("the case's ledger", None, f"nothing proves what was read and found: {error.what}")
    bad = [check.said for check in checks if check.verdict == "bad"]
    if bad:
        return Integrity("the case's ledger", False, f"it does not hold: {bad[0]}")
    return Integrity("the case's ledger", True, "it holds: what was read and found has not been rewritten since")


def _kept(settings: Settings) -> str:
    days = settings.lake.retention_days
    if settings.lake.legal_hold:
        return "A legal hold is on: nothing is removed, whatever the retention says."
    return f"Records older than {days} days are removed." if days else "Nothing is removed by age."
