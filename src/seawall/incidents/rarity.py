"""How much a shared name tells: a jump host, a NAT address or the backup account must not glue the world together.

The factor is 1 for a name that only this story uses and falls towards 0 as a name becomes everybody's. An intruder may
fill half a small case, so being frequent is no sin by itself: a name is common when many *different* actors use it,
when it works on many devices again and again over time, or when the site file or the event counts say so.
"""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from seawall.incidents.names import Key, is_inside
from seawall.model.site import Site

USERS_OF_ONE_ADDRESS: Final = 4  # more accounts than this behind one address: a jump host or NAT
DEVICES_OF_ONE_ACTOR: Final = 8  # more devices than this, at many times: routine work
ACTORS_ON_ONE_DEVICE: Final = 6  # more accounts than this on one device: a busy device
SHARE_OF_FINDINGS: Final = 0.25  # of at least MANY_FINDINGS findings, at many times
SHARE_FLOOR: Final = 0.45  # too weak to join alone; two such names together still do, as an intruder who stays has
SHARE_OF_EVENTS: Final = 0.01  # of all events in the lake: everyday traffic
MANY_FINDINGS: Final = 40
MOST_OF_A_NAME: Final = 2_000  # findings a name may be in and still join; one beyond is said
MOST_OF_A_PLACE: Final = 20_000
MOST_VISITS: Final = 5_000
FEW_VISITS: Final = 12  # people and hours: one intruder's evening makes no place busy
DAY_S: Final = 86_400
MANY_TIMES: Final = 4  # distinct join windows in which the name was seen
_SITE_SERVER: Final = 0.15
_SITE_AUTOMATION: Final = 0.3
NOBODY: Final[frozenset[Any]] = frozenset()
T = TypeVar("T")


class Usage:
    """Who is seen together with one name. Most names are seen once, so sets are made only where there is more."""

    __slots__ = ("accounts", "devices", "findings", "times", "visits")

    def __init__(self) -> None:
        self.findings = 0
        self.times: Set[int] = NOBODY
        self.accounts: Set[str] = NOBODY
        self.devices: Set[str] = NOBODY
        self.visits: Set[tuple[str, int]] = NOBODY  # who was found there above low, and in which hour


def _with(known: Set[T], more: Iterable[T]) -> Set[T]:
    """The set with more in it; the shared empty one is left as it is."""
    if not isinstance(known, set):
        return set(more) or known
    known.update(more)
    return known


@dataclass(frozen=True, slots=True)
class Weight:
    """How far sharing a name may be trusted, 0 to 1, and why it is less than 1."""

    factor: float
    reason: str = ""


