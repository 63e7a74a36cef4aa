"""Announced work of a month: changes with a ticket, on every platform that has a form of them.

Beside the twins in `changes`, which are drawn by the ticket as well. Steps are written as there; `! restart` stands for
a reload: the device says so, is silent while it boots, and counts its messages from one again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final

from seawall.drills.world.changes import CHANGES, Change
from seawall.drills.world.model import Ticket, World

_ROUTERS: Final = ("edge", "pe", "core", "bng", "dc", "leaf", "agg", "access", "tower")


def _change(title: str, behaviours: tuple[str, ...], platform: str, by: str, hour: int, *steps: str) -> Change:
    return Change(title, behaviours, _ROUTERS, platform, by, hour, steps)


MAINTENANCE: Final[Mapping[str, Change]] = {
    "upgrade-ios": _change(
        "Software is upgraded", ("P-17", "E-09"), "ios", "engineer", 1,
        "show version", "copy scp://swdist:*@{depot}/images/isr-17-12.bin bootflash:isr-17-12.bin",
        "verify /md5 bootflash:isr-17-12.bin", "> no boot system",
        "> boot system bootflash:isr-17-12.bin", "write memory", "reload", "! restart minutes=11",
    ),
    "upgrade-xr": _change(
        "Software is upgraded", ("E-09",), "iosxr", "engineer", 1,
        "show install active summary", "install add source scp://swdist@{depot}/images/xr-7-9.iso",
        "install activate 7", "install commit", "! restart minutes=17",
    ),
    "upgrade-nxos-issu": _change(
        "Software is upgraded in service", ("E-09",), "nxos", "engineer", 2,
        "show version", "copy scp://swdist@{depot}/images/nxos64-10-3.bin bootflash: vrf management",
        "show install all impact nxos bootflash:nxos64-10-3.bin", "install all nxos bootflash:nxos64-10-3.bin",
        "show module",
    ),
    "upgrade-junos": _change(
        "Software is upgraded", ("E-09",), "junos", "engineer", 1,
        "show version", "file copy scp://swdist@{depot}/images/junos-22.tgz /var/tmp/",
        "request system software add /var/tmp/junos-22.tgz", "request system reboot", "! restart minutes=14",
    ),
    "upgrade-vrp": _change(
        "Software is upgraded", ("E-09",), "vrp", "engineer", 1,
        "display version", "display startup", "startup system-software flash:/vrp-8-21.cc", "save", "reboot",
        "! restart minutes=9",
    ),
    "line-card-xr": _change(
        "The vendor looks at a line card", ("I-01",), "iosxr", "vendor", 9,
        "terminal length 0", "show version", "show platform", "show logging last 50", "show controllers {port}",
        "show tech-support ethernet interface {port}",
    ),
    "vendor-junos": _change(
        "The vendor looks at a routing engine", ("I-01",), "junos", "vendor", 10,
        "show version", "show chassis hardware", "show chassis routing-engine", "show log messages | last 100",
        "request support information",
    ),
    "capture-junos": _change(
        "The NOC watches a customer's packets", ("C-05",), "junos", "noc", 14,
        "show interfaces {port} extensive", "monitor traffic interface {port} no-resolve count 50",
    ),
    "capture-nxos": _change(
        "The NOC watches control packets", ("C-05",), "nxos", "noc", 14,
        "show interface {port}", "ethanalyzer local interface inband limit-captured-frames 50",
    ),
    "capture-eos": _change(
        "The NOC watches control packets", ("C-05",), "eos", "noc", 14,
        "show interfaces {port}", "bash tcpdump -c 50 -i et3",
    ),
    "mirror-vrp": _change(
        "A port is mirrored to the planned analyser", ("C-03",), "vrp", "engineer", 11,
        "display interface {port}", "> observe-port 1 interface {port}", "display observe-port",
        "> undo observe-port 1", "save",
    ),
    "tunnel-junos": _change(
        "A customer tunnel is added", ("P-10",), "junos", "engineer", 9,
        "show interfaces terse", "> interfaces gr-0/0/0 unit 21 tunnel source 192.0.2.99",
        "> interfaces gr-0/0/0 unit 21 tunnel destination {customer}",
        "> interfaces gr-0/0/0 unit 21 description {ticket}", "show interfaces gr-0/0/0",
    ),
    "community-rotated": _change(
        "The SNMP community is rotated", ("P-13",), "ios", "engineer", 10,
        "> snmp-server community * RO 20", "> no snmp-server community * RO 20", "write memory",
    ),
    "log-host-moved": _change(
        "Log forwarding moves to the new collector", ("D-02",), "ios", "engineer", 12,
        "show logging", "> logging host {log}", "! log_host host={log} state=started", "> no logging host {old}",
        "show logging | include host", "write memory",
    ),
    "time-server-moved": _change(
        "The time server is replaced", ("D-13",), "ios", "engineer", 12,
        "show ntp associations", "> ntp server {ntp}", "> no ntp server 10.0.0.70", "show ntp status", "write memory",
    ),
    "peer-added": _change(
        "A site's new router becomes a neighbour", ("I-02",), "iosxr", "engineer", 9,
        "show bgp summary", "> router bgp 64500 neighbor {peer} remote-as 64500",
        "> router bgp 64500 neighbor {peer} description {ticket}", "show bgp neighbors {peer}",
    ),
    "filter-eos": _change(
        "A management list gets an entry", ("P-08",), "eos", "engineer", 11,
        "show ip access-lists", "> ip access-list MGMT", "> permit ip host {nms} any", "write memory",
    ),
    "service-sros": _change(
        "A service is moved", (), "sros", "engineer", 10,
        "show service service-using", "> service epipe 4711 description {ticket}", "show port",
    ),
}  # fmt: skip

PLANNED: Final[Mapping[str, Change]] = {**CHANGES, **MAINTENANCE}
ROTATED: Final = Change(
    "The break-glass account is rotated everywhere", ("P-01",), _ROUTERS, "ios", "engineer", 2,
    ("> username breakglass privilege 15 algorithm-type scrypt secret *", "! user_added username=breakglass",
     "write memory"),
)  # fmt: skip


def tickets(world: World, chance: Random) -> tuple[Ticket, ...]:
    """Announced work for every day of the world: on workdays one ticket for 25 devices, at weekends a fifth of that.

    Once in the world's days the break-glass account is rotated on every IOS device in one night.
    """
    routers = [node for node in world.nodes if node.loopback]
    made: list[Ticket] = []
    for number in range(world.days):
        day = world.starts + timedelta(days=number)
        many = max(1, len(routers) // (25 if day.weekday() < 5 else 125))
        for _ in range(many):
            key = chance.choice(sorted(PLANNED))
            if (ticket := _ticket(world, chance, key, PLANNED[key], day)) is not None:
                made.append(ticket)
    if world.days >= 14:
        night = world.starts + timedelta(days=world.days // 2)
        made += _everywhere(world, chance, datetime.combine(night, time(2), UTC))
    return tuple(sorted(made, key=lambda ticket: (ticket.start, ticket.device)))


def _ticket(world: World, chance: Random, key: str, change: Change, day: date) -> Ticket | None:
    able = [n for n in world.nodes if n.role in change.roles and n.platform == change.platform]
    if not able:
        return None
    worker = chance.choice([w for w in world.workers if w.kind == change.by])
    start = datetime.combine(day, time(change.hour, chance.choice((0, 15, 30))), UTC)
    return Ticket(
        number=f"CHG{chance.randrange(10_000, 99_999)}",
        change=key,
        device=chance.choice(able).name,
        account=worker.account,
        source=worker.sources[0],
        start=start,
        end=start + timedelta(hours=3),
    )


def _everywhere(world: World, chance: Random, start: datetime) -> list[Ticket]:
    worker = chance.choice(world.kind("engineer"))
    number = f"CHG{chance.randrange(10_000, 99_999)}"
    end = start + timedelta(hours=4)
    return [
        Ticket(number, "rotated", node.name, worker.account, worker.sources[0], start, end)
        for node in world.platform("ios")
    ]


def change_of(ticket: Ticket) -> Change:
    """The change a ticket announces."""
    return ROTATED if ticket.change == "rotated" else PLANNED[ticket.change]


def fleet(world: World, chance: Random) -> World:
    """The world with a month's announced work in place of its few tickets."""
    return replace(world, tickets=tickets(world, chance))
