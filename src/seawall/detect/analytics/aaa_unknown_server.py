"""TACACS+ or RADIUS to a server that is none of ours: whoever answers there collects the operators' passwords.

With `aaa_servers` in the site file every other server counts. Without it, a server counts if it is outside, or if one
host alone asks it while another server is asked by three or more.

False positives: a new server that is being brought in; roaming RADIUS between partners (name their proxies).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import vocabulary
from seawall.detect.base import About, Analytic
from seawall.detect.traffic import places, telling
from seawall.detect.traffic.oriented import oriented
from seawall.model.severity import Severity
from seawall.model.site import Site

PORTS: Final = (49, 1645, 1646, 1812, 1813)
_KEYS: Final = ("client", "server", "port")
_FURTHER: Final = ("protocol", "askers", "usual")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First flows of every client and unknown server."""
    rows = oriented(views["flows"])
    proto = ibis.ifelse(rows.port == 49, "tcp", "udp")
    rows = rows.filter(rows.port.isin(PORTS) & (rows.proto == proto) & ~rows.turned & places.inside(rows.client, site))
    by = rows.group_by("server", "port").aggregate(askers=rows.client.nunique())
    most = by.group_by("port").aggregate(usual=by.askers.max())
    by = by.join(most, "port")
    outside = ~places.inside(by.server, site)
    if site.aaa_servers:
        by = by.filter(~places.one_of(by.server, site.aaa_servers))
    else:
        by = by.filter(outside | ((by.askers == 1) & (by.usual >= 3)))
    rows = rows.join(by, ["server", "port"])
    rows = rows.mutate(protocol=ibis.ifelse(rows.port == 49, "TACACS+", "RADIUS"))
    return telling.evidence(rows, _KEYS, _FURTHER)


ANALYTIC: Final = Analytic(
    about=About(
        id="flows.aaa_unknown_server",
        title="Logins checked by an unknown AAA server",
        severity=Severity.HIGH,
        confidence=75,
        needs=telling.needs(),
        attack=(vocabulary.versioned("T1556.004"),),
        tags=(
            "behaviour:C-06",
            "behaviour:C-07",
        ),
        why=("{src_ip} asked {dst_ip} by {protocol}, a server {askers} hosts ask; the usual one is asked by {usual}"),
        gap=telling.LASTING,
        learned=False,
    ),
    subject=telling.subject(*_FURTHER),
    question=question,
)
