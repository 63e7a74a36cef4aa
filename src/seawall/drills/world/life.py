"""Operator life: a month of a carrier without any intruder, day by day, for measuring false alarms.

Everyday work is that of `people` and `machines`, each day drawn anew. On top: announced work with reloads, vendor
visits, faults that make the NOC look everywhere, typing errors, lock-outs, renewed passwords, new routers, a site
without power. One day is held at a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final

from seawall.drills.acts import Act, Deed, Label
from seawall.drills.seeds import stream
from seawall.drills.world.build import MONDAY, build
from seawall.drills.world.machines import daily_noise
from seawall.drills.world.maintenance import MAINTENANCE, change_of, fleet
from seawall.drills.world.model import Node, Ticket, World
from seawall.drills.world.people import daily_work
from seawall.drills.world.sessions import Seat, session
from seawall.drills.world.traffic import daily_traffic
from seawall.drills.world.vocabulary import SHOW

NEW_ROUTERS: Final = 60  # one router in so many is new within the month
UNANNOUNCED_DAYS: Final = 3_000  # router-days for one piece of work without a ticket
OVERLAP: Final = timedelta(hours=4)  # sessions that go on after midnight
_TRIED: Final = ("shwo", "sh ip itn br", "show ip inerface brief", "exot", "conf tt", "show vesrion")
_RELOADED: Final = {
    "ios": ("SYS-5-RELOAD", "Reload requested by {account} on vty{line} ({source}). Reload Reason: Reload Command.",
            "SYS-5-RESTART", "System restarted --"),
    "iosxr": ("OS-SYSMGR-5-NOTICE", "Card is rebooting", "OS-SYSMGR-5-NOTICE", "Card is COLD started"),
    "junos": ("RPD_START", "Shutting down", "LICENSE_INIT", "Starting"),
    "vrp": ("SYSTEM/4/REBOOT(l)", "The system rebooted.", "SYSTEM/4/SYS_STARTUP(l)", "System started."),
}  # fmt: skip


def carrier(seed: int, *, starts: date = MONDAY, days: int = 30, devices: int = 200) -> World:
    """A carrier of so many routers with a month's announced work in its `site.toml`."""
    world = build(seed, starts=starts, days=days, routers=devices)
    return fleet(world, stream(seed, "announced"))


def live(world: World, *, traffic: bool = True) -> Iterator[tuple[date, list[Deed]]]:
    """Everything that happens, day by day, each day in order of time."""
    births = _births(world)
    dark = _power_failure(world)
    late: list[Deed] = []
    for number in range(world.days):
        day = world.starts + timedelta(days=number)
        midnight = datetime.combine(day, time(), UTC)
        today = [*late, *(deed for deed in _happenings(world, number, traffic=traffic))]
        late = []
        kept = []
        for deed in today:
            if not _alive(deed.act, births, dark):
                continue
            if deed.act.time < midnight + timedelta(days=1):
                kept.append(deed)
            elif deed.act.time < midnight + timedelta(days=1) + OVERLAP:
                late.append(deed)
        yield day, sorted((d for d in kept if d.act.time >= midnight), key=lambda deed: deed.act.time)


def _happenings(world: World, number: int, *, traffic: bool) -> Iterator[Deed]:
    day = world.starts + timedelta(days=number)
    seed = world.seed * 1_000 + number + 1
    # The small generators take a world of one day; its own seed makes each day differ.
    one = replace(world, seed=seed, starts=day, days=1, tickets=())
    yield from daily_work(one)
    yield from daily_noise(one)
    if traffic:
        yield from map(Deed, daily_traffic(one))
    for ticket in world.tickets:
        if ticket.start.date() == day:
            yield from _work(world, ticket)
    yield from _emergency(one, stream(seed, "emergency"))
    chance = stream(seed, "troubles")
    yield from map(Deed, _fault(one, chance))
    yield from map(Deed, _typing_errors(one, chance))
    yield from map(Deed, _lock_out(one, chance))
    yield from map(Deed, _own_password(one, chance))
    yield from map(Deed, _audit_run(one, chance))


