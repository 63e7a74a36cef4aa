"""Drop what one address and our own infrastructure say to each other, by BGP Flowspec (RFC 8955, RFC 8956).

Each rule names both sides, a protocol, and ports that leave out what routing and control protocols use; it carries
NO_EXPORT. Rules come in both directions: over TCP, over UDP, and over what tunnels are made of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from seawall.errors import InputError
from seawall.response.addresses import Network, network
from seawall.response.base import Kind, Written

PORTS: Final = {"tcp": "[ <179 >179&<639 >646 ]", "udp": "[ <520 >646&<3784 >4784 ]"}
"""Ports of each protocol that a rule matches, as ExaBGP writes them (RFC 8955, 4.2.1.1).

Left out: BGP 179, MSDP 639, LDP 646; RIP 520 and 521, BFD 3784, 3785 and 4784, with what lies between, since a router
may take no more than five operators for a component: FRR 8.4 ends the session over a sixth, and with it every rule.
"""
_TUNNELS: Final = (4, 41, 47, 50, 51)  # IP in IP, IPv6 in IP, GRE, ESP, AH: never 46 RSVP, 88, 89, 103, 112, 115, 124
ACTION: Final = "then { discard; community [ no-export ]; }"


def matches(address: Network, guarded: Network) -> Iterator[str]:
    """The matching half of each rule."""
    word = "protocol" if address.version == 4 else "next-header"
    for source, destination in ((address, guarded), (guarded, address)):
        sides = f"source {source}; destination {destination};"
        for protocol, ports in PORTS.items():
            yield f"match {{ {sides} {word} ={protocol}; source-port {ports}; destination-port {ports}; }}"
        yield f"match {{ {sides} {word} [ {' '.join(f'={number}' for number in _TUNNELS)} ]; }}"


def _write(values: Mapping[str, str], lasts_s: int) -> Written:  # noqa: ARG001 - BGP has no timer: ours withdraws
    address, guarded = network(values["address"]), network(values["guarded"])
    if address.version != guarded.version:
        raise InputError(f"{address} and {guarded} are of different families", mend="guard a network of the same one")
    rules = list(matches(address, guarded))
    return Written(
        do="".join(f"announce flow route {{ {rule} {ACTION} }}\n" for rule in rules),
        undo="".join(f"withdraw flow route {{ {rule} {ACTION} }}\n" for rule in rules),
        verify=f"the router's flowspec table holds {len(rules)} rules between {address} and {guarded}, rate 0",
    )


KIND: Final = Kind(
    "flowspec", "Drop an address before our infrastructure", "block", "bgp", ("address", "guarded"), _write, 70
)
