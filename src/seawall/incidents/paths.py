"""From machine to machine, hop by hop; and where it began: patient zero, and the first act there.

A hop is a finding on one device that names another it came from, by name, as the way, or by an address that device owns
(site file, or what other findings say). The first step in comes from an address no device owns. Findings that only say
"between two snapshots" date nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from seawall.incidents.cards import Card
from seawall.incidents.names import Names, is_inside
from seawall.incidents.stages import stage_of
from seawall.model.incident import Foothold, Hop
from seawall.model.severity import Severity

MOST_HOPS: Final = 100
NEAR: Final = timedelta(minutes=30)  # an address outside that acts so soon before may be the way in
_FIRST_STAGES: Final = frozenset({"initial access", "execution", "persistence", "defence evasion", "credential access"})
_ENTRY: Final = 20  # of 100: how much surer a foothold is where its way in was seen


def hops(cards: Sequence[Card], names: Names, homes: Mapping[str, str]) -> tuple[Hop, ...]:
    """The steps, in order of time; each way of an account once, at its first sign. `homes`: address → device."""
    seen: dict[tuple[str, str, str], Hop] = {}
    for card in cards:
        if not card.dates or card.tries:
            continue
        who = min(card.actors, default="")
        for target in sorted(card.at):
            ways = [(names.label(name), address, 0) for name, address in card.comes_from.items()]
            ways = ways or [(value, value, 1) for value in _outside(card, homes)]
            for source, address, outer in ways:
                key = (source, target, who if not outer else "")
                if source != names.label(target) and key not in seen and len(seen) < MOST_HOPS:
                    seen[key] = _hop(card, source, address, names.label(target), who)
    return _named(tuple(seen.values()))


def _named(found: Sequence[Hop]) -> tuple[Hop, ...]:
    """Without the steps nobody is named for, where the same way is told of an account."""
    told = {(hop.source, hop.target) for hop in found if hop.account}
    return tuple(hop for hop in found if hop.account or (hop.source, hop.target) not in told)


def _hop(card: Card, source: str, address: str, target: str, who: str) -> Hop:
    finding = card.finding
    if source == address:
        because = f"the finding names the address {address}"
    elif address:
        because = f"the address {address} belongs to {source}"
    else:
        because = f"the finding names {source} as the way"
    sure = finding.confidence if finding.severity > Severity.LOW else min(finding.confidence, 60)
    return Hop(finding.first, source, target, who, finding.id, sure, because)


def _outside(card: Card, homes: Mapping[str, str]) -> list[str]:
    """Addresses a finding comes from that no device of ours owns and that lie outside."""
    return sorted(
        value
        for (kind, value), parts in card.roles.items()
        if kind == "ip" and "source" in parts and value.lower() not in homes and not is_inside(value)
    )


def foothold(cards: Sequence[Card], names: Names, homes: Mapping[str, str]) -> Foothold | None:
    """Patient zero and the first act on it; None where no finding above low names a machine."""
    dated = [c for c in cards if not c.low and c.dates and not c.tries]
    on_a_machine = [c for c in dated if c.at or _home(c, homes)]
    if not on_a_machine:
        return None
    early = [c for c in on_a_machine if stage_of(c.finding) in _FIRST_STAGES]
    first = (early or on_a_machine)[0]
    chosen = first if first.order <= on_a_machine[0].order else on_a_machine[0]
    device = min(chosen.at) if chosen.at else _home(chosen, homes)
    return _told(chosen, device, cards, names, homes)


def _home(card: Card, homes: Mapping[str, str]) -> str:
    """The device that owns the address a finding of traffic is about, where it names no device: its target first."""
    if card.at or card.comes_from:
        return min(card.at or card.comes_from)
    for part in ("target", "source"):
        for (kind, value), parts in sorted(card.roles.items()):
            if kind == "ip" and part in parts and value.lower() in homes:
                return homes[value.lower()]
    return ""


def _told(card: Card, device: str, cards: Sequence[Card], names: Names, homes: Mapping[str, str]) -> Foothold:
    finding = card.finding
    there = [c for c in cards if device in c.at or _home(c, homes) == device]
    soon = [c for c in there if finding.first - NEAR <= c.finding.first <= finding.first + NEAR]
    sources = [value for c in sorted(soon, key=lambda c: c.order) for value in _outside(c, homes)]
    accounts = [who for c in sorted(soon, key=lambda c: c.order) if not c.low for who in sorted(c.actors)]
    made = [
        key[1]
        for c in soon
        for key, parts in c.roles.items()
        if key[0] == "account" and "object" in parts and not parts & {"actor"}
    ]
    entered = stage_of(finding) == "initial access"
    sure = finding.confidence - (0 if sources else _ENTRY) - (0 if entered else _ENTRY // 2)
    parts = [f"the earliest act above low is on it: {finding.title}"]
    parts.append(f"it came from {sources[0]}" if sources else "where it came from is not known")
    if not entered:
        parts.append("no way in was seen, so it may have begun elsewhere or earlier")
    return Foothold(
        device=names.label(device),
        time=finding.first,
        source=sources[0] if sources else "",
        account=next((who for who in made if who in accounts), accounts[0] if accounts else ""),
        finding=finding.id,
        confidence=max(5, sure),
        because="; ".join(parts),
    )
