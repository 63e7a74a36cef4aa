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
from seawall.incidents.names import Key, is_inside
from seawall.incidents.pivots import Pivots
from seawall.incidents.rarity import Rarity, Weight
from seawall.incidents.words import and_text, short_value, span_text

THRESHOLD: Final = 40  # weaker than this, two findings stay apart
OUTSIDE_DAYS: Final = 14.0
OUTSIDE: Final = 90  # an address outside that did harm
_WORN_BY_HALF: Final = 0.5
TWO_CLOCKS_S: Final = 5
_RARE_WAY: Final = 0.5
CLOSE_S: Final = 300  # so close on one machine, chance is asked instead of custom
CLOCKS_S: Final = 600  # two clocks may stand so far apart: what was used "before" it was made was made before
_CLOSE: Final = 66  # strength of two findings on one machine at the same moment
FOLLOW_ON_DAYS: Final = 7.0
KIND_STRENGTH: Final[dict[str, int]] = {
    "decision": 99,  # people merged them
    "act": 85,  # the same act, told by two clocks whole hours apart
    "file": 70,  # a file laid aside on one machine
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
PLACES: Final = frozenset({"device", "system"})
_WORN: Final = frozenset({"device", "system", "account", "ip", "mailbox", "agency"})  # shared by many over a long time
# How long a name holds two findings together, as a part of `join_hours`: a device is shared by many people.
KIND_REACH: Final[dict[str, float]] = {
    "device": 0.25,
    "system": 0.25,
    "agency": 0.25,
    "decision": 10_000.0,
    "act": 3.0,
    "file": 28.0,
}
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
    different: bool  # different people act: the place alone speaks for the join


def link(left: Card, right: Card, rarity: Rarity, pivots: Pivots, join_hours: float) -> Link | None:
    """The join of two cards, the earlier one left; None when it is weaker than THRESHOLD."""
    small, large = (left.roles, right.roles) if len(left.roles) <= len(right.roles) else (right.roles, left.roles)
    gap = gap_s(left, right)
    reasons = [r for key in small if key in large for r in (_reason(key, left, right, rarity, gap, join_hours),) if r]
    if len(reasons) < 2 and gap > join_hours * 3_600 and not (left.low or right.low):
        reasons += _same_way(left, right, rarity, gap)
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
    if kind == "act" and not _two_clocks(left, right):
        return None
    reach_s = reach_of(key, join_hours)
    worn = 0.3 if kind == "ip" and reach_s > join_hours * 3_600 else 0.5
    plain = 0.0
    if gap <= reach_s:
        part = min(_part(kind, left.roles[key]), _part(kind, right.roles[key]))
        base = OUTSIDE if worn < _WORN_BY_HALF else KIND_STRENGTH[kind]
        plain = base * part * weight.factor * (1 - worn * gap / reach_s if reach_s else 1.0)
        plain *= _thin(kind, left, right, reach_s)
        if kind in PLACES:
            plain *= 1 - rarity.chance(key, gap)
            apart = right.first - left.first  # what lasts for days is near to everything
            if apart <= CLOSE_S and not (left.low or right.low or left.vague or right.vague):
                plain = max(plain, _CLOSE * (1 - rarity.chance(key, max(apart, 1.0))))
    if follow is not None and follow[0] >= plain:
        return Reason(follow[0], key, follow[1])
    return Reason(plain, key) if plain >= 1 else None


def reach_of(key: Key, join_hours: float) -> float:
    """Seconds a name holds two findings together: one outside address that did harm is remembered for two weeks."""
    if key[0] == "ip" and not is_inside(key[1]):
        return OUTSIDE_DAYS * 86_400
    return join_hours * 3_600 * KIND_REACH.get(key[0], 1.0)


def _two_clocks(left: Card, right: Card) -> bool:
    """Whether two files tell one act whole hours apart: one of them in local time."""
    off = (right.first - left.first) % 3_600
    files = {card.finding.evidence[0].origin.rpartition(":")[0] for card in (left, right) if card.finding.evidence}
    return len(files) > 1 and right.first - left.first > 1_800 and min(off, 3_600 - off) <= TWO_CLOCKS_S


def _same_way(left: Card, right: Card, rarity: Rarity, gap: float) -> list[Reason]:
    """The same account over the same way, night after night: an intruder who comes back."""
    days = gap / 86_400
    if days > FOLLOW_ON_DAYS:
        return []
    ways = [k for k in left.roles if k[0] == "ip" and "source" in left.roles[k] and "source" in right.roles.get(k, ())]
    people = left.actors & right.actors
    weight = max((rarity.of(way).factor for way in ways), default=0.0)
    if not people or weight < _RARE_WAY:
        return []
    fade = 1 - 0.4 * days / FOLLOW_ON_DAYS
    return [Reason(75 * fade * weight, ("account", min(people)), "{} acts over the same way in both findings")]


def _thin(kind: str, left: Card, right: Card, reach_s: float) -> float:
    """What lasts long overlaps everything: the longer than a name holds, the less that says. 1 is full strength.

    What happened somewhere between two snapshots shares a place with everybody who was there meanwhile.
    """
    if kind in PLACES and left.vague != right.vague:
        return 0.0
    if kind not in _WORN or left.vague or right.vague:
        return 1.0
    span = max(left.span, right.span)
    return min(1.0, reach_s / span) if span > 0 else 1.0


@cache
def _part(kind: str, roles: frozenset[str]) -> float:
    """How much the part a name plays counts; being the target is a device's usual part."""
    best = max(ROLE_STRENGTH[role] for role in roles)
    return 1.0 if kind in ("device", "system") and "target" in roles else best


def _follow_on(key: Key, left: Card, right: Card, weight: Weight, gap: float) -> tuple[float, str] | None:
    """Strength and sentence (with a place for the name) where the later finding uses what the earlier prepared."""
    days = gap / 86_400
    if right.first - left.first <= CLOCKS_S and "object" in right.roles[key] and "object" not in left.roles[key]:
        left, right = right, left  # told by two clocks in the wrong order
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
    """Whether only a device is shared while different accounts act, or come from different places outside.

    A try beside an act is a stranger too: everybody's door is knocked at.
    """
    if not all(reason.key[0] in PLACES and not reason.follow_on for reason in reasons):
        return False
    others = bool(left.actors and right.actors) and not left.actors & right.actors
    elsewhere = bool(left.origins and right.origins) and not left.origins & right.origins
    return others or elsewhere or left.tries != right.tries


def _phrase(key: Key, left: Card, right: Card) -> str:
    """The shared name in words, with both spellings where they differ."""
    if key[0] == "act":
        hours = round((right.first - left.first) / 3_600)
        return f"the same act, told by two clocks {hours} h apart"
    if key[0] == "file":
        return f"file {short_value(key[1].partition(' ')[2])}"
    word = {"ip": "address"}.get(key[0], key[0])
    here, there = (short_value(_spelled(key, card)) for card in (left, right))
    if here.lower() == there.lower():
        return f"{word} {here}"
    short, full = sorted((here, there), key=lambda s: (len(s), s))
    return f"{word} {full} (also written {short})"


def _spelled(key: Key, card: Card) -> str:
    """A name as a card's finding writes it."""
    kind, value = key
    same = [e.value for e in card.finding.entities if e.type == kind]
    exact = next((v for v in same if v.casefold() == value.casefold()), None)
    short = next((v for v in same if v.partition(".")[0].casefold() == value.partition(".")[0].casefold()), None)
    return exact or (short if kind in PLACES and short else value)


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
    doubt = "; different people may be at work: the place alone speaks for it" if link.different else ""
    return f"{sentence}, {when}{doubt}"


def _note(weight: Weight) -> str:
    return f" (counts little: {weight.reason})" if weight.factor < 0.5 else ""
