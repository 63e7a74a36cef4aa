"""How even a pair's beat is, and how suspicious: one row per client, server, port and protocol.

Many harmless things tick. So there are two measures. *Evenness* says how much the gaps between calls are a clock's:
the better of (1) the quartile spread of gaps, after bursts are one call and gaps of two to ten periods are folded
(missed calls), (2) the share of gaps close to one of their quartiles (a few fixed waits), (3) gaps that grow by a
steady ratio (back-off). *Benign* adds up what speaks for a timer of ours: how many of our hosts share the server, how
many servers the same client polls as evenly, known timers' ports, an inside server; and against it: a lone outside
server, first called late, small calls. Score = persistence x evenness x (1 - logistic(benign)), 0 to 1.

Only pairs that survive cheap counts are looked at closely: sorting fifty million flows is what costs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect.tables import settled
from seawall.detect.traffic import named, places
from seawall.detect.traffic.oriented import TUNNELS, oriented
from seawall.model.site import Site

FEWEST: Final = 5  # calls
POPULAR: Final = 0.25  # share of our hosts that call a server, beyond which its beat is its product's
MOST_ROWS: Final = 400_000  # flows of one pair; beyond, it is no beat but a stream
KEY: Final = ("pair",)  # a number for each pair looked at closely: numbers sort faster than addresses
PAIR: Final = ("client", "server", "port", "proto")
TIMERS: Final = (53, 67, 68, 123, 137, 138, 161, 162, 179, 389, 514, 520, 546, 547, 1645, 1646, 1812, 1813, 1900)
MORE_TIMERS: Final = (2055, 3784, 3785, 4739, 5353, 5355, 6343, 6514, 9995, 9996, 49, 88, 646, 3868, 1985)
USUAL: Final = (22, 25, 53, 80, 123, 443, 465, 587, 853, 993, 995, 5222, 5228, 8080, 8443)
QUARTILES: Final = [0.25, 0.5, 0.75]
_WIDE: Final = 0.62  # quartile coefficient of dispersion of purely random gaps is 0.66


def series(views: Mapping[str, Any]) -> Any:
    """Every call that tells of waits: flows that are not sampled, and calls by name."""
    rows = oriented(views["flows"])
    rows = rows.filter(~rows.sampled & (rows.client != rows.server) & ~rows.proto.isin(TUNNELS))
    flows = rows.select(
        *("event_id", "time", "origin", *PAIR, "client_port", "seconds", "until"),
        *("sent", "got", "one_way", "exported", "turned", "answered"),
        by_name=ibis.literal(False),
    )
    return settled(ibis.union(flows, *(table.select(*flows.columns) for table in named.series(views))))


def pairs(rows: Any, site: Site) -> Any:
    """Every pair with its counts."""
    found = rows.group_by(list(PAIR)).aggregate(
        rows=rows.count(),
        first=rows.seconds.min(),
        last=rows.seconds.max(),
        sent=rows.sent.fill_null(0).sum(),
        got=rows.got.fill_null(0).sum(),
        answered=ibis.ifelse(rows.answered, 1, 0).max(),
        by_name=ibis.ifelse(rows.by_name, 1, 0).max(),
    )
    grouped = settled(found)
    return grouped.mutate(
        client_inside=places.inside(grouped.client, site),
        server_inside=(grouped.by_name == 0) & places.inside(grouped.server, site),
    )


def candidates(counted: Any) -> Any:
    """Pairs worth a closer look, with who else shares their server.

    Without a reply only what our own hosts began is looked at: scanners outside retry on timers.
    """
    shared = counted.group_by("server", "port").aggregate(sharing=counted.client.nunique())
    hosts = counted.aggregate(hosts=ibis.ifelse(counted.client_inside, counted.client, ibis.null("string")).nunique())
    span = counted.aggregate(begin=counted["first"].min(), end=counted["last"].max())
    relays = shared.select(client="server", port="port", askers="sharing")
    kept = counted.filter((counted.rows >= FEWEST) & (counted.rows <= MOST_ROWS))
    kept = kept.filter((kept["last"] - kept["first"] >= 600) & (kept.client_inside | (kept.answered == 1)))
    kept = kept.filter((kept.by_name == 1) | ~places.nobody(kept.server))
    joined = kept.left_join(shared, ["server", "port"]).drop("server_right", "port_right")
    joined = joined.cross_join(hosts).cross_join(span)
    joined = joined.left_join(relays, ["client", "port"]).drop("client_right", "port_right")
    joined = joined.mutate(sharing=ibis.coalesce(joined.sharing, 1), askers=joined.askers.fill_null(0))
    popular = (joined.sharing > 8) & (joined.sharing > joined.hosts * POPULAR)
    chosen = joined.filter(~popular)
    numbered = chosen.mutate(
        mean=(chosen["last"] - chosen["first"]) / (chosen.rows - 1),
        pair=ibis.row_number().over(ibis.window(order_by=list(PAIR))),
    )
    return settled(numbered)


def calls(rows: Any, chosen: Any) -> Any:
    """The calls of chosen pairs: flows that go on from an earlier record of theirs are part of it, bursts are one."""
    close = ibis.greatest(1, (chosen.mean * 0.1).floor().cast("int64"))
    paces = chosen.select(*PAIR, *KEY, close=close)
    rows = rows.join(paces, list(PAIR))
    rows = rows.select(*KEY, "proto", "client_port", "seconds", "until", "sent", "one_way", "exported", "close")
    whole, parts = rows.filter(~rows.exported), rows.filter(rows.exported)
    same = ibis.window(group_by=[*KEY, "client_port"], order_by=["seconds", "until"])
    parts = parts.mutate(ended=parts.until.lag(1).over(same))
    waits = ibis.cases((parts.proto != "tcp", 5), (parts.one_way, 1_800), else_=60)
    goes_on = parts.ended.notnull() & (parts.client_port.fill_null(0) > 0) & (parts.seconds - parts.ended <= waits)
    fresh = parts.filter(~goes_on.fill_null(False))
    kept = (*KEY, "seconds", "sent", "close")
    return heads(ibis.union(whole.select(*kept), fresh.select(*kept)))


def heads(fresh: Any) -> Any:
    """The first flow of each burst: what comes within a tenth of the pair's mean wait (`close`) is one call."""
    order = ibis.window(group_by=list(KEY), order_by=["seconds", "sent"])
    fresh = fresh.mutate(before=fresh.seconds.lag(1).over(order))
    first = fresh.filter(fresh.before.isnull() | (fresh.seconds - fresh.before > fresh.close))
    return settled(first.select(*KEY, "seconds", "sent"))


