"""Somebody looks around on a device: four kinds of commands within five minutes, settings of the terminal among them.

What `command_burst` leaves out for the sake of collectors counts here: paging off, the release, and file systems beside
files. So collectors are left out by their names, and what is found is low: engineers do this too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.analytics import command_burst
from seawall.detect.analytics.topology_sweep import COLLECTORS
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import Site

WINDOW_MINUTES: Final = 5
KINDS_NEEDED: Final = 4
KINDS: Final[dict[str, str]] = {
    "terminal": (
        r"^(terminal (length|width|datadump|pager)|screen-(length|width)|set cli screen|environment (no )?more)\b"
    ),
    "release": r"^(show (version|system information|chassis|hardware)|display (version|device)|get system status)( |$)",
    "file systems": r"^(show file systems|show filesystem|file (list|dir)|dir)( |$|:)",
    **command_burst.KINDS,
}


def question(views: Mapping[str, Any], site: Site) -> Any:
    """Every command that is part of a round of looking around, with the kinds seen in the five minutes around it."""
    commands = views["commands"]
    told = commands.filter(commands.time.notnull() & commands.user.notnull() & commands.command.notnull())
    told = told.filter(~told.user.re_search(COLLECTORS))
    machines = [person.account.lower() for person in site.people if person.kind == "automation"]
    if machines:
        told = told.filter(told.user.lower().notin(machines))
    kind = ibis.cases(*((told.command.re_search(pattern), name) for name, pattern in KINDS.items()), else_=None)
    looking = told.mutate(kind_of=kind).filter(lambda t: t.kind_of.notnull())
    span = ibis.interval(minutes=WINDOW_MINUTES)
    keys = ["device", "user"]
    ahead = ibis.range_window(preceding=0, following=span, group_by=keys, order_by="time")
    total: Any = 0
    for name in KINDS:
        total = total + ibis.ifelse(looking.kind_of == name, 1, 0).max().over(ahead)
    counted = looking.mutate(ahead=total)
    behind = ibis.range_window(preceding=span, following=0, group_by=keys, order_by="time")
    marked = counted.mutate(kinds=counted.ahead.max().over(behind))
    return marked.filter(marked.kinds >= KINDS_NEEDED).drop("ahead", "kind_of")


_COMMANDS: Final = subjects.BY_VIEW["commands"]

ANALYTIC: Final = Analytic(
    about=About(
        id="discovery.looking_around",
        title="Somebody looks around on a device",
        severity=Severity.LOW,
        confidence=35,
        needs=(
            Need(
                "commands",
                ("time", "user", "command"),
                "aaa accounting commands 1 and 15 default start-stop group tacacs+",
            ),
        ),
        attack=(vocabulary.versioned("T1082"),),
        tags=("behaviour:I-01",),
        why="{user} looked around on {device}: {kinds} kinds of commands within 5 minutes",
    ),
    subject=replace(_COMMANDS, details=(*_COMMANDS.details, "kinds")),
    question=question,
)
