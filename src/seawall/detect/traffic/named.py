"""Calls by name, for where addresses hide who was called: a proxy stands between, or one name has many addresses.

Three sources: requests to a proxy (CONNECT, or a whole URL; the name is the server called, the port the proxy's), names
in TLS handshakes that one client met at two addresses or more, and names asked of a resolver. Rows have the columns of
`series`, with the name as `server`; octets are unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect.baseline import seconds as whole_seconds

_HOST: Final = r"^(?:[a-zA-Z]+://)?(?:[^/@]*@)?([a-zA-Z0-9_-][a-zA-Z0-9._-]*)"
_TURNED: Final = r"\.(?:in-addr|ip6)\.arpa$|\.local$"  # reverse look-ups and names of the link


def series(views: Mapping[str, Any]) -> list[Any]:
    """Tables of calls by name, one for each source that is there."""
    made = []
    if "http" in views:
        made.append(_proxied(views["http"]))
    if "zeek_ssl" in views:
        made.append(_tls(views["zeek_ssl"]))
    if "dns" in views:
        made.append(_asked(views["dns"]))
    return made


def _proxied(http: Any) -> Any:
    """Requests to proxies."""
    rows = http.filter(http.src_ip.notnull() & http.time.notnull() & http.uri.notnull())
    whole = rows.uri.lower().re_search("^https?://")
    rows = rows.filter((rows.method.upper() == "CONNECT") | whole)
    name = rows.uri.lower().re_extract(_HOST, 1)
    rows = rows.mutate(client=rows.src_ip, name=name, at_port=rows.dst_port.fill_null(0))
    return _shaped(rows.filter(rows.name != ""), "tcp")


def _tls(ssl: Any) -> Any:
    """Handshakes with a name that one client met at two addresses or more."""
    rows = ssl.filter(ssl.id_orig_h.notnull() & ssl.time.notnull() & ssl.server_name.notnull())
    rows = rows.mutate(client=rows.id_orig_h, name=rows.server_name.lower(), at_port=rows.id_resp_p.fill_null(0))
    several = rows.group_by("client", "name").aggregate(ends=rows.id_resp_h.nunique())
    rows = rows.semi_join(several.filter(several.ends > 1), ["client", "name"])
    return _shaped(rows, "tcp")


def _asked(dns: Any) -> Any:
    """Names asked for; each question is a call."""
    rows = dns.filter(dns.src_ip.notnull() & dns.time.notnull() & dns["query"].notnull())
    rows = rows.filter(rows["query"].re_search(r"\.") & ~rows["query"].re_search(_TURNED))
    return _shaped(rows.mutate(client=rows.src_ip, name=rows["query"], at_port=ibis.literal(53)), "dns")


def _shaped(rows: Any, proto: str) -> Any:
    nothing = ibis.null("int64")
    seconds = whole_seconds(rows.time).cast("int64")
    return rows.select(
        "event_id",
        "time",
        "origin",
        client=rows.client,
        server=rows.name,
        port=rows.at_port.cast("int64"),
        proto=ibis.literal(proto),
        client_port=nothing,
        seconds=seconds,
        until=seconds,
        sent=nothing,
        got=nothing,
        one_way=ibis.literal(False),
        exported=ibis.literal(False),
        turned=ibis.literal(False),
        answered=ibis.literal(True),
        by_name=ibis.literal(True),
    )
