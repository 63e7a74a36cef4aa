"""One source that knocks at one port of many addresses: a horizontal scan, fast or spread over days.

Ten addresses that did not answer, and seven of ten of all it tried, make a sweep; so do six pieces of network
equipment tried on a management port by a host that does not manage, within an hour or with a third silent. Where
exporters tell one direction only and no answers at all are in the record, silence proves nothing and nothing is told.

False positives: monitoring of hosts that were switched off; peer-to-peer programs (many ports, so rarely one).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import ibis

from seawall.detect import vocabulary
from seawall.detect.base import About, Analytic
from seawall.detect.traffic import roles, telling
from seawall.detect.traffic.oriented import oriented
from seawall.model.severity import Severity
from seawall.model.site import Site

SILENT: Final = 10
EQUIPMENT: Final = 6
_KEYS: Final = ("client", "port", "proto")
_FURTHER: Final = ("targets", "silent", "hours", "what")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First attempts of every sweeping source and port."""
    rows = oriented(views["flows"])
    who = roles.roles(rows, site)
    rows = rows.filter(rows.proto.isin(["tcp", "udp", "sctp", "icmp"]) & ~rows.turned)
    every = oriented(views["flows"])
    heard = every.group_by("client", "server", "port", "proto").aggregate(
        answered=ibis.ifelse(every.answered, 1, 0).max(),
        one_way=ibis.ifelse(every.one_way & ~every.turned, 1, 0).max(),
        replies=ibis.ifelse(every.turned, 1, 0).max(),
        first=every.seconds.min(),
        last=every.seconds.max(),
    )
    told = heard.aggregate(both=heard.replies.max())
    heard = heard.cross_join(told)
    heard = heard.mutate(mute=ibis.ifelse((heard.answered == 0) & ((heard.one_way == 0) | (heard.both == 1)), 1, 0))
    device = who.is_equipment(heard.server) & heard.port.isin(roles.MANAGEMENT) & ~who.is_manager(heard.client)
    heard = heard.mutate(device=ibis.ifelse(device & ~who.is_equipment(heard.client), 1, 0))
    heard = heard.mutate(hour=heard["first"] // 3_600)
    heard = heard.mutate(at_once=heard.device.sum().over(ibis.window(group_by=[*_KEYS, "hour"])))
    by = heard.group_by(list(_KEYS)).aggregate(
        targets=heard.count(),
        silent=heard.mute.sum(),
        devices=heard.device.sum(),
        first=heard["first"].min(),
        last=heard["last"].max(),
        at_once=heard.at_once.max(),
    )
    many = (by.silent >= SILENT) & (by.silent >= by.targets * 0.7)
    machines = (by.devices >= EQUIPMENT) & ((by.at_once >= EQUIPMENT) | (by.silent * 3 >= by.targets))
    by = by.filter(many | machines).mutate(
        hours=((by["last"] - by["first"]) / 3_600).round(1),
        what=ibis.ifelse(by.devices >= EQUIPMENT, "network equipment", "addresses"),
    )
    return telling.evidence(rows.join(by, list(_KEYS)), _KEYS, _FURTHER)


_SUBJECT: Final = replace(telling.subject(*_FURTHER), entities=telling.subject().entities[:1])

ANALYTIC: Final = Analytic(
    about=About(
        id="flows.sweep",
        title="One port of many addresses tried",
        severity=Severity.LOW,
        confidence=70,
        needs=telling.needs(),
        attack=(
            vocabulary.versioned("T1046"),
            vocabulary.versioned("T1595.001"),
        ),
        tags=(
            "behaviour:R-01",
            "behaviour:I-05",
            "behaviour:I-04",
        ),
        why=("{src_ip} tried port {dst_port} ({proto}) of {targets} {what} within {hours} h; {silent} did not answer"),
        gap=telling.LASTING,
        learned=False,
    ),
    subject=_SUBJECT,
    question=question,
)
