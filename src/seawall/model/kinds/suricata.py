"""What Suricata saw on the wire, in its own names (EVE JSON), levels joined by `_`."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import Column, EventKind

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "suricata",
        "An event Suricata wrote (EVE JSON): alert, flow, dns, http, tls … Nested names are joined by `_`, "
        "e.g. `alert_signature`.",
        (
            Column("event_type", "text", "alert, flow, netflow, dns, http, tls, ssh, fileinfo, stats …"),
            Column("flow_id", "int", "Suricata's number of the flow; the same in all events of it"),
            Column("src_port", "int", "port at src_ip"),
            Column("dest_ip", "text", "as dst_ip, in Suricata's spelling"),
            Column("dest_port", "int", "port at dest_ip"),
            Column("proto", "text", "TCP, UDP, ICMP …"),
            Column("app_proto", "text", "application protocol Suricata recognised"),
            Column("in_iface", "text", "interface it listened on"),
            Column("alert_signature", "text", "what the rule that fired is called"),
            Column("alert_signature_id", "int", "number of the rule"),
            Column("alert_category", "text", "class of the rule"),
            Column("alert_severity", "int", "1 is the worst"),
            Column("alert_action", "text", "allowed or blocked"),
            Column("http_hostname", "text", "Host header"),
            Column("http_url", "text", "request target, secrets masked"),
            Column("http_http_method", "text", "GET, POST …"),
            Column("http_http_user_agent", "text", "User-Agent header"),
            Column("http_status", "int", "status of the answer"),
            Column("http_length", "int", "octets of the answer's body"),
            Column("dns_id", "int", "number the client gave its question"),
            Column("dns_type", "text", "query and answer (version 3: request and response)"),
            Column("dns_rrname", "text", "name asked for"),
            Column("dns_rrtype", "text", "A, AAAA, TXT …"),
            Column("dns_rcode", "text", "NOERROR, NXDOMAIN …"),
            Column("dns_answers", "text", "answers, comma-separated"),
            Column("tls_sni", "text", "name the client asked for"),
            Column("tls_version", "text", "TLS 1.2 …"),
            Column("tls_subject", "text", "whom the certificate names"),
            Column("tls_issuerdn", "text", "who signed it"),
            Column("tls_ja3_hash", "text", "JA3 client fingerprint"),
            Column("fileinfo_filename", "text", "name of a file that passed"),
            Column("fileinfo_sha256", "text", "SHA-256, hex"),
            Column("fileinfo_md5", "text", "MD5, hex"),
            Column("fileinfo_size", "int", "octets seen"),
            Column("flow_start", "time", "first packet of the flow, UTC"),
            Column("flow_end", "time", "last packet of the flow, UTC"),
            Column("flow_bytes_toserver", "int", "octets from the client, link layer included"),
            Column("flow_bytes_toclient", "int", "octets from the server, link layer included"),
            Column("flow_pkts_toserver", "int", "packets from the client"),
            Column("flow_pkts_toclient", "int", "packets from the server"),
            Column("netflow_start", "time", "first packet of this direction, UTC"),
            Column("netflow_end", "time", "last packet of this direction, UTC"),
            Column("netflow_bytes", "int", "octets of this direction"),
            Column("netflow_pkts", "int", "packets of this direction"),
        ),
        open_ended=True,
        views=("flows", "dns", "http"),
    ),
)
