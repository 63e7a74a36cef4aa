"""Planned changes: honest work that looks like an intruder's. Each is the twin of a behaviour.

A step is an exec command, or with `> ` in front a configuration line; `! doing key=value` is what the device says
by itself. Places in braces are filled from the ticket: {ticket}, {customer}, {inside}, {depot}, {backup}, {nms}, {log}.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Change:
    """A kind of planned change."""

    title: str
    behaviours: tuple[str, ...]  # what it looks like
    roles: tuple[str, ...]
    platform: str
    by: str  # kind of worker
    hour: int  # UTC hour its window opens
    steps: tuple[str, ...]


CHANGES: Final[Mapping[str, Change]] = {
    "customer-tunnel": Change(
        "A customer tunnel is added", ("P-10",), ("pe",), "ios", "engineer", 9,
        ("show ip interface brief", "> interface Tunnel210", "> description {ticket} customer access",
         "> ip address 10.200.21.1 255.255.255.252", "> tunnel source Loopback0", "> tunnel destination {customer}",
         "! interface interface=Tunnel210 state=up", "show interfaces Tunnel210", "write memory"),
    ),
    "customer-capture": Change(
        "The NOC captures a customer's packets", ("C-01",), ("pe",), "ios", "noc", 14,
        ("show ip route {customer}", "monitor capture {ticket} interface GigabitEthernet0/0/2 both",
         "monitor capture {ticket} match ipv4 host {customer} any", "monitor capture {ticket} start",
         "! capture name={ticket} state=ENABLE", "monitor capture {ticket} stop",
         "! capture name={ticket} state=DISABLE", "show monitor capture {ticket} buffer brief"),
    ),
    "account-rotated": Change(
        "The break-glass account is rotated", ("P-01",), ("edge",), "ios", "engineer", 10,
        ("show running-config | include username", "> username breakglass privilege 15 algorithm-type scrypt secret *",
         "! user_added username=breakglass", "write memory"),
    ),
    "list-extended": Change(
        "A new NMS host is let in", ("P-08",), ("pe", "edge"), "ios", "engineer", 11,
        ("show access-lists 20", "> ip access-list standard 20", "> permit {nms}", "show access-lists 20",
         "write memory"),
    ),
    "vendor-support": Change(
        "The vendor looks at a line card", ("I-01",), ("core",), "iosxr", "vendor", 9,
        ("terminal length 0", "show version", "show platform", "show logging last 50",
         "show controllers HundredGigE0/0/0/0", "show tech-support ethernet interface HundredGigE0/0/0/0"),
    ),
    "debug-session": Change(
        "A debug session on a customer's line", ("I-02",), ("pe",), "ios", "engineer", 13,
        ("show ip bgp summary", "debug ip bgp {customer} updates", "clear ip bgp {customer} soft in",
         "show ip bgp neighbors {customer}", "undebug all", "clear counters GigabitEthernet0/0/2"),
    ),
    "software-loaded": Change(
        "New software is put on a router", ("E-09",), ("pe",), "ios", "engineer", 8,
        ("show version", "dir bootflash:", "copy scp://swdist:*@{depot}/images/isr-17.bin bootflash:isr-17.bin",
         "verify /md5 bootflash:isr-17.bin"),
    ),
    "second-log-host": Change(
        "A second log server is added", ("D-02",), ("edge", "pe"), "ios", "engineer", 12,
        ("> logging host {log}", "! log_host host={log} state=started", "show logging | include host", "write memory"),
    ),
    "tower-port": Change(
        "A port is moved", ("P-14",), ("tower",), "ios", "engineer", 10,
        ("show interfaces status", "> interface FastEthernet0/8", "> shutdown",
         "! interface interface=FastEthernet0/8 state=down", "> description {ticket} moved", "> no shutdown",
         "! interface interface=FastEthernet0/8 state=up", "write memory"),
    ),
    "filter-commit": Change(
        "A firewall filter is committed", ("P-08",), ("bng",), "junos", "engineer", 9,
        ("show configuration firewall",
         "> firewall family inet filter protect-re term nms from source-address {nms}/32",
         "> interfaces ge-0/1/3 description \"{ticket} new uplink\"", "show system commit"),
    ),
    "mirror-to-tool": Change(
        "A port is mirrored to the planned analyser", ("C-03",), ("dc",), "nxos", "engineer", 11,
        ("show monitor session all", "show interface Ethernet1/10", "show port-channel summary"),
    ),
    "mediation-patch": Change(
        "The mediation host is patched", ("L-07", "E-10"), ("mediation",), "windows", "engineer", 13,
        ("! service_installed service=LimsHealth image=C:\\Lims\\bin\\health.exe",
         "C:\\Windows\\System32\\wusa.exe /quiet",),
    ),
}  # fmt: skip
