"""Access logs as JSON lines, by the names nginx, Apache, Caddy, Traefik and Envoy deployments give the fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from seawall.sources.base import Reading
from seawall.sources.line_format import Told, kept, number, said
from seawall.sources.line_times import time_at_start
from seawall.sources.records import NEVER, When
from seawall.sources.web_lines import address_of, request_of

_NAMES: Final[dict[str, tuple[str, ...]]] = {  # ours → theirs, lower case, best first
    "method": ("method", "request_method", "http_method", "verb", "requestmethod", "request.method"),
    "uri": ("uri", "request_uri", "path", "url", "requestpath", "request.uri", "x-envoy-original-path"),
    "protocol": ("protocol", "server_protocol", "proto", "requestprotocol", "request.proto"),
    "status": ("status", "status_code", "response_code", "downstreamstatus", "code"),
    "bytes": ("body_bytes_sent", "bytes_sent", "bytes", "size", "downstreamcontentsize", "response_size"),
    "client": (
        "remote_addr",
        "client_ip",
        "clientip",
        "client",
        "remote_ip",
        "clienthost",
        "remotehost",
        "src_ip",
        "request.remote_ip",
        "downstream_remote_address",
        "remote",
    ),
    "src_port": ("remote_port", "client_port", "clientport", "request.remote_port"),
    "user": ("remote_user", "user", "clientusername", "username", "user_id"),
    "host": ("http_host", "host", "vhost", "server_name", "requesthost", "authority", "request.host"),
    "dst_port": ("server_port", "requestport"),
    "referrer": ("http_referer", "referer", "referrer", "http_referrer", "request_referer"),
    "user_agent": ("http_user_agent", "user_agent", "agent", "useragent", "request_user-agent"),
    "forwarded_for": ("http_x_forwarded_for", "x_forwarded_for", "xff", "x-forwarded-for"),
}
# Fields by which requests seen on the wire are known: Zeek and Suricata have tables of their own.
_SENSORS: Final = frozenset({"id.orig_h", "id_orig_h", "event_type", "flow_id"})
_TIMES: Final = (
    "time_iso8601",
    "time_local",
    "time",
    "timestamp",
    "@timestamp",
    "starttime",
    "ts",
    "msec",
    "start_time",
)
_INTS: Final = frozenset({"status", "bytes", "src_port", "dst_port"})


def tell(text: str, reading: Reading) -> Told | None:
    """What a JSON line says; None if it is no JSON object or no request."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or _SENSORS & record.keys():
        return None
    flat = {name.lower(): value for name, value in _flat(record) if isinstance(value, (str, int, float))}
    found: dict[str, str | None] = {
        ours: next((said(str(flat[name])) for name in theirs if name in flat), None) for ours, theirs in _NAMES.items()
    }
    request = flat.get("request")
    if isinstance(request, str) and " " in request:
        found.update({k: v for k, v in request_of(request).items() if v})
    if found["status"] is None or found["uri"] is None or not (found["method"] or found["protocol"]):
        return None
    values: dict[str, Any] = {
        name: number(value) if name in _INTS else kept(value) for name, value in found.items() if name != "client"
    }
    values |= {k: v for k, v in address_of(found["client"] or "").items() if v}
    values["raw"] = kept(text)
    return Told(values, _when(flat, reading))


def _flat(record: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """Fields, and those one level down as `outer.inner`."""
    made: list[tuple[str, Any]] = []
    for name, value in record.items():
        made.append((name, value))
        if isinstance(value, dict):
            made += [(f"{name}.{inner}", deep) for inner, deep in value.items()]
    return made


def _when(flat: Mapping[str, Any], reading: Reading) -> When:
    for name in _TIMES:
        if name in flat:
            value = flat[name]
            when = time_at_start(f"{value:.6f}" if isinstance(value, float) else str(value), reading)
            if when is not NEVER:
                return when
    return NEVER
