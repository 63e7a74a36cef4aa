"""A burst of probes out of a router: ping, SSH and telnet to one address after another.

Routers are where people look from, so a few pings are daily work, and the same target many times is a fault being
watched. Five different targets in ten minutes are a search, and so are eight probes of four targets.

A target counts as new if the same account did not probe it from the same device in the ten minutes before: no engine
counts distinct values over a moving range.
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
TARGETS: Final = 5
PROBES: Final = 8
PROBED_TARGETS: Final = 4  # with eight probes, so many targets are enough

_PROBE: Final = (
    r"^(ping|ssh|telnet|stelnet|ping6|traceroute|tracert|test aaa|guestshell run (.* )?(ssh|ping|telnet|nc)) "
)
_ADDRESS: Final = r"(?:^|[ @])([0-9]{1,3}(?:\.[0-9]{1,3}){3}|[0-9a-f]{1,4}:[0-9a-f:]*:[0-9a-f:]*)(?: |$)"


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """Every probe that is part of a burst, with the targets new in its ten minutes."""
    commands = views["commands"]
    told = commands.filter(commands.time.notnull() & commands.user.notnull() & commands.command.notnull())
    probes = told.filter(told.command.re_search(_PROBE))
    probes = probes.mutate(target=probes.command.re_extract(_ADDRESS, 1))
    probes = probes.filter(probes.target != "")
    span = ibis.interval(minutes=WINDOW_MINUTES)
    same = ibis.window(group_by=["device", "user", "target"], order_by=["time", "event_id"])
    earlier = probes.mutate(before=probes.time.lag(1).over(same))
    known = earlier.before.notnull() & (earlier.before >= earlier.time - span)
    fresh = earlier.mutate(fresh=ibis.ifelse(known, 0, 1))
    keys = ["device", "user"]
    ahead = ibis.range_window(preceding=0, following=span, group_by=keys, order_by="time")
    counted = fresh.mutate(targets_ahead=fresh.fresh.sum().over(ahead), probes_ahead=fresh.count().over(ahead))
    many = (counted.targets_ahead >= TARGETS) | (
        (counted.probes_ahead >= PROBES) & (counted.targets_ahead >= PROBED_TARGETS)
    )
    begun = counted.mutate(burst=ibis.ifelse(many, counted.targets_ahead, 0))
    behind = ibis.range_window(preceding=span, following=0, group_by=keys, order_by="time")
    marked = begun.mutate(targets=begun.burst.max().over(behind))
    return marked.filter(marked.targets > 0).drop("before", "fresh", "targets_ahead", "probes_ahead", "burst", "target")


_COMMANDS: Final = subjects.BY_VIEW["commands"]

ANALYTIC: Final = Analytic(
    about=About(
        id="discovery.probe_burst",
        title="Burst of probes out of a device",
        severity=Severity.MEDIUM,
        confidence=60,
        needs=(
            Need(
                "commands",
                ("time", "user", "command"),
                "aaa accounting commands 1 and 15 default start-stop group tacacs+",
            ),
        ),
        attack=(vocabulary.versioned("T1018"),),
        tags=("behaviour:I-04",),
        why="{user} probed {targets} addresses or more from {device} within 10 minutes",
    ),
    subject=replace(_COMMANDS, details=(*_COMMANDS.details, "targets")),
    question=question,
)
