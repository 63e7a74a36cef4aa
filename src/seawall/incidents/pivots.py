"""Steps from machine to machine: a login from a device that is being intruded upon is the intrusion going on.

A finding *comes from* a device when it names it as the way, or when its source address belongs to that device (by the
site file, or by what other findings say of it). It *follows on* when something was found on that device not long
before. From a jump host many honest people come, so there it must be minutes, and nothing else may explain it: an
account with a login of its own on that host is explained, and of two intruders the later one is meant. A low finding
never ties stories together, with one exception told here: the login between an intruder's arrival on a host and what
the same account then did further on.
"""

from __future__ import annotations

import ipaddress
from bisect import bisect_left, bisect_right
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from seawall.incidents.cards import Card, Reason, gap_s
from seawall.incidents.names import is_inside
from seawall.incidents.rarity import Rarity
from seawall.model.entities import is_address
from seawall.model.site import MANAGEMENT_ROLES, Site

HOP_S: Final = 7_200  # an intruded device is left again within this time
SHARED_HOP_S: Final = 900  # a host many people use: only what follows closely
SAME_MACHINE_S: Final = 3_600
NEIGHBOURS: Final = 3
_WAYS_IN: Final = ("L-", "A-")  # behaviours that are logins
_COMMON_USE: Final = 0.5  # an address whose weight is less belongs to everybody
NOWHERE: Final[Mapping[str, str]] = {}
NO_ONE: Final[frozenset[str]] = frozenset()
STAY_S: Final = 259_200  # three days: an intruder who has a router keeps it
_LATE: Final = (55.0, 42.0)
_STRONG, _WEAK = (85.0, 50.0), (62.0, 42.0)  # strength at once, and at the end of the reach


