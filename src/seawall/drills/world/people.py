"""Who logs in where and what they do there, on an ordinary day: shifts, nightly backups, polling, planned changes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from random import Random

from seawall.drills.acts import Act, Deed, Label
from seawall.drills.seeds import stream
from seawall.drills.world.changes import CHANGES
from seawall.drills.world.model import Node, Ticket, Worker, World
from seawall.drills.world.sessions import Seat, session
from seawall.drills.world.vocabulary import BACKUP, POLL, ROUTINE, SHOW


def daily_work(world: World) -> Iterator[Deed]:
    """Everything people and their automation do in the world's days, in no order."""
    for acts in (_shifts(world), _officers(world), _backups(world), _polling(world), _netconf(world)):
        yield from map(Deed, acts)
    yield from _planned(world)
    yield from _slips(world)


def _routers(world: World) -> tuple[Node, ...]:
    return tuple(n for n in world.nodes if n.platform in SHOW)


def _days(world: World, worker: Worker) -> Iterator[datetime]:
    """Midnight (UTC) of each day the worker works."""
    for number in range(world.days):
        day = world.starts + timedelta(days=number)
        if day.weekday() in worker.weekdays:
            yield datetime.combine(day, time(), UTC)


def _within(world: World, moment: datetime) -> bool:
    return world.starts <= moment.date() < world.starts + timedelta(days=world.days)


def _shifts(world: World) -> Iterator[Act]:
    """Engineers and the NOC: through their jump host to a router, look around, now and then a small change."""
    routers = _routers(world)
    for number, worker in enumerate((*world.kind("engineer"), *world.kind("noc"))):
        chance = stream(world.seed, "shift", worker.account)
        jump = next(n for n in world.role("jump-host") if n.management == worker.sources[0])
        favourites = chance.sample(routers, 9)
        desk = f"{world.management_network.rsplit('.', 2)[0]}.40.{20 + number}"
        for midnight in _days(world, worker):
            begins = midnight + timedelta(hours=worker.hours[0], minutes=chance.uniform(0, 40))
            yield from _desk(begins, jump, worker, desk, number)
            for _ in range(worker.sessions_a_day):
                start = begins + timedelta(hours=chance.uniform(0.05, worker.hours[1] - worker.hours[0] - 0.8))
                if _within(world, start + timedelta(hours=1)):
                    yield from _visit(world, start, chance.choice(favourites), worker, chance)


def _desk(start: datetime, jump: Node, worker: Worker, desk: str, number: int) -> Iterator[Act]:
    yield Act(start, jump.name, "login", worker.account, desk, number, "", {"service": "ssh"})
    yield Act(start + timedelta(hours=6, minutes=number), jump.name, "logout", worker.account, desk, number)


def _visit(world: World, start: datetime, node: Node, worker: Worker, chance: Random) -> list[Act]:
    port, peer = chance.choice(node.ports), chance.choice(world.peers + world.customers)
    shows = chance.sample(SHOW[node.platform], min(len(SHOW[node.platform]), chance.randint(3, 7)))
    routine = ROUTINE[node.platform] if worker.kind == "engineer" and chance.random() < 0.25 else ()
    note = f"cust-{chance.randrange(1000, 9999)}"
    steps = [s.format(port=port, peer=peer, note=note) for s in (*shows[:-1], *routine, shows[-1])]
    return session(start, node, Seat(worker.account, worker.sources[0], chance.randint(0, 4)), steps, chance)


def _officers(world: World) -> Iterator[Act]:
    """Intercept staff on the mediation host, over remote desktop from the jump host, in working hours."""
    host = next(n for n in world.role("mediation") if n.platform == "windows")
    for worker in world.kind("intercept"):
        chance = stream(world.seed, "officer", worker.account)
        for midnight in _days(world, worker):
            for _ in range(worker.sessions_a_day):
                start = midnight + timedelta(hours=chance.uniform(*worker.hours))
                seat = Seat(worker.account, worker.sources[0], chance.randrange(900), "rdp", (20, 300))
                programs = ("C:\\Lims\\bin\\console.exe", "C:\\Windows\\explorer.exe")
                yield from session(start, host, seat, programs, chance)


