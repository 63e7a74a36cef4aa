"""What the sensors at the management network and the peering points see on an ordinary day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Final

from seawall.drills.acts import Act
from seawall.drills.seeds import stream
from seawall.drills.world.machines import moments
from seawall.drills.world.model import World

SITES_ABROAD: Final = (
    "www.example.net", "mail.example.net", "updates.vendor-one.example.net", "support.vendor-two.example.net",
    "docs.routing.example.net", "registry.numbers.example.net", "news.example.net", "cdn.images.example.net",
    "api.weather.example.net", "mirror.linux.example.net", "ocsp.trust.example.net", "time.example.net",
)  # fmt: skip
AGENT: Final = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0"


def daily_traffic(world: World) -> Iterator[Act]:
    """All flows of the world's days, in no order."""
    yield from _names(world)
    yield from _web(world)
    yield from _polls(world)
    yield from _clocks(world)
    yield from _visitors(world)


def _desks(world: World) -> tuple[str, ...]:
    prefix = world.management_network.rsplit(".", 2)[0]
    return tuple(f"{prefix}.40.{n}" for n in range(20, 60))


def _busy(moment: datetime, weight: float) -> bool:
    """Whether a flow of the working day happens now: `weight` is 0 to 1, drawn by the caller."""
    return weight < (1.0 if 6 <= moment.hour < 18 else 0.3)


def _names(world: World) -> Iterator[Act]:
    chance = stream(world.seed, "dns")
    resolver, desks = world.role("dns")[0].management, _desks(world)
    inside = tuple(n.name for n in world.nodes)
    for moment in moments(world, chance, 2400 * world.days):
        if not _busy(moment, chance.random()):
            continue
        if chance.random() < 0.4:
            name = chance.choice(inside)
            answer = world.node(name).management
        else:
            name = chance.choice(SITES_ABROAD)
            answer = f"198.51.100.{60 + SITES_ABROAD.index(name)}" if chance.random() < 0.96 else ""
        detail = {"to": resolver, "port": "53", "proto": "udp", "service": "dns", "query": name, "answer": answer,
                  "sent": "48", "got": "120", "duration": "0.021000"}  # fmt: skip
        yield Act(moment, world.name, "flow", source=chance.choice(desks), detail=detail)


def _web(world: World) -> Iterator[Act]:
    chance = stream(world.seed, "web")
    desks = _desks(world)
    for moment in moments(world, chance, 1900 * world.days):
        if not _busy(moment, chance.random()):
            continue
        number = chance.randrange(len(SITES_ABROAD))
        detail = {"to": f"198.51.100.{60 + number}", "duration": f"{chance.uniform(0.05, 40):.6f}",
                  "sent": str(chance.randrange(300, 4000)), "got": str(chance.randrange(900, 400_000))}  # fmt: skip
        if chance.random() < 0.25:
            uri = chance.choice(("/", "/index.html", "/status", "/pub/list.txt", "/v1/forecast?place=12"))
            detail |= {"port": "80", "service": "http", "host": SITES_ABROAD[number], "uri": uri, "agent": AGENT}
        else:
            detail |= {"port": "443", "service": "ssl", "name": SITES_ABROAD[number]}
        yield Act(moment, world.name, "flow", source=chance.choice(desks), detail=detail)


def _polls(world: World) -> Iterator[Act]:
    """SNMP every five minutes to some routers, syslog from all."""
    nms, log = world.role("nms")[0].management, world.role("syslog")[0].management
    start = datetime.combine(world.starts, time(), UTC)
    for node in (n for n in world.nodes if n.loopback):
        chance = stream(world.seed, "snmp", node.short)
        offset = chance.uniform(0, 900)
        for beat in range(96 * world.days):
            moment = start + timedelta(seconds=900 * beat + offset + chance.uniform(0, 3))
            detail = {"to": node.management, "port": "161", "proto": "udp", "service": "snmp", "sent": "1400",
                      "got": "5200", "duration": "0.310000", "sport": "40161"}  # fmt: skip
            yield Act(moment, world.name, "flow", source=nms, detail=detail)
            if beat % 8 == 0:
                sent = {"to": log, "port": "514", "proto": "udp", "service": "syslog", "sent": "4100", "got": "0",
                        "state": "S0", "sport": "514"}  # fmt: skip
                yield Act(moment, world.name, "flow", source=node.management, detail=sent)


def _clocks(world: World) -> Iterator[Act]:
    """NTP: routers to our own server, our server to two outside, as evenly as any implant would."""
    ours = world.role("ntp")[0].management
    start = datetime.combine(world.starts, time(), UTC)
    pairs = [(n.management, ours, 4096) for n in world.nodes if n.loopback]
    pairs += [(ours, "198.51.100.71", 1024), (ours, "2001:db8:0:123::1", 1024)]
    for source, to, every_s in pairs:
        if ":" in to:
            source = "2001:db8:0:20::70"
        for beat in range(86_400 * world.days // every_s):
            detail = {"to": to, "port": "123", "proto": "udp", "service": "ntp", "sport": "123", "sent": "48",
                      "got": "48", "duration": "0.012000"}  # fmt: skip
            yield Act(start + timedelta(seconds=every_s * beat), world.name, "flow", source=source, detail=detail)


def _visitors(world: World) -> Iterator[Act]:
    """Strangers from the Internet at our public addresses: mostly refused, never let in."""
    chance = stream(world.seed, "visitors")
    targets = tuple(n.public for n in world.nodes if n.public)
    for moment in moments(world, chance, 420 * world.days):
        detail = {"to": chance.choice(targets), "port": chance.choice(("22", "23", "443", "8443", "161", "179")),
                  "state": "S0", "sport": str(chance.randrange(1024, 65_000)), "local_orig": "F"}  # fmt: skip
        yield Act(moment, world.name, "flow", source=chance.choice(world.scanners), detail=detail)
