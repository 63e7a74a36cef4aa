"""The views over what servers log: `http`, `accesses` and `nat`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from seawall.engine import view_suricata
from seawall.engine.view_rows import own, rows, texts
from seawall.model.events import ColumnType

Columns = Mapping[str, ColumnType]


def _http(kind: str, columns: Columns) -> str:
    if kind == "suricata":
        return rows(kind, columns, view_suricata.http_items(columns, own), view_suricata.HTTP_WHERE)
    host, server = own(columns, "host"), own(columns, "id_resp_h", "dst_ip")
    named = f"coalesce({own(columns, 'device')}, {own(columns, 'observer')})" if kind == "web" else "NULL::VARCHAR"
    items = {
        "server": f"coalesce({named}, {server}, {host})",
        **texts(columns, "user", "forwarded_for", "method", "uri", "referrer", "user_agent", "raw"),
        "host": host,
        "src_ip": own(columns, "id_orig_h", "src_ip"),
        "src_port": own(columns, "id_orig_p", "src_port", word="int"),
        "dst_ip": server,
        "dst_port": own(columns, "id_resp_p", "dst_port", word="int"),
        "status": own(columns, "status_code", "status", word="int"),
        "bytes": own(columns, "response_body_len", "bytes", word="int"),
    }
    where = f"{own(columns, 'uri')} IS NOT NULL" if kind == "web" else "true"  # error lines may name no request
    return rows(kind, columns, items, where)


# What a request does to the data behind it (RFC 9110, section 9; RFC 4918 for WebDAV).
_METHODS: Final = {
    "read": ("GET", "HEAD"),
    "write": ("POST", "PUT", "PATCH", "MKCOL", "COPY", "MOVE", "PROPPATCH"),
    "delete": ("DELETE",),
    "list": ("PROPFIND", "OPTIONS", "SEARCH", "REPORT"),
}


def _accesses(kind: str, columns: Columns) -> str:
    numbers = {name: own(columns, name, word="int") for name in ("rows", "bytes")}
    if kind != "web":
        items = {**texts(columns, "user", "src_ip", "system", "action", "object", "outcome", "raw"), **numbers}
        return rows(kind, columns, items, f"{own(columns, 'action')} IS NOT NULL")
    words = " ".join(
        f"WHEN upper({own(columns, 'method')}) IN ({', '.join(repr(m) for m in methods)}) THEN '{action}'"
        for action, methods in _METHODS.items()
    )
    status = own(columns, "status", word="int")
    items = {
        **texts(columns, "user", "src_ip"),
        "system": f"coalesce({own(columns, 'host')}, 'web server')",
        "action": f"CASE {words} END",
        "object": own(columns, "uri"),
        "outcome": f"CASE WHEN {status} < 400 THEN 'success' WHEN {status} >= 400 THEN 'failure' END",
        **texts(columns, "raw"),
        **numbers,
    }
    return rows(kind, columns, items, f"{own(columns, 'user')} IS NOT NULL AND {own(columns, 'uri')} IS NOT NULL")


def _nat(kind: str, columns: Columns) -> str:
    ports = ("inside_port", "outside_port", "outside_port_end", "dst_port")
    items = {
        **texts(columns, "inside_ip", "outside_ip", "dst_ip", "user", "proto", "action", "raw"),
        **{name: own(columns, name, word="int") for name in ports},
    }
    return rows(kind, columns, items)


MAKERS: Final[Mapping[str, Callable[[str, Columns], str]]] = {"http": _http, "accesses": _accesses, "nat": _nat}
