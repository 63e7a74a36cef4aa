"""The account of a collector or an automation that logs in from a machine it never works on.

Automation lives on one or two machines. With a site file its addresses are known; without one they are learned: five
earlier logins, from at most three places, before another place means anything.
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


def question(views: Mapping[str, Any], site: Site) -> Any:
    """Logins of automation accounts from places that are not theirs."""
    logins = views["logins"]
    good = logins.filter(logins.src_ip.notnull() & logins.time.notnull() & logins.user.notnull())
    good = good.filter((good.outcome == "success") & (good.activity == "login"))
    named = [person.account.lower() for person in site.people if person.kind == "automation"]
    is_automation = good.user.re_search(COLLECTORS)
    if named:
        is_automation = is_automation | good.user.lower().isin(named)
    own = good.filter(is_automation)
    placed = ibis.window(group_by=["user", "src_ip"], order_by=["time", "event_id"])
    ordered = ibis.window(group_by="user", order_by=["time", "event_id"])
    counted = own.mutate(visit=ibis.row_number().over(placed), earlier=ibis.row_number().over(ordered))
    counted = counted.mutate(first=ibis.ifelse(counted.visit == 0, 1, 0))
    places = counted.mutate(
        places=counted.first.sum().over(ibis.cumulative_window(group_by="user", order_by=["time", "event_id"]))
    )
    new = places.filter((places.visit == 0) & (places.earlier >= BASELINE_LOGINS) & (places.places <= PLACES + 1))
    new = new.drop("visit", "earlier", "first", "places")
    return new.filter(new.src_ip.notin(approved)) if (approved := _approved(new, site)) else new


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
        why="{user}, an account of automation, logged in to {device} from {src_ip}, where it never worked",
        learned=True,
    ),
    subject=subjects.BY_VIEW["logins"],
    question=question,
)
