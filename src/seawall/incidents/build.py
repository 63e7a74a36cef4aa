"""Findings in, incidents out: the one call of this package.

An incident's id is that of its earliest finding of medium severity or worse (by time, then id), so that low findings
which arrive early rename nothing; only an incident of low findings alone is named after its earliest one. A single low
or informational finding is no incident: two different rules must agree. Findings another one `replaces` are left out,
and exercises never mix with the real world. The result depends on the findings alone, not on the order they come in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from seawall.incidents import scoring, story
from seawall.incidents.assess import subject
from seawall.incidents.cards import Card
from seawall.incidents.grouping import Group, group
from seawall.incidents.joining import ROLE_STRENGTH, Link, because, link
from seawall.incidents.names import Key, Names
from seawall.incidents.objects import objects
from seawall.incidents.pivots import Pivots, owners, place, touches
from seawall.incidents.rarity import Rarity
from seawall.incidents.stages import stages
from seawall.model.finding import Finding, span_of
from seawall.model.incident import Incident, Join, incident_id
from seawall.model.site import Site

NOBODY: Final = frozenset(
    {"localsystem", "system", "nt authority\\system", "local service", "network service", "-", ""}
)
"""Accounts every Windows machine has: they join nothing, and are nobody's."""
MAX_JOIN_ENTITIES: Final = 64  # names of one finding that joins look at, acting ones first; findings keep them all


def build(
    findings: Sequence[Finding],
    *,
    join_hours: float = 6.0,
    site: Site | None = None,
    prevalence: Mapping[Key, float] | None = None,
) -> list[Incident]:
    """Incidents, worst first, then earliest.

    `join_hours`: findings further apart are joined only where one uses what the other prepared.
    `site`: makes names, shared servers and crown jewels exact. `prevalence`: for (entity type, value), the share 0-1 of
    all events that name it; leave it out for cases of fewer than some ten thousand events, where shares mean nothing.
    """
    site = site or Site()
    current = _current(findings)
    names = Names(current, site)
    worlds: dict[str | None, list[Finding]] = defaultdict(list)
    for finding in current:
        worlds[finding.exercise].append(finding)
    incidents: list[Incident] = []
    for world in worlds.values():
        rarity = Rarity(site, prevalence or {})
        cards = [_card(finding, names) for finding in world]
        for card in cards:
            _note(card, rarity, join_hours)
        place(cards, site)
        homes = {address: names.label(device) for address, device in owners(cards, site).items()}
        pivots = Pivots(cards, site, rarity, join_hours)

        def judge(left: Card, right: Card, rarity: Rarity = rarity, pivots: Pivots = pivots) -> Link | None:
            return link(left, right, rarity, pivots, join_hours)

        incidents += [
            _incident(found, names, site, rarity, homes)
            for found in group(cards, rarity, pivots, judge, join_hours)
            if _is_incident(found)
        ]
    return sorted(incidents, key=lambda i: (-i.severity, i.first, i.id))


def _current(findings: Sequence[Finding]) -> list[Finding]:
    """Each finding once, without those another one replaces, in order of time."""
    by_id = {finding.id: finding for finding in findings}
    replaced = {finding.replaces for finding in by_id.values()}
    return sorted((f for f in by_id.values() if f.id not in replaced), key=lambda f: (f.first, f.id))


def _card(finding: Finding, names: Names) -> Card:
    ranked = sorted((*finding.entities, *objects(finding)), key=lambda e: (-ROLE_STRENGTH[e.role], e))[
        :MAX_JOIN_ENTITIES
    ]
    roles: dict[Key, set[str]] = {}
    spellings: dict[Key, str] = {}
    for entity in ranked:
        key = names.key(entity)
        if key[0] == "account" and key[1] in NOBODY:
            continue
        roles.setdefault(key, set()).add(entity.role)
        spellings.setdefault(key, entity.value)
    actors = frozenset(key[1] for key, parts in roles.items() if key[0] == "account" and "actor" in parts)
    return Card(
        finding=finding,
        first=finding.first.timestamp(),
        last=finding.last.timestamp(),
        roles={key: frozenset(parts) for key, parts in roles.items()},
        spellings=spellings,
        actors=actors,
        low=scoring.is_quiet(finding),
    )


def _note(card: Card, rarity: Rarity, join_hours: float) -> None:
    devices = [key[1] for key in card.roles if key[0] == "device"]
    rarity.note(card.roles, card.actors, devices, int(card.first // max(1.0, join_hours * 3600)))


def _is_incident(found: Group) -> bool:
    if any(not card.low for card in found.cards):
        return True
    return len({card.finding.detector for card in found.cards}) > 1


def _incident(found: Group, names: Names, site: Site, rarity: Rarity, homes: Mapping[str, str]) -> Incident:
    findings = [card.finding for card in found.cards]
    naming = next((card.finding for card in found.cards if not card.low), findings[0])
    joins = tuple(Join(j.left.finding.id, j.right.finding.id, because(j, rarity), j.strength) for j in found.links)
    steps = stages(findings)
    told = [names.told(finding) for finding in findings]
    jewels = {device.name.lower(): device for device in site.devices if device.crown_jewel}
    loud = [card for card in found.cards if not card.low]
    reached = [jewel for name, jewel in jewels.items() if any(touches(card, {name: jewel}) for card in loud)]
    severity = scoring.severity_of(findings, steps, crown_jewel=bool(reached))
    confidence = scoring.confidence_of(findings, joins)
    first, last = span_of((f.first, f.last) for f in findings)
    return Incident(
        id=incident_id(naming.id),
        title=story.title(told, steps, severity, [subject(jewel) for jewel in reached]),
        severity=severity,
        confidence=confidence,
        first=first,
        last=last,
        entities=story.entities_of(findings),
        findings=tuple(f.id for f in findings),
        stages=steps,
        joins=joins,
        storyline=(
            *story.storyline(told, names.shorts, homes),
            *story.unknown(told),
            scoring.confidence_sentence(findings, joins, confidence),
        ),
    )
