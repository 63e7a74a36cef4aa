"""What networks report about themselves: address translations and SNMP notifications."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import ACT, Column, EventKind

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "nat_logs",
        "An address translation made or ended by a carrier-grade NAT, firewall or router (RFC 6908, RFC 7422).",
        (
            Column("inside_ip", "text", "address before translation"),
            Column("inside_port", "int", "port before translation; null for blocks"),
            Column("outside_ip", "text", "address after translation"),
            Column("outside_port", "int", "port after translation; first of the block for port-block allocation"),
            Column("outside_port_end", "int", "last port of the block; null for single translations"),
            Column("dst_port", "int", "port of the far end, where logged"),
            Column("proto", "text", "transport protocol, lower case"),
            Column("action", "text", "create or delete"),
            Column("raw", "text", "whole line"),
        ),
        views=("nat", "devices"),
    ),
    EventKind(
        "snmp_traps",
        "An SNMP trap or inform, as snmptrapd logged it.",
        (
            Column("version", "text", "1, 2c or 3, where the record says"),
            Column("trap", "text", "name of the trap, without its module; its OID if no name is known"),
            Column("trap_oid", "text", "object identifier as written, of snmpTrapOID or of enterprise and number"),
            Column("enterprise", "text", "enterprise of a version 1 trap, as written"),
            Column("uptime", "text", "uptime of the sender, as written"),
            Column("varbinds", "text", "further values, `name = value`, tab-separated, secrets masked"),
            Column("raw", "text", "whole record, its lines joined by ` | `, community masked"),
            *ACT,
        ),
        views=("logins", "config_changes", "devices", "heard"),
    ),
)
