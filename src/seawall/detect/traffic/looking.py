"""What people ask flows when they look around: the heaviest hosts, the heaviest pairs, the beats.

Each answer is an Ibis table in its final order, with plain columns (`src`, `dst`, `port` …). Counts and octets of
sampled flows are multiplied by the sampling their record names, and `sampling` tells the coarsest of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import ibis

from seawall.detect.traffic import places, suspicion
from seawall.detect.traffic.once import once
from seawall.detect.traffic.oriented import SAMPLED_ABOVE, oriented
from seawall.model.site import Site

__all__ = ["ANSWERS", "FAINT", "SAMPLED_ABOVE", "beacons", "pairs", "since", "talkers", "top"]

FAINT: Final = 0.05  # beats scored lower speak for a harmless timer in every way; `--all` lists them


def since(views: Mapping[str, Any], start: datetime | None) -> dict[str, Any]:
    """The views, with flows, conversations and DNS from `start` (UTC) on."""
    if start is None:
        return dict(views)
    return {
        name: table.filter(table.time >= ibis.literal(start, type=table.time.type()))
        if name in ("flows", "conversations", "dns")
        else table
        for name, table in views.items()
    }


def top(views: Mapping[str, Any], site: Site) -> Any:
    """Conversations (client, server, port, protocol) by octets: `src dst port proto app flows sent got first last`."""
    rows = _weighed(views)
    grouped = rows.group_by(src=rows.client, dst=rows.server, port=rows.port, proto=rows.proto)
    made = grouped.aggregate(app=rows.app.max(), **_sums(rows))
    made = made.mutate(direction=_direction(made, site))
    return made.order_by(ibis.desc(made.sent + made.got), "src", "dst", "port", "proto")


def pairs(views: Mapping[str, Any], site: Site) -> Any:
    """Pairs of hosts by octets, all ports together: `src dst ports flows sent got first last`."""
    rows = _weighed(views)
    made = rows.group_by(src=rows.client, dst=rows.server).aggregate(ports=rows.port.nunique(), **_sums(rows))
    made = made.mutate(direction=_direction(made, site))
    return made.order_by(ibis.desc(made.sent + made.got), "src", "dst")


def talkers(views: Mapping[str, Any], site: Site) -> Any:
    """Hosts by octets they sent and got, whoever began: `host peers flows sent got first last inside`."""
    rows = _weighed(views)
    shared = ("flows", "seconds", "time", "sampling_of")
    one = rows.select(*shared, host=rows.client, peer=rows.server, sent_of=rows.sent_of, got_of=rows.got_of)
    other = rows.select(*shared, host=rows.server, peer=rows.client, sent_of=rows.got_of, got_of=rows.sent_of)
    both = ibis.union(one, other)
    made = both.group_by("host").aggregate(peers=both.peer.nunique(), **_sums(both))
    made = made.mutate(inside=places.inside(made.host, site))
    return made.order_by(ibis.desc(made.sent + made.got), "host")


def beacons(views: Mapping[str, Any], site: Site, *, faint: bool = False) -> Any:
    """Even beats, the most suspicious first: `src dst port proto score`, the measures, and a column for each term."""
    found = suspicion.ranked(views, site)
    kept = found if faint else found.filter(found.score >= FAINT)
    terms = {name: kept[name] for name in suspicion.TERMS}
    shown = kept.select(
        "port",
        "proto",
        "score",
        "calls",
        "period",
        "evenness",
        "missed",
        "alike",
        "persistence",
        "sharing",
        "benign",
        src=kept.client,
        dst=kept.server,
        why=suspicion.words(kept),
        first=kept["first"],
        last=kept["last"],
        **{f"term_{name}": value for name, value in terms.items()},
    )
    order = ["src", "dst", "port", "proto", "score", "calls", "period", "evenness", "missed", "alike", "persistence"]
    shown = shown.select(*order, *(name for name in shown.columns if name not in order))
    return shown.order_by(ibis.desc("score"), "src", "dst", "port", "proto")


ANSWERS: Final[dict[str, Callable[[Mapping[str, Any], Site], Any]]] = {
    "top": top,
    "pairs": pairs,
    "talkers": talkers,
    "beacons": beacons,
}


def _weighed(views: Mapping[str, Any]) -> Any:
    rows = oriented(once(views))
    times = ibis.greatest(rows.sampling.fill_null(1), 1)
    return rows.mutate(
        flows=ibis.ifelse(rows.turned, 0, 1),
        sent_of=rows.sent.fill_null(0) * times,
        got_of=rows.got.fill_null(0) * times,
        sampling_of=times,
    )


def _sums(rows: Any) -> dict[str, Any]:
    return {
        "flows": rows.flows.sum(),
        "sent": rows.sent_of.sum(),
        "got": rows.got_of.sum(),
        "first": rows.time.min(),
        "last": rows.time.max(),
        "sampling": rows.sampling_of.max(),
    }


def _direction(made: Any, site: Site) -> Any:
    here, there = places.inside(made.src, site), places.inside(made.dst, site)
    return ibis.cases((here & ~there, "out"), (there & ~here, "in"), (here & there, "inside"), else_="outside")
