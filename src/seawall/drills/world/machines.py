"""What machines say by themselves: ports that flap, neighbours that reset, scanners at the gate, clocks and jobs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Final

from seawall.drills.acts import Act, Deed, Label
from seawall.drills.seeds import stream
from seawall.drills.world.model import Node, World

NOTICES: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {  # platform -> (mnemonic, text)
    "ios": (
        ("OSPF-5-ADJCHG", "Process 1, Nbr {peer} on {port} from LOADING to FULL, Loading Done"),
        ("LDP-5-NBRCHG", "LDP Neighbor {peer}:0 (2) is UP"),
        ("SYS-3-CPUHOG", "Task is running for (2004)msecs, more than (2000)msecs (0/0),process = BGP Scanner."),
        ("ENVMON-6-FAN_OK", "Fan 2 is operating normally"),
        ("SFF8472-3-THRESHOLD_VIOLATION", "{port}: Rx power low warning; Operating value: -14.2 dBm"),
        ("CRYPTO-6-IKMP_SA_NOT_OFFERED", "Remote peer {peer} responded with attribute not offered"),
    ),
    "iosxr": (
        ("ROUTING-ISIS-5-ADJCHANGE", "Adjacency to {peer} ({port}) (L2) Up, Restarted"),
        ("PLATFORM-ENVMON-6-FANOK", "Fan tray 1 normal"),
        ("L2-OPTICS-4-ALARM", "Optics {port}: rx power low warning"),
    ),
    "nxos": (
        ("ETHPORT-5-SPEED", "Interface {port}, operational speed changed to 10 Gbps"),
        ("LLDP-5-SERVER_ADDED", "Server with Chassis ID 0000.5e00.5301 Port ID eth0 discovered on {port}"),
    ),
    "junos": (
        ("RPD_BGP_NEIGHBOR_STATE_CHANGED",
         "BGP peer {peer} (External AS 64496) changed state from OpenConfirm to Established"),
        ("CHASSISD_SNMP_TRAP10", "SNMP trap generated: Fan/Blower OK (FRU 1)"),
        ("RPD_OSPF_NBRUP", "OSPF neighbor {peer} (realm ospf-v2 {port}.0) state changed from Init to Full"),
    ),
    "eos": (
        ("LLDP-5-NEIGHBOR_NEW", "LLDP neighbor with chassisId 0000.5e00.5302 added on interface {port}"),
        ("BGP-3-NOTIFICATION", "received from neighbor {peer} (VRF default AS 64497) 6/4 (Cease/administrative reset)"),
    ),
    "sros": (
        ("OSPF-WARNING-tmnxOspfNgNbrStateChange-2047", "LCL_RTR_ID 1: Neighbor {peer} on {port} state changed to full"),
        ("CHASSIS-MINOR-tmnxEqCardFanOk-2091", "Fan 2 is operating normally"),
    ),
    "vrp": (
        ("OSPF/3/NBR_CHG_DOWN(l)",
         "Neighbor event: neighbor state changed to Down. (ProcessId=1, NeighborAddress={peer})"),
        ("ENTITYTRAP/4/OPTPWRABNORMAL(l)", "Optical power is abnormal. (EntPhysicalName={port})"),
    ),
    "linux": (
        ("CRON", "pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)"),
        ("systemd", "Started Daily clean-up of temporary directories."),
        ("chronyd", "Selected source 2001:db8:0:123::1"),
    ),
}  # fmt: skip


def daily_noise(world: World) -> Iterator[Deed]:
    """All machine talk of the world's days, in no order."""
    for node in world.nodes:
        if node.platform in NOTICES:
            yield from map(Deed, _notices(world, node))
        if node.ports:
            yield from map(Deed, _flaps(world, node))
    yield from map(Deed, _knocking(world))
    yield from _wrong_community(world)


def moments(world: World, chance: Random, count: int) -> Iterator[datetime]:
    """`count` moments spread evenly at random over the world's days, in no order."""
    start = datetime.combine(world.starts, time(), UTC)
    for _ in range(count):
        yield start + timedelta(seconds=chance.uniform(0, 86_400 * world.days))


def _notices(world: World, node: Node) -> Iterator[Act]:
    chance = stream(world.seed, "notices", node.short)
    around = tuple(n.loopback for n in world.nodes if n.loopback)[:12]
    for moment in moments(world, chance, chance.randint(30, 60) * world.days):
        mnemonic, text = chance.choice(NOTICES[node.platform])
        port = chance.choice(node.ports) if node.ports else ""
        detail = {"mnemonic": mnemonic, "text": text.format(peer=chance.choice(around), port=port)}
        if node.platform == "linux":
            detail["process"] = mnemonic
        yield Act(moment, node.name, "notice", detail=detail)


def _flaps(world: World, node: Node) -> Iterator[Act]:
    """Access ports go down and up again; so do routing neighbours, more rarely."""
    chance = stream(world.seed, "flaps", node.short)
    often = 12 if node.role in ("access", "tower", "leaf") else 3
    for moment in moments(world, chance, often * world.days):
        back = moment + timedelta(seconds=chance.uniform(2, 90))
        if node.public and chance.random() < 0.4:
            peer = {"peer": chance.choice(world.peers)}
            yield Act(moment, node.name, "neighbour", detail={**peer, "state": "down"})
            yield Act(back, node.name, "neighbour", detail={**peer, "state": "up"})
        else:
            port = {"interface": chance.choice(node.ports)}
            yield Act(moment, node.name, "interface", detail={**port, "state": "down"})
            yield Act(back, node.name, "interface", detail={**port, "state": "up"})


def _knocking(world: World) -> Iterator[Act]:
    """The Internet's scanners at the edge routers' access lists."""
    for node in world.role("edge"):
        chance = stream(world.seed, "knocking", node.short)
        for moment in moments(world, chance, 650 * world.days):
            detail = {
                "list": "INFRA-IN",
                "sport": str(chance.randrange(1024, 65_000)),
                "target": node.public,
                "dport": chance.choice(("22", "23", "80", "443", "3389", "8080", "5060")),
            }
            yield Act(moment, node.name, "packet_denied", source=chance.choice(world.scanners), detail=detail)


def _wrong_community(world: World) -> Iterator[Deed]:
    """An NMS with last year's community string keeps asking, for some hours."""
    label = Label("wrong-community", "An NMS asks with an old community", "twin", ("R-04",))
    chance = stream(world.seed, "community")
    source = world.role("nms")[1].management
    start = datetime.combine(world.starts + timedelta(days=1), time(9, 10), UTC)
    routers = world.role("pe")
    for node in (*chance.sample(routers, min(2, len(routers))), *chance.sample(world.role("bng"), 1)):
        for beat in range(36):
            moment = start + timedelta(seconds=300 * beat + chance.uniform(0, 2))
            yield Deed(Act(moment, node.name, "snmp_refused", source=source, detail={"to": node.management}), label)
