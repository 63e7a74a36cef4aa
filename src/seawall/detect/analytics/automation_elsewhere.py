"""The account of a collector or an automation that logs in, or types, from a machine it never works on.

Automation lives on one or two machines. With a site file its addresses are known; without one they are learned: five
earlier acts, from at most three places, before another place means anything. Where only commands are told, they count
as well; what is done within an hour of coming to the new place is told with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.analytics.topology_sweep import COLLECTORS
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import Site

BASELINE_LOGINS: Final = 5
PLACES: Final = 3
TOLD_MINUTES: Final = 60


def question(views: Mapping[str, Any], site: Site) -> Any:
    """What automation accounts did in the first hour at a place that is not theirs."""
    own = _acts(views, [person.account.lower() for person in site.people if person.kind == "automation"])
    order = ["time", "event_id"]
    pair = ibis.window(group_by=["user", "src_ip"])
    placed = ibis.window(group_by=["user", "src_ip"], order_by=order)
    so_far = ibis.cumulative_window(group_by="user", order_by=order)
    # Hundreds of commands of one visit are one sign of where the account works, logins are each their own.
    visits = ibis.window(group_by=["user", "src_ip", "device", "typed", "hour"], order_by=order)
    own = own.mutate(hour=own.time.truncate("h"))
    own = own.mutate(weight=ibis.ifelse((own.typed == 0) | (ibis.row_number().over(visits) == 0), 1, 0))
    counted = own.mutate(
        visit=ibis.row_number().over(placed),
        earlier=own.weight.sum().over(so_far) - own.weight,
        since=own.time.min().over(pair),
    )
    counted = counted.mutate(first=ibis.ifelse(counted.visit == 0, 1, 0))
    seen = counted.first.sum().over(so_far)
    places = counted.mutate(places=seen)
    strange = (places.visit == 0) & (places.earlier >= BASELINE_LOGINS) & (places.places <= PLACES + 1)
    marked = places.mutate(strange=ibis.ifelse(strange, 1, 0))
    told = marked.mutate(strange=marked.strange.max().over(pair))
    hour = ibis.interval(minutes=TOLD_MINUTES)
    new = told.filter((told.strange == 1) & (told.time <= told.since + hour))
    new = new.drop("visit", "earlier", "first", "places", "strange", "since", "hour", "typed", "weight")
    return new.filter(new.src_ip.notin(approved)) if (approved := _approved(new, site)) else new


def _acts(views: Mapping[str, Any], named: list[str]) -> Any:
    """Logins that worked and commands, of accounts of automation, with their place."""
    logins = views["logins"]
    acts = logins.filter((logins.outcome == "success") & (logins.activity == "login")).mutate(typed=0)
    if "commands" in views:
        typed = views["commands"].mutate(typed=1)
        shared = [name for name in acts.columns if name in typed.columns]
        acts = ibis.union(acts.select(*shared), typed.select(*shared))
    acts = acts.filter(acts.src_ip.notnull() & acts.time.notnull() & acts.user.notnull())
    is_automation = acts.user.re_search(COLLECTORS)
    if named:
        is_automation = is_automation | acts.user.lower().isin(named)
    return acts.filter(is_automation)


def _approved(new: Any, site: Site) -> list[str]:
    """Of the sources found, those the site file gives automation."""
    import ipaddress

    nets = [
        ipaddress.ip_network(n, strict=False) for p in site.people if p.kind == "automation" for n in p.from_addresses
    ]
    found = new.select("src_ip").distinct().to_pyarrow()["src_ip"].to_pylist() if nets else []
    return [source for source in found if _inside(source, nets)]


def _inside(source: str, nets: list[Any]) -> bool:
    import ipaddress

    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return False
    return any(address in net for net in nets if net.version == address.version)


ANALYTIC: Final = Analytic(
    about=About(
        id="access.automation_elsewhere",
        title="Automation account used from another machine",
        severity=Severity.MEDIUM,
        confidence=55,
        needs=(Need("logins", ("time", "user", "src_ip", "outcome"), "login on-success log"),),
        attack=(vocabulary.versioned("T1078.002"),),
        tags=("behaviour:C-15",),
        why="{user}, an account of automation, works on {device} from {src_ip}, where it never worked",
        learned=True,
    ),
    subject=subjects.BY_VIEW["logins"],
    question=question,
)
