"""Routing and customers' networks listed one after another, by an account that is not known to do so.

A fault finder looks at one neighbour, one route, one customer. Who wants the map asks for all of it: peers, label
neighbours, reservations, every VRF and every VRF's routes. Three kinds of such lists in ten minutes by one account
on one device are told, the first time this account does so in the evidence; people who do it day after day fall silent.

What is usual is learned from the evidence itself, so findings are marked learned, and they are low: alone they say
little, beside a stranger's login they say what he was after.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import Site

WINDOW_MINUTES: Final = 10
KINDS_NEEDED: Final = 3
USUAL_AFTER_HOURS: Final = 12  # an account that listed so much earlier than this before is one that usually does

# Kind of list → what it reads like on IOS, IOS XE, IOS XR, NX-OS, EOS, Junos, VRP and SR OS; first that fits.
KINDS: Final[dict[str, str]] = {
    "routes of all customers": (
        r"^(show (ip |ipv6 )?route (vrf|table|instance) (\*|all)"
        r"|show route (instance|summary|table) ?(detail|all|extensive|$)"
        r"|display ip routing-table (all-vpn|vpn-instance)"
        r"|show router route-table all)"
    ),
    "customers": (
        r"^(show (ip )?vrf( |$)|show (l2vpn|evpn|bgp l2vpn|l2circuit|vpls) "
        r"|show route instance|display ip vpn-instance|show service (service-using|sdp-using|customer))"
    ),
    "peers": (
        r"^(show (ip |router )?bgp .*\b(summary|neighbors?)\b|show (ip )?bgp (summary|all|vpnv4|vrf all)"
        r"|display bgp (all |vpnv4 )?.*peer)"
    ),
    "label neighbours": r"^(show (mpls|ldp|router ldp|mpls ldp)( |$).*|display mpls ldp( |$).*)",
    "reservations": (
        r"^(show (rsvp|router rsvp|mpls traffic-eng|mpls lsp|router mpls lsp)|display (mpls te|rsvp|mpls rsvp-te))\b"
    ),
    "interior topology": (
        r"^(show (ip |router )?(ospf|isis)( .*)? (database|topology|hostname)|display (ospf|isis) (lsdb|.*name-table))"
    ),
}


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """Every list that is part of a round, with the kinds seen; rounds of accounts that do so usually are left out."""
    commands = views["commands"]
    told = commands.filter(commands.time.notnull() & commands.user.notnull() & commands.command.notnull())
    kind = ibis.cases(*((told.command.re_search(pattern), name) for name, pattern in KINDS.items()), else_=None)
    lists = told.mutate(kind=kind)
    lists = lists.filter(lists.kind.notnull())
    span = ibis.interval(minutes=WINDOW_MINUTES)
    keys = ["device", "user"]
    ahead = ibis.range_window(preceding=0, following=span, group_by=keys, order_by="time")
    total = ibis.literal(0)
    for name in KINDS:
        total = total + ibis.ifelse(lists.kind == name, 1, 0).max().over(ahead)
    counted = lists.mutate(kinds_ahead=total)
    behind = ibis.range_window(preceding=span, following=0, group_by=keys, order_by="time")
    marked = counted.mutate(kinds=counted.kinds_ahead.max().over(behind))
    rounds = marked.filter(marked.kinds >= KINDS_NEEDED).drop("kinds_ahead")
    first = rounds.mutate(first_round=rounds.time.min().over(ibis.window(group_by="user")))
    unusual = first.time < first.first_round + ibis.interval(hours=USUAL_AFTER_HOURS)
    return first.filter(unusual).drop("first_round")


_COMMANDS: Final = subjects.BY_VIEW["commands"]

ANALYTIC: Final = Analytic(
    about=About(
        id="discovery.routing_enumeration",
        title="Routing and customer networks listed in a row",
        severity=Severity.LOW,
        confidence=40,
        needs=(
            Need(
                "commands",
                ("time", "user", "command"),
                "aaa accounting commands 1 and 15 default start-stop group tacacs+",
            ),
        ),
        attack=(vocabulary.versioned("T1016"),),
        tags=("behaviour:I-02",),
        why="{user} listed {kinds} kinds of routing and customer tables on {device} within 10 minutes",
        learned=True,
    ),
    subject=replace(_COMMANDS, details=(*_COMMANDS.details, "kinds")),
    question=question,
)
