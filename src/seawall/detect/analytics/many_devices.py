"""One account, one place, many devices it never used: a stolen password tried door after door.

A device counts as new to an account if the account's first login there comes after twenty others have been seen on
that device, so that evidence which simply begins is no news. Four new devices within an hour from one source are told.
Bulk changes by people look the same: without a site file the finding is low; its jump hosts are left out.
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

WINDOW_MINUTES: Final = 60
DEVICES_NEEDED: Final = 4
BASELINE_LOGINS: Final = 20  # earlier successful logins on the device


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First logins on devices with a baseline, where four or more fall within an hour from one source."""
    logins = views["logins"]
    good = logins.filter(logins.src_ip.notnull() & logins.device.notnull() & logins.time.notnull())
    good = good.filter(good.user.notnull() & (good.outcome == "success") & (good.activity == "login"))
    by_pair = ibis.window(group_by=["device", "user"], order_by=["time", "event_id"])
    counted = baseline.learning(good, ("device",)).mutate(visit=ibis.row_number().over(by_pair))
    new = counted.filter((counted.baseline_events >= BASELINE_LOGINS) & (counted.visit == 0)).drop("visit")
    span = ibis.interval(minutes=WINDOW_MINUTES)
    keys = ["user", "src_ip"]
    ahead = ibis.range_window(preceding=0, following=span, group_by=keys, order_by="time")
    behind = ibis.range_window(preceding=span, following=0, group_by=keys, order_by="time")
    counted = new.mutate(ahead=new.count().over(ahead))
    marked = counted.mutate(devices=counted.ahead.max().over(behind)).drop("ahead")
    found = marked.filter(marked.devices >= DEVICES_NEEDED)
    if not site.known:
        return found
    sources = found.select("src_ip").distinct().to_pyarrow()["src_ip"].to_pylist()
    trusted = [source for source in sources if site.is_trusted_source(source)]
    return found.filter(found.src_ip.notin(trusted)) if trusted else found


_LOGINS: Final = subjects.BY_VIEW["logins"]

ANALYTIC: Final = Analytic(
    about=About(
        id="lateral.many_devices",
        title="Account enters many devices it never used",
        severity=Severity.LOW,
        confidence=45,
        needs=(Need("logins", ("time", "device", "user", "src_ip", "outcome"), "login on-success log"),),
        attack=(vocabulary.versioned("T1078"),),
        tags=("behaviour:L-04",),
        why="{user} entered {devices} devices it never used within an hour, from {src_ip}",
        learned=True,
    ),
    subject=replace(_LOGINS, details=(*_LOGINS.details, "devices", "baseline_events", "baseline_days")),
    question=question,
)
