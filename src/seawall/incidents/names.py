"""When two spellings mean one thing: the names findings are joined by.

A device logs as `pe01` here and as `pe01.chi.example.net` there. They are one device if the site file says so, or if
exactly one full name in the case begins with that short one. Devices are never made one on an address alone.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from seawall.model.entities import Entity, is_address
from seawall.model.finding import Finding
from seawall.model.site import Site

Key = tuple[str, str]  # entity type, canonical value

_INSIDE: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16"),
        *("224.0.0.0/4", "fc00::/7", "fe80::/10", "::1/128", "ff00::/8"),
    )
)
_NAMED_HOSTS = frozenset({"device", "system"})
_CASELESS = frozenset({"account", "domain", "hash", "mailbox"})


def is_inside(address: str) -> bool:
    """Whether an address is of private space, as a jump host's is, or never leaves a network; false for no address."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(found in network for network in _INSIDE if network.version == found.version)


class Names:
    """Every spelling in a case, and what it stands for."""

    def __init__(self, findings: Iterable[Finding], site: Site) -> None:
        self._site_names = site
        self._site = site.device_names
        self._hosts: set[Entity] = set()
        self._learn(findings)

    def _learn(self, findings: Iterable[Finding]) -> None:
        self._hosts |= {e for f in findings for e in f.entities if e.type in _NAMED_HOSTS}
        self._full_of = _full_names(self._hosts)
        self._keys: dict[tuple[str, str], Key] = {}
        self._labels: dict[Key, str] = {}
        for host in sorted(self._hosts, key=lambda e: (len(e.value), e.value)):
            self._labels.setdefault(self.key(host), self._short(host.value))
        self.shorts = {host.value.lower(): self._labels[self.key(host)] for host in self._hosts}

    def with_more(self, findings: Sequence[Finding]) -> Names:
        """The names once more findings are known; the same object where they bring no new host."""
        if {e for f in findings for e in f.entities if e.type in _NAMED_HOSTS} <= self._hosts:
            return self
        grown = Names((), self._site_names)
        grown._hosts = set(self._hosts)
        grown._learn(findings)
        return grown

    def renamed(self, before: Names) -> bool:
        """Whether a spelling known before stands for something else now."""
        return before is not self and any(before.key(host) != self.key(host) for host in before._hosts)

    def key(self, entity: Entity) -> Key:
        """The name `entity` is joined by: its type and one canonical spelling."""
        kind = entity.type
        if kind == "ip":
            return (kind, _address(entity.value))
        spelling = (kind, entity.value)
        known = self._keys.get(spelling)
        if known is None:
            known = self._keys[spelling] = (kind, self._canonical(entity))
        return known

    def told(self, finding: Finding) -> Finding:
        """The finding with each device under its short name, so that a story calls one thing by one name."""
        labels = [self._labels.get(self.key(e), e.value) for e in finding.entities]
        if all(label == e.value for label, e in zip(labels, finding.entities, strict=True)):
            return finding
        renamed = zip(labels, finding.entities, strict=True)
        return replace(finding, entities=tuple(replace(e, value=label) for label, e in renamed))

    def label(self, device: str) -> str:
        """The short name of a device by its canonical one."""
        return self._labels.get(("device", device), self._short(device))

    def _short(self, value: str) -> str:
        """`pe01` for `pe01.chi.example.net` where no other host of the case is called `pe01`."""
        short, dot, _ = value.partition(".")
        alone = self._full_of.get(short.lower()) == value.lower().rstrip(".")
        return short if dot and alone else value

    def _canonical(self, entity: Entity) -> str:
        value = entity.value.strip()
        if entity.type in _NAMED_HOSTS:
            return self._host(value.lower().rstrip("."))
        return value.casefold() if entity.type in _CASELESS else value

    def _host(self, name: str) -> str:
        """What a host is called: by the site file, else by its full name; a full name may be the site's short one."""
        full = self._full_of.get(name, name)
        short = name.partition(".")[0]
        known = self._site.get(name) or (self._site.get(short) if self._full_of.get(short) == name else None)
        return (known or full).lower()


def _address(value: str) -> str:
    """One spelling of an address; IPv4 inside IPv6 is IPv4. What is no address stays as written."""
    if value.replace(".", "").isdecimal() and value.isascii():
        return value  # the usual case, at a tenth of the price
    value = value.strip()
    try:
        found = ipaddress.ip_address(value)
    except ValueError:
        return value
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return str(mapped or found)


def _full_names(hosts: Iterable[Entity]) -> dict[str, str]:
    """Short name → the only full name that begins with it. Short names with two full names are left alone."""
    full: dict[str, set[str]] = {}
    for value in {host.value.strip().lower().rstrip(".") for host in hosts}:
        short, dot, _ = value.partition(".")
        if dot and short and not is_address(value):
            full.setdefault(short, set()).add(value)
    return {short: next(iter(names)) for short, names in full.items() if len(names) == 1}
