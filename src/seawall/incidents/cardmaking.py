"""Findings as joining sees them: names by their canonical spelling, the parts they play, who acts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from seawall.incidents.cards import Card
from seawall.incidents.expected import device_of_file, explained
from seawall.incidents.joining import ROLE_STRENGTH
from seawall.incidents.names import Key, Names
from seawall.incidents.objects import files, objects
from seawall.incidents.pivots import Owners
from seawall.incidents.rarity import Rarity
from seawall.incidents.scoring import is_try
from seawall.model.finding import Finding
from seawall.model.site import Site

NOBODY: Final = frozenset(
    {"localsystem", "system", "nt authority\\system", "local service", "network service", "-", ""}
)
"""Accounts every Windows machine has: they join nothing, and are nobody's."""
MAX_JOIN_ENTITIES: Final = 64  # names of one finding that joins look at, acting ones first; findings keep them all
SAME_ACT_S: Final = 5  # two logs of one act are no further apart
VAGUE_S: Final = 3_600  # two snapshots further apart than this tell no time
_PARTS: Final = {role: frozenset({role}) for role in ROLE_STRENGTH}
_NO_ONE: Final[frozenset[str]] = frozenset()


def card_of(finding: Finding, names: Names, site: Site) -> Card:
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
    placed = any(k[0] in ("device", "system") or (k[0] == "ip" and "target" in parts) for k, parts in roles.items())
    if not placed and not any(k[0] == "ip" and "source" in parts for k, parts in roles.items()):
        place = device_of_file(finding.evidence[0].origin, site) if finding.evidence else ""
        if place:
            roles["device", place.lower()] = _PARTS["target"]
    first, last = finding.first.timestamp(), finding.last.timestamp()
    return Card(
        finding=finding,
        first=first,
        last=last,
        roles=roles,
        actors=frozenset(acting) if acting else _NO_ONE,
        low=explained(finding, site),
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


def calm(cards: Sequence[Card]) -> None:
    """Quieten what another log tells of the same act with its explanation: where from, whose change it was.

    A device's own log names no address, accounting does: of one act only the second can be called expected.
    """
    quiet: dict[tuple[str, str, frozenset[str]], list[float]] = {}
    for card in cards:
        if card.low and card.actors:
            for device in card.at:
                quiet.setdefault((card.finding.detector, device, card.actors), []).append(card.first)
    for card in cards:
        if not card.low and card.actors and not card.origins and not card.comes_from and len(card.at) == 1:
            times = quiet.get((card.finding.detector, next(iter(card.at)), card.actors), ())
            card.low = any(abs(card.first - moment) <= SAME_ACT_S for moment in times)


def at_home(card: Card, owners: Owners) -> None:
    """An address of one of our devices is a place like the device, and no name an intruder goes by."""
    own = [(key, name) for key in card.roles if key[0] == "ip" and (name := owners.known(key[1]))]
    for key, name in own:
        parts = card.roles.pop(key)
        place = ("device", name)
        card.roles[place] = card.roles[place] | parts if place in card.roles else parts


def marks(card: Card) -> None:
    """Give a card above low the names of what it did where: its act within the hour, and files it laid aside."""
    if card.low or len(card.at) != 1:
        return
    device = next(iter(card.at))
    for path in files(card.finding):
        card.roles["file", f"{device} {path}"] = _PARTS["actor"]
    if card.finding.evidence and not card.tries:
        second = int(card.first % 3_600)
        for mark in (f"{second // 10}", f"+{(second + 5) // 10}"):
            card.roles["act", f"{card.finding.detector} {device} {mark}"] = _PARTS["actor"]
