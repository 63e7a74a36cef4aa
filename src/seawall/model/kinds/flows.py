"""Flows that routers, probes and clouds export: one kind, whatever wrote them."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import Column, EventKind

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "flow_records",
        "A flow as an exporter or collector wrote it (nfdump, Argus, SiLK, pmacct, GoFlow2, ntopng, VPC flow logs). "
        "`time` is its first packet; columns nobody knows are kept under their own names.",
        (
            Column("src_port", "int", "port of the side the record starts with"),
            Column("dst_port", "int", "port of the other side; for ICMP type * 256 + code where the source says it"),
            Column("proto", "text", "transport protocol, lower case: tcp, udp, icmp, gre …; else its number"),
            Column("ip_proto", "int", "IANA protocol number, where known"),
            Column("end_time", "time", "last packet, UTC"),
            Column("duration", "float", "seconds"),
            Column("src_bytes", "int", "octets from src to dst, as counted: not multiplied by `sampling`"),
            Column("dst_bytes", "int", "octets from dst to src; null if the record is one-way, or counts none"),
            Column("src_pkts", "int", "packets from src to dst, as counted"),
            Column("dst_pkts", "int", "packets from dst to src; null if the record is one-way, or counts none"),
            Column("tcp_flags", "text", "flags or states, as written"),
            Column("tos", "int", "type of service octet"),
            Column("input_if", "text", "interface it came in at: SNMP index or name"),
            Column("output_if", "text", "interface it left by: SNMP index or name"),
            Column("next_hop", "text", "next hop address"),
            Column("src_as", "int", "autonomous system of src"),
            Column("dst_as", "int", "autonomous system of dst"),
            Column("sampling", "int", "one packet in so many was looked at; null if the record does not say"),
            Column("exporter", "text", "who exported it, as `observer`"),
            Column("direction", "text", "direction, as written"),
            Column("app", "text", "application protocol, where recognised"),
            Column("action", "text", "what a filter did with it: accept, reject …, as written"),
            Column("label", "text", "label somebody gave it"),
        ),
        open_ended=True,
        views=("flows", "devices", "heard"),
    ),
)
