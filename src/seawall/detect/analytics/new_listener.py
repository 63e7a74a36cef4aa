"""A port on which a piece of network equipment never answered before.

The device must have been seen half a day or longer before it first answers there, and the port must not be one that a
third of the equipment answers on. Ports from 32768 count only if two clients reached them: below that they may be the
far end of a call.

False positives: a service switched on by plan; the first day of a new management tool.
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

BEFORE: Final = 12 * 3_600
_KEYS: Final = ("server", "port")
_FURTHER: Final = ("known_hours", "clients")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First flows of every new port."""
    rows = oriented(views["flows"])
    who = roles.roles(rows, site)
    rows = rows.filter(who.is_equipment(rows.client) | who.is_equipment(rows.server))
    ends = ibis.union(rows.select("seconds", host=rows.client), rows.select("seconds", host=rows.server))
    known = ends.group_by("host").aggregate(known=ends.seconds.min())
    heard = rows.filter(
        rows.answered & rows.proto.isin(["tcp", "udp"]) & (rows.port > 0) & who.is_equipment(rows.server)
    )
    heard = heard.filter(~who.is_equipment(heard.client))
    heard = heard.filter(~(who.is_manager(heard.client) & heard.port.isin(roles.MANAGEMENT)))
    by = heard.group_by(list(_KEYS)).aggregate(first=heard.seconds.min(), clients=heard.client.nunique())
    all_ports = by.group_by("port").aggregate(devices=by.count())
    machines = by.aggregate(machines=by.server.nunique())
    by = by.join(all_ports, "port").cross_join(machines).join(known, by.server == known.host)
    by = by.filter((by["first"] - by.known >= BEFORE) & ((by.port < 32_768) | (by.clients > 1)))
    by = by.filter((by.devices == 1) | (by.devices * 3 < by.machines))
    by = by.mutate(known_hours=((by["first"] - by.known) / 3_600).round(0).cast("int64"))
    found = heard.join(by.select(*_KEYS, *_FURTHER), list(_KEYS))
    return telling.evidence(found, ("client", *_KEYS), _FURTHER, most=20)


ANALYTIC: Final = Analytic(
    about=About(
        id="flows.new_listener",
        title="New open port on network equipment",
        severity=Severity.MEDIUM,
        confidence=60,
        needs=telling.needs(),
        attack=(vocabulary.versioned("T1571"),),
        tags=(
            "behaviour:P-06",
            "behaviour:P-07",
        ),
        why=(
            "{dst_ip} answered {src_ip} on port {dst_port} for the first time after {known_hours} hours of "
            "record; clients so far: {clients}"
        ),
        gap=telling.LASTING,
        learned=True,
    ),
    subject=telling.subject(*_FURTHER),
    question=question,
)
