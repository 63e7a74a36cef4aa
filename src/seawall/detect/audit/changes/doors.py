# ruff: noqa: E501 - one pattern is one line
"""From where each management service may be reached: the lines, lists and filters that limit it, followed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from seawall.detect.audit.device import Device
from seawall.detect.audit.entries import Entry
from seawall.detect.audit.lists import Permit, named_list, permits_of
from seawall.detect.audit.places import Network

Reach = dict[str, list[Permit]]  # service → who may come; a permit whose source is None lets anybody in


def reach_of(device: Device) -> Reach:
    """Who may reach each management service. Services a configuration does not show are not in it."""
    found: Reach = {}
    for place, permits in _FINDERS.get(device.family, _nothing)(device):
        found.setdefault(place, []).extend(permits)
    return found


def _nothing(device: Device) -> Iterator[tuple[str, list[Permit]]]:  # noqa: ARG001
    yield from ()


def _by_list(device: Device, name: str, line: Entry) -> list[Permit]:
    """What a list lets in; one that is not defined lets in anybody, as far as the file is whole."""
    lines = named_list(device, name)
    if lines is None:
        return [Permit(line, None)] if device.whole else []
    return permits_of(device, lines)


_LINE: Final = re.compile(r"(?P<place>line (?:vty|default|template) ?(?:[\d ]+|\S+)?) (?P<rest>\S.*)", re.I)
_VTY: Final = re.compile(
    r"(?P<place>line (?:vty(?: \d+)*|default|template \S+|ssh|telnet))(?= |$)(?: (?P<rest>.*))?", re.I
)
_CLASS: Final = re.compile(
    r"(?P<v>ipv6 )?(?:ip )?access-class (?:ipv4 |ipv6 |ingress )?(?P<acl>\S+)(?: in(?:bound)?)?(?: vrf\S* .*)?$", re.I
)
_SERVICES: Final = (
    (re.compile(r"ip http access-class (?:ipv[46] )?(?P<acl>\S+)", re.I), "the web server"),
    (re.compile(r"snmp-server community \S+(?: view \S+)?(?: (?:ro|rw|sdrowner|systemowner))+(?: ipv4)? (?!ipv6|ipv4)(?P<acl>\S+)", re.I), "SNMP"),
    (re.compile(r"snmp-server community \S+ use-ipv4acl (?P<acl>\S+)", re.I), "SNMP"),
    (re.compile(r"ssh server (?:vrf \S+ )?(?:.*)ipv4 access-list (?P<acl>\S+)", re.I), "SSH"),
    (re.compile(r"management ssh ip access-group (?P<acl>\S+)(?: vrf \S+)? in", re.I), "SSH"),
    (re.compile(r"management (?:api http-commands|telnet) (?:vrf \S+ )?ip access-group (?P<acl>\S+).*", re.I), "the API"),
    (re.compile(r"(?:restconf|netconf-yang ssh) ipv4 access-list name (?P<acl>\S+)", re.I), "NETCONF"),
)  # fmt: skip


def _cisco(device: Device) -> Iterator[tuple[str, list[Permit]]]:
    """IOS, IOS XE, NX-OS, EOS and IOS XR."""
    lines: dict[str, list[tuple[Entry, str]]] = {}
    for entry, match in device.entries.find(_VTY):
        lines.setdefault(match["place"].lower(), []).append((entry, match["rest"] or ""))
    for place, held in lines.items():
        if any(rest.lower().startswith("transport input none") for _, rest in held):
            yield place, []
            continue
        bound = [(e, m["acl"]) for e, rest in held if (m := _CLASS.match(rest)) and not m["v"]]
        if not bound:
            yield place, [Permit(held[0][0], None)]
        for entry, name in bound:
            yield place, _by_list(device, name, entry)
    for pattern, place in _SERVICES:
        for entry, match in device.entries.find(pattern):
            yield place, _by_list(device, match["acl"], entry)
    yield from _planes(device)


_PLANE: Final = re.compile(
    r"control-plane management-plane (?P<band>\S+(?: vrf \S+)?) interface (?P<if>\S+) allow (?P<what>\S+)(?P<peer> peer)?"
    r"(?: address ipv4 (?P<net>\S+))?",
    re.I,
)


def _planes(device: Device) -> Iterator[tuple[str, list[Permit]]]:
    for entry, match in device.entries.find(_PLANE):
        place = f"{match['what']} on {match['if']} (management plane)"
        if match["net"]:
            yield place, permits_of(device, [_permit(entry, match["net"])])
        elif not match["peer"]:
            yield place, [Permit(entry, None)]


def _permit(entry: Entry, source: str) -> Entry:
    """A line of a list that lets a source in, at the place of the line that really does."""
    return Entry(entry.number, f"permit {source}", entry.text)


_ASA: Final = re.compile(
    r"(?P<what>ssh|http|telnet) (?P<net>[\da-f.:]+)(?: (?P<mask>[\d.]+)|(?=/))?(?P<len>/\d+)? (?P<if>\S+)", re.I
)


def _asa(device: Device) -> Iterator[tuple[str, list[Permit]]]:
    for entry, match in device.entries.find(_ASA):
        place = f"{match['what'].upper()} on interface {match['if']}"
        if match["mask"] is None and match["len"] is None:
            continue
        if match["mask"] == "0.0.0.0":  # noqa: S104 - the mask of anybody
            yield place, [Permit(entry, None)]
            continue
        source = f"{match['net']}{match['len']}" if match["len"] else f"{match['net']} {_wildcard(match['mask'])}"
        yield place, permits_of(device, [_permit(entry, source)])


def _wildcard(mask: str) -> str:
    return ".".join(str(255 - int(octet)) for octet in mask.split(".")) if mask.count(".") == 3 else mask


_MGMT_PORTS: Final = frozenset(
    {"22", "ssh", "23", "telnet", "80", "http", "443", "https", "830", "161", "snmp", "3221"}
)
_INPUT: Final = re.compile(r"interfaces lo0 unit \S+ family (?P<f>inet6?) filter input(?:-list)? (?P<acl>\S+)", re.I)
_TERM: Final = re.compile(r"firewall (?:family inet )?filter (?P<acl>\S+) term (?P<term>\S+) (?P<rest>.+)", re.I)
_PREFIXES: Final = re.compile(r"policy-options prefix-list (?P<n>\S+) (?P<net>[\da-f.:]+/\d+|[\d.]+)", re.I)
_CLIENTS: Final = re.compile(
    r"snmp (?:community \S+ clients|client-list \S+) (?P<net>[\d.]+(?:/\d+)?)(?P<no> restrict)?", re.I
)


def _junos(device: Device) -> Iterator[tuple[str, list[Permit]]]:
    filters = [(e, m["acl"]) for e, m in device.entries.find(_INPUT) if m["f"] == "inet"]
    terms: dict[tuple[str, str], list[tuple[Entry, str]]] = {}
    for entry, match in device.entries.find(_TERM):
        terms.setdefault((match["acl"], match["term"]), []).append((entry, match["rest"]))
    lists: dict[str, list[Entry]] = {}
    for entry, match in device.entries.find(_PREFIXES):
        lists.setdefault(match["n"], []).append(_permit(entry, match["net"]))
    place = "the routing engine"
    for _, name in filters:
        for (acl, _), lines in terms.items():
            if acl == name:
                yield place, _accepted(device, lines, lists)
    if not filters and any(e.path.startswith("interfaces lo0 ") for e in device.entries.all):
        yield place, [Permit(next(e for e in device.entries.all if e.path.startswith("interfaces lo0 ")), None)]
    for entry, match in device.entries.find(_CLIENTS):
        if not match["no"]:
            yield "SNMP", permits_of(device, [_permit(entry, match["net"])])


def _accepted(device: Device, lines: list[tuple[Entry, str]], lists: Mapping[str, list[Entry]]) -> list[Permit]:
    """The sources a term of a filter lets in to management; none where it is about other services."""
    words = [rest.split() for _, rest in lines]
    if not any(one[:2] == ["then", "accept"] for one in words):
        return []
    ports = {one[-1] for one in words if len(one) > 2 and one[1] in ("destination-port", "port")}
    protocols = {one[-1] for one in words if len(one) > 2 and one[1] == "protocol"}
    if any(len(one) > 2 and one[1] == "source-port" for one in words) or "tcp-established" in {
        w for o in words for w in o
    }:
        return []
    if ports and not any(_is_management(port) for port in ports):
        return []
    if protocols and not protocols & {"tcp", "udp", "6", "17"}:
        return []
    permits: list[Permit] = []
    limited = False
    for entry, rest in lines:
        parts = rest.split()
        if parts[:2] == ["from", "source-address"] and len(parts) > 2 and "except" not in parts:
            permits += permits_of(device, [_permit(entry, parts[2])])
            limited = True
        elif parts[:2] == ["from", "source-prefix-list"] and len(parts) > 2:
            limited = True
            permits += permits_of(device, lists.get(parts[2].strip('"'), []))
    return permits if limited else [Permit(lines[0][0], None)]


def _is_management(port: str) -> bool:
    first, _, last = port.partition("-")
    if last.isdigit() and first.isdigit():
        return any(int(first) <= int(one) <= int(last) for one in _MGMT_PORTS if one.isdigit())
    return port in _MGMT_PORTS


_FILTER: Final = re.compile(
    r"configure system security (?P<where>management-access-filter|cpm-filter) (?:ip-filter) entry (?P<n>\S+) (?P<rest>.+)",
    re.I,
)
_DEFAULT: Final = re.compile(
    r"configure system security (?P<where>management-access-filter|cpm-filter) (?:ip-filter )?default-action (?P<do>\S+)",
    re.I,
)


def _sros(device: Device) -> Iterator[tuple[str, list[Permit]]]:
    entries: dict[tuple[str, str], list[tuple[Entry, str]]] = {}
    for entry, match in device.entries.find(_FILTER):
        entries.setdefault((match["where"], match["n"]), []).append((entry, match["rest"]))
    for (where, _), lines in entries.items():
        said = [rest.lower() for _, rest in lines]
        if not any(re.search(r"\baction (?:permit|accept)\b", one) for one in said):
            continue
        ports = {m[1] for one in said if (m := re.search(r"dst-port (?:port )?(?:eq )?(\d+)", one))}
        if ports and not any(_is_management(port) for port in ports):
            continue
        if any(re.search(r"protocol (?!tcp|udp|6$|17$|\*)\S+", one) for one in said):
            continue
        sources = [
            (e, m[1]) for e, rest in lines if (m := re.search(r"src-ip (?:address )?([\d.]+(?:/\d+)?)", rest, re.I))
        ]
        yield (
            where,
            [p for e, net in sources for p in permits_of(device, [_permit(e, net)])] or [Permit(lines[0][0], None)],
        )
    for entry, match in device.entries.find(_DEFAULT):
        open_ = match["do"].lower() in ("permit", "accept")
        yield match["where"], [Permit(entry, None)] if open_ else []


_UI: Final = re.compile(r"(?P<place>user-interface vty(?: \d+)*)(?= |$)(?: (?P<rest>.*))?", re.I)
_INBOUND: Final = re.compile(r"acl (?:number |name )?(?P<acl>(?!ipv6)\S+) inbound", re.I)
_VRP: Final = (
    (re.compile(r"ssh server acl (?P<acl>\S+)", re.I), "SSH"),
    (re.compile(r"telnet server acl (?P<acl>\S+)", re.I), "Telnet"),
    (re.compile(r"http acl (?P<acl>\S+)", re.I), "the web server"),
    (re.compile(r"snmp-agent community .* acl (?P<acl>\S+)", re.I), "SNMP"),
)


def _vrp(device: Device) -> Iterator[tuple[str, list[Permit]]]:
    lines: dict[str, list[tuple[Entry, str]]] = {}
    for entry, match in device.entries.find(_UI):
        lines.setdefault(match["place"].lower(), []).append((entry, match["rest"] or ""))
    for place, held in lines.items():
        bound = [(e, m["acl"]) for e, rest in held if (m := _INBOUND.match(rest))]
        if not bound:
            yield place, [Permit(held[0][0], None)]
        for entry, name in bound:
            yield place, _by_list(device, name, entry)
    for pattern, place in _VRP:
        for entry, match in device.entries.find(pattern):
            yield place, _by_list(device, match["acl"], entry)


_TRUST: Final = re.compile(r"(?:global )?system admin (?P<n>\S+) trusthost\d+ (?P<net>[\d.]+) (?P<mask>[\d.]+)", re.I)
_PERMITTED: Final = re.compile(
    r"(?:config |devices \S+ )?(?P<what>deviceconfig system|network profiles interface-management-profile \S+) permitted-ip (?P<net>\S+)",
    re.I,
)


def _fortios(device: Device) -> Iterator[tuple[str, list[Permit]]]:
    for entry, match in device.entries.find(_TRUST):
        place = f"administrator {match['n']}"
        if match["mask"] == "0.0.0.0":  # noqa: S104 - the mask of anybody
            yield place, [Permit(entry, None)]
        else:
            yield place, permits_of(device, [_permit(entry, f"{match['net']} {_wildcard(match['mask'])}")])


def _panos(device: Device) -> Iterator[tuple[str, list[Permit]]]:
    for entry, match in device.entries.find(_PERMITTED):
        yield match["what"], permits_of(device, [_permit(entry, match["net"])])


_FINDERS: Final[Mapping[str, Callable[[Device], Iterator[tuple[str, list[Permit]]]]]] = {
    "ios": _cisco, "nxos": _cisco, "eos": _cisco, "iosxr": _cisco, "asa": _asa, "junos": _junos, "sros": _sros,
    "vrp": _vrp, "fortios": _fortios, "panos": _panos,
}  # fmt: skip

__all__ = ["Network", "Permit", "Reach", "reach_of"]
