"""Building the carrier: devices, people and planned changes from one seed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final

from seawall.drills.seeds import stream
from seawall.drills.world import names
from seawall.drills.world.changes import CHANGES
from seawall.drills.world.model import Node, Ticket, Worker, World

MONDAY: Final = date(2026, 11, 16)
WORKDAYS: Final = (0, 1, 2, 3, 4)
USUAL: Final = sum(count for _, _, count, _, _ in names.ROUTERS)
MOST: Final = 18_000  # routers that have addresses of their own
EVERY_DAY: Final = (0, 1, 2, 3, 4, 5, 6)


def build(seed: int, *, starts: date = MONDAY, days: int = 5, routers: int = 0) -> World:
    """The carrier of this seed, alive for `days` days from `starts`. The same seed gives an equal world.

    `routers` grows or shrinks the network, every kind in its share; 0 is the usual small carrier.
    """
    chance = stream(seed, "carrier")
    name = chance.choice(names.CARRIERS)
    domain = f"{name}.example.net"
    sites = tuple(chance.sample(names.SITES, 5 if routers <= USUAL else len(names.SITES)))
    inside = chance.randrange(16, 220)  # second octet of every inside address
    nodes = tuple(_routers(chance, domain, sites, inside, routers or USUAL) + _servers(domain, sites[0], inside))
    workers = _workers(stream(seed, "people"), inside)
    return World(
        seed=seed,
        name=name,
        domain=domain,
        starts=starts,
        days=days,
        sites=sites,
        nodes=nodes,
        workers=workers,
        tickets=_tickets(stream(seed, "tickets"), nodes, workers, starts, days),
        management_network=f"10.{inside}.20.0/24",
        customers=_addresses(chance, "203.0.113", 8, range(8, 100)),
        peers=_addresses(chance, "198.51.100", 6, range(2, 60)),
        scanners=(
            *_addresses(chance, "203.0.113", 12, range(100, 180)),
            *_addresses(chance, "198.51.100", 12, range(80, 160)),
        ),
        strangers=(
            *_addresses(chance, "203.0.113", 6, range(180, 250)),
            *_addresses(chance, "198.51.100", 6, range(160, 250)),
        ),
    )


def _addresses(chance: Random, prefix: str, count: int, among: range) -> tuple[str, ...]:
    return tuple(f"{prefix}.{octet}" for octet in chance.sample(among, count))


def _routers(chance: Random, domain: str, sites: tuple[str, ...], inside: int, total: int) -> list[Node]:
    site_first = chance.random() < 0.5
    nodes: list[Node] = []
    for role, platform, usual, headers, ports in names.ROUTERS:
        count = max(1, round(usual * total / USUAL))
        for i in range(count):
            site = sites[i % len(sites)]
            number = len(nodes) + 1
            short = f"{site}-{role}{i + 1}" if site_first else f"{role}{i + 1}-{site}"
            node = Node(
                name=f"{short}.{domain}",
                short=short,
                role=role,
                platform=platform,
                site=site,
                management=f"10.{inside}.{_third(10, number)}.{(number - 1) % 250 + 1}",
                loopback=f"10.{inside}.{_third(255, number)}.{(number - 1) % 250 + 1}",
                public=f"192.0.2.{number}" if role in ("edge", "pe", "core") and number <= 250 else "",
                header=headers[i % len(headers)],
                ports=ports,
            )
            nodes.append(node)
    return nodes


def _third(usual: int, number: int) -> int:
    """The third octet of the address of router `number`: 250 of them share one."""
    block = (number - 1) // 250
    return usual if not block else (100 if usual == 10 else 175) + block


def _servers(domain: str, site: str, inside: int) -> list[Node]:
    return [
        Node(
            name=f"{short}.{domain}",
            short=short,
            role=role,
            platform=platform,
            site=site,
            management=f"10.{inside}.20.{octet}",
            header="linux" if platform == "linux" else "",
            crown_jewel=role in ("mediation", "cdr-store"),
        )
        for short, role, platform, octet in names.SERVERS
    ]


def _workers(chance: Random, inside: int) -> tuple[Worker, ...]:
    accounts = [f"{chance.choice(names.GIVEN)}.{family}" for family in chance.sample(names.FAMILY, 14)]
    jump1, jump2 = f"10.{inside}.20.15", f"10.{inside}.20.16"
    people = [
        *(Worker(a, "engineer", (jump1,), (7, 17), WORKDAYS, chance.randint(3, 6)) for a in accounts[:6]),
        *(Worker(a, "noc", (jump2,), hours, EVERY_DAY, 10)
          for a, hours in zip(accounts[6:12], [(5, 13), (5, 13), (13, 21), (13, 21), (21, 29), (21, 29)], strict=True)),
        *(Worker(a, "intercept", (jump1,), (7, 16), WORKDAYS, 2) for a in accounts[12:14]),
    ]  # fmt: skip
    machines = [
        Worker("svc-backup", "automation", (f"10.{inside}.20.18",), (1, 3), EVERY_DAY, 1),
        Worker("svc-poll", "automation", (f"10.{inside}.20.25",), (0, 24), EVERY_DAY, 24),
        Worker("svc-netconf", "automation", (f"10.{inside}.20.26",), (8, 16), WORKDAYS, 2),
        Worker("ext-tac1", "vendor", (jump1,), (9, 15), WORKDAYS, 0),
    ]
    return (*people, *machines)


def _tickets(
    chance: Random, nodes: tuple[Node, ...], workers: tuple[Worker, ...], starts: date, days: int
) -> tuple[Ticket, ...]:
    """One ticket per planned change, spread over the days in its usual hours."""
    tickets = []
    for i, (key, change) in enumerate(CHANGES.items()):
        node = chance.choice([n for n in nodes if n.role in change.roles and n.platform == change.platform])
        worker = chance.choice([w for w in workers if w.kind == change.by])
        day = starts + timedelta(days=i % max(1, days - 1))
        start = datetime.combine(day, time(change.hour, chance.choice((0, 15, 30))), UTC)
        tickets.append(
            Ticket(
                number=f"CHG{chance.randrange(10_000, 99_999)}",
                change=key,
                device=node.name,
                account=worker.account,
                source=worker.sources[0],
                start=start,
                end=start + timedelta(hours=2),
            )
        )
    return tuple(tickets)
