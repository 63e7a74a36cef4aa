"""Findings as joining sees them: names by their canonical spelling, the parts they play, who acts."""

from __future__ import annotations

from typing import Final

from seawall.incidents.cards import Card
from seawall.incidents.joining import ROLE_STRENGTH
from seawall.incidents.names import Key, Names
from seawall.incidents.objects import objects
from seawall.incidents.rarity import Rarity
from seawall.incidents.scoring import is_quiet, is_try
from seawall.model.finding import Finding

NOBODY: Final = frozenset(
    {"localsystem", "system", "nt authority\\system", "local service", "network service", "-", ""}
)
"""Accounts every Windows machine has: they join nothing, and are nobody's."""
MAX_JOIN_ENTITIES: Final = 64  # names of one finding that joins look at, acting ones first; findings keep them all
VAGUE_S: Final = 3_600  # two snapshots further apart than this tell no time
_PARTS: Final = {role: frozenset({role}) for role in ROLE_STRENGTH}
_NO_ONE: Final[frozenset[str]] = frozenset()


def card_of(finding: Finding, names: Names) -> Card:
    """One finding as joining sees it."""
    entities = finding.entities
    more = objects(finding)
    if more or len(entities) > MAX_JOIN_ENTITIES:
        ranked = sorted((*entities, *more), key=lambda e: (-ROLE_STRENGTH[e.role], e))
        entities = tuple(ranked[:MAX_JOIN_ENTITIES])
    roles: dict[Key, frozenset[str]] = {}
    acting: list[str] = []
    for entity in entities:
        key = names.key(entity)
        if key[0] == "account":
            if key[1] in NOBODY:
                continue
            if entity.role == "actor":
                acting.append(key[1])
        before = roles.get(key)
        roles[key] = _PARTS[entity.role] if before is None else before | _PARTS[entity.role]
    first, last = finding.first.timestamp(), finding.last.timestamp()
    return Card(
        finding=finding,
        first=first,
        last=last,
        roles=roles,
        actors=frozenset(acting) if acting else _NO_ONE,
        low=is_quiet(finding),
        vague="before_file" in finding.details and last - first > VAGUE_S,
        tries=is_try(finding),
        derived=finding.detector.startswith("chain."),
    )


def note(card: Card, rarity: Rarity, join_hours: float) -> None:
    """Count a card's names, and who was where above low."""
    devices = [key[1] for key in card.roles if key[0] == "device"]
    rarity.note(card.roles, card.actors, devices, int(card.first // max(1.0, join_hours * 3_600)))
    if card.low or card.vague:
        return
    sources = [key[1] for key, parts in card.roles.items() if key[0] == "ip" and "source" in parts]
    who = min(card.actors, default=min(sources, default=""))
    for key in card.roles:
        if key[0] in ("device", "system"):
            rarity.visit(key, who, card.first)
