"""Which beats deserve a look: evenness weighed against everything that speaks for a harmless timer.

The weights are published here and in docs/how-to/flows.md; each is told with the pair it was given to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect.tables import settled
from seawall.detect.traffic import beats, places
from seawall.detect.traffic.beats import KEY, TIMERS, USUAL
from seawall.model.site import Site

DIGITS: Final = 3
ECHOES: Final = (2123, 2152, 3386)  # GTP: every node watches each of its peers (3GPP TS 29.281, clause 7.2)
RELAYED: Final = (25, 53, 123, 514, 853, 3128, 6514)  # what servers ask for their clients; 8080 is also any web server
FEW: Final = 3  # of our hosts: in so small a record that nobody else calls a server says nothing
TELLING: Final = 0.42  # from this score on a pair is told as a finding


def ranked(views: Mapping[str, Any], site: Site) -> Any:
    """Pairs with five calls or more, each with its score and the terms it is made of; not yet in order."""
    rows = beats.series(views)
    chosen = beats.candidates(beats.pairs(rows, site))
    called = beats.calls(rows, chosen)
    even = beats.measured(beats.gaps(called))
    sizes = called.group_by(list(KEY)).aggregate(
        calls=called.count(),
        hours=(called.seconds // 3600).nunique(),
        size_at=called.sent.quantile(beats.QUARTILES),
    )
    sizes = sizes.mutate(small=sizes.size_at[0], size=sizes.size_at[1], large=sizes.size_at[2]).drop("size_at")
    joined = chosen.join(even, list(KEY)).join(sizes, list(KEY))
    joined = settled(joined.filter(joined.calls >= beats.FEWEST))
    return scored(settled(_rotating(joined, called)), site)


def _rotating(pair: Any, called: Any) -> Any:
    """Pairs whose client changes among several servers nobody else calls, alike in port and size: even together?

    Each such pair is given the evenness of all of them, if that is better than its own.
    """
    turn = ["client", "port", "proto", "weight"]
    weight = (ibis.greatest(pair["size"].fill_null(0), 1).log2() * 4).round(0).cast("int64")
    lone = pair.filter((pair.sharing == 1) & ~pair.server_inside & (pair.by_name == 0)).mutate(weight=weight)
    several = lone.group_by(turn).aggregate(servers=lone.server.nunique())
    several = several.filter((several.servers > 1) & (several.servers <= 64))
    number = ibis.dense_rank().over(ibis.window(order_by=turn))
    members = lone.select(*KEY, *turn).join(several, turn)
    members = settled(members.mutate(group=number).select(*KEY, "group", "servers"))
    together = called.join(members, list(KEY))
    nearby = ibis.literal(1, type="int64")  # turns of a second are one
    together = together.select("seconds", "sent", pair=together.group, close=nearby)
    even = beats.measured(beats.gaps(beats.heads(together)))
    even = even.select(group=even.pair, whole=even.evenness, whole_period=even.period)
    shared = members.join(even, "group").select(*KEY, "servers", "whole", "whole_period")
    joined = pair.left_join(shared, list(KEY)).drop("pair_right")
    better = joined.whole.fill_null(0.0) > joined.evenness
    return joined.mutate(
        evenness=ibis.greatest(joined.evenness, joined.whole.fill_null(0.0)),
        period=ibis.ifelse(better, joined.whole_period, joined.period),
        rotating=ibis.ifelse(better, joined.servers, 1),
    ).drop("whole", "whole_period", "servers")


def scored(pair: Any, site: Site) -> Any:
    """The score and its terms, rounded so that engines agree."""
    polls = ibis.ifelse(pair.evenness > 0.5, 1, 0).sum().over(ibis.window(group_by=["client", "port"]))
    pair = pair.mutate(polls=polls, turns=pair.rotating)
    terms = {
        "shared": _shared(pair.sharing),
        "polling": ibis.ifelse(pair.polls > 4, (pair.polls / 4).log2() * 1.5, 0.0),
        "echoes": ibis.ifelse(pair.port.isin(ECHOES) & (pair.polls > 1) & (pair.proto == "udp"), 4.0, 0.0),
        "relays": ibis.ifelse((pair.askers > 2) & pair.port.isin(RELAYED), 3.0, 0.0),
        "timer": ibis.ifelse(_timer(pair), 2.0, 0.0),
        "round": ibis.ifelse(_round(pair), 0.4, 0.0),
        "within": ibis.ifelse(pair.server_inside, 2.5, 0.0),
        "outsider": ibis.cases((pair.client_inside, 0.0), (pair.server_inside, 1.5), else_=0.5),
        "name_only": ibis.ifelse(pair.proto == "dns", 1.6, 0.0),
        "known": ibis.ifelse(_known(pair, site), 4.0, 0.0),
        "lone": ibis.ifelse((pair.sharing == 1) & (pair.hosts > FEW) & ~pair.server_inside, -1.5, 0.0),
        "rotating": ibis.ifelse(pair.turns > 1, -0.5, 0.0),
        "late": ibis.ifelse(_late(pair), -0.7, 0.0),
        "odd_port": ibis.ifelse(~pair.port.isin([*USUAL, *TIMERS]) & ~pair.server_inside, -0.5, 0.0),
        "light": _light(pair),
        "unanswered": ibis.ifelse(pair.answered == 0, 1.5, 0.0),
    }
    benign = ibis.literal(0.0)
    for term in terms.values():
        benign = benign + term
    alike = 1 - beats._unit((pair.large - pair.small) / ibis.greatest(pair.large + pair.small, 1.0) / 0.6)
    span = (pair["last"] - pair["first"]) / 3600.0
    persistence = beats._unit(pair.hours / ibis.least(ibis.greatest(span, 1.0), pair.calls.cast("float64")))
    holds = beats._unit(0.55 * pair.evenness + 0.2 * alike.fill_null(0.5) + 0.25 * persistence)
    even = beats._unit(pair.evenness * 2.5)  # a pair without any evenness is no beat, however steady its sizes
    score = holds * even * (1 / (1 + benign.exp()))
    rounded = {name: _rounded(value) for name, value in {**terms, "benign": benign, "score": score}.items()}
    return pair.mutate(alike=_rounded(alike), persistence=_rounded(persistence), **rounded).mutate(
        evenness=_rounded(pair.evenness), spread=_rounded(pair.spread), missed=_rounded(pair.missed)
    )


def _rounded(value: Any) -> Any:
    """To the digits told; what lies on the edge by a hair's breadth goes up on every engine."""
    return (value + 1e-9).round(DIGITS)


