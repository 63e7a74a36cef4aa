"""Smart Install (tcp/4786) towards one of our addresses. The protocol hands out and takes configurations without any
password; it belongs to the first minutes of a switch's life and to one director.

Attempts count: whoever asks, looks for switches. Directors inside are managers of the site or learned as such, and
left out. The finding says whether the switch answered, and how much it gave.

False positives: a director that nobody named.
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

PORT: Final = 4786
_KEYS: Final = ("client", "server")
_FURTHER: Final = ("result", "gave")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First flows of every pair."""
    rows = oriented(views["flows"])
    who = roles.roles(rows, site)
    rows = rows.filter((rows.port == PORT) & (rows.proto == "tcp") & places.inside(rows.server, site))
    rows = rows.filter(~(who.is_manager(rows.client) & places.inside(rows.client, site)))
    window = ibis.window(group_by=list(_KEYS))
    answered = ibis.ifelse(rows.answered, 1, 0).max().over(window)
    rows = rows.mutate(
        result=ibis.ifelse(answered == 1, "it answered", "no answer seen"),
        gave=rows.got.fill_null(0).sum().over(window),
    )
    return telling.evidence(rows, _KEYS, _FURTHER)


ANALYTIC: Final = Analytic(
    about=About(
        id="flows.smart_install",
        title="Smart Install spoken by a host that is no director",
        severity=Severity.HIGH,
        confidence=85,
        needs=telling.needs(),
        attack=(
            vocabulary.versioned("T1602.002"),
            vocabulary.versioned("T1595.001"),
        ),
        tags=(
            "behaviour:R-03",
            "behaviour:A-08",
            "behaviour:A-09",
        ),
        why=("{src_ip} spoke Smart Install to {dst_ip}: {result}, {gave} octets given"),
        gap=telling.LASTING,
        learned=False,
    ),
    subject=telling.subject(*_FURTHER),
    question=question,
)
