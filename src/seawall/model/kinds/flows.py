"""Flows that routers, probes and clouds export: one kind, whatever wrote them."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import Column, EventKind

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "flow_records",
        "A flow as an exporter or collector wrote it (NetFlow v5 and v9, IPFIX, sFlow, nfdump, Argus, SiLK, pmacct, "
        "GoFlow2, ntopng, VPC flow logs), or as the packets of a capture come to. `time` is its first packet; columns "
        "nobody knows are kept under their own names.",
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
            Column("est_bytes", "int", "octets estimated: `src_bytes` times `sampling`; null if the rate is unknown"),
            Column("est_pkts", "int", "packets estimated: `src_pkts` times `sampling`; null if the rate is unknown"),
            Column("sampling_from", "text", "who says the rate: record, options, header or sample; null if unknown"),
            Column("end_reason", "text", "why the record ended: idle, active (goes on), end, forced, lack"),
            Column("input_if_name", "text", "name of `input_if`, where the exporter announced it"),
            Column("output_if_name", "text", "name of `output_if`, where the exporter announced it"),
            Column("vlan", "int", "VLAN of the frame, outermost"),
            Column("icmp_type", "int", "ICMP type"),
            Column("icmp_code", "int", "ICMP code"),
            Column("domain", "int", "observation domain, source id, engine or sub-agent of the exporter"),
            Column("export_format", "text", "netflow5, netflow9, ipfix, sflow5 or pcap; null for files of collectors"),
            Column("tunnel", "text", "gre, ipip, 6in4, erspan, vxlan, gtp-u, l2tp … where the packets were seen"),
            Column("inner_src_ip", "text", "source address inside the tunnel"),
            Column("inner_dst_ip", "text", "destination address inside the tunnel"),
            Column("inner_proto", "text", "transport protocol inside the tunnel, lower case"),
            Column("inner_src_port", "int", "source port inside the tunnel"),
            Column("inner_dst_port", "int", "destination port inside the tunnel"),
        ),
        open_ended=True,
        views=("flows", "devices", "heard"),
    ),
    EventKind(
        "flow_counts",
        "Exported flows of others, counted instead of kept (`keep` in seawall.toml): sums per minute, exporter, "
        "protocol and port. `time` is the minute; no address of an end is left.",
        (
            Column("exporter", "text", "who exported them, as `observer`"),
            Column("proto", "text", "transport protocol, lower case"),
            Column("ip_proto", "int", "IANA protocol number, where known"),
            Column("port_from", "int", "destination port; from 1024 on the first of its range: 1024, 4096, 16384 …"),
            Column("sampling", "int", "one packet in so many was looked at; null if unknown"),
            Column("flows", "int", "records counted"),
            Column("src_bytes", "int", "octets from src to dst, as counted: not multiplied by `sampling`"),
            Column("dst_bytes", "int", "octets from dst to src, where counted"),
            Column("src_pkts", "int", "packets from src to dst, as counted"),
            Column("dst_pkts", "int", "packets from dst to src, where counted"),
            Column("est_bytes", "int", "octets estimated, where the rate is known"),
            Column("est_pkts", "int", "packets estimated, where the rate is known"),
        ),
        views=("devices", "heard"),
    ),
)