def gaps(called: Any) -> Any:
    """The waits between calls, with the pair's median wait and each wait's ratio to the one before."""
    order = ibis.window(group_by=list(KEY), order_by="seconds")
    waits = called.mutate(gap=called.seconds - called.seconds.lag(1).over(order))
    waits = waits.filter(waits.gap.notnull())
    waits = settled(waits.mutate(ratio=waits.gap / ibis.greatest(waits.gap.lag(1).over(order), 1)))
    middle = waits.group_by(list(KEY)).aggregate(
        gap_at=waits.gap.quantile(QUARTILES), ratio_at=waits.ratio.quantile(QUARTILES), waits=waits.count()
    )  # together: three quantiles of one column each keep a copy of it
    middle = middle.select(
        *KEY,
        "waits",
        near=middle.gap_at[0],
        period=middle.gap_at[1],
        far=middle.gap_at[2],
        ratio_near=middle.ratio_at[0],
        growth=middle.ratio_at[1],
        ratio_far=middle.ratio_at[2],
    )
    joined = waits.drop("ratio").join(middle, list(KEY))
    times = (joined.gap / ibis.greatest(joined.period, 1)).round(0)
    off = (joined.gap / ibis.greatest(joined.period, 1) - times).abs()
    folds = (times >= 2) & (times <= 10) & (off <= 0.15)
    tight = ibis.or_(
        *(
            (joined.gap - joined[mode]).abs() <= ibis.greatest(joined[mode] * 0.08, 1)
            for mode in ("near", "period", "far")
        )
    )
    return joined.mutate(
        long=ibis.ifelse(times >= 2, 1, 0),
        folds=ibis.ifelse(folds, 1, 0),
        folded=ibis.ifelse(folds, joined.gap / times, joined.gap.cast("float64")),
        tight=ibis.ifelse(tight, 1, 0),
    )


def measured(waits: Any) -> Any:
    """One row per pair: how even its waits are, each measure apart."""
    middles = ("period", "near", "far", "ratio_near", "growth", "ratio_far")
    found = waits.group_by(list(KEY)).aggregate(
        **{name: waits[name].max() for name in middles},
        waits=waits.count(),
        long=waits.long.sum(),
        folds=waits.folds.sum(),
        tight=waits.tight.mean(),
        folded_at=waits.folded.quantile(QUARTILES),
    )
    found = found.mutate(folded_near=found.folded_at[0], folded_far=found.folded_at[2]).drop("folded_at")
    doubt = 0.45 / found.waits.cast("float64").sqrt()  # few waits may look even by chance
    folded = (found.long > 0) & (found.folds >= found.long * 0.6)
    near, far = (
        ibis.ifelse(folded, found.folded_near, found.near),
        ibis.ifelse(folded, found.folded_far, found.far),
    )
    spread = (far - near) / ibis.greatest(far + near, 1.0)
    steady = _unit(1 - (spread + doubt) / _WIDE)
    modes = _unit((found.tight - 0.2 - doubt) / 0.7)
    grows = (found.growth >= 1.2) & (found.growth <= 3.2) & (found.waits >= 8)
    sure = (found.ratio_far - found.ratio_near) / ibis.greatest(found.growth, 0.01)
    growing = ibis.ifelse(grows, _unit(1 - sure - doubt) * 0.9, 0.0)
    told = found.select(
        *KEY,
        "period",
        "waits",
        "growth",
        spread=spread,
        missed=ibis.ifelse(folded, found.folds / found.waits, 0.0),
        evenness=ibis.greatest(steady, modes, growing),
        growing=growing > ibis.greatest(steady, modes),
    )
    return settled(told)


def _unit(value: Any) -> Any:
    return ibis.greatest(0.0, ibis.least(1.0, value))
