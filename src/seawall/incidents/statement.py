"""The whole statement from one set of facts: answers, what left, what was blind, how far the logs can be trusted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from seawall.incidents.asked import Asked
from seawall.incidents.assess import assess
from seawall.incidents.facts import Facts
from seawall.incidents.looking import LOGS_TOUCHED
from seawall.incidents.words import and_text, count_text
from seawall.model.assessment import ORDER, Assessment, Gap, Integrity, Outflow, Settling, Statement
from seawall.model.finding import Finding, utc_text
from seawall.model.incident import Incident
from seawall.model.site import Site

NEAR_THE_EDGE: Final = timedelta(days=1)  # an incident that begins so close to the oldest evidence may be older
MOST_NAMED: Final = 5


def state(
    asked: Asked,
    *,
    first: datetime,
    last: datetime,
    made: datetime,
    ledger: Integrity,
    retention: str,
    privilege: str = "",
) -> Statement:
    """The statement about a period. `asked.facts` were gathered for it."""
    told = assess(asked)
    facts = asked.facts
    story = _story(asked)
    gaps = {gap for answer in told for gap in answer.blind}
    blind = sorted(gaps, key=lambda gap: (gap.device, gap.telemetry, gap.first, gap.why))
    outflows = _outflows(facts, asked.site, asked.incidents)
    return Statement(
        claim=asked.claim,
        first=first,
        last=last,
        incidents=tuple(incident.id for incident in asked.incidents),
        answers=told,
        sentence=sentence(told),
        blind=(*_edges(facts, first, last), *blind),
        outflows=outflows,
        flows_seen=facts.flows > 0,
        integrity=(ledger, *_integrity(facts, story)),
        evidence_first=facts.first,
        evidence_last=facts.last,
        retention=_retention(facts, asked.incidents, first, retention),
        settles=_settles(told, facts),
        made=made,
        privilege=privilege,
    )


def sentence(told: Sequence[Assessment]) -> str:
    """The answers in one sentence; what could not be looked at is never left out."""
    parts = []
    for answer, opening in (
        ("reached", "Reached"),
        ("tried", "Tried, with no sign of success where one would have shown"),
        ("cannot be known", "Cannot be known"),
        ("no evidence", "No evidence, and it could have been seen"),
    ):
        names = [one.subject for one in told if one.answer == answer]
        if names:
            parts.append(f"{opening}: {and_text(names[:MOST_NAMED], len(names) - MOST_NAMED)}")
    return ". ".join(parts) + "." if parts else "Cannot be known: nothing names where to look."


def _story(asked: Asked) -> list[Finding]:
    wanted = {name for incident in asked.incidents for name in incident.findings}
    return [finding for finding in asked.findings if finding.id in wanted]


def _edges(facts: Facts, first: datetime, last: datetime) -> Iterable[Gap]:
    """Parts of the period the evidence does not reach."""
    if facts.first is None or facts.last is None:
        return [Gap("*", "any record", first, last, "no dated record was given at all")]
    found = []
    if facts.first > first:
        found.append(Gap("*", "any record", first, min(facts.first, last), "older than the oldest evidence"))
    if facts.last < last:
        found.append(Gap("*", "any record", max(facts.last, first), last, "younger than the newest evidence"))
    if not facts.flows:
        why = "no flow record: what left, and how much, cannot be counted"
        found.append(Gap("*", "flows", first, last, why, "NetFlow or IPFIX from peering and management ports"))
    return found


def _outflows(facts: Facts, site: Site, incidents: Sequence[Incident]) -> tuple[Outflow, ...]:
    """What left the crown jewels, and went to addresses the incidents name; by the device that owns the address."""
    owner = {address: device.name for device in site.devices for address in device.addresses}
    jewels = {a for d in site.devices if d.crown_jewel for a in d.addresses}
    named = {e.value for incident in incidents for e in incident.entities if e.type == "ip"}
    kept = [s for s in facts.sent if s.source in jewels or s.target in named]
    return tuple(
        Outflow(owner.get(s.source, s.source), s.source, s.target, s.bytes, s.flows, s.first, s.last) for s in kept
    )


def _integrity(facts: Facts, story: Sequence[Finding]) -> Iterable[Integrity]:
    hit = [f for f in story if LOGS_TOUCHED & set(f.behaviours)]
    where = sorted({e.value for f in hit for e in f.entities if e.type in ("device", "system")})
    if hit:
        named = and_text(where[:MOST_NAMED], len(where) - MOST_NAMED) if where else "devices not named"
        yield Integrity(
            "logs touched", False, f"logs were cleared, stopped or lowered on {named}: what followed is missing"
        )
    else:
        yield Integrity("logs touched", True, "no finding of these incidents shows logs cleared, stopped or lowered")
    if facts.rejected:
        was = "was" if facts.rejected == 1 else "were"
        text = f"{count_text(facts.rejected, 'record')} could not be read and {was} not searched"
        yield Integrity("records rejected", False, text)
    if facts.untimed:
        yield Integrity("times", False, f"{count_text(facts.untimed, 'record')} without a time belong to no period")
    for doubt in facts.doubts[:MOST_NAMED]:
        yield Integrity("clocks", False, doubt)
    if len(facts.doubts) > MOST_NAMED:
        yield Integrity("clocks", False, f"and {len(facts.doubts) - MOST_NAMED} more doubts about clocks")


def _retention(facts: Facts, incidents: Sequence[Incident], first: datetime, kept: str) -> str:
    """Where the evidence begins, and what that means."""
    if facts.first is None:
        return f"No dated record was given. {kept}"
    oldest = utc_text(facts.first)[:16].replace("T", " ")
    text = f"The oldest record is of {oldest} UTC; nothing can be said of before. {kept}"
    begun = min((incident.first for incident in incidents), default=None)
    if begun is not None and begun - facts.first <= NEAR_THE_EDGE:
        text += " The first sign lies within a day of it: the intrusion may be older than the evidence."
    elif first < facts.first:
        text += " The period asked about begins before it."
    return text


def _settles(told: Sequence[Assessment], facts: Facts) -> tuple[Settling, ...]:
    """What would settle what is open, each piece of evidence once, those first that settle most."""
    found: dict[tuple[str, str], list[str]] = {}
    for answer in sorted(told, key=lambda a: ORDER[a.answer]):
        for one in answer.settles:
            found.setdefault((one.evidence, one.how), []).extend(one.subjects or (answer.subject,))
    ranked = sorted(found.items(), key=lambda item: -len(item[1]))
    listed = [Settling(evidence, how, tuple(dict.fromkeys(whose))) for (evidence, how), whose in ranked]
    if not facts.flows:
        how = "export NetFlow or IPFIX of the period from collectors, or ask peers and transit providers for theirs"
        listed.append(Settling("flow records of borders and of the machines named", how, ("volume that left",)))
    return tuple(listed)
