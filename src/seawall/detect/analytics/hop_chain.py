"""A login from a device that somebody had just logged in to: jump host, router, next router, told as one path.

Every hop hides the place before it: the last device only knows the one somebody came from last. Whose an address is
stands with `device_to_device`. A hop counts if the login on the device in between is at most half an hour old.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.analytics import device_to_device
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import Site

WITHIN_MINUTES: Final = 30
SKEW_SECONDS: Final = 90  # clocks differ


def question(views: Mapping[str, Any], site: Site) -> Any:
    """Both logins of each pair of hops, with the whole path: first address, device in between, device reached."""
    logins = views["logins"]
    came = device_to_device.question(views, site)
    good = logins.filter(logins.device.notnull() & logins.time.notnull() & (logins.activity == "login"))
    good = good.filter((good.outcome == "success") & good.src_ip.notnull())
    before = good.select(
        first_id=good.event_id, first_time=good.time, first_ip=good.src_ip, between=good.device, first_user=good.user
    )
    pairs = came.select("event_id", "time", "owner", "device").join(before, came.owner == before.between)
    pairs = pairs.filter(
        (pairs.first_id != pairs.event_id)
        & (pairs.first_time - ibis.interval(seconds=SKEW_SECONDS) <= pairs.time)
        & (pairs.time <= pairs.first_time + ibis.interval(minutes=WITHIN_MINUTES))
    )
    last = ibis.row_number().over(
        ibis.window(group_by="event_id", order_by=[ibis.desc("first_time"), ibis.asc("first_id")])
    )
    pairs = pairs.mutate(choice=last).filter(lambda t: t.choice == 0)
    path = pairs.select(
        "first_ip",
        "between",
        reached=pairs.device,
        path=pairs.first_ip + " > " + pairs.between + " > " + pairs.device,
        first_id=pairs.first_id,
        last_id=pairs.event_id,
    )
    ends = [path.mutate(shown=path[name]).drop("first_id", "last_id") for name in ("first_id", "last_id")]
    shown = ibis.union(*ends).distinct()
    rows = logins.join(shown, logins.event_id == shown.shown).drop("shown")
    # One login may begin several paths: each row is told once, for the first of them by name.
    place = ibis.row_number().over(ibis.window(group_by="event_id", order_by="path"))
    return rows.mutate(place=place).filter(lambda t: t.place == 0).drop("place")


_LOGINS: Final = subjects.BY_VIEW["logins"]

ANALYTIC: Final = Analytic(
    about=About(
        id="lateral.hop_chain",
        title="Chain of logins from device to device",
        severity=Severity.MEDIUM,
        confidence=70,
        needs=(
            Need("logins", ("time", "device", "src_ip", "outcome"), "login on-success log"),
            Need("commands", ("device", "command"), "archive / log config / logging enable / notify syslog"),
        ),
        attack=(vocabulary.versioned("T1665"), vocabulary.versioned("T1021.004")),
        tags=("behaviour:D-16", "behaviour:L-01"),
        why="somebody came to {reached} by the path {path}",
    ),
    subject=subjects.Subject(
        "logins",
        (
            subjects.Naming(("first_ip",), "ip", "source"),
            subjects.Naming(("between",), "device", "via"),
            subjects.Naming(("reached",), "device", "target"),
        ),
        (*_LOGINS.details, "path", "reached"),
        "raw",
    ),
    question=question,
)
