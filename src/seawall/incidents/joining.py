"""Why two findings are one story, and how sure that is.

Strength is 0 to 100. Each shared name counts by its kind, the part it plays, how rare it is and how close in time the
findings lie; several shared names add up as independent reasons do. A name one finding prepares and a later one uses
(an account created, an address let in) is a *follow-on*: it lasts for days, since that is what it was made for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from seawall.incidents.cards import Card, Reason, gap_s
from seawall.incidents.names import Key
from seawall.incidents.pivots import Pivots
from seawall.incidents.rarity import Rarity, Weight
from seawall.incidents.words import and_text, short_value, span_text

THRESHOLD: Final = 40  # weaker than this, two findings stay apart
FOLLOW_ON_DAYS: Final = 7.0
KIND_STRENGTH: Final[dict[str, int]] = {
    "session": 95,
    "hash": 90,
    "tap": 90,
    "account": 85,
    "url": 85,
    "ip": 80,
    "mailbox": 80,
    "domain": 75,
    "warrant": 70,
    "device": 60,
    "system": 60,
    "agency": 30,
}
# How long a name holds two findings together, as a part of `join_hours`: a device is shared by many people.
KIND_REACH: Final[dict[str, float]] = {"device": 0.25, "system": 0.25, "agency": 0.25}
ROLE_STRENGTH: Final[dict[str, float]] = {"actor": 1.0, "source": 1.0, "target": 0.8, "via": 0.6, "object": 0.6}
_CREATED: Final = frozenset({"P-01", "P-02"})
_LET_IN: Final = frozenset({"P-08", "P-09", "D-07"})  # let an address in, or put one on


@dataclass(frozen=True, slots=True)
class Link:
    """A possible join of two cards, the earlier one left. Put into words only when it is kept."""

    left: Card
    right: Card
    strength: int
    reasons: tuple[Reason, ...]
    different: bool  # different accounts act: the place alone speaks for the join


def link(left: Card, right: Card, rarity: Rarity, pivots: Pivots, join_hours: float) -> Link | None:
    """The join of two cards, the earlier one left; None when it is weaker than THRESHOLD."""
    small, large = (left.roles, right.roles) if len(left.roles) <= len(right.roles) else (right.roles, left.roles)
    gap = gap_s(left, right)
    reasons = [r for key in small if key in large for r in (_reason(key, left, right, rarity, gap, join_hours),) if r]
    steps = pivots.reasons(left, right)
    reasons = [*(r for r in reasons if r.key not in {step.key for step in steps}), *steps]
    if not reasons:
        return None
    apart = 1.0
    for reason in reasons:
        apart *= 1 - min(reason.strength, 99.0) / 100
    strength = 100 * (1 - apart)
    different = _different_people(left, right, reasons)
    if different:
        strength /= 2
    if strength < THRESHOLD:
        return None
    return Link(left, right, min(99, round(strength)), tuple(reasons), different)


def _reason(key: Key, left: Card, right: Card, rarity: Rarity, gap: float, join_hours: float) -> Reason | None:
    """What one shared name says, or None when it is too long ago to say anything."""
    kind = key[0]
    weight = rarity.of(key)
    follow = _follow_on(key, left, right, weight, gap)
    reach_s = join_hours * 3600 * KIND_REACH.get(kind, 1.0)
    plain = 0.0
    if gap <= reach_s:
        part = min(_part(kind, left.roles[key]), _part(kind, right.roles[key]))
        plain = KIND_STRENGTH[kind] * part * weight.factor * (1 - 0.5 * gap / reach_s if reach_s else 1.0)
    if follow is not None and follow[0] >= plain:
        return Reason(follow[0], key, follow[1])
    return Reason(plain, key) if plain >= 1 else None


@cache
def _part(kind: str, roles: frozenset[str]) -> float:
    """How much the part a name plays counts; being the target is a device's usual part."""
    best = max(ROLE_STRENGTH[role] for role in roles)
    return 1.0 if kind in ("device", "system") and "target" in roles else best


def _follow_on(key: Key, left: Card, right: Card, weight: Weight, gap: float) -> tuple[float, str] | None:
    """Strength and sentence (with a place for the name) where the later finding uses what the earlier prepared."""
    days = gap / 86_400
    uses = right.roles[key] & {"actor", "source"}
    if "object" not in left.roles[key] or not uses or key[0] not in ("account", "ip") or days > FOLLOW_ON_DAYS:
        return None
    fade = 1 - 0.4 * days / FOLLOW_ON_DAYS
    behaviours = frozenset(left.finding.behaviours)
    if key[0] == "account" and behaviours & _CREATED:
        return 95 * fade, "{}, created by the earlier finding, acts in the later one"
    if key[0] == "ip" and behaviours & _LET_IN:
        return 92 * fade * weight.factor, "{}, prepared by the earlier finding, is where the later one comes from"
    return 75 * fade * weight.factor, "{}, named by the earlier finding, acts in the later one"


def _different_people(left: Card, right: Card, reasons: list[Reason]) -> bool:
    """Whether only a device is shared while different accounts act: two people at work, perhaps."""
    only_place = all(reason.key[0] in ("device", "system") and not reason.follow_on for reason in reasons)
    return only_place and bool(left.actors and right.actors) and not left.actors & right.actors


def _phrase(key: Key, left: Card, right: Card) -> str:
    """The shared name in words, with both spellings where they differ."""
    word = {"ip": "address"}.get(key[0], key[0])
    spelled = [short_value(card.spellings[key]) for card in (left, right) if key in card.spellings]
    here, there = spelled[0] if spelled else short_value(key[1]), spelled[-1] if spelled else short_value(key[1])
    if here.lower() == there.lower():
        return f"{word} {here}"
    short, full = sorted((here, there), key=lambda s: (len(s), s))
    return f"{word} {full} (also written {short})"


def because(link: Link, rarity: Rarity) -> str:
    """A join in plain English, strongest reason first."""
    ranked = sorted(link.reasons, key=lambda r: (-r.strength, r.key))
    phrases = {r.key: _phrase(r.key, link.left, link.right) for r in ranked}
    follow = [r.follow_on.format(phrases[r.key]) for r in ranked if r.follow_on]
    shared = [phrases[r.key] + _note(rarity.of(r.key)) for r in ranked if not r.follow_on][:3]
    sentence = "; ".join(follow)
    if shared:
        both = f"both name {and_text(shared)}"
        sentence = f"{sentence}; {both}" if sentence else both
    gap = gap_s(link.left, link.right)
    when = "at the same time" if gap < 1 else f"{span_text(gap)} apart"
    doubt = "; different accounts act, so the place alone speaks for it" if link.different else ""
    return f"{sentence}, {when}{doubt}"


def _note(weight: Weight) -> str:
    return f" (counts little: {weight.reason})" if weight.factor < 0.5 else ""
