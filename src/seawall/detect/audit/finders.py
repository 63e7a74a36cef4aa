"""Sections that take some working out: interfaces that face outside, BGP neighbours with all they inherit.

A finder gives each section's name and its lines as seen from within, as `Entries.sections` does.
"""

from __future__ import annotations

import bisect
import ipaddress
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from seawall.detect.audit.device import Device
from seawall.detect.audit.entries import Entry
from seawall.detect.audit.neighbours import Neighbour, neighbours_of
from seawall.detect.audit.places import Network, address_of

Sections = Mapping[str, list[Entry]]

_OUTSIDE: Final = re.compile(
    r"\b(?:cust(?:omer)?s?|peer(?:ing)?s?|transit|upstream|uplink to isp|isp|internet|ix[pn]?|exchange|external|"
    r"e?bgp peer|outside|untrust(?:ed)?|subscriber)\b",
    re.I,
)
_NOT_OUTSIDE: Final = re.compile(
    r"\b(?:core|backbone|internal|mgmt|management|loopback|peer-?link|mlag|ibgp|inside)\b", re.I
)
_UNROUTED: Final = re.compile(
    r"interfaces? (?:loopback|lo\d|null|mgmt|management|mgmteth|nve|vxlan|fxp|em\d|me\d|vme)", re.I
)


def interfaces(device: Device) -> Sections:
    """Interfaces that carry addresses, are not shut, and are neither loopbacks nor for management only."""
    if "interfaces" not in device.held:
        device.held["interfaces"] = {
            name: lines
            for name, lines in _all(device).items()
            if not _UNROUTED.match(name) and _networks(lines) and not any(_SHUT.fullmatch(e.path) for e in lines)
        }
    return device.held["interfaces"]  # type: ignore[return-value]


_SHUT: Final = re.compile(r"shutdown|disable|unit \d+ disable")
_INTERFACE: Final = re.compile(r"interface \S+(?: \d[\d/.:]*)?(?!\S)", re.I)
_JUNOS_INTERFACE: Final = re.compile(r"interfaces (?!interface-range)\S+(?!\S)")
_SROS_INTERFACE: Final = re.compile(r"configure (?:router|service \S+ \S+)(?: Base)? interface \S+(?!\S)")
_ADDRESS: Final = re.compile(
    r"(?:.* )?(?:ip|ipv4|ipv6|family inet6?|address|primary)(?: address| primary)* (?P<ip>[0-9a-fA-F:.]+)"
    r"(?:(?P<len>/\d+)| (?P<mask>\d+\.\d+\.\d+\.\d+))"
)


def _all(device: Device) -> Sections:
    shape = {"junos": _JUNOS_INTERFACE, "sros": _SROS_INTERFACE}.get(device.platform, _INTERFACE)
    return device.entries.sections(shape)


def _networks(lines: list[Entry]) -> list[Network]:
    found = []
    for entry in lines:
        if match := _ADDRESS.match(entry.path):
            try:
                found.append(ipaddress.ip_network(match["ip"] + (match["len"] or f"/{match['mask']}"), strict=False))
            except ValueError:
                continue
    return found


def external(device: Device) -> Sections:
    """Interfaces that face customers, peers or transit: an eBGP neighbour is on them, or their description says it."""
    if "external" not in device.held:
        outside: dict[int, list[int]] = {4: [], 6: []}
        for neighbour in neighbours_of(device):
            if neighbour.external and (a := address_of(neighbour.address)) is not None:
                bisect.insort(outside[a.version], int(a))
        held = {}
        for name, lines in interfaces(device).items():
            said = _said(lines)
            networks = _networks(lines)
            if any(_holds(network, outside[network.version]) for network in networks) or (
                _OUTSIDE.search(said) and not _NOT_OUTSIDE.search(said)
            ):
                held[name] = lines
        device.held["external"] = held
    return device.held["external"]  # type: ignore[return-value]


def customers(device: Device) -> Sections:
    """Interfaces towards customers: those that face outside, but transit, peering and exchanges."""
    return {name: lines for name, lines in external(device).items() if not _TRANSIT.search(_said(lines))}


_TRANSIT: Final = re.compile(r"\b(?:transit|upstream|peer(?:ing)?s?|ix[pn]?|exchange|isp|internet)\b", re.I)


def external_global(device: Device) -> Sections:
    """Interfaces that face outside and stand in the table the router itself is reached by."""
    if device.platform == "junos":
        inside = {m[1].rpartition(".")[0] for _, m in device.entries.find(_INSTANCE)}
        return {name: lines for name, lines in external(device).items() if name.split()[1] not in inside}
    return {name: lines for name, lines in external(device).items() if not any(_IN_VRF.match(e.path) for e in lines)}


_IN_VRF: Final = re.compile(r"(?:ip )?vrf (?:forwarding |member )?\S+|ip binding vpn-instance \S+")
_INSTANCE: Final = re.compile(r"routing-instances \S+ interface (\S+)")


def _said(lines: list[Entry]) -> str:
    return " ".join(e.path for e in lines if "description" in e.path)


def _holds(network: Network, addresses: Sequence[int]) -> bool:
    """Whether one of the sorted addresses lies in a network; a fleet's edge has thousands of both."""
    at = bisect.bisect_left(addresses, int(network.network_address))
    return at < len(addresses) and addresses[at] <= int(network.broadcast_address)


def _peers(device: Device, test: Callable[[Neighbour], bool]) -> Sections:
    return {f"{n.section} {n.address}": n.lines for n in neighbours_of(device) if test(n)}


FINDERS: Final[dict[str, Callable[[Device], Sections]]] = {
    "interfaces": interfaces,
    "external": external,
    "external-global": external_global,
    "customers": customers,
    "peers": lambda device: _peers(device, lambda _: True),
    "ebgp": lambda device: _peers(device, lambda n: n.external),
    "ibgp": lambda device: _peers(device, lambda n: not n.external and not n.in_fabric),
}
