"""What the programs on servers log: web servers, resolvers, file transfer."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import Column, EventKind

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "web",
        "A request a web server or proxy logged, or an error line of one. `key=value` fields of own log formats are "
        "text columns of their own.",
        (
            Column("method", "text", "GET, POST …"),
            Column("host", "text", "name asked for: Host header or virtual host"),
            Column("uri", "text", "request target as sent, secrets masked"),
            Column("protocol", "text", "HTTP/1.1 …"),
            Column("status", "int", "status of the answer"),
            Column("bytes", "int", "octets sent to the client"),
            Column("referrer", "text", "Referer header, secrets masked"),
            Column("user_agent", "text", "User-Agent header"),
            Column("forwarded_for", "text", "X-Forwarded-For as written: what the client or a proxy claims"),
            Column("src_port", "int", "client port, if logged"),
            Column("dst_port", "int", "server port, if logged"),
            Column("level", "text", "severity of an error line"),
            Column("message", "text", "text of an error line, secrets masked"),
            Column("raw", "text", "whole line, secrets masked"),
        ),
        open_ended=True,
        views=("http", "accesses", "devices"),
    ),
    EventKind(
        "dns_queries",
        "A name asked for or answered, as a resolver or name server logged it.",
        (
            Column("message", "text", "query or response"),
            Column("query", "text", "name asked for, as written"),
            Column("qclass", "text", "IN, CH …"),
            Column("qtype", "text", "A, AAAA, TXT …"),
            Column("rcode", "text", "NOERROR, NXDOMAIN …; DENIED where the server refused to ask"),
            Column("answers", "text", "answers, comma-separated"),
            Column("src_port", "int", "port of the asker"),
            Column("proto", "text", "udp, tcp, dot, doh …, where the log says"),
            Column("flags", "text", "flags as the server writes them"),
            Column("server_view", "text", "view or zone of the server that answered"),
            Column("raw", "text", "whole line; null for binary logs"),
        ),
        views=("dns", "devices"),
    ),
    EventKind(
        "transfers",
        "A file sent, fetched, changed or listed over FTP or SFTP.",
        (
            Column("action", "text", "read, write, delete, list, login, admin"),
            Column("direction", "text", "out (to the client), in (from the client)"),
            Column("object", "text", "path of the file, as written"),
            Column("new_object", "text", "path after a rename"),
            Column("bytes", "int", "octets moved"),
            Column("seconds", "float", "how long it took"),
            Column("service", "text", "ftp, ftps, sftp"),
            Column("outcome", "text", "success or failure, where the record says"),
            Column("activity", "text", "login or logout, else null"),
            Column("session", "text", "process id of the session"),
            Column("system", "text", "program that logged"),
            Column("raw", "text", "whole line, secrets masked"),
        ),
        views=("accesses", "logins", "devices"),
    ),
)