def _emergency(world: World, chance: Random) -> Iterator[Deed]:
    """Honest work nobody announced: rare, twice a month on 200 routers, since the ticket is written afterwards."""
    routers = sum(bool(node.loopback) for node in world.nodes)
    if chance.random() > routers / UNANNOUNCED_DAYS:
        return
    key = chance.choice(sorted(MAINTENANCE))
    change = MAINTENANCE[key]
    able = [n for n in world.nodes if n.platform == change.platform and n.role in change.roles]
    if able:
        worker = chance.choice([w for w in world.workers if w.kind == change.by])
        start = datetime.combine(world.starts, time(), UTC) + timedelta(hours=chance.uniform(1, 20))
        ticket = Ticket("none", key, chance.choice(able).name, worker.account, worker.sources[0], start, start)
        yield from _work(world, ticket)


def _work(world: World, ticket: Ticket) -> Iterator[Deed]:
    """A ticket carried out: its session, and the reload it asks for."""
    change = change_of(ticket)
    label = Label(ticket.change, f"{change.title} ({ticket.number})", "twin", change.behaviours)
    chance = stream(world.seed, "work", ticket.number, ticket.device)
    node = world.node(ticket.device)
    blanks = {
        "ticket": ticket.number,
        "customer": chance.choice(world.customers),
        "depot": world.role("software")[0].management,
        "nms": world.role("nms")[1].management,
        "log": world.role("syslog")[1].management,
        "old": world.role("syslog")[0].management,
        "ntp": world.role("ntp")[0].management,
        "port": node.ports[0] if node.ports else "",
        "peer": chance.choice(world.nodes).loopback or node.loopback,
    }
    steps = [step.format(**blanks) for step in change.steps]
    restart = next((step for step in steps if step.startswith("! restart ")), "")
    service = "rdp" if change.platform == "windows" else "ssh"
    seat = Seat(ticket.account, ticket.source, chance.randint(0, 4), service, (5, 45))
    start = ticket.start + timedelta(minutes=chance.uniform(4, 40))
    acts = session(start, node, seat, [step for step in steps if step != restart], chance)
    if restart:
        acts = [act for act in acts if act.doing != "logout"]
        acts += _reload(node, seat, acts[-1].time, int(restart.rpartition("=")[2]), chance)
    yield from (Deed(act, label) for act in acts)


def _reload(node: Node, seat: Seat, asked: datetime, minutes: int, chance: Random) -> list[Act]:
    going, why, back, hello = _RELOADED[node.platform]
    down = asked + timedelta(seconds=chance.uniform(20, 60))
    up = down + timedelta(minutes=minutes * chance.uniform(0.8, 1.3))
    text = why.format(account=seat.account, source=seat.source, line=seat.line)
    return [
        Act(down, node.name, "notice", detail={"mnemonic": going, "text": text}),
        Act(up, node.name, "restarted"),
        Act(up + timedelta(seconds=1), node.name, "notice", detail={"mnemonic": back, "text": hello}),
        *(
            Act(up + timedelta(seconds=20 + 3 * n), node.name, "interface", detail={"interface": port, "state": "up"})
            for n, port in enumerate(node.ports)
        ),
    ]


def _fault(world: World, chance: Random) -> Iterator[Act]:
    """A fibre is cut on most days: the NOC looks at four to seven routers within the hour, and pings about."""
    if chance.random() < 0.3:
        return
    worker = chance.choice(world.kind("noc"))
    midnight = datetime.combine(world.starts, time(), UTC)
    now = midnight + timedelta(hours=chance.uniform(worker.hours[0], worker.hours[1] - 2) % 22)
    routers = [node for node in world.nodes if node.platform in SHOW]
    for node in chance.sample(routers, min(len(routers), chance.randint(4, 7))):
        ping = "ping {} count 5 rapid" if node.platform == "junos" else "ping {}"
        peers = chance.sample(world.peers + world.customers, chance.randint(1, 3))
        shows = chance.sample(SHOW[node.platform], min(3, len(SHOW[node.platform])))
        port = chance.choice(node.ports)
        steps = [*(s.format(port=port, peer=peers[0]) for s in shows), *(ping.format(peer) for peer in peers)]
        yield from session(now, node, Seat(worker.account, worker.sources[0], chance.randint(0, 4)), steps, chance)
        now += timedelta(minutes=chance.uniform(2, 9))


