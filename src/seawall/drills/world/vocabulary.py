"""What honest people type, per platform. `{port}` is one of the device's interfaces, `{peer}` a neighbour."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SHOW: Final[Mapping[str, tuple[str, ...]]] = {
    "ios": (
        "show interfaces {port}", "show ip interface brief", "show interfaces description", "show ip bgp summary",
        "show ip route {peer}", "show arp", "show mac address-table interface {port}", "show processes cpu sorted",
        "show logging | include {port}", "show ip ospf neighbor", "show mpls ldp neighbor brief", "ping {peer}",
        "traceroute {peer}", "show environment", "show inventory", "show policy-map interface {port}",
    ),
    "iosxr": (
        "show interfaces {port}", "show ipv4 interface brief", "show bgp summary", "show isis neighbors",
        "show mpls ldp neighbor brief", "show controllers {port}", "show alarms brief system active",
        "show route {peer}", "ping {peer}",
    ),
    "nxos": (
        "show interface {port}", "show port-channel summary", "show vpc brief", "show mac address-table",
        "show spanning-tree summary", "show logging last 20", "show environment",
    ),
    "junos": (
        "show interfaces terse", "show interfaces {port} extensive", "show bgp summary", "show subscribers summary",
        "show system alarms", "show chassis alarms", "show route {peer}", "ping {peer} rapid count 5",
    ),
    "eos": (
        "show interfaces status", "show interfaces {port}", "show bgp evpn summary", "show vxlan vtep",
        "show lldp neighbors", "show mac address-table", "show version",
    ),
    "sros": ("show port", "show router interface", "show service service-using"),
    "vrp": (
        "display interface brief", "display interface {port}", "display version", "display alarm active",
        "display mac-address", "display optical-module brief",
    ),
}  # fmt: skip

ROUTINE: Final[Mapping[str, tuple[str, ...]]] = {  # a small change anybody may make
    "ios": ("> interface {port}", "> description {note}", "write memory"),
    "iosxr": ("> interface {port} description {note}",),
    "nxos": ("> interface {port}", "> description {note}", "copy running-config startup-config"),
    "junos": ("> interfaces {port} description {note}",),
    "eos": ("> interface {port}", "> description {note}", "write memory"),
    "sros": ("> port {port} description {note}",),
    "vrp": ("> interface {port}", "> description {note}", "save"),
}

BACKUP: Final[Mapping[str, tuple[str, ...]]] = {
    "ios": ("terminal length 0", "show version", "show running-config"),
    "iosxr": ("terminal length 0", "show version", "show running-config"),
    "nxos": ("terminal length 0", "show version", "show running-config"),
    "junos": ("show version", "show configuration | display set"),
    "eos": ("terminal length 0", "show version", "show running-config"),
    "sros": ("environment no more", "admin display-config"),
    "vrp": ("screen-length 0 temporary", "display version", "display current-configuration"),
}

POLL: Final[Mapping[str, tuple[str, ...]]] = {
    "ios": ("terminal length 0", "show interfaces counters", "show ip bgp summary"),
    "iosxr": ("terminal length 0", "show interfaces summary"),
    "nxos": ("terminal length 0", "show interface counters"),
    "eos": ("show interfaces counters rates",),
    "junos": ("show interfaces statistics",),
    "vrp": ("display interface counters",),
    "sros": ("show port statistics",),
}
