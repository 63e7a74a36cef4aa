"""A burst of reconnaissance on one device: four or more different looking-around commands within five minutes.

Published intrusions into carrier routers open with the same handful of commands: paging off, configuration, AAA
servers, neighbours, file systems, clock. Any one is daily work; four kinds in five minutes by one account is not.
Ordinary troubleshooting (`show interfaces`, `show ip route`, `show bgp`) counts as no kind at all.

Backup collectors (RANCID, Oxidized and their kin) read the configuration, the files and the hardware, and nothing
else: three kinds, so a burst of four always holds something no collector asks for. Settings of the terminal are
told as part of a burst but count for nothing, since every program begins with them.

Kinds, per vendor family, as patterns on the normalised command. The count of kinds in a moving window is a sum of
per-kind maxima, because no engine counts distinct values over a moving range.
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

WINDOW_MINUTES: Final = 5
KINDS_NEEDED: Final = 4

# Kind of looking around → what it reads like on IOS, IOS XE, IOS XR, NX-OS, EOS, Junos, VRP and SR OS.
KINDS: Final[dict[str, str]] = {
    "configuration": (
        r"^(show (running-config|startup-config|configuration)|more (system|nvram):"
        r"|display (current|saved)-configuration|admin (display-config|show configuration))\b"
    ),
    "access control": (
        r"^(show (tacacs|aaa|radius|privilege|users|system users|system login|line)"
        r"|display (hwtacacs|radius|aaa|local-user|users|user-interface)"
        r"|show system security)"
    ),
    "neighbours": r"^(show (cdp|lldp|system lldp)|display (lldp|cdp|ndp))\b",
    "files": (
        r"^(dir|file (list|dir|show)"
        r"|show (file|file systems|filesystem|flash|bootflash|disk0|nvram|system storage))(:|\b)"
    ),
    "clock": r"^(show (clock|ntp|time|system uptime|system time)|display (clock|ntp-service))\b",
    "hardware and release": (
        r"^(show (inventory|hardware|boot|platform|license|chassis hardware|system license)"
        r"|display (device|esn|startup))\b"
    ),
    "logging": r"^(show (logging|archive|log messages)|display (logbuffer|trapbuffer|info-center))\b",
}

# Settings of the terminal, which belong to a burst and prove nothing.
_TERMINAL: Final = (
    r"^(terminal (length|width|datadump|pager)|screen-(length|width)|set cli screen-(length|width)"
    r"|environment (no )?more)\b"
)


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """Every command that is part of a burst, with the kinds seen in the five minutes before and after it."""
    commands = views["commands"]
    told = commands.filter(commands.time.notnull() & commands.user.notnull() & commands.command.notnull())
    patterns = {**KINDS, "terminal": _TERMINAL}
    kind = ibis.cases(*((told.command.re_search(pattern), name) for name, pattern in patterns.items()), else_=None)
    looking = told.mutate(kind=kind)
    looking = looking.filter(looking.kind.notnull())
    span = ibis.interval(minutes=WINDOW_MINUTES)
    keys = ["device", "user"]
    ahead = ibis.range_window(preceding=0, following=span, group_by=keys, order_by="time")
    counts = [ibis.ifelse(looking.kind == name, 1, 0).max().over(ahead) for name in KINDS]
    total = counts[0]
    for count in counts[1:]:
        total = total + count
    counted = looking.mutate(kinds_ahead=total)
    behind = ibis.range_window(preceding=span, following=0, group_by=keys, order_by="time")
    # An event belongs to a burst if a window that holds it has enough kinds; that window starts at most five
    # minutes earlier.
    marked = counted.mutate(kinds=counted.kinds_ahead.max().over(behind))
    return marked.filter(marked.kinds >= KINDS_NEEDED).drop("kinds_ahead")


_COMMANDS: Final = subjects.BY_VIEW["commands"]

ANALYTIC: Final = Analytic(
    about=About(
        id="discovery.command_burst",
        title="Burst of reconnaissance commands on a device",
        severity=Severity.MEDIUM,
        confidence=70,
        needs=(
            Need(
                "commands",
                ("time", "user", "command"),
                "aaa accounting commands 1 and 15 default start-stop group tacacs+",
            ),
        ),
        attack=(vocabulary.versioned("T1082"),),
        tags=("behaviour:I-01",),
        why="{user} ran {kinds} kinds of looking-around commands on {device} within 5 minutes",
    ),
    subject=replace(_COMMANDS, details=(*_COMMANDS.details, "kinds")),
    question=question,
)
