"""Many failed logins in a short time: many names from one place, many places on one device, one place on many devices.

Ten minutes; four names, three places or three devices. A name, place or device counts anew once ten minutes have gone
by, so that one that is tried again and again is one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import Site

WINDOW_MINUTES: Final = 10
NAMES: Final = 4  # from one place
PLACES: Final = 3  # on one device, of at least FAILURES
DEVICES: Final = 3  # from one place
FAILURES: Final = 5
_NO_DOOR: Final = ("snmp", "network", "batch", "service", "enable", "sudo")


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """Every failed login that is part of a storm, with how many failed in the ten minutes around it."""
    logins = views["logins"]
    told = logins.filter(logins.device.notnull() & logins.time.notnull() & logins.src_ip.notnull())
    told = told.filter((told.activity == "login") & (told.outcome == "failure"))
    told = told.filter(told.service.fill_null("").notin(_NO_DOOR)).mutate(name=told.user.fill_null(""))
    span = ibis.interval(minutes=WINDOW_MINUTES)
    for mark, keys in (("n", ["src_ip", "name"]), ("p", ["device", "src_ip"])):
        same = ibis.window(group_by=keys, order_by=["time", "event_id"])
        told = told.mutate(**{f"{mark}_before": told.time.lag(1).over(same)})
    fresh = told.mutate(
        n=ibis.ifelse(told.n_before.isnull() | (told.n_before < told.time - span), 1, 0),
        p=ibis.ifelse(told.p_before.isnull() | (told.p_before < told.time - span), 1, 0),
    )
    by_place = {"group_by": "src_ip", "order_by": "time"}
    by_device = {"group_by": "device", "order_by": "time"}
    ahead = {
        name: ibis.range_window(preceding=0, following=span, **by) for name, by in (("s", by_place), ("d", by_device))
    }
    counted = fresh.mutate(
        names=fresh.n.sum().over(ahead["s"]),
        devices=fresh.p.sum().over(ahead["s"]),
        places=fresh.p.sum().over(ahead["d"]),
        failed=fresh.count().over(ahead["d"]),
    )
    storm = (counted.places >= PLACES) & (counted.failed >= FAILURES)
    marked = counted.mutate(
        by_source=ibis.ifelse((counted.names >= NAMES) | (counted.devices >= DEVICES), 1, 0),
        on_device=ibis.ifelse(storm, 1, 0),
    )
    behind = {
        name: ibis.range_window(preceding=span, following=0, **by) for name, by in (("s", by_place), ("d", by_device))
    }
    found = marked.mutate(
        sprayed=marked.by_source.max().over(behind["s"]),
        stormed=marked.on_device.max().over(behind["d"]),
        failures=marked.failed.max().over(behind["d"]),
    )
    found = found.filter((found.sprayed == 1) | (found.stormed == 1))
    return found.select(*logins.columns, "failures")


_LOGINS: Final = subjects.BY_VIEW["logins"]

ANALYTIC: Final = Analytic(
    about=About(
        id="access.login_storm",
        title="Storm of failed logins",
        severity=Severity.MEDIUM,
        confidence=60,
        needs=(Need("logins", ("time", "device", "src_ip", "outcome"), "login on-failure log"),),
        attack=(vocabulary.versioned("T1110.003"),),
        tags=("behaviour:A-13", "behaviour:A-22"),
        why="{failures} logins failed on {device} within 10 minutes, from {src_ip} and perhaps others",
    ),
    # One storm is one finding per place it comes from: what is tried on which device stands in the evidence.
    subject=subjects.Subject(
        "logins", (subjects.Naming(("src_ip",), "ip", "source"),), (*_LOGINS.details, "failures"), "raw"
    ),
    question=question,
)
