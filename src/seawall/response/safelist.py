"""What is never cut off, whoever asks: compared with every address in the rendered text, in both directions.

There are two grades. *Never* holds what no change may name at all: agencies' delivery addresses, emergency calls, your
own safelist, routing peers, default routes and special ranges. *Own* is the carrier's infrastructure: it is never what
is cut off, but a two-sided rule may name it as the side that is guarded.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from seawall.errors import InputError
from seawall.model.site import Site
from seawall.response.addresses import Network, inside, literals, overlaps

_SPECIAL: Final = {  # RFC 6890, without the documentation ranges, which name nobody
    "0.0.0.0/8": "this network",
    "10.0.0.0/8": "private space: the same address is another machine elsewhere",
    "100.64.0.0/10": "shared space",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link local",
    "172.16.0.0/12": "private space: the same address is another machine elsewhere",
    "192.168.0.0/16": "private space: the same address is another machine elsewhere",
    "224.0.0.0/4": "multicast, which routing protocols speak",
    "240.0.0.0/4": "reserved and broadcast",
    "::/128": "unspecified",
    "::1/128": "loopback",
    "fc00::/7": "private space: the same address is another machine elsewhere",
    "fe80::/10": "link local",
    "ff00::/8": "multicast, which routing protocols speak",
}
WIDEST: Final = {4: 24, 6: 48}  # shorter prefixes are an outage, not a block


@dataclass(frozen=True, slots=True)
class Kept:
    """One protected network, and why."""

    network: Network
    why: str


@dataclass(frozen=True, slots=True)
class Safelist:
    """What always wins."""

    never: tuple[Kept, ...]
    own: tuple[Kept, ...]
    infrastructure: tuple[Network, ...]  # where the guarded side of a rule may lie

    def hit(self, wanted: Network) -> Kept | None:
        """The first protected network that shares an address with what would be cut off."""
        return next((kept for kept in (*self.never, *self.own) if overlaps(kept.network, wanted)), None)

    def hit_guarded(self, wanted: Network) -> str | None:
        """Why a network may not be the guarded side of a rule: protected from any mention, or not ours."""
        if kept := next((k for k in self.never if overlaps(k.network, wanted) and not _is_private(k)), None):
            return f"{wanted} touches {kept.network} ({kept.why})"
        if not any(inside(wanted, own) for own in self.infrastructure):
            return f"{wanted} is not your own infrastructure as the site file describes it"
        return None

    def refusals(self, text: str) -> list[str]:
        """Each address of a rendered change that is protected or too wide, in words. Empty: none is."""
        found: list[str] = []
        for wanted in dict.fromkeys(literals(text)):
            if wanted.prefixlen < WIDEST[wanted.version]:
                found.append(f"{wanted} is wider than /{WIDEST[wanted.version]}")
            elif kept := self.hit(wanted):
                found.append(f"{wanted} touches {kept.network} ({kept.why})")
        return found


def safelist_of(
    site: Site,
    *,
    own: Iterable[str] = (),
    emergency: Iterable[str] = (),
    more: Iterable[str] = (),
    peers: Iterable[str] = (),
) -> Safelist:
    """The safelist of a carrier: what site.toml says by role, and `safelist`, `emergency`, `infrastructure` and the
    ends of BGP sessions of response.toml (`own`, `emergency`, `more`, `peers`).

    Raises:
        InputError: one of them is no address or network.
    """
    never = [Kept(ipaddress.ip_network(n), why) for n, why in _SPECIAL.items()]
    never += _kept(own, "on your safelist")
    never += _kept(emergency, "carries emergency calls")
    for agency in site.agencies:
        never += _kept(agency.delivery, "an agency's delivery address")
    devices: list[Kept] = []
    for device in site.devices:
        role = device.role or "device"
        kept = _kept(device.addresses, f"{device.name}, {role}")
        if device.crown_jewel or _is_emergency(role):
            never += kept
        devices += kept
    servers = {
        "AAA server": site.aaa_servers,
        "network management": site.nms_servers,
        "syslog server": site.syslog_servers,
        "time server": site.ntp_servers,
        "name server": site.dns_servers,
        "jump host": site.jump_hosts,
        "management network": site.management_networks,
    }
    for why, addresses in servers.items():
        devices += _kept(addresses, why)
    devices += _kept(more, "your own infrastructure")
    ends = [end.address for end in (*site.tunnel_ends, *site.mirror_ends)]
    devices += _kept(ends, "an approved tunnel or mirror end")
    infrastructure = [kept.network for kept in devices if kept.why != "an approved tunnel or mirror end"]
    devices += _kept(site.own_networks, "your own address space")
    devices += _kept(peers, "an end of a BGP session, or its discard next hop")
    return Safelist(tuple(never), tuple(devices), tuple(dict.fromkeys(infrastructure)))


def _is_private(kept: Kept) -> bool:
    """Whether it is protected only since others have it too: infrastructure rightly lives there."""
    return kept.why.startswith("private space")


def _is_emergency(role: str) -> bool:
    return any(word in role.lower() for word in ("emergency", "psap", "e-cscf", "ecscf", "e911", "lrf"))


def _kept(addresses: Iterable[str], why: str) -> list[Kept]:
    kept = []
    for address in addresses:
        found = list(literals(address))
        if not found:
            raise InputError(f"{address!r} is no address or network", where="safelist", mend="write 203.0.113.0/24")
        kept += [Kept(one, why) for one in found]
    return kept