class Pivots:
    """Who stands where in a world of cards; cards in order of time, and all of them noted in `rarity`."""

    def __init__(self, cards: Sequence[Card], site: Site, rarity: Rarity, join_hours: float) -> None:
        self._reach_s = join_hours * 3600
        self._shared = _shared_hosts(cards, site, rarity)
        self._strong_at: dict[str, list[Card]] = defaultdict(list)
        self._logins: dict[tuple[str, str], list[Card]] = defaultdict(list)
        for card in sorted(cards, key=lambda c: c.order):
            for device in card.at:
                if not card.low:
                    self._strong_at[device].append(card)
                for account in card.actors:
                    self._logins[device, account].append(card)
        for card in cards:
            card.carries = card.low and self._is_missing_link(card)

    def reasons(self, left: Card, right: Card) -> list[Reason]:
        """Why the later of two cards (the right one) is a step on from the earlier, if it is; at most one a device."""
        if left.low or left.tries or not right.bridges or right.tries:
            return []
        found = [self._step(left, right, device) for device in sorted(left.at & right.comes_from.keys())]
        if not right.low:
            found += [self._same(left, right, device) for device in sorted(right.at & left.comes_from.keys())]
        return [reason for reason in found if reason]

    def pairs(self, cards: Sequence[Card]) -> Iterator[tuple[Card, Card]]:
        """Cards (in order of time) that may be such a step, the earlier first: near neighbours only."""
        here: dict[str, _Recent] = defaultdict(_Recent)
        gone: dict[str, _Recent] = defaultdict(_Recent)
        for card in cards:
            for device in card.comes_from:
                yield from ((earlier, card) for earlier in here[device].cards())
            for device in card.at:
                yield from ((earlier, card) for earlier in gone[device].cards())
            if card.low:
                continue
            for device in card.at:
                here[device].add(card)
            for device in card.comes_from:
                gone[device].add(card)

    def _step(self, left: Card, right: Card, device: str) -> Reason | None:
        """The right card comes from the device the left one took place on."""
        shared = device in self._shared
        if device in right.at or (shared and self._explained(left, right, device)):
            return None
        since = right.first - left.first if shared and right.first < left.last else gap_s(left, right)
        reach_s = SHARED_HOP_S if shared else HOP_S
        if since > reach_s:
            return self._late_step(left, right, device, since) if not shared else None
        by = f" (address {right.comes_from[device]})" if right.comes_from[device] else ""
        many = "; others use that host too, so only closeness in time speaks for it" if shared else ""
        sentence = f"the later finding comes from {{}}{by}, where the earlier one took place{many}"
        return Reason(_faded(_WEAK if shared else _STRONG, since / reach_s), ("device", device), sentence)

    def _late_step(self, left: Card, right: Card, device: str, since: float) -> Reason | None:
        """A login from a router that was intruded upon days ago, and from which nobody should log in."""
        known = right.finding.behaviours
        if since > STAY_S or left.tries or left.vague or right.low or not any(b.startswith("L-") for b in known):
            return None
        by = f" (address {right.comes_from[device]})" if right.comes_from[device] else ""
        sentence = f"the later finding comes from {{}}{by}, which was intruded upon before and never left since"
        return Reason(_faded(_LATE, since / STAY_S), ("device", device), sentence)

    def _same(self, left: Card, right: Card, device: str) -> Reason | None:
        """The left card came from the device the right one takes place on: one machine, twice."""
        gap = gap_s(left, right)
        if device in self._shared or device in left.at or gap > SAME_MACHINE_S:
            return None
        by = f"address {left.comes_from[device]} of " if left.comes_from[device] else ""
        sentence = f"the earlier finding comes from {by}{{}}, where the later one took place"
        return Reason(_faded(_STRONG, gap / SAME_MACHINE_S), ("device", device), sentence)

    def _explained(self, left: Card, right: Card, device: str) -> bool:
        """Whether a step from a shared host has a better reason: a login of its own there, or a later arrival."""
        if left.actors & right.actors:
            return False
        line = self._strong_at[device]
        latest = line[bisect_right(line, right.first, key=lambda c: c.first) - 1]
        if latest is not left and not latest.actors & left.actors:
            return True
        for account in right.actors:
            line = self._logins.get((device, account), [])
            start = bisect_left(line, right.first - self._reach_s, key=lambda c: c.first)
            end = bisect_right(line, right.first, key=lambda c: c.first)
            if start < end:
                return True
        return False

    def _is_missing_link(self, low: Card) -> bool:
        """Whether a low login lies between an intruder's arrival where it comes from and harm where it leads."""
        if not low.comes_from or not any(b.startswith(_WAYS_IN) for b in low.finding.behaviours):
            return False
        before = (
            self._step(card, low, device)
            for device in low.comes_from
            for card in _window(self._strong_at.get(device, []), low.first - HOP_S, low.first)
        )
        return any(before) and any(
            self._harms(low, card)
            for device in low.at
            for card in _window(self._strong_at.get(device, []), low.first, low.last + self._reach_s)
        )

    def _harms(self, low: Card, harm: Card) -> bool:
        """Whether what was found on the host is the work of who logged in there."""
        if harm.actors:
            return bool(harm.actors & low.actors)
        return gap_s(low, harm) <= SHARED_HOP_S


class _Recent:
    """The last few cards of a line, and the one that lasts longest."""

    def __init__(self) -> None:
        self._last: deque[Card] = deque(maxlen=NEIGHBOURS)
        self._longest: Card | None = None

    def add(self, card: Card) -> None:
        """Note a card; cards come in order of time."""
        self._last.append(card)
        if self._longest is None or card.last >= self._longest.last:
            self._longest = card

    def cards(self) -> list[Card]:
        """The cards kept, each once."""
        return list({id(c): c for c in (*self._last, *([self._longest] if self._longest else []))}.values())


