"""Something that watches was taken away and put back within two hours: the log host, accounting, the flow export.

What lies between is what was not to be seen; the tools of published intrusions do this on every hop around a
capture. Evidence is the line that took it away and the line that put it back, by one account on one device.
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

WITHIN_MINUTES: Final = 120
_REMOVAL: Final = r"^(no|undo|delete|deactivate) "
_VERB: Final = r"^(no |undo |delete |deactivate |set |activate )"
WATCHERS: Final = (
    r"^((logging|logging (host|server|trap|buffered|on|enable|source-interface)|info-center|system syslog|syslog"
    r"|aaa accounting|archive|log config|login on-(success|failure)|ip ssh logging|system accounting|event-control"
    r"|flow (exporter|monitor)|ip flow|sflow|forwarding-options sampling|snmp-server (host|enable)|access-class"
    r"|ip access-class|to syslog|log-id)\b.*)"
)


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """Lines that took a watcher away and those that put it back within two hours."""
    commands = views["commands"]
    told = commands.filter(commands.time.notnull() & commands.user.notnull() & commands.device.notnull())
    bare = told.command.lower().re_replace(_VERB, "")
    named = told.mutate(watcher=bare.re_extract(WATCHERS, 1).nullif(""), removal=told.command.re_search(_REMOVAL))
    changes = named.filter(named.watcher.notnull())
    changes = changes.mutate(place=changes.section.fill_null(""))
    span = ibis.interval(minutes=WITHIN_MINUTES)
    keys = ["device", "user", "watcher", "place"]
    behind = ibis.range_window(preceding=span, following=0, group_by=keys, order_by="time")
    ahead = ibis.range_window(preceding=0, following=span, group_by=keys, order_by="time")
    gone_at = ibis.ifelse(changes.removal, changes.time, ibis.null())
    made_at = ibis.ifelse(changes.removal, ibis.null(), changes.time)
    paired = changes.mutate(gone=gone_at.max().over(behind), back=made_at.max().over(ahead))
    kept = paired.filter(ibis.ifelse(paired.removal, paired.back.notnull(), paired.gone.notnull()))
    return kept.drop("gone", "back", "removal", "place")


_COMMANDS: Final = subjects.BY_VIEW["commands"]

ANALYTIC: Final = Analytic(
    about=About(
        id="evasion.logging_paused",
        title="Something that watches taken away and put back",
        severity=Severity.MEDIUM,
        confidence=65,
        needs=(
            Need(
                "commands",
                ("time", "user", "command", "section"),
                "archive / log config / logging enable / notify syslog contenttype plaintext",
            ),
        ),
        attack=(vocabulary.versioned("T1562"),),
        tags=("behaviour:D-05", "behaviour:D-08"),
        why="{user} took `{watcher}` away from {device} and put it back within two hours",
    ),
    subject=replace(_COMMANDS, details=(*_COMMANDS.details, "watcher")),
    question=question,
)
