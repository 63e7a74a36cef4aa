"""From which networks a device is managed, as its own lines show: management ports, lists, its servers.

Without a site file this tells the one odd server from the others. It exculpates, and never accuses by itself.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Final

from seawall.detect.audit.device import Device
from seawall.detect.audit.entries import Entry
from seawall.detect.audit.lists import named_list, permits_of
from seawall.detect.audit.places import Network, address_of

_A: Final = r"(?P<a>[\d.]{7,15}|[\da-fA-F:]*:[\da-fA-F:]+)"
SERVERS: Final[dict[str, tuple[re.Pattern[str], ...]]] = {
    "aaa_servers": tuple(
        re.compile(text)
        for text in (
            rf"(?:tacacs|radius) server \S+ address ipv[46] {_A}",
            rf"(?:tacacs-server|radius-server) host {_A}",
            rf"aaa group server \S+ \S+ server-private {_A}",
            rf"aaa-server \S+ \(\S+\) host {_A}",
            rf"system (?:tacplus-server|radius-server) {_A}",
            rf"configure system security (?:aaa remote-servers )?(?:tacplus|radius) server \S+ address {_A}",
            rf".*(?:hwtacacs|radius)[- ]server (?:authentication|accounting|authorization) {_A}",
        )
    ),
    "syslog_servers": tuple(
        re.compile(text)
        for text in (
            rf"logging (?:host |server |)(?:(?!source)\S+ )?{_A}",
            rf"system syslog host {_A}",
            rf"configure log syslog \S+ address {_A}",
            rf"info-center loghost {_A}",
        )
    ),
    "ntp_servers": tuple(
        re.compile(text)
        for text in (
            rf"ntp server (?:vrf \S+ )?{_A}",
            rf"ntp (?:server|peer) {_A}",
            rf"system ntp server {_A}",
            rf"configure system time ntp server {_A}",
            rf"ntp-service unicast-server {_A}",
        )
    ),
    "nms_servers": tuple(
        re.compile(text)
        for text in (
            rf"snmp-server host (?:\S+ )?{_A}",
            rf"snmp trap-group \S+ targets {_A}",
            rf"snmp-agent target-host .*udp-domain {_A}",
        )
    ),
}
_GUARDS: Final = tuple(
    re.compile(text)
    for text in (
        r"line (?:vty \d+(?: \d+)?|default|vty|template \S+) (?:ipv6 )?access-class (?:ingress )?(?P<acl>\S+)",
        r"ssh server .*access-list (?P<acl>\S+)",
        r"management (?:ssh|api \S+) (?:vrf \S+ )?ip access-group (?P<acl>\S+)",
        r"user-interface vty \d+(?: \d+)? acl (?P<acl>\S+) inbound",
        r"ip http access-class (?:ipv4 |ipv6 )?(?P<acl>\S+)",
        r"snmp-server community <masked>(?: view \S+)? (?:RO|RW|ro|rw) (?P<acl>\S+)",
    )
)
_PORTS: Final = re.compile(
    r"(?:interface (?:mgmt|management|mgmteth|meth)\S*(?: \S+)?|interfaces (?:fxp0|em0|me0|vme|re0:mgmt-0)\S*) "
    r"(?:.* )?(?:address )?(?P<net>[\d.]+(?:/\d+| [\d.]+))(?!\S)",
    re.I,
)
_DIRECT: Final = re.compile(r"(?:ssh|http) (?P<net>[\d.]+ 255[\d.]+) \S+$")
_PREFIX_LIST: Final = re.compile(
    r"policy-options prefix-list \S*(?:mgmt|manage|ssh|noc|jump|admin)\S* (?P<net>\S+/\d+)", re.I
)
_NEAR: Final = {4: 24, 6: 64}  # a server's own network
_NARROW: Final = {4: 16, 6: 32}


def managed_from(device: Device, without: Iterable[str] = ()) -> list[Network]:
    """Networks this device is managed from, by its own word; `without` the kinds of servers or `lists` in question."""
    left_out = set(without)
    found: list[Network] = []
    for entry_net in _port_networks(device):
        found.append(entry_net)
    for kind, patterns in SERVERS.items():
        if kind not in left_out:
            found += [_around(a) for _, m in device.entries.find(*patterns) if (a := address_of(m["a"])) is not None]
    if "lists" not in left_out:
        for entry in guarding_lists(device).values():
            found += [p.source for p in permits_of(device, entry) if p.source and _is_narrow(p.source)]
    return found


def _port_networks(device: Device) -> list[Network]:
    found = []
    for _, match in device.entries.find(_PORTS, _DIRECT, _PREFIX_LIST):
        try:
            found.append(ipaddress.ip_network(match["net"].replace(" ", "/"), strict=False))
        except ValueError:
            continue
    return [network for network in found if _is_narrow(network)]


def guarding_lists(device: Device) -> dict[str, list[Entry]]:
    """The lists that guard management, by name: bound, and defined."""
    names = dict.fromkeys(match["acl"] for _, match in device.entries.find(*_GUARDS))
    return {name: lines for name in names if (lines := named_list(device, name)) is not None}


def _around(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> Network:
    return ipaddress.ip_network((address, _NEAR[address.version]), strict=False)


def _is_narrow(network: Network) -> bool:
    return network.prefixlen >= _NARROW[network.version]
