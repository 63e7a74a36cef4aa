"""Which beats deserve a look: evenness weighed against everything that speaks for a harmless timer.

The weights are published here and in docs/how-to/flows.md; each is told with the pair it was given to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect.traffic import beats, places
from seawall.detect.traffic.beats import PAIR, TIMERS, USUAL
from seawall.model.site import Site

DIGITS: Final = 3
TELLING: Final = 0.55  # from this score on a pair is told as a finding


def ranked(views: Mapping[str, Any], site: Site) -> Any:
    """Pairs with five calls or more, each with its score and the terms it is made of; not yet in order."""
    flows = views["flows"]
    chosen = beats.candidates(beats.pairs(flows, site))
    called = beats.calls(flows, chosen)
    even = beats.measured(beats.gaps(called))
    sizes = called.group_by(list(PAIR)).aggregate(
        calls=called.count(),
        hours=(called.seconds // 3600).nunique(),
        small=called.sent.quantile(0.25),
        size=called.sent.median(),
        large=called.sent.quantile(0.75),
    )
    joined = chosen.join(even, list(PAIR)).join(sizes, list(PAIR))
    return scored(joined.filter(joined.calls >= beats.FEWEST), site)


def scored(pair: Any, site: Site) -> Any:
    """The score and its terms, rounded so that engines agree."""
    polls = ibis.ifelse(pair.evenness > 0.5, 1, 0).sum().over(ibis.window(group_by=["client", "port"]))
    pair = pair.mutate(polls=polls)
    terms = {
        "shared": _shared(pair.sharing),
        "polling": ibis.ifelse(pair.polls > 4, (pair.polls / 4).log2() * 1.5, 0.0),
        "timer": ibis.ifelse(pair.port.isin([*TIMERS, *beats._MORE_TIMERS]), 2.0, 0.0),
        "within": ibis.ifelse(pair.server_inside, 2.0, 0.0),
        "known": ibis.ifelse(_known(pair, site), 4.0, 0.0),
        "lone": ibis.ifelse((pair.sharing == 1) & ~pair.server_inside, -1.5, 0.0),
        "late": ibis.ifelse(_late(pair), -0.7, 0.0),
        "odd_port": ibis.ifelse(~pair.port.isin([*USUAL, *TIMERS]) & ~pair.server_inside, -0.5, 0.0),
        "light": ibis.ifelse((pair.sent + pair.got) / pair.calls < 16_384, -0.5, 1.0),
        "unanswered": ibis.ifelse(pair.answered == 0, 1.5, 0.0),
    }
    benign = ibis.literal(0.0)
    for term in terms.values():
        benign = benign + term
    alike = 1 - beats._unit((pair.large - pair.small) / ibis.greatest(pair.large + pair.small, 1.0) / 0.6)
    span = (pair["last"] - pair["first"]) / 3600.0
    persistence = beats._unit(pair.hours / ibis.least(ibis.greatest(span, 1.0), pair.calls.cast("float64")))
    kept = beats._unit(0.55 * pair.evenness + 0.2 * alike.fill_null(0.5) + 0.25 * persistence)
    even = beats._unit(pair.evenness * 2)  # a pair without any evenness is no beat, however steady its sizes
    score = kept * even * (1 / (1 + benign.exp()))
    rounded = {name: value.round(DIGITS) for name, value in {**terms, "benign": benign, "score": score}.items()}
    return pair.mutate(alike=alike.round(DIGITS), persistence=persistence.round(DIGITS), **rounded).mutate(
        evenness=pair.evenness.round(DIGITS), spread=pair.spread.round(DIGITS), missed=pair.missed.round(DIGITS)
    )


def _shared(sharing: Any) -> Any:
    """A server of a few hosts may be anything; one of many is a product's."""
    few = sharing.log2() * 0.7
    many = 0.7 * 2.322 + (sharing / 5).log2() * 2.0
    return ibis.ifelse(sharing <= 5, few, many)


def _late(pair: Any) -> Any:
    """First called when a fifth of a record of a day or more was over."""
    return (pair.end - pair.begin >= 86_400) & (pair["first"] - pair.begin > (pair.end - pair.begin) * 0.2)


def _known(pair: Any, site: Site) -> Any:
    servers = (*site.aaa_servers, *site.nms_servers, *site.syslog_servers)
    return places.one_of(pair.server, servers) | places.one_of(pair.client, site.nms_servers)


TERMS: Final[dict[str, str]] = {
    "shared": "hosts that share the server",
    "polling": "servers polled as evenly",
    "timer": "port of a known timer",
    "within": "server inside",
    "known": "known to the site",
    "lone": "no other host calls it",
    "late": "first called late",
    "odd_port": "unusual port",
    "light": "octets of a call",
    "unanswered": "never answered",
}  # column → what it weighs; positive speaks for a harmless timer


def words(pair: Any) -> Any:
    """The terms that weigh anything, as one text: `no other host calls it -1.5, octets of a call -0.5`."""
    told = ibis.literal("")
    for name, text in TERMS.items():
        weight = pair[name].round(1).cast("string")
        told = told.concat(ibis.ifelse(pair[name] == 0, "", ibis.literal(f", {text} ").concat(weight)))
    return told.re_replace("^, ", "")
