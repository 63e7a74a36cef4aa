"""What Zeek saw on the wire. Its own names, dots as underscores."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import Column, EventKind

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "zeek_conn",
        "A connection Zeek saw (conn.log). Zeek's names, dots as underscores.",
        (
            Column("uid", "text", "Zeek's id of the connection"),
            Column("id_orig_h", "text", "client address"),
            Column("id_orig_p", "int", "client port"),
            Column("id_resp_h", "text", "server address"),
            Column("id_resp_p", "int", "server port"),
            Column("proto", "text", "tcp, udp, icmp, unknown_transport"),
            Column("service", "text", "application protocol Zeek recognised"),
            Column("duration", "float", "seconds"),
            Column("orig_bytes", "int", "payload octets from the client"),
            Column("resp_bytes", "int", "payload octets from the server"),
            Column("conn_state", "text", "S0, SF, REJ …"),
            Column("missed_bytes", "int", "octets Zeek did not see"),
            Column("history", "text", "state history letters"),
            Column("orig_pkts", "int", "packets from the client"),
            Column("orig_ip_bytes", "int", "IP octets from the client"),
            Column("resp_pkts", "int", "packets from the server"),
            Column("resp_ip_bytes", "int", "IP octets from the server"),
            Column("tunnel_parents", "text", "uids of enclosing tunnels, comma-separated"),
            Column("ip_proto", "int", "IANA protocol number (Zeek 7.1 and later)"),
        ),
        open_ended=True,
        views=("flows",),
    ),
    EventKind(
        "zeek_dns",
        "A DNS exchange Zeek saw (dns.log).",
        (
            Column("uid", "text", "Zeek's id of the connection"),
            Column("id_orig_h", "text", "client address"),
            Column("id_orig_p", "int", "client port"),
            Column("id_resp_h", "text", "server address"),
            Column("id_resp_p", "int", "server port"),
            Column("proto", "text", "tcp or udp"),
            Column("query", "text", "name asked for"),
            Column("qtype_name", "text", "A, AAAA, TXT …"),
            Column("rcode_name", "text", "NOERROR, NXDOMAIN …"),
            Column("answers", "text", "answers, comma-separated"),
        ),
        open_ended=True,
        views=("dns",),
    ),
    EventKind(
        "zeek_http",
        "An HTTP request Zeek saw (http.log).",
        (
            Column("uid", "text", "Zeek's id of the connection"),
            Column("id_orig_h", "text", "client address"),
            Column("id_orig_p", "int", "client port"),
            Column("id_resp_h", "text", "server address"),
            Column("id_resp_p", "int", "server port"),
            Column("method", "text", "GET, POST …"),
            Column("host", "text", "Host header"),
            Column("uri", "text", "request target as sent"),
            Column("user_agent", "text", "User-Agent header"),
            Column("status_code", "int", "status of the answer"),
        ),
        open_ended=True,
        views=("http",),
    ),
    EventKind(
        "zeek_ssl",
        "A TLS handshake Zeek saw (ssl.log).",
        (
            Column("uid", "text", "Zeek's id of the connection"),
            Column("id_orig_h", "text", "client address"),
            Column("id_orig_p", "int", "client port"),
            Column("id_resp_h", "text", "server address"),
            Column("id_resp_p", "int", "server port"),
            Column("version", "text", "TLSv12 …"),
            Column("server_name", "text", "name the client asked for (SNI)"),
            Column("ja3", "text", "JA3 client fingerprint"),
        ),
        open_ended=True,
    ),
    EventKind(
        "zeek_ssh",
        "An SSH session Zeek saw (ssh.log).",
        (
            Column("uid", "text", "Zeek's id of the connection"),
            Column("id_orig_h", "text", "client address"),
            Column("id_orig_p", "int", "client port"),
            Column("id_resp_h", "text", "server address"),
            Column("id_resp_p", "int", "server port"),
            Column("auth_success", "bool", "Zeek's guess whether the login worked"),
            Column("client", "text", "client banner"),
            Column("server", "text", "server banner"),
        ),
        open_ended=True,
        views=("logins",),
    ),
)
