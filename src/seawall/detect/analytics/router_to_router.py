"""A login protocol from one piece of network equipment to another: people come from jump hosts, intruders walk from
router to router.

A pair counts unless it spoke so on three different days: what is done every day is somebody's habit. Only answered
flows count.

False positives: engineers who hop through a router because the way is short; out-of-band terminal servers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import vocabulary
from seawall.detect.base import About, Analytic
from seawall.detect.traffic import roles, telling
from seawall.detect.traffic.oriented import oriented
from seawall.model.severity import Severity
from seawall.model.site import Site

DOORS: Final = {22: "SSH", 23: "telnet", 830: "NETCONF", 57722: "SSH of IOS XR's host"}
_KEYS: Final = ("client", "server", "port")
_FURTHER: Final = ("door", "sessions", "days")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First sessions of every two devices."""
    rows = oriented(views["flows"])
    who = roles.roles(rows, site)
    rows = rows.filter(rows.port.isin(sorted(DOORS)) & rows.answered & (rows.proto == "tcp"))
    rows = rows.filter(who.is_equipment(rows.client) & who.is_equipment(rows.server) & ~who.is_manager(rows.client))
    by = rows.group_by(list(_KEYS)).aggregate(sessions=rows.count(), days=(rows.seconds // 86_400).nunique())
    found = rows.join(by.filter(by.days < 3), list(_KEYS))
    found = found.mutate(door=ibis.cases(*((found.port == port, name) for port, name in DOORS.items()), else_=""))
    return telling.evidence(found, _KEYS, _FURTHER)


ANALYTIC: Final = Analytic(
    about=About(
        id="flows.router_to_router",
        title="Login from router to router",
        severity=Severity.HIGH,
        confidence=70,
        needs=telling.needs(),
        attack=(vocabulary.versioned("T1021.004"),),
        tags=("behaviour:L-01",),
        why=("equipment {src_ip} had {sessions} {door} sessions with equipment {dst_ip} on {days} days"),
        gap=telling.LASTING,
        learned=False,
    ),
    subject=telling.subject(*_FURTHER),
    question=question,
)