def _shared(sharing: Any) -> Any:
    """A server of a few hosts may be anything; one of many is a product's."""
    few = sharing.log2() * 0.7
    many = 0.7 * 2.322 + (sharing / 5).log2() * 2.0
    return ibis.ifelse(sharing <= 5, few, many)


def _late(pair: Any) -> Any:
    """First called when a fifth of a record of a day or more was over."""
    return (pair.end - pair.begin >= 86_400) & (pair["first"] - pair.begin > (pair.end - pair.begin) * 0.2)


def _light(pair: Any) -> Any:
    """Orders are small; what fetches much is a download, what sends much is judged by other questions too."""
    heavy = ibis.ifelse(pair.got > pair.sent, 1.5, 0.7)
    return ibis.ifelse((pair.sent + pair.got) / pair.calls < 16_384, -0.5, heavy)


def _timer(pair: Any) -> Any:
    """Ports of protocols that tick by themselves; names asked of a resolver are no port; pings inside are watching."""
    by_port = pair.port.isin([*TIMERS, *beats.MORE_TIMERS]) & (pair.by_name == 0)
    return by_port | (pair.server_inside & pair.proto.isin(["icmp", "icmp6", "ipv6-icmp"]))


def _round(pair: Any) -> Any:
    """A whole number of half hours, to one in a hundred: what people write into a schedule."""
    halves = (pair.period / 1_800).round(0)
    return (halves >= 1) & ((pair.period - halves * 1_800).abs() <= pair.period * 0.01)


def _known(pair: Any, site: Site) -> Any:
    """Servers the site names: a beat to them, or to an approved end, is expected."""
    ends = (end.address for end in (*site.tunnel_ends, *site.mirror_ends))
    servers = (*site.aaa_servers, *site.nms_servers, *site.syslog_servers, *site.ntp_servers, *site.dns_servers)
    return places.one_of(pair.server, (*servers, *site.known_servers, *ends)) | places.one_of(
        pair.client, site.nms_servers
    )


TERMS: Final[dict[str, str]] = {
    "shared": "hosts that share the server",
    "polling": "servers polled as evenly",
    "echoes": "echoes of the mobile core",
    "relays": "asked the same by others",
    "timer": "port of a known timer",
    "round": "a whole number of half hours",
    "within": "server inside",
    "outsider": "client not ours",
    "name_only": "a look-up, no call",
    "known": "known to the site",
    "lone": "no other host calls it",
    "rotating": "several such servers in turn",
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