def _typing_errors(world: World, chance: Random) -> Iterator[Act]:
    """Words mistyped at the prompt, and passwords typed where the name belongs."""
    midnight = datetime.combine(world.starts, time(), UTC)
    for worker in chance.sample(world.kind("noc"), 3):
        node = chance.choice([node for node in world.nodes if node.platform in SHOW])
        now = midnight + timedelta(hours=chance.uniform(*worker.hours) % 23)
        seat = Seat(worker.account, worker.sources[0], 1)
        if chance.random() < 0.3:
            yield Act(now, node.name, "login_failed", f"Summer{chance.randrange(99)}!", worker.sources[0])
        steps = [chance.choice(_TRIED), SHOW[node.platform][0].format(port=node.ports[0], peer=world.peers[0])]
        yield from session(now + timedelta(seconds=20), node, seat, steps, chance)


def _lock_out(world: World, chance: Random) -> Iterator[Act]:
    """Somebody back from leave tries an old password five to eight times, waits, and gets in."""
    if chance.random() < 0.5:
        return
    worker = chance.choice((*world.kind("engineer"), *world.kind("noc")))
    node = chance.choice([node for node in world.nodes if node.platform in SHOW])
    now = datetime.combine(world.starts, time(8), UTC) + timedelta(minutes=chance.uniform(0, 500))
    for attempt in range(chance.randint(5, 8)):
        moment = now + timedelta(seconds=11 * attempt)
        yield Act(moment, node.name, "login_failed", worker.account, worker.sources[0])
    again = now + timedelta(minutes=chance.uniform(6, 20))
    yield from session(again, node, Seat(worker.account, worker.sources[0], 2), ("show version",), chance)


def _own_password(world: World, chance: Random) -> Iterator[Act]:
    """Once a week somebody renews their own password on a router that keeps a local copy."""
    nodes = world.platform("ios")
    if chance.random() > 1 / 7 or not nodes:
        return
    worker, node = chance.choice(world.kind("engineer")), chance.choice(nodes)
    now = datetime.combine(world.starts, time(9), UTC) + timedelta(minutes=chance.uniform(0, 400))
    steps = (f"> username {worker.account} privilege 15 algorithm-type scrypt secret *", "write memory")
    yield from session(now, node, Seat(worker.account, worker.sources[0], 3), steps, chance)


def _audit_run(world: World, chance: Random) -> Iterator[Act]:
    """On Sundays the configuration audit reads accounts and lists on every router, by the automation."""
    if world.starts.weekday() != 6:
        return
    worker = next(w for w in world.workers if w.account == "svc-backup")
    now = datetime.combine(world.starts, time(4), UTC)
    for node in world.platform("ios"):
        steps = ("terminal length 0", "show running-config | include username", "show access-lists", "show snmp user")
        now += timedelta(seconds=chance.uniform(15, 40))
        yield from session(now, node, Seat(worker.account, worker.sources[0], 1, pace_s=(0.3, 3)), steps, chance)


def _births(world: World) -> dict[str, datetime]:
    """Routers that are put in within the world's days, and when."""
    chance = stream(world.seed, "births")
    routers = [node for node in world.nodes if node.loopback]
    start = datetime.combine(world.starts, time(9), UTC)
    new = chance.sample(routers, len(routers) // NEW_ROUTERS)
    return {node.name: start + timedelta(days=chance.randrange(1, max(2, world.days))) for node in new}


def _power_failure(world: World) -> tuple[frozenset[str], datetime, datetime]:
    """Once in three weeks and more, a tower site is without power for two hours or so."""
    chance = stream(world.seed, "power")
    begins = datetime.combine(world.starts, time(), UTC) + timedelta(days=chance.uniform(0.4, max(0.5, world.days - 1)))
    if world.days < 21:
        return frozenset(), begins, begins
    site = chance.choice(world.sites)
    dark = frozenset(node.name for node in world.nodes if node.role == "tower" and node.site == site)
    return dark, begins, begins + timedelta(hours=chance.uniform(1.5, 3))


def _alive(act: Act, births: dict[str, datetime], dark: tuple[frozenset[str], datetime, datetime]) -> bool:
    """Whether the device an act is on exists and has power."""
    names, begins, ends = dark
    if act.device in names and begins <= act.time < ends:
        return False
    return act.device not in births or act.time >= births[act.device]