class Owners:
    """Which device an address belongs to: by the site file, else where findings agree on it."""

    def __init__(self, site: Site) -> None:
        self._known = {a.lower(): device.name.lower() for device in site.devices for a in device.addresses}
        self._told: dict[str, set[str]] = {}

    def note(self, card: Card) -> None:
        """Learn from what a finding says of addresses and devices; `card.at` is known."""
        details = card.finding.details
        if len(card.at) == 1 and (address := details.get("dst_ip")):
            self._learn(str(address).lower(), card.at)
        if address := details.get("src_ip"):
            via = [key[1] for key, parts in card.roles.items() if key[0] == "device" and "via" in parts]
            if len(via) == 1:
                self._learn(str(address).lower(), via)

    def _learn(self, address: str, devices: Iterable[str]) -> None:
        if is_address(address):
            self._told.setdefault(address, set()).update(devices)

    def known(self, address: str) -> str:
        """The device the site file gives an address to; empty where it names none."""
        return self._known.get(address.lower(), "")

    def get(self, address: str) -> str:
        """The device an address (lower case) belongs to; empty where none is known, or several are."""
        if known := self._known.get(address):
            return known
        told = self._told.get(address)
        return next(iter(told)) if told is not None and len(told) == 1 else ""

    def all(self) -> dict[str, str]:
        """Every address with one owner → its device."""
        return {**{a: min(names) for a, names in self._told.items() if len(names) == 1}, **self._known}


def owners(cards: Sequence[Card], site: Site) -> dict[str, str]:
    """Address → device it belongs to, by the site file, else where findings agree on it. Addresses in lower case."""
    found = Owners(site)
    for card in cards:
        found.note(card)
    return found.all()


def standing(card: Card) -> frozenset[str]:
    """The devices a finding took place on."""
    return frozenset(k[1] for k, parts in card.roles.items() if k[0] == "device" and "target" in parts)


def place(cards: Sequence[Card], site: Site, known: Owners | None = None) -> None:
    """Say of each card where it took place, what device it came from, and from where outside."""
    owner = known or Owners(site)
    if known is None:
        for card in cards:
            card.at = standing(card)
            owner.note(card)
    for card in cards:
        if not card.at:
            ends = (owner.known(k[1]) for k, parts in card.roles.items() if k[0] == "ip" and "target" in parts)
            card.at = frozenset(name for name in ends if name)
        found: dict[str, str] = {}
        outer: set[str] = set()
        for (kind, value), parts in card.roles.items():
            if kind == "ip" and "source" in parts:
                if device := owner.get(value.lower()):
                    found[device] = value
                elif not is_inside(value):
                    outer.add(value)
        for (kind, value), parts in card.roles.items():
            if kind == "device" and parts & {"via", "source"}:
                found.setdefault(value, "")
        card.comes_from = {name: found[name] for name in sorted(found) if name not in card.at} if found else NOWHERE
        card.origins = frozenset(outer) if outer else NO_ONE


def _shared_hosts(cards: Sequence[Card], site: Site, rarity: Rarity) -> frozenset[str]:
    """Hosts honest people come from: by the site file, or because many accounts use their address."""
    hosts = {d.name.lower() for d in site.devices if d.role in MANAGEMENT_ROLES or _listed(d.addresses, site)}
    for card in cards:
        hosts.update(
            name
            for name, address in card.comes_from.items()
            if address and (rarity.of(("ip", address)).factor < _COMMON_USE or _listed((address,), site))
        )
    return frozenset(hosts)


def _listed(addresses: Sequence[str], site: Site) -> bool:
    """Whether one of the addresses is a jump host of the site file."""
    networks = [ipaddress.ip_network(text, strict=False) for text in site.jump_hosts if _is_network(text)]
    found = [ipaddress.ip_address(text) for text in addresses if is_address(text)]
    return any(address in network for address in found for network in networks if network.version == address.version)


def _window(line: Sequence[Card], start: float, end: float) -> Sequence[Card]:
    """Cards of a line that end after `start` and begin by `end`; of very many, the last ones."""
    stop = bisect_right(line, end, key=lambda c: c.first)
    return [card for card in line[max(0, stop - 64) : stop] if card.last >= start]


def _faded(ends: tuple[float, float], share: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * share


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def touches(card: Card, devices: Mapping[str, object]) -> bool:
    """Whether a card takes place on, or comes from, one of the devices (lower case)."""
    return any(key[1] in devices for key in card.roles if key[0] in ("device", "system")) or bool(
        devices.keys() & card.comes_from.keys()
    )
