"""SSH or a web interface where none belongs: the ports published of intruders (57722, 22x22, xxx22, 18xxx) on our
hosts, and SSH that a sensor recognised anywhere but on 22.

On network equipment any answered flow to such a port counts; on other hosts the port alone says little, so only
57722, 22x22 and recognised SSH count there.

False positives: administrators who moved SSH by policy; jump hosts that listen on another port.
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

SSH_LIKE: Final = r"^(?:57722|22[0-9]22|[0-9]{1,3}22)$"
SURE: Final = r"^(?:57722|22[0-9]22)$"
SSH_BY_RIGHT: Final = (22, 122, 830, 4334)  # 830: NETCONF (RFC 6242); 4334: its call home (RFC 8071)
WEB_LIKE: Final = r"^18[0-9]{3}$"
_KEYS: Final = ("client", "server", "port")
_FURTHER: Final = ("looks", "on", "sessions")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First sessions of every client, server and port."""
    rows = oriented(views["flows"])
    who = roles.roles(rows, site)
    rows = rows.filter((rows.proto == "tcp") & rows.answered & ~rows.port.isin(SSH_BY_RIGHT) & (rows.port > 0))
    port, app = rows.port.cast("string"), rows.app.fill_null("").lower()
    device = who.is_equipment(rows.server)
    spoken = app.isin(["ssh", "ssh2"])
    published = device & port.re_search(SSH_LIKE)
    web = device & (port.re_search(WEB_LIKE) | (app.isin(["http", "https", "ssl", "tls"]) & (rows.port > 10_000)))
    sure = places.inside(rows.server, site) & port.re_search(SURE) & (rows.client_port.fill_null(0) > 1_023)
    looks = ibis.cases(
        (spoken, "SSH, recognised"), (published | sure, "a published port of SSH"), (web, "a web interface")
    )
    rows = rows.mutate(looks=looks, on=ibis.ifelse(device, "network equipment", "a host"))
    rows = rows.filter(rows.looks.notnull() & ~places.nobody(rows.server))
    rows = rows.mutate(sessions=rows.count().over(ibis.window(group_by=list(_KEYS))))
    return telling.evidence(rows, _KEYS, _FURTHER)


ANALYTIC: Final = Analytic(
    about=About(
        id="flows.odd_port",
        title="SSH or web interface on an odd port",
        severity=Severity.HIGH,
        confidence=65,
        needs=telling.needs("app"),
        attack=(
            vocabulary.versioned("T1571"),
            vocabulary.versioned("T1021.004"),
        ),
        tags=(
            "behaviour:P-05",
            "behaviour:P-06",
            "behaviour:P-07",
            "behaviour:N-04",
        ),
        why=("{src_ip} had {sessions} sessions with {dst_ip} port {dst_port}, {on}: {looks}"),
        gap=telling.LASTING,
        learned=False,
    ),
    subject=telling.subject(*_FURTHER),
    question=question,
)
