"""A login that worked after many that did not: a password guessed, or one of a list.

Five failures from one place on one device within a quarter of an hour before the success, or twenty on the device
whatever place they came from: those who rent addresses change them with every try. People who mistype give up after
three, and devices lock them out.

A person who comes from where the site file says they work, and forgot the new password, is no guesser: there only
twenty failures count.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import ibis

from seawall.detect import baseline, subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import Site

WINDOW_MINUTES: Final = 15
FROM_ONE_PLACE: Final = 5  # failures before the success
FROM_ANYWHERE: Final = 20
_NO_DOOR: Final = ("snmp", "network", "batch", "service", "enable", "su", "sudo")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """Successful logins with enough failures in the quarter of an hour before."""
    logins = views["logins"]
    told = logins.filter(logins.device.notnull() & logins.time.notnull() & logins.src_ip.notnull())
    told = told.filter((told.activity == "login") & told.service.fill_null("").notin(_NO_DOOR))
    failed = ibis.ifelse(told.outcome == "failure", 1, 0)
    span = ibis.interval(minutes=WINDOW_MINUTES)
    place = ibis.range_window(preceding=span, following=0, group_by=["device", "src_ip"], order_by="time")
    device = ibis.range_window(preceding=span, following=0, group_by="device", order_by="time")
    counted = told.mutate(here=failed.sum().over(place), failures=failed.sum().over(device))
    good = counted.filter(counted.outcome == "success")
    many = good.filter(good.failures >= FROM_ANYWHERE)
    some = good.filter((good.here >= FROM_ONE_PLACE) & (good.failures < FROM_ANYWHERE))
    accounts = sorted(person.account.lower() for person in site.people)
    if not accounts:
        return ibis.union(many, some).drop("here")
    person = some.user.fill_null("").lower().isin(accounts)
    misplaced = baseline.by_site(some.filter(person), site).drop("baseline_exact")
    return ibis.union(many, some.filter(~person), misplaced).drop("here")


_LOGINS: Final = subjects.BY_VIEW["logins"]

ANALYTIC: Final = Analytic(
    about=About(
        id="access.guessed_password",
        title="Login after many failed ones",
        severity=Severity.MEDIUM,
        confidence=60,
        needs=(Need("logins", ("time", "device", "src_ip", "outcome"), "login on-failure log, login on-success log"),),
        attack=(vocabulary.versioned("T1110.001"),),
        tags=("behaviour:A-22", "behaviour:A-13"),
        why="{user} logged in to {device} from {src_ip} after {failures} failed logins within a quarter of an hour",
    ),
    subject=replace(_LOGINS, details=(*_LOGINS.details, "failures")),
    question=question,
)
