"""The interfaces of a configuration with what checks ask of them: addresses, VRF, whether they are shut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Interface, IPv6Interface, ip_interface
from typing import Final

from seawall.platforms.config.statement import Node, Statement

_RANGED: Final = re.compile(r"(.*?)(\d+) ?- ?(\d+)$")
_WIDEST: Final = 512  # interfaces of one range
_VRF: Final = (
    ("vrf", "forwarding"), ("ip", "vrf", "forwarding"), ("vrf", "member"), ("vrf",), ("ip", "binding", "vpn-instance"),
)  # fmt: skip
_V4: Final = (("ip", "address"), ("ipv4", "address"))
_V6: Final = (("ipv6", "address"),)


@dataclass(frozen=True, slots=True)
class Interface:
    """One interface, or one unit of it, as configured."""

    name: str  # `GigabitEthernet0/0/1`, `ge-0/0/0.0`
    statement: Statement  # its section
    vrf: str | None  # routing instance or VPN instance; None for the global table
    addresses: tuple[IPv4Interface | IPv6Interface, ...]
    description: str
    shut: bool | None  # None where no line says it and platforms differ

    @property
    def line(self) -> int:
        """Line of the file where it begins."""
        return self.statement.line


def interfaces(config: Node, platform: str) -> list[Interface]:
    """Every interface, in the order of the file."""
    if platform == "junos":
        return list(_junos(config))
    if platform == "sros":
        return list(_sros(config))
    if platform == "fortios":
        return [_forti(one) for one in config.all("**", "system", "interface", "*")]
    return [made for one in config.all("interface", "*") if not one.wordwise for made in _lines(one)]


def _lines(one: Statement) -> Iterator[Interface]:
    words = [
        word
        for word in one.words[1:]
        if word.lower() not in ("l2transport", "point-to-point", "multipoint", "preconfigure")
    ]
    if words and words[0].lower() == "range":
        names = [name for part in " ".join(words[1:]).split(",") for name in _ranged(part.strip())]
    else:
        names = (
            _ranged("".join(words))
            if words and "-" in words[-1] and words[0].lower() not in ("vlanif",)
            else ["".join(words)]
        )
    vrf = next((said for words_ in _VRF if (said := one.value(*words_))), None)
    addresses = tuple(
        address
        for family in (_V4, _V6)
        for words_ in family
        for said in one.values(*words_)
        if (address := _address(said))
    )
    text = next((" ".join(said) for said in one.values("description")), "") or next(
        (" ".join(said) for said in one.values("nameif")), ""
    )
    shut = one.state("shutdown")
    for name in names:
        yield Interface(name, one, vrf, addresses, text, shut)


def _ranged(name: str) -> list[str]:
    found = _RANGED.match(name)
    if not found:
        return [name]
    first, last = int(found[2][:9]), int(found[3][:9])
    return [f"{found[1].rstrip()}{number}" for number in range(first, min(last, first + _WIDEST) + 1)] or [name]


def _address(words: tuple[str, ...]) -> IPv4Interface | IPv6Interface | None:
    """`192.0.2.1 255.255.255.0`, `192.0.2.1 24`, `192.0.2.1/24`, `2001:db8::1/64`."""
    if not words:
        return None
    text = words[0]
    if "/" not in text and len(words) > 1 and re.fullmatch(r"[\d.]{1,15}", words[1]):
        text = f"{text}/{words[1]}"
    try:
        return ip_interface(text)
    except ValueError:
        return None


def _junos(config: Node) -> Iterator[Interface]:
    vrfs = {
        child.words[0]: one.path[one.path.index("routing-instances") + 1]
        for one in config.all("routing-instances", "*", "interface")
        for child in one.children
        if not child.negated
    }
    for whole in config.under("interfaces"):
        name = whole.words[0]
        if name == "interface-range":
            continue
        units = whole.all("unit", "*")
        text = whole.value("description") or ""
        shut = True if whole.has("disable") else None
        for one in units or [whole]:
            full = f"{name}.{one.words[0]}" if units else name
            addresses = tuple(
                address for said in one.all("family", "*", "address", "*") if (address := _address(said.words))
            )
            yield Interface(full, one, vrfs.get(full), addresses, one.value("description") or text, shut)


def _sros(config: Node) -> Iterator[Interface]:
    for one in config.all("configure", "router", "**", "interface", "*"):
        yield _sros_one(one, None)
    for one in config.all("configure", "service", "vprn|ies", "*", "**", "interface", "*"):
        yield _sros_one(one, one.path[3] if one.path[2] == "vprn" else None)


def _sros_one(one: Statement, vrf: str | None) -> Interface:
    said = list(one.values("address"))
    said += [
        (f"{first}/{rest[0]}",)
        for first in one.names("ipv4", "primary", "address")
        for rest in one.values("ipv4", "primary", "prefix-length")
        if rest
    ]
    state = one.state("shutdown")
    shut = True if one.has("admin-state", "disable") else False if one.has("admin-state", "enable") else state
    addresses = tuple(address for words in said if (address := _address(words)))
    return Interface(one.words[0], one, vrf, addresses, one.value("description") or "", shut)


def _forti(one: Statement) -> Interface:
    addresses = tuple(address for words in one.values("ip") if (address := _address(words)))
    shut = True if one.has("status", "down") else None
    vrf = one.value("vrf")
    return Interface(one.words[0], one, vrf, addresses, one.value("description") or one.value("alias") or "", shut)
