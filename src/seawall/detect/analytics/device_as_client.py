"""Network equipment that opens a session to a host outside: file transfer, web, SSH or anything else that is not a
service routers need (time, names, routing, logs, flow export).

Routers answer; they rarely call. One that fetches or hands over files to a stranger, or opens SSH to one, is being
walked through. Ends the site approves (tunnels, mirrors, AAA, NMS, syslog) are left out.
Servers that three devices or more call on one port are a service of theirs.

False positives: call-home and licence services of vendors, software updates fetched by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import vocabulary
from seawall.detect.base import About, Analytic
from seawall.detect.traffic import places, roles, telling
from seawall.detect.traffic.oriented import oriented
from seawall.model.severity import Severity
from seawall.model.site import Site

NEEDED: Final = (49, 53, 123, 179, 514, 646, 2123, 2152, 3868, 1812, 1813, 2055, 3784, 4739, 6343, 6514, 9995, 9996)
FILES: Final = (20, 21, 69, 989, 990)
_KEYS: Final = ("client", "server", "port", "proto")
_FURTHER: Final = ("what", "sessions", "sent_in_all")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First sessions of every device, outside host and port."""
    rows = oriented(views["flows"])
    who = roles.roles(rows, site)
    rows = rows.filter(rows.proto.isin(["tcp", "udp"]) & (rows.port > 0) & ~rows.port.isin(NEEDED) & ~rows.turned)
    rows = rows.filter(who.is_equipment(rows.client) & ~who.is_ours(rows.server) & ~places.nobody(rows.server))
    rows = rows.filter(rows.answered | rows.one_way | rows.port.isin(FILES))
    approved = [end.address for end in (*site.tunnel_ends, *site.mirror_ends)]
    approved += [*site.aaa_servers, *site.nms_servers, *site.syslog_servers]
    rows = rows.filter(~places.one_of(rows.server, approved))
    shared = rows.group_by("server", "port").aggregate(devices=rows.client.nunique())
    rows = rows.semi_join(shared.filter(shared.devices <= 2), ["server", "port"])
    window = ibis.window(group_by=list(_KEYS))
    what = ibis.cases((rows.port.isin(FILES), "file transfer"), (rows.port == 22, "SSH"), else_="session")
    rows = rows.mutate(
        what=what, sessions=rows.count().over(window), sent_in_all=rows.sent.fill_null(0).sum().over(window)
    )
    return telling.evidence(rows, _KEYS, _FURTHER)


ANALYTIC: Final = Analytic(
    about=About(
        id="flows.device_as_client",
        title="Network equipment calls a host outside",
        severity=Severity.HIGH,
        confidence=75,
        needs=telling.needs(),
        attack=(
            vocabulary.versioned("T1090"),
            vocabulary.versioned("T1048.003"),
        ),
        tags=(
            "behaviour:N-01",
            "behaviour:X-01",
            "behaviour:E-09",
        ),
        why=(
            "equipment {src_ip} opened {sessions} times a {what} to {dst_ip} port {dst_port}, {sent_in_all} octets sent"
        ),
        gap=telling.LASTING,
        learned=False,
    ),
    subject=telling.subject(*_FURTHER),
    question=question,
)
