"""Logins go on, but no command is accounted for any more.

Between two accounted commands of a device lie a few logins: those are counted. Where more than three logins, spread
over half an hour and twice as many as ever before on the device, follow the last command while other devices'
commands still arrive, accounting was switched off or no longer reaches us.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.detect.baseline import DAY_S, seconds
from seawall.model.severity import Severity
from seawall.model.site import Site

LOGINS: Final = 4
TIMES_USUAL: Final = 2
SPREAD_S: Final = 1_800
BLOCKS: Final = 5  # visits with commands before it
COMMANDS: Final = 10


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """The logins after the last accounted command, where there are more than ever before."""
    logins, commands = views["logins"], views["commands"]
    good = logins.filter(
        logins.time.notnull()
        & logins.device.notnull()
        & logins.user.notnull()
        & (logins.activity == "login")
        & (ibis.coalesce(logins.outcome, "success") == "success")
    )
    typed = commands.filter(commands.time.notnull() & commands.device.notnull() & commands.user.notnull())
    both = good.select("device", "time", "event_id", command=ibis.literal(0)).union(
        typed.select("device", "time", "event_id", command=ibis.literal(1))
    )
    so_far = ibis.window(group_by="device", order_by=["time", "command", "event_id"], preceding=None, following=0)
    numbered = both.mutate(block=both.command.sum().over(so_far))
    visits = numbered.filter(numbered.command == 0)
    blocks = visits.group_by(["device", "block"]).agg(
        entries=visits.count(), begun=visits.time.min(), ended=visits.time.max()
    )
    in_order = ibis.window(group_by="device", order_by="block")
    upto = ibis.window(group_by="device", order_by="block", preceding=None, following=0)
    stepped = blocks.mutate(
        before=ibis.coalesce(blocks.entries.lag(1).over(in_order), 0), visits=ibis.row_number().over(in_order)
    )
    stepped = stepped.mutate(usual=stepped.before.max().over(upto), first=stepped.begun.min().over(upto))
    quiet = stepped.filter(
        (stepped.entries >= ibis.greatest(LOGINS, stepped.usual * TIMES_USUAL))
        & (stepped.visits >= BLOCKS)
        & (stepped.block >= COMMANDS)
        & (seconds(stepped.ended) - seconds(stepped.begun) >= SPREAD_S)
    )
    kept = _while_others_account(quiet, typed)
    members = visits.inner_join(kept, ["device", "block"]).select(
        "event_id", "entries", "usual", "baseline_events", "baseline_days"
    )
    return good.inner_join(members, "event_id")


def _while_others_account(quiet: Any, typed: Any) -> Any:
    """Of the quiet stretches, those during which commands of other devices still came."""
    quarters = typed.mutate(quarter=seconds(typed.time) // 900).select("device", "quarter").distinct()
    spoken = quarters.select(other="device", quarter="quarter")
    met = quiet.inner_join(
        spoken,
        [
            quiet.device != spoken.other,
            spoken.quarter >= seconds(quiet.begun) // 900,
            spoken.quarter <= seconds(quiet.ended) // 900 + 8,
        ],
    )
    alive = met.group_by(["device", "block", "entries", "usual", "visits", "begun", "first"]).agg(
        after=met.quarter.max(), last=met.ended.max()
    )
    alive = alive.filter(alive.after >= seconds(alive["last"]) // 900)
    return alive.select(
        "device",
        "block",
        "entries",
        "usual",
        baseline_events=alive.visits,
        baseline_days=(seconds(alive.begun) - seconds(alive["first"])) / float(DAY_S),
    )


_LOGINS: Final = subjects.BY_VIEW["logins"]

ANALYTIC: Final = Analytic(
    about=About(
        id="silence.accounting_stopped",
        title="Logins go on, accounting stopped",
        severity=Severity.MEDIUM,
        confidence=60,
        needs=(
            Need("logins", ("time", "device", "user", "outcome"), "login on-success log"),
            Need("commands", ("time", "device"), "aaa accounting commands 15 default start-stop group tacacs+"),
        ),
        attack=(vocabulary.versioned("T1562"),),
        tags=("behaviour:D-04",),
        why="{entries} logins on {device} without one command accounted; never more than {usual} before",
        learned=True,
    ),
    subject=replace(_LOGINS, details=(*_LOGINS.details, "entries", "usual", "baseline_events", "baseline_days")),
    question=question,
)
