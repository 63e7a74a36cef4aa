"""Query logs of name servers: BIND with its print options, Unbound, dnsmasq."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from seawall.drills.render.sender import MONTHS, stamp

FORMS: Final = ("bind", "bind-old", "bind-bare", "unbound", "unbound-reply", "dnsmasq", "coredns")


@dataclass(frozen=True, slots=True)
class Query:
    """One question."""

    time: datetime  # UTC
    client: str
    port: int
    name: str  # without final dot
    qtype: str
    server: str = "192.0.2.53"
    rcode: str = "NOERROR"


def write(query: Query, form: str = "bind") -> str:
    """The line a server logs for a question."""
    t = query.time
    bind = f"{t.day:02d}-{MONTHS[t.month]}-{t.year} {t:%H:%M:%S}.{t.microsecond // 1000:03d}"
    asked = f"query: {query.name} IN {query.qtype} +E(0)K ({query.server})"
    seconds = int(t.timestamp())
    match form:
        case "bind":
            return f"{bind} queries: info: client @0x7f3c5c0 {query.client}#{query.port} ({query.name}): {asked}"
        case "bind-old":
            return f"{bind} client {query.client}#{query.port}: query: {query.name} IN {query.qtype} +"
        case "bind-bare":
            return f"client @0x7f3c5c0 {query.client}#{query.port} ({query.name}): view inside: {asked}"
        case "unbound":
            return f"[{seconds}] unbound[611:0] info: {query.client} {query.name}. {query.qtype} IN"
        case "unbound-reply":
            reply = f"{query.name}. {query.qtype} IN {query.rcode} 0.004211 0 56"
            return f"[{seconds}] unbound[611:0] info: {query.client} {reply}"
        case "dnsmasq":
            return f"{stamp(t)} dnsmasq[611]: query[{query.qtype}] {query.name} from {query.client}"
        case _:
            question = f'"{query.qtype} IN {query.name}. udp 41 false 4096"'
            client = f"[{query.client}]" if ":" in query.client else query.client
            return f"[INFO] {client}:{query.port} - 29008 {question} {query.rcode} qr,rd,ra 68 0.037990251s"
