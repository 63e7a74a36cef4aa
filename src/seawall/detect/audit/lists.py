"""Access lists that are bound somewhere: do they exist, and do they limit who may come?

An undefined list permits everything on IOS and its kin. A list limits if no permit of it covers `any`; how wide the
permits are is asked apart (MGT-30).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from seawall.detect.audit.base import Outcome
from seawall.detect.audit.device import Device
from seawall.detect.audit.entries import Entry
from seawall.detect.audit.places import Network, is_public, known_places, within
from seawall.model.audit import Status

_PORTS: Final = {"ssh": "22", "telnet": "23", "www": "80", "https": "443", "snmp": "161"}


@dataclass(frozen=True, slots=True)
class Permit:
    """One source a list lets in; None is anyone."""

    entry: Entry
    source: Network | None


def named_list(device: Device, name: str) -> list[Entry] | None:
    """The lines of a list, as seen from within it; None if no list has that name."""
    name = name.strip('"')
    quoted = re.escape(name)
    shapes = {
        "junos": rf"firewall (?:family \S+ )?filter {quoted}(?!\S)",
        "vrp": rf"acl (?:ipv6 )?(?:number |name )?{quoted}(?!\S)",
    }
    shape = shapes.get(
        device.platform,
        rf"(?:ip access-list|ipv4 access-list|ipv6 access-list|access-list|mac access-list) "
        rf"(?:standard |extended )?{quoted}(?!\S)",
    )
    pattern = re.compile(shape, re.I)
    found = [e.below(m.end()) for e, m in device.entries.find(pattern)]
    return found or None


def permits_of(device: Device, lines: Sequence[Entry]) -> list[Permit]:
    """What the permits of a list let in, by source."""
    found = []
    groups = dict(_groups(device))
    for entry in lines:
        words = entry.path.split()
        while words and (words[0].isdigit() or words[0] in ("rule", "extended", "line", "seq", "host-info")):
            words = words[1:]
        if not words or words[0] not in ("permit", "allow"):
            continue
        found += [Permit(entry, source) for source in _sources(words[1:], groups)]
    return found


def _groups(device: Device) -> list[tuple[str, list[Network | None]]]:
    pattern = re.compile(r"object-group (?:network |ip address )?(?P<name>\S+) (?P<rest>\S.*)", re.I)
    groups: dict[str, list[Network | None]] = {}
    for _, match in device.entries.find(pattern):
        words = match["rest"].split()
        while words and (words[0].isdigit() or words[0] in ("network-object", "permit")):
            words = words[1:]
        if words and (words[0] == "any" or _is_address(words[0]) or words[0] == "host"):
            groups.setdefault(match["name"], []).append(_one(words)[0])
    return list(groups.items())


def _is_address(word: str) -> bool:
    try:
        ipaddress.ip_network(word, strict=False)
    except ValueError:
        return False
    return True


def _sources(words: list[str], groups: Mapping[str, list[Network | None]]) -> list[Network | None]:
    if words and re.fullmatch(r"ip|ipv4|ipv6|ipinip|tcp|udp|icmp\S*|gre|esp|ahp?|\d{1,3}", words[0]):
        words = words[1:]
    if not words:
        return [None]
    if words[0] in ("object-group", "addrgroup", "net-group") and len(words) > 1:
        return groups.get(words[1], [])
    if words[0] == "source":
        words = words[1:]
    source, known = _one(words)
    return [source] if known else []


def _one(words: list[str]) -> tuple[Network | None, bool]:
    """The network words begin with, and if they say one at all; None is anyone."""
    if not words or words[0] in ("any", "any4", "any6", "any-ipv4", "any-ipv6"):
        return None, True
    if words[0] == "host" and len(words) > 1:
        words = words[1:2]
    try:
        network = ipaddress.ip_network(words[0], strict=False)
    except ValueError:
        return None, False
    if "/" in words[0] or network.version == 6 or len(words) < 2:
        return _unless_all(network)
    mask = "0.0.0.0" if words[1] == "0" else words[1]  # noqa: S104 - VRP writes a host's wildcard as 0
    try:
        return _unless_all(_masked(words[0], mask))
    except ValueError:
        return _unless_all(network)


def _masked(address: str, mask: str) -> Network:
    """A network from its address and mask, in whichever way the mask is written."""
    bits = int(ipaddress.IPv4Address(mask))
    if (bits and bits & 0x80000000 == 0) or not bits:  # a wildcard: ones where it does not matter
        bits ^= 0xFFFFFFFF
    length = bits.bit_count()
    if bits != (0xFFFFFFFF << (32 - length)) & 0xFFFFFFFF:
        length = next(n for n in range(33) if n == 32 or not bits >> (31 - n) & 1)  # scattered: up to the first hole
    return ipaddress.ip_network((address, length), strict=False)


def _unless_all(network: Network) -> tuple[Network | None, bool]:
    return (None if network.prefixlen == 0 else network), True


def judge_lists(device: Device, bound: Sequence[tuple[Entry, re.Match[str]]], values: Mapping[str, str]) -> Outcome:
    """Whether every list that is bound exists and limits its sources."""
    wrong: list[tuple[Entry, str]] = []
    fine: list[Entry] = []
    for entry, match in bound:
        name = match["acl"]
        lines = named_list(device, name)
        if lines is None:
            if not device.whole:
                return Outcome(Status.UNKNOWN, (entry,), f"{device.lacking}: list {name} may be defined there")
            wrong += [(entry, f"list {name} is bound but not defined: it limits nothing")]
            continue
        open_ = [p for p in permits_of(device, lines) if p.source is None]
        if open_:
            wrong += [(entry, f"list {name} permits any source"), *((p.entry, "") for p in open_)]
        fine.append(entry)
    if wrong:
        said = next(text for _, text in wrong if text)
        given = tuple({**values, "acl": m["acl"], "line": e.path} for e, m in bound)
        return Outcome(Status.FAIL, tuple(e for e, _ in wrong), said, values=given)
    return Outcome(Status.PASS, tuple(fine))


def too_wide(device: Device, permit: Permit, near: Sequence[Network] = ()) -> str:
    """Why a permit on a management list is too wide; empty if it is not."""
    if permit.source is None:
        return "any source"
    if permit.source.prefixlen < (16 if permit.source.version == 4 else 32):
        return f"{permit.source} is wider than /{16 if permit.source.version == 4 else 32}"
    ours = known_places(device.site, "management_networks+jump_hosts+nms_servers")
    if ours and not any(
        permit.source.version == network.version and permit.source.subnet_of(network)  # type: ignore[arg-type]
        for network in ours
    ):
        return f"{permit.source} is not among management_networks, jump_hosts or nms_servers of the site file"
    if not ours and is_public(permit.source.network_address) and not within(permit.source.network_address, near):
        return f"{permit.source} is public, and no site file lists it"
    return ""
