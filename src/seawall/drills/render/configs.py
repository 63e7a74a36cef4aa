"""Device configurations as their backup server keeps them: Cisco IOS and Junos."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from seawall.drills.world.model import Node, World


def write(node: Node, world: World, taken: datetime, extra: Sequence[str] = ()) -> list[str]:
    """The lines of a node's configuration; `extra` stands at the end of it (IOS) or nowhere (Junos has none)."""
    return _junos(node, world, taken) if node.platform == "junos" else [*_ios(node, world, taken, extra)]


def _ios(node: Node, world: World, taken: datetime, extra: Sequence[str]) -> list[str]:
    aaa = [n.management for n in world.role("aaa")]
    lines = [
        "!",
        f"! Last configuration change at {taken:%H:%M:%S} UTC {taken:%a %b} {taken.day} {taken.year} by svc-backup",
        "!",
        "version 17.9",
        "service timestamps log datetime msec show-timezone year",
        "service sequence-numbers",
        "service password-encryption",
        f"hostname {node.short}",
        "!",
        "aaa new-model",
        "aaa group server tacacs+ CARRIER",
        *(f" server name AAA{i}" for i, _ in enumerate(aaa, 1)),
        "aaa authentication login default group CARRIER local",
        "aaa accounting commands 15 default start-stop group CARRIER",
        "aaa accounting exec default start-stop group CARRIER",
        "!",
        f"ip domain name {world.domain}",
        "login on-failure log",
        "login on-success log",
        "username breakglass privilege 15 secret 9 $9$InventedForADrill$NotTheHashOfAnything",
        "!",
        "interface Loopback0",
        f" ip address {node.loopback} 255.255.255.255",
        "!",
    ]
    for number, port in enumerate(node.ports):
        lines += [f"interface {port}", f" description link {number}", " ip access-group INFRA-IN in"]
        lines += (
            [f" ip address {node.public} 255.255.255.0", "!"]
            if number == 0 and node.public
            else [" no ip address", "!"]
        )
    if node.role == "edge":
        lines += ["ip http secure-server", "ip http authentication local"]
    lines += [
        "ip access-list standard 20",
        f" permit {world.management_network.split('/')[0]} 0.0.0.255",
        "!",
        "archive",
        " log config",
        "  logging enable",
        "  notify syslog contenttype plaintext",
        "  hidekeys",
        *(f"logging host {n.management}" for n in world.role("syslog")[:1]),
        *(
            line
            for i, address in enumerate(aaa, 1)
            for line in (f"tacacs server AAA{i}", f" address ipv4 {address}", " key 7 0000000000000000")
        ),
        *(f"ntp server {n.management}" for n in world.role("ntp")),
        *extra,
        "line vty 0 4",
        " access-class 20 in",
        " transport input ssh",
        "!",
        "end",
    ]  # fmt: skip
    return lines


def _junos(node: Node, world: World, taken: datetime) -> list[str]:
    aaa, log = world.role("aaa")[0].management, world.role("syslog")[0].management
    return [
        f"## Last commit: {taken:%Y-%m-%d %H:%M:%S} UTC by svc-backup",
        "version 22.4R3.25;",
        "system {",
        f"    host-name {node.short};",
        "    authentication-order [ tacplus password ];",
        "    tacplus-server {",
        f'        {aaa} secret "$9$inventedForADrill"; ## SECRET-DATA',
        "    }",
        "    services {",
        "        ssh {",
        "            root-login deny;",
        "        }",
        "    }",
        "    syslog {",
        f"        host {log} {{",
        "            any notice;",
        "            interactive-commands any;",
        "        }",
        "    }",
        "}",
        "interfaces {",
        *(line for port in node.ports for line in (f"    {port} {{", f'        description "link {port}";', "    }")),
        "    lo0 {",
        "        unit 0 {",
        "            family inet {",
        f"                address {node.loopback}/32;",
        "            }",
        "        }",
        "    }",
        "}",
    ]
