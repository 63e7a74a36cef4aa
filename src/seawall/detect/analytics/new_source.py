"""A valid account from a new place: a login by a pair of account and source never seen on a device that knows many.

The baseline is learned from the evidence itself, so every finding is marked so. A device needs twenty earlier
logins before "never" means anything; a site file's jump hosts are places anyone may come from. An account that came
from fifty addresses already has no place of its own: a new one is then told only as news to the network (`first_seen`).
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

BASELINE_LOGINS: Final = 20  # earlier successful logins on the device
ROAMING_SOURCES: Final = 50  # addresses an account came from before, anywhere, that leave it without a place


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First logins of (account, source) on devices with a baseline; `earlier` counts the logins before."""
    logins = views["logins"]
    good = logins.filter(logins.src_ip.notnull() & logins.device.notnull() & logins.time.notnull())
    good = good.filter(good.user.notnull() & (good.outcome == "success") & (good.activity == "login"))
    by_pair = ibis.window(group_by=["device", "user", "src_ip"], order_by=["time", "event_id"])
    by_place = ibis.window(group_by=["user", "src_ip"], order_by=["time", "event_id"])
    counted = baseline.by_site(baseline.learning(good, ("device",)), site)
    counted = counted.mutate(visit=ibis.row_number().over(by_pair), nth=ibis.row_number().over(by_place))
    known = (counted.baseline_events >= BASELINE_LOGINS) | counted.baseline_exact
    by_account = ibis.window(group_by="user", order_by=["time", "event_id"], preceding=None, following=0)
    counted = counted.mutate(places=ibis.ifelse(counted.nth == 0, 1, 0).sum().over(by_account))
    settled = (counted.places <= ROAMING_SOURCES) | counted.baseline_exact
    news = counted.filter(known & settled & (counted.visit == 0))
    return news.mutate(earlier=news.baseline_events).drop("visit", "nth", "places")


_LOGINS: Final = subjects.BY_VIEW["logins"]

ANALYTIC: Final = Analytic(
    about=About(
        id="access.new_source",
        title="Account logs in from a place it never came from",
        severity=Severity.LOW,
        confidence=40,
        needs=(Need("logins", ("time", "device", "user", "src_ip", "outcome"), "login on-success log"),),
        attack=(vocabulary.versioned("T1078"),),
        tags=("behaviour:A-11",),
        why="{user} logged in to {device} from {src_ip} for the first time in {earlier} logins",
        learned=True,
    ),
    subject=replace(_LOGINS, details=(*_LOGINS.details, "earlier", *baseline.COLUMNS)),
    question=question,
)
