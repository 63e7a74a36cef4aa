"""Many of our hosts hand data to one of ours that does not usually collect: gathered before it leaves.

Within six hours five hosts or more give one host ten megabytes or more each. Hosts that collect so in every fourth
period or more (file servers, backup) are quiet.

False positives: the first run of a backup; a software roll-out read the other way round.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import vocabulary
from seawall.detect.base import About, Analytic
from seawall.detect.traffic import places, telling
from seawall.detect.traffic.once import once
from seawall.detect.traffic.oriented import oriented
from seawall.model.severity import Severity
from seawall.model.site import Site

EACH: Final = 10_000_000
SOURCES: Final = 5
PERIOD: Final = 6 * 3_600
_FURTHER: Final = ("sources", "gathered")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First flows of every host that gave, to the host that gathered."""
    rows = oriented(once(views))
    rows = rows.filter(
        places.inside(rows.client, site) & places.inside(rows.server, site) & ~places.nobody(rows.server)
    )
    times = ibis.greatest(rows.sampling.fill_null(1), 1)
    rows = rows.mutate(
        period=rows.seconds // PERIOD, up=rows.sent.fill_null(0) * times, down=rows.got.fill_null(0) * times
    )
    given = rows.select("period", giver=rows.client, taker=rows.server, octets=rows.up)
    taken = rows.select("period", giver=rows.server, taker=rows.client, octets=rows.down)
    both = ibis.union(given, taken)
    pairs = both.group_by("period", "giver", "taker").aggregate(octets=both.octets.sum())
    pairs = pairs.filter(pairs.octets >= EACH)
    by = pairs.group_by("period", "taker").aggregate(sources=pairs.giver.nunique(), gathered=pairs.octets.sum())
    by = by.filter(by.sources >= SOURCES)
    span = rows.aggregate(begin=rows.period.min(), end=rows.period.max())
    often = by.group_by("taker").aggregate(periods=by.count()).cross_join(span)
    rare = often.filter(often.periods * 4 <= ibis.greatest(often.end - often.begin + 1, 4))
    by = by.semi_join(rare, "taker")
    chosen = pairs.join(by, ["period", "taker"]).select("period", "giver", "taker", "sources", "gathered")
    as_server = rows.join(
        chosen, [rows.period == chosen.period, rows.client == chosen.giver, rows.server == chosen.taker]
    )
    as_client = rows.join(
        chosen, [rows.period == chosen.period, rows.server == chosen.giver, rows.client == chosen.taker]
    )
    kept = (*rows.columns, *_FURTHER)
    found = ibis.union(as_server.select(*kept), as_client.select(*kept))
    return telling.evidence(found.filter(~found.turned), ("client", "server"), _FURTHER, most=10)


ANALYTIC: Final = Analytic(
    about=About(
        id="flows.staging",
        title="Data of many hosts gathered on one",
        severity=Severity.MEDIUM,
        confidence=55,
        needs=telling.needs("src_bytes", "dst_bytes"),
        attack=(vocabulary.versioned("T1074.001"),),
        tags=("behaviour:K-01",),
        why=("{src_ip} and {dst_ip}: part of {gathered} octets that {sources} hosts handed to one within six hours"),
        gap=telling.LASTING,
        learned=False,
    ),
    subject=telling.subject(*_FURTHER),
    question=question,
)