def _backups(world: World) -> Iterator[Act]:
    """Every night from one o'clock, each router in turn: its running configuration is fetched."""
    worker = next(w for w in world.workers if w.account == "svc-backup")
    chance = stream(world.seed, "backup")
    for midnight in _days(world, worker):
        start = midnight + timedelta(hours=1)
        for node in _routers(world):
            start += timedelta(seconds=chance.uniform(20, 60))
            seat = Seat(worker.account, worker.sources[0], 1, pace_s=(0.3, 3))
            yield from session(start, node, seat, BACKUP[node.platform], chance)


def _polling(world: World) -> Iterator[Act]:
    """The NMS asks the routers that do not answer SNMP well, some each hour."""
    worker = next(w for w in world.workers if w.account == "svc-poll")
    for node in (n for n in _routers(world) if n.role in ("edge", "pe", "core", "dc", "bng")):
        chance = stream(world.seed, "poll", node.short)
        offset = chance.uniform(0, 1800)
        for midnight in _days(world, worker):
            for half_hour in range(48):
                start = midnight + timedelta(seconds=1800 * half_hour + offset * 0.9 + chance.uniform(0, 60))
                seat = Seat(worker.account, worker.sources[0], 2, pace_s=(0.2, 2))
                yield from session(start, node, seat, POLL[node.platform], chance)


def _netconf(world: World) -> Iterator[Act]:
    """Service activation over NETCONF: a change by a process, from an approved channel."""
    worker = next(w for w in world.workers if w.account == "svc-netconf")
    for node in (n for n in world.role("pe") if n.platform == "ios"):
        chance = stream(world.seed, "netconf", node.short)
        for midnight in _days(world, worker):
            start = midnight + timedelta(hours=chance.uniform(*worker.hours))
            line = chance.randint(5, 30)
            source = worker.sources[0]
            yield Act(start, node.name, "login", worker.account, source, line, "", {"service": "netconf"})
            process = {"process": "iosp_vty_100001_dmi_nesd"}
            yield Act(start + timedelta(seconds=2), node.name, "programmed", "NETCONF", source, 32131, "", process)


def _planned(world: World) -> Iterator[Deed]:
    """The tickets, each labelled as the twin of what it looks like."""
    for ticket in (ticket for ticket in world.tickets if ticket.change):  # a scenario's twins bring their own acts
        change = CHANGES[ticket.change]
        label = Label(ticket.change, f"{change.title} ({ticket.number})", "twin", change.behaviours)
        chance = stream(world.seed, "ticket", ticket.change)
        steps = [step.format(**_blanks(world, ticket)) for step in change.steps]
        service = "rdp" if change.platform == "windows" else "ssh"
        seat = Seat(ticket.account, ticket.source, chance.randint(0, 4), service, (5, 45))
        start = ticket.start + timedelta(minutes=chance.uniform(4, 40))
        for act in session(start, world.node(ticket.device), seat, steps, chance):
            yield Deed(act, label)


def _blanks(world: World, ticket: Ticket) -> dict[str, str]:
    return {
        "ticket": ticket.number,
        "customer": world.customers[0],
        "depot": world.role("software")[0].management,
        "nms": world.role("nms")[1].management,
        "log": world.role("syslog")[1].management,
    }


def _slips(world: World) -> Iterator[Deed]:
    """Honest mistakes: a mistyped password or two, then the right one."""
    label = Label("mistyped", "A password is mistyped", "twin", ("A-13",))
    chance = stream(world.seed, "slips")
    for worker in chance.sample(world.kind("engineer"), 3):
        midnights = list(_days(world, worker))
        if not midnights:
            continue
        midnight = chance.choice(midnights)
        node = chance.choice(world.role("pe"))
        start = midnight + timedelta(hours=chance.uniform(8, 16))
        for attempt in range(chance.randint(1, 2)):
            moment = start + timedelta(seconds=9 * attempt)
            yield Deed(Act(moment, node.name, "login_failed", worker.account, worker.sources[0]), label)
        seat = Seat(worker.account, worker.sources[0], 3)
        for act in session(start + timedelta(seconds=30), node, seat, ("show ip interface brief",), chance):
            yield Deed(act)
