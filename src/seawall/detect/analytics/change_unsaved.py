"""A change that nobody saved: what runs differs from what would start, and a reload takes the trace away.

Only devices that keep the two apart can show it (IOS, NX-OS, EOS, VRP, ASA), so a device counts if somebody saved on
it in the evidence and nobody ever committed. The save may come within four hours, by anybody; the evidence of the
device must go on that long, since silence is no proof of a change unsaved.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import Site

HOURS: Final = 4
_SAVE: Final = r"^(write( memory)?|copy (running-config|system:running-config) (startup-config|nvram:\S*)|save( .*)?)$"
_COMMIT: Final = r"^commit( |$)"
# Changes that open a door, a way out or an eye, as they are typed on such devices.
_CHANGE: Final = (
    r"^((no|undo) )?(username \S|local-user \S|access-list \S|ip access-list \S|(\d+ )?(permit|deny) |access-class "
    r"|interface (tunnel|loopback)|tunnel |ip route |ip route-static |snmp-server |snmp-agent |tacacs|hwtacacs|radius"
    r"|aaa |logging |info-center |monitor session |observe-port |event manager |ip http |ip ssh |crypto |enable secret)"
)


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """Changes after which nobody saved for four hours, on devices where people save."""
    commands = views["commands"]
    told = commands.filter(commands.time.notnull() & commands.device.notnull() & commands.command.notnull())
    saves = told.command.re_search(_SAVE)
    told = told.mutate(saved_at=ibis.ifelse(saves, told.time, ibis.null()), saves=ibis.ifelse(saves, 1, 0))
    told = told.mutate(commits=ibis.ifelse(told.command.re_search(_COMMIT), 1, 0))
    device = ibis.window(group_by="device")
    later = ibis.window(group_by="device", order_by=["time", "event_id"], preceding=0, following=None)
    known = told.mutate(
        saved=told.saved_at.min().over(later),
        saves=told.saves.sum().over(device),
        commits=told.commits.sum().over(device),
        until=told.time.max().over(device),
    )
    span = ibis.interval(hours=HOURS)
    changes = known.filter(known.command.re_search(_CHANGE) & known.user.notnull())
    changes = changes.filter((changes.saves > 0) & (changes.commits == 0) & (changes.until >= changes.time + span))
    unsaved = changes.filter(changes.saved.isnull() | (changes.saved > changes.time + span))
    return unsaved.drop("saved_at", "saves", "commits", "saved", "until")


ANALYTIC: Final = Analytic(
    about=About(
        id="evasion.change_unsaved",
        title="Change that nobody saved",
        severity=Severity.INFORMATIONAL,
        confidence=25,
        needs=(
            Need("commands", ("time", "device", "user", "command"), "aaa accounting commands 15 default start-stop"),
        ),
        attack=(vocabulary.versioned("T1014"),),
        tags=("behaviour:D-09",),
        why="{user} changed {device} and nobody saved it within four hours: {command_raw}",
    ),
    subject=subjects.BY_VIEW["commands"],
    question=question,
)
