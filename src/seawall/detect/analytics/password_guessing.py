"""Session after session with a login service, each short, small and like the last: passwords being guessed.

Twenty sessions of one pair within an hour, or a hundred in all from outside, with a median of less than a minute and
six thousand octets sent, and sizes that hardly differ. Among our own hosts only SSH, telnet, FTP and remote desktop
count, and hosts that manage equipment are left out: programs log in often.

False positives: a script of your own with a wrong password; monitoring that logs in by SSH from an unnamed host.
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

ANYWHERE: Final = (21, 22, 23, 3389)
FROM_OUTSIDE: Final = (*ANYWHERE, 110, 143, 389, 445, 587, 993, 995, 1433, 3306, 5432, 5900)
TO_OUTSIDE: Final = (*ANYWHERE, 25, 465, 587)
HOURLY: Final = 20
IN_ALL: Final = 100
_KEYS: Final = ("client", "server", "port")
_FURTHER: Final = ("sessions", "busiest_hour", "median_sent", "median_seconds")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First sessions of every guessing source and its target."""
    rows = oriented(views["flows"])
    who = roles.roles(rows, site)
    rows = rows.filter((rows.proto == "tcp") & rows.port.isin(sorted({*FROM_OUTSIDE, *TO_OUTSIDE})) & ~rows.turned)
    rows = rows.filter((rows.answered | rows.one_way) & ~who.is_manager(rows.client) & ~rows.sampled)
    here, there = places.inside(rows.client, site), places.inside(rows.server, site)
    fits = ibis.cases(
        (here & there, rows.port.isin(ANYWHERE)), (here, rows.port.isin(TO_OUTSIDE)), else_=rows.port.isin(FROM_OUTSIDE)
    )
    rows = rows.filter(fits).mutate(hour=rows.seconds // 3_600, stranger=ibis.ifelse(here, 0, 1))
    rows = rows.mutate(in_hour=rows.count().over(ibis.window(group_by=[*_KEYS, "hour"])))
    size = rows.sent.fill_null(0)
    by = rows.group_by(list(_KEYS)).aggregate(
        sessions=rows.count(),
        busiest_hour=rows.in_hour.max(),
        median_sent=size.median(),
        median_seconds=rows.duration.fill_null(0.0).median().round(1),
        near=size.quantile(0.25),
        far=size.quantile(0.75),
        stranger=rows.stranger.max(),
    )
    by = by.filter((by.busiest_hour >= HOURLY) | ((by.stranger == 1) & (by.sessions >= IN_ALL)))
    by = by.filter(
        (by.median_seconds < 60) & (by.median_sent < 6_000) & (by.far - by.near <= by.median_sent * 0.6 + 64)
    )
    return telling.evidence(rows.join(by, list(_KEYS)), _KEYS, _FURTHER)


ANALYTIC: Final = Analytic(
    about=About(
        id="flows.password_guessing",
        title="Passwords guessed",
        severity=Severity.HIGH,
        confidence=65,
        needs=telling.needs("duration", unsampled=True),
        attack=(vocabulary.versioned("T1110.001"),),
        tags=("behaviour:A-22",),
        why=(
            "{src_ip} had {sessions} short sessions with {dst_ip} port {dst_port}, {busiest_hour} in one hour, "
            "{median_sent} octets "
            "and {median_seconds} s in the median"
        ),
        gap=telling.LASTING,
        learned=False,
    ),
    subject=telling.subject(*_FURTHER),
    question=question,
)
