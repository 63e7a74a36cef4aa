"""A connection to a server few others know that stays open for hours: a tunnel, a shell left open, a relay.

Records of one connection that an exporter wrote piece by piece are one. Four hours count where at most two of our
hosts speak with that server, and the connection was there at least half of the time.

False positives: remote desktops and database sessions to a partner; a web socket of a rare product.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from seawall.detect import vocabulary
from seawall.detect.base import About, Analytic
from seawall.detect.traffic import places, telling
from seawall.detect.traffic.oriented import oriented
from seawall.model.severity import Severity
from seawall.model.site import Site

HOURS: Final = 4
_CONNECTION: Final = ("client", "client_port", "server", "port", "proto")
_FURTHER: Final = ("hours", "octets_sent", "octets_got", "sharing")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First records of every long connection."""
    rows = oriented(views["flows"])
    rows = rows.filter(
        rows.proto.isin(["tcp", "udp"]) & (rows.port > 0) & ~rows.port.isin([179, 123, 646]) & ~rows.sampled
    )
    rows = rows.filter(
        places.inside(rows.client, site) & ~places.inside(rows.server, site) & ~places.nobody(rows.server)
    )
    shared = rows.group_by("server", "port").aggregate(sharing=rows.client.nunique())
    by = rows.group_by(list(_CONNECTION)).aggregate(
        first=rows.seconds.min(),
        ended=rows.until.max(),
        there=(rows.until - rows.seconds).sum(),
        octets_sent=rows.sent.fill_null(0).sum(),
        octets_got=rows.got.fill_null(0).sum(),
    )
    by = by.mutate(lasted=by.ended - by["first"])
    by = by.filter((by.lasted >= HOURS * 3_600) & (by.there >= by.lasted * 0.5))
    by = by.join(shared.filter(shared.sharing <= 2), ["server", "port"])
    by = by.mutate(hours=(by.lasted / 3_600).round(1)).drop("first")
    found = rows.filter(~rows.turned).join(by, list(_CONNECTION))
    return telling.evidence(found, _CONNECTION, _FURTHER)


ANALYTIC: Final = Analytic(
    about=About(
        id="flows.long_connection",
        title="Connection held open for hours to a server few others know",
        severity=Severity.MEDIUM,
        confidence=60,
        needs=telling.needs("duration", unsampled=True),
        attack=(
            vocabulary.versioned("T1572"),
            vocabulary.versioned("T1090.003"),
        ),
        tags=(
            "behaviour:N-03",
            "behaviour:N-10",
        ),
        why=(
            "{src_ip} held a connection to {dst_ip} port {dst_port} for {hours} h: {octets_sent} octets sent, "
            "{octets_got} got; "
            "hosts that speak with it: {sharing}"
        ),
        gap=telling.LASTING,
        learned=False,
    ),
    subject=telling.subject(*_FURTHER),
    question=question,
)
