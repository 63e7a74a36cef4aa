"""Invented names to draw from. None is a real carrier's; all hosts end in example.net."""

from __future__ import annotations

from typing import Final

CARRIERS: Final = ("halden", "marlow", "tarnwick", "ostrava-sea", "lindholm", "quayside", "northfen", "bellmere")
SITES: Final = ("hav", "bru", "tor", "ska", "lin", "vik", "mol", "sel", "gra", "fen")
GIVEN: Final = ("a", "b", "c", "d", "e", "f", "h", "i", "j", "k", "l", "m", "n", "o", "p", "r", "s", "t", "v")
FAMILY: Final = (
    "ortiz", "novak", "lindqvist", "okafor", "tanaka", "haddad", "kowal", "moreau", "silva", "bakker",
    "iyer", "costa", "nyberg", "varga", "duarte", "holm", "petrov", "adeyemi", "keller", "rossi",
)  # fmt: skip

ROUTERS: Final = (
    # role, platform, how many, header habits in turn, ports
    ("edge", "ios", 3, ("counted-year", "relayed", "counted-year"), ("GigabitEthernet0/0/0", "GigabitEthernet0/0/1")),
    ("pe", "ios", 5, ("counted-year", "relayed-iso", "relayed", "counted-year", "plain"),
     ("GigabitEthernet0/0/0", "GigabitEthernet0/0/2", "GigabitEthernet0/0/4")),
    ("core", "iosxr", 4, ("xr", "xr-year"), ("HundredGigE0/0/0/0", "HundredGigE0/0/0/1")),
    ("bng", "junos", 4, ("relay", "rfc5424"), ("xe-0/0/0", "xe-0/0/1", "ge-0/1/3")),
    ("dc", "nxos", 2, ("nx", "nx-priority"), ("Ethernet1/1", "Ethernet1/10")),
    ("leaf", "eos", 4, ("eos", "eos-year"), ("Ethernet3", "Ethernet7")),
    ("agg", "sros", 3, ("sros",), ("1/1/1", "1/1/4")),
    ("access", "vrp", 4, ("vrp5", "vrp8"), ("GigabitEthernet0/0/1", "GigabitEthernet0/0/12")),
    ("tower", "ios", 3, ("starred", "relayed", "plain"), ("FastEthernet0/1", "FastEthernet0/8")),
)  # fmt: skip

SERVERS: Final = (
    # name, role, platform, last octet in the management network
    ("jump1", "jump-host", "linux", 15),
    ("jump2", "jump-host", "linux", 16),
    ("backup1", "backup", "linux", 18),
    ("aaa1", "aaa", "linux", 21),
    ("aaa2", "aaa", "linux", 22),
    ("nms1", "nms", "linux", 25),
    ("nms2", "nms", "linux", 26),
    ("log1", "syslog", "linux", 50),
    ("log2", "syslog", "linux", 51),
    ("depot1", "software", "linux", 60),
    ("ntp1", "ntp", "linux", 70),
    ("dns1", "dns", "linux", 71),
    ("lims1", "mediation", "windows", 80),
    ("lims2", "mediation", "linux", 81),
    ("cdr1", "cdr-store", "linux", 85),
    ("files1", "files", "windows", 90),
)