class Rarity:
    """Weighs names by how they are used over the whole case."""

    def __init__(self, site: Site, prevalence: Mapping[Key, float]) -> None:
        self._site = site
        self._prevalence = prevalence
        self._usage: dict[Key, Usage] = {}
        self._total = 0
        self._from, self._to = math.inf, -math.inf
        self._weights: dict[Key, Weight] = {}
        servers = {*site.jump_hosts, *site.aaa_servers, *site.nms_servers, *site.syslog_servers}
        self._servers = [network for server in sorted(servers) if (network := _network(server)) is not None]

    def note(self, keys: Iterable[Key], accounts: Collection[str], devices: Collection[str], window: int) -> None:
        """Count one finding: its names, its acting accounts, its devices, and the join window it falls in."""
        self._total += 1
        for key in keys:
            usage = self._usage.get(key)
            if usage is None:
                usage = self._usage[key] = Usage()
            elif self._weights:
                self._weights.pop(key, None)
            usage.findings += 1
            if window not in usage.times:
                usage.times = _with(usage.times, (window,))
            if accounts and key[0] != "account":
                usage.accounts = _with(usage.accounts, accounts)
            if devices and key[0] != "device":
                usage.devices = _with(usage.devices, devices)

    def visit(self, key: Key, who: str, first: float) -> None:
        """Note that somebody was found at a place above low; `first` in POSIX seconds."""
        usage = self._usage.setdefault(key, Usage())
        if len(usage.visits) < MOST_VISITS:
            usage.visits = _with(usage.visits, ((who, int(first // 3_600)),))
        self._from, self._to = min(self._from, first), max(self._to, first)

    def chance(self, key: Key, gap_s: float) -> float:
        """The chance, 0 to 1, that a stranger is found at a place within so many seconds: how busy it is."""
        usage = self._usage.get(key)
        if usage is None or len(usage.visits) <= FEW_VISITS:
            return 0.0
        span = max(DAY_S, self._to - self._from)
        return 1 - math.exp(-2 * (len(usage.visits) - FEW_VISITS) * gap_s / span)

    def common(self) -> list[tuple[Key, int]]:
        """Names in too many findings to join anything, with how many there are; the most frequent first."""
        found = [(key, usage.findings) for key, usage in self._usage.items() if usage.findings > self._limit(key)]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def is_common(self, key: Key) -> bool:
        """Whether a name is in too many findings to join anything."""
        usage = self._usage.get(key)
        return usage is not None and usage.findings > self._limit(key)

    def _limit(self, key: Key) -> int:
        """Findings a name may be in: a place may be in many, any other name in a few thousand."""
        return MOST_OF_A_PLACE if key[0] in ("device", "system") else MOST_OF_A_NAME

    def of(self, key: Key) -> Weight:
        """The weight of a name; computed once all findings are noted."""
        weight = self._weights.get(key)
        if weight is None:
            weight = self._weights[key] = min(self._judge(key), key=lambda w: w.factor)
        return weight

    def _judge(self, key: Key) -> list[Weight]:
        kind, value = key
        usage = self._usage.get(key, Usage())
        if self.is_common(key):
            return [Weight(0.0, f"it is in {usage.findings:,} findings, and joins nothing")]
        often = len(usage.times) >= MANY_TIMES
        found = [Weight(1.0)]
        users = len(usage.accounts)
        if kind == "ip" and users > USERS_OF_ONE_ADDRESS and is_inside(value):
            found.append(Weight(USERS_OF_ONE_ADDRESS / users, f"{users} accounts use it, as on a jump host"))
        if kind == "device" and users > ACTORS_ON_ONE_DEVICE:
            found.append(Weight(ACTORS_ON_ONE_DEVICE / users, f"{users} accounts act on it"))
        if often and len(usage.devices) > DEVICES_OF_ONE_ACTOR:
            factor = DEVICES_OF_ONE_ACTOR / len(usage.devices)
            found.append(Weight(factor, f"it is seen again and again on {len(usage.devices)} devices"))
        share = usage.findings / self._total if self._total else 0.0
        if often and self._total >= MANY_FINDINGS and share > SHARE_OF_FINDINGS:
            factor = max(SHARE_FLOOR, SHARE_OF_FINDINGS / share)
            found.append(Weight(factor, f"it is in {share:.0%} of all findings"))
        everyday = self._prevalence.get(key, 0.0)
        if kind != "device" and everyday > SHARE_OF_EVENTS:
            found.append(Weight(SHARE_OF_EVENTS / everyday, f"it is in {everyday:.0%} of all events"))
        if kind == "ip" and self._is_server(value):
            found.append(Weight(_SITE_SERVER, "the site file lists it as a shared server"))
        person = self._site.person(value) if kind == "account" else None
        if person is not None and person.kind == "automation":
            found.append(Weight(_SITE_AUTOMATION, "the site file lists it as automation"))
        return found

    def _is_server(self, value: str) -> bool:
        try:
            address = ipaddress.ip_address(value)
        except ValueError:
            return False
        return any(address in server for server in self._servers)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """An address or network of the site file; None for a host name, which no event's address can equal."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
