"""One source that knocks at many ports of one address: a vertical scan, fast or spread over days.

Thirty different ports that did not answer, and half of all it tried, make a scan. Programs that choose ports at random
(passive FTP, calls) are answered.

False positives: a vulnerability scanner of your own; name it among the jump hosts.
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

SILENT: Final = 30
DISCOVERY: Final = (137, 1900, 3702, 5353, 5355)  # NetBIOS, SSDP, WS-Discovery, mDNS, LLMNR
_KEYS: Final = ("client", "server")
_FURTHER: Final = ("ports", "silent", "hours")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First attempts of every scanning source and its target."""
    every = oriented(views["flows"])
    every = every.filter(every.proto.isin(["tcp", "udp", "sctp"]) & (every.port > 0) & ~places.nobody(every.server))
    found = (every.proto == "udp") & every.client_port.fill_null(0).isin(DISCOVERY)
    every = every.filter(~found)  # answers to what was asked of a group: nobody scans
    heard = every.group_by("client", "server", "port", "proto").aggregate(
        answered=ibis.ifelse(every.answered, 1, 0).max(),
        one_way=ibis.ifelse(every.one_way & ~every.turned, 1, 0).max(),
        replies=ibis.ifelse(every.turned, 1, 0).max(),
        first=every.seconds.min(),
        last=every.seconds.max(),
    )
    heard = heard.cross_join(heard.aggregate(both=heard.replies.max()))
    heard = heard.mutate(mute=ibis.ifelse((heard.answered == 0) & ((heard.one_way == 0) | (heard.both == 1)), 1, 0))
    by = heard.group_by(list(_KEYS)).aggregate(
        ports=heard.count(), silent=heard.mute.sum(), first=heard["first"].min(), last=heard["last"].max()
    )
    by = by.filter((by.silent >= SILENT) & (by.silent >= by.ports * 0.5))
    by = by.filter(~places.one_of(by.client, places.managers(site)))
    by = by.mutate(hours=((by["last"] - by["first"]) / 3_600).round(1))
    rows = every.filter(~every.turned).join(by.drop("first", "last"), list(_KEYS))
    return telling.evidence(rows, _KEYS, _FURTHER)


ANALYTIC: Final = Analytic(
    about=About(
        id="flows.port_scan",
        title="Many ports of one address tried",
        severity=Severity.MEDIUM,
        confidence=75,
        needs=telling.needs(),
        attack=(vocabulary.versioned("T1046"),),
        tags=(
            "behaviour:R-01",
            "behaviour:I-04",
        ),
        why=("{src_ip} tried {ports} ports of {dst_ip} within {hours} h; {silent} did not answer"),
        gap=telling.LASTING,
        learned=False,
    ),
    subject=telling.subject(*_FURTHER),
    question=question,
)
