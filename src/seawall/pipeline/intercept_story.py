"""A rogue tap and the session that set it, told as one story: findings of the guard beside the SOC's evidence.

It is made inside the intercept case and kept nowhere else. A tap's own report says when it was seen, not when it was
set; so before findings are joined, a tap finding stands where the trail tells of its setting. Sessions and flows of the
SOC take part only where a finding names their device, account or address close in time.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from seawall import incidents
from seawall.detect.oversight.hours import folded
from seawall.model.compartment import compartmented
from seawall.model.entities import Entity, is_address
from seawall.model.finding import UNTIMED, Evidence, Finding, finding_id
from seawall.model.incident import Incident
from seawall.model.severity import Severity
from seawall.model.site import Site
from seawall.pipeline.soc_evidence import SocEvidence

SESSION: Final = "soc.session"
FLOW: Final = "soc.flow"
BEFORE: Final = timedelta(hours=2)  # a session may have begun this long before what it did
AFTER: Final = timedelta(minutes=30)
TOLD: Final = 12  # joins, and pieces of evidence, a story names in words
MOST: Final = 200  # sessions, and flows, of one story's surroundings
_ADDRESS: Final = re.compile(r"\[?([0-9A-Fa-f:.]{3,45}?)\]?(?::\d{1,5})?")


def stories(
    found: Iterable[Finding], soc: SocEvidence, site: Site | None = None
) -> list[tuple[Incident, list[Finding]]]:
    """Incidents in which something of the guard takes part, worst first, each with its findings in order of time."""
    own = [_surrounded(one) for one in _placed(list(found))]
    evidence = [*_sessions(own, soc.sessions), *_flows(own, soc.flows)]
    every = {finding.id: finding for finding in (*soc.findings, *evidence, *own)}
    made = []
    for incident in incidents.build(list(every.values()), site=site):
        some = [every[id_] for id_ in incident.findings]
        if any(compartmented(finding) for finding in some):
            made.append((incident, some))
    return made


def told_in_words(incident: Incident, findings: Sequence[Finding]) -> Iterator[str]:
    """A story line by line, for the officer: what the guard found, why it belongs together, and the way there."""
    guards = {finding.id: finding for finding in findings if compartmented(finding)}
    around = {finding.id: finding for finding in findings if finding.detector in (SESSION, FLOW)}
    yield f"{incident.severity.word.upper()}  {incident.title}"
    for finding in guards.values():
        yield f"  {_when(finding)}  {finding.detector}  {finding.why}"
    joins = sorted((j for j in incident.joins if j.left in guards or j.right in guards), key=lambda j: -j.strength)
    if joins:
        yield "  Why they belong together:"
        yield from (f"    {join.because} ({join.strength} of 100)" for join in joins[:TOLD])
    way = [finding for finding in findings if finding.id not in guards]
    if way:
        yield f"  In the SOC's evidence ({len(way)} findings, sessions and flows):"
        near = min(finding.first for finding in guards.values())
        closest = sorted(way, key=lambda f: (f.id not in around, abs(f.first - near)))[:TOLD]
        for finding in sorted(closest, key=lambda f: f.first):
            said = finding.why if finding.id in around else f"{finding.title}: {finding.subject}"
            yield f"    {_when(finding)}  {said}"
        if len(way) > TOLD:
            yield f"    and {len(way) - TOLD} more: --format jsonl tells all"


def _when(finding: Finding) -> str:
    return "no time         " if finding.first == UNTIMED else f"{finding.first:%Y-%m-%d %H:%M}"


def _placed(found: list[Finding]) -> Iterator[Finding]:
    """Findings, those about a tap where the trail of the administration tells of it."""
    told: dict[str, list[Finding]] = defaultdict(list)
    for finding in found:
        if any(entity.role == "actor" for entity in finding.entities):
            for tap in _taps(finding):
                told[tap].append(finding)
    for finding in found:
        told_of = [one for tap in _taps(finding) for one in told.get(tap, ()) if one.first != UNTIMED]
        if told_of and not any(entity.role == "actor" for entity in finding.entities):
            first = min(one.first for one in told_of)
            yield replace(finding, first=first, last=max(first, min(finding.last, first + AFTER)))
        else:
            yield finding


def _taps(finding: Finding) -> set[str]:
    listed = finding.details.get("taps", ())
    named = {e.value for e in finding.entities if e.type == "tap"} | {str(t) for t in listed if isinstance(t, str)}
    return {tap.lower() for tap in named}


def _surrounded(finding: Finding) -> Finding:
    """A finding with what the SOC calls the same things: a device for a system, an address for `admf-9@192.0.2.4`."""
    more: set[Entity] = set()
    for entity in finding.entities:
        if entity.type == "system":
            more.add(Entity("device", entity.value, "target"))
        elif entity.type == "account":
            name, at, address = entity.value.rpartition("@")
            if at and is_address(address):
                more |= {Entity("ip", address, "source"), Entity("account", name, "actor")}
    via = finding.details.get("via", ())
    for value in (via,) if isinstance(via, str) else via:
        address = str(value).rpartition("@")[2]
        if is_address(address):
            more.add(Entity("ip", address, "source"))
    for name in ("observed", "delivery", "destination", "src", "dst"):
        for value in _listed(finding.details.get(name)):
            if (shown := _ADDRESS.fullmatch(value)) and is_address(shown[1]):
                more.add(Entity("ip", shown[1], "object"))
    return replace(finding, entities=tuple(sorted({*finding.entities, *more})))


def _listed(value: Any) -> list[str]:
    return (
        [value]
        if isinstance(value, str)
        else [v for v in value if isinstance(v, str)]
        if isinstance(value, list)
        else []
    )


def _sessions(own: Sequence[Finding], rows: Iterable[dict[str, Any]]) -> Iterator[Finding]:
    """Sessions on a device, by an account or from an address that a finding names, close to it in time."""
    kept = 0
    for row in sorted(rows, key=lambda one: one["time"]):
        end = row.get("end") or row["time"]
        names = {
            ("device", _short(row.get("device"))),
            ("account", _account(row.get("user"))),
            ("ip", row.get("src_ip")),
        }
        if kept < MOST and any(_meets(finding, names, row["time"], end) for finding in own):
            kept += 1
            yield _session(row, end)


def _meets(finding: Finding, names: set[tuple[str, Any]], start: datetime, end: datetime) -> bool:
    if finding.first == UNTIMED or start > finding.last + AFTER or end < finding.first - BEFORE:
        return False
    own = {(e.type, _short(e.value) if e.type == "device" else _account(e.value) if e.type == "account" else e.value)
           for e in finding.entities if e.role != "object" and e.type in ("device", "account", "ip")}  # fmt: skip
    return any(name[1] and name in own for name in names)


def _short(device: Any) -> str:
    text = folded(device)
    return text if is_address(text) else text.partition(".")[0]


def _account(user: Any) -> str:
    """`DOM\\ana` and `ana@dom` as `ana`."""
    return folded(user).rpartition("\\")[2].partition("@")[0]


def _session(row: dict[str, Any], end: datetime) -> Finding:
    entities = [Entity("device", str(row["device"]), "target")] if row.get("device") else []
    entities += [Entity("account", str(row["user"]), "actor")] if row.get("user") else []
    entities += [Entity("ip", str(row["src_ip"]), "source")] if row.get("src_ip") else []
    who, way = row.get("user") or "somebody", row.get("path") or row.get("src_ip") or "an address nobody recorded"
    why = f"session of {who} on {row.get('device')}, over {way}; {row.get('commands') or 0} commands are recorded"
    said = f"SOC: {row.get('service') or 'session'}"
    return _evidence(SESSION, "Session in the SOC's evidence", row["time"], end, entities, why, row, said)


def _flows(own: Sequence[Finding], rows: Iterable[dict[str, Any]]) -> Iterator[Finding]:
    """Who sent to, or came from, an address that a finding names."""
    named: dict[str, list[Finding]] = defaultdict(list)
    for finding in own:
        for entity in finding.entities:
            if entity.type == "ip":
                named[entity.value].append(finding)
    kept = 0
    for row in sorted(rows, key=lambda one: one["first"]):
        near = [f for side in ("src_ip", "dst_ip") for f in named.get(str(row.get(side)), ())]
        last = row.get("last") or row["first"]
        if kept < MOST and any(row["first"] <= f.last + BEFORE and last >= f.first - BEFORE for f in near):
            kept += 1
            sides = (("src_ip", "source"), ("dst_ip", "object"))
            entities = [Entity("ip", str(row[side]), role) for side, role in sides if row.get(side)]  # type: ignore[arg-type]
            octets = row.get("octets") or 0
            why = f"{row.get('src_ip')} sent {octets} octets to {row.get('dst_ip')}, port {row.get('dst_port')}"
            at = max(row["first"], min(f.first for f in near) - BEFORE)
            yield _evidence(FLOW, "Flow in the SOC's evidence", at, at, entities, why, row, "SOC: flows")


def _evidence(
    detector: str,
    title: str,
    first: datetime,
    last: datetime,
    entities: Sequence[Entity],
    why: str,
    row: dict[str, Any],
    said: str,
) -> Finding:
    """A row of the SOC's as a finding that may tie others together: here it is evidence, by what it meets."""
    own_id = str(row.get("event_id") or hashlib.sha256(repr(sorted(map(str, row.items()))).encode()).hexdigest()[:32])
    return Finding(
        id=finding_id(detector, entities, own_id),
        detector=detector,
        title=title,
        severity=Severity.MEDIUM,
        confidence=60,
        first=first,
        last=max(first, last),
        count=1,
        entities=tuple(sorted(set(entities))),
        why=why,
        subject=entities[0].value if entities else title,
        evidence=(Evidence(own_id, str(row.get("origin") or "the SOC's case"), said),),
        evidence_total=1,
    )
