"""Much more sent than got, to a server outside that few others know: against the habit of the host that sends.

A pair counts from 100 MB sent (10 MB where the sender is network equipment), five times what came back, with at most
two of our hosts speaking to that server, and more than what the sender usually sends outside in as many hours. A job
that runs at the same hour on two days or more and sends alike each time is a backup, and quiet; what leaks all day
long is not.

False positives: the first night of a new backup; a researcher's upload.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import vocabulary
from seawall.detect.base import About, Analytic
from seawall.detect.traffic import places, roles, telling
from seawall.detect.traffic.once import once
from seawall.detect.traffic.oriented import oriented
from seawall.model.severity import Severity
from seawall.model.site import Site

LEAST: Final = 100_000_000
LEAST_OF_EQUIPMENT: Final = 10_000_000
ONE_SIDED: Final = 5
_KEYS: Final = ("client", "server")
_FURTHER: Final = ("octets_sent", "octets_got", "hours", "usual", "sharing")


def question(views: Mapping[str, Any], site: Site) -> Any:
    """First flows of every pair that took data out."""
    rows = oriented(once(views))
    who = roles.roles(rows, site)
    rows = rows.filter(
        places.inside(rows.client, site) & ~places.inside(rows.server, site) & ~places.nobody(rows.server)
    )
    times = ibis.greatest(rows.sampling.fill_null(1), 1)
    rows = rows.mutate(
        out=rows.sent.fill_null(0) * times, back=rows.got.fill_null(0) * times, hour=rows.seconds // 3_600
    )
    hourly = rows.group_by("client", "server", "hour").aggregate(out=rows.out.sum(), back=rows.back.sum())
    habit = _habit(hourly)
    by = hourly.group_by(list(_KEYS)).aggregate(
        octets_sent=hourly.out.sum(), octets_got=hourly.back.sum(), hours=hourly.count()
    )
    shared = hourly.group_by("server").aggregate(sharing=hourly.client.nunique())
    by = (
        by.join(shared, "server").left_join(habit, "client").drop("client_right").left_join(_daily(hourly), list(_KEYS))
    )
    least = ibis.ifelse(who.is_equipment(by.client), LEAST_OF_EQUIPMENT, LEAST)
    by = by.mutate(usual=by.usual.fill_null(0))
    big = (by.octets_sent >= least) & (by.octets_sent >= by.octets_got * ONE_SIDED) & (by.sharing <= 2)
    by = by.filter(big & (by.octets_sent > by.usual * by.hours * 3) & (by.daily.fill_null(0) == 0))
    found = rows.filter(~rows.turned).join(by.select(*_KEYS, *_FURTHER), list(_KEYS))
    return telling.evidence(found, _KEYS, _FURTHER)


def _habit(hourly: Any) -> Any:
    """What a host sends outside in an hour in which it sends at all, to all servers but its greatest, in the median."""
    rank = ibis.row_number().over(ibis.window(group_by=["client", "hour"], order_by=[ibis.desc("out"), "server"]))
    lesser = hourly.mutate(place=rank)
    lesser = lesser.filter(lesser.place > 0).group_by("client", "hour").aggregate(out=lesser.out.sum())
    return lesser.group_by("client").aggregate(usual=lesser.out.median().round(0).cast("int64"))


def _daily(hourly: Any) -> Any:
    """Pairs that send at the same hours of two days or more, little apart in size, and rest otherwise."""
    days = hourly.mutate(day=hourly.hour // 24, of_day=hourly.hour % 24)
    per = days.group_by("client", "server", "day").aggregate(
        out=days.out.sum(), hours=days.count(), begins=days.of_day.min()
    )
    by = per.group_by("client", "server").aggregate(
        days=per.count(),
        most=per.out.max(),
        least=per.out.min(),
        hours=per.hours.max(),
        early=per.begins.min(),
        late=per.begins.max(),
    )
    even = (by.days >= 2) & (by.hours <= 4) & (by.late - by.early <= 1) & (by.most <= by.least * 3)
    by = by.mutate(daily=ibis.ifelse(even, 1, 0))
    return by.select("client", "server", "daily")


ANALYTIC: Final = Analytic(
    about=About(
        id="flows.exfiltration",
        title="Data taken out to a server few others know",
        severity=Severity.HIGH,
        confidence=60,
        needs=telling.needs("src_bytes", "dst_bytes"),
        attack=(vocabulary.versioned("T1048.002"),),
        tags=(
            "behaviour:X-03",
            "behaviour:X-04",
        ),
        why=(
            "{src_ip} sent {octets_sent} octets to {dst_ip} in {hours} hours and got {octets_got}; beside it, "
            "it usually sends {usual} "
            "octets an hour outside; hosts that speak with that server: {sharing}"
        ),
        gap=telling.LASTING,
        learned=False,
    ),
    subject=telling.subject(*_FURTHER),
    question=question,
)
