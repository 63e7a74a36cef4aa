"""The list on the terminal lines lifted, and what was done to those lines around it.

Taking `access-class` off opens the device to whoever can reach it; published intrusions do so, log in, and put a list
back within a minute. One line alone does not tell this from a bulk change, so the lifting is the anchor and every
line about the terminal lines by the same account within five minutes is evidence.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import Site

AROUND_MINUTES: Final = 5
_DOOR: Final = r"^(configure terminal ; )?(line vty|line default|vty-pool|user-interface vty|management (ssh|telnet))"
# SR OS: the filters before its management, and the lines that take them away.
_SROS: Final = (
    r"^config(ure)? system security "
    r"((mgmt|management)-access-filter|cpm-filter)( ip(v6)?-filter)? "
    r"(shutdown|no (ip(v6)?-filter|entry \d+)|default-action permit)$"
    r"|^config(ure)? system security no (management-access|cpm)-filter$"
)

# Lifting the guard: IOS, XR and EOS, NX-OS, VRP, Junos.
LIFTED: Final = (
    r"^no (ip |ipv6 )?access-class|^undo acl [0-9]+ inbound"
    r"|^(delete|deactivate) interfaces lo0 unit \S+ family inet6? filter"
    r"|^(delete|deactivate) firewall (family inet6? )?filter \S*(protect|re-|-re|mgmt|loopback|lo0|copp|control)\S*$"
    r"|^no line \S+ (\S+ )?access-class |^undo (acl( ipv6)?( [0-9]+)? inbound|(ssh|telnet) (ipv6 )?server acl)"
    r"|^deactivate interfaces (fxp0|em0|re0\S*) unit \S+ family inet6? filter"
    r"|^(delete )?configure system security (management-access-filter|cpm-filter)( ip-filter)?( admin-state disable)?$"
)
# Whatever else is said of the terminal lines and of the lists on them.
ABOUT_LINES: Final = (
    LIFTED + r"|^(line vty|line default|vty-pool|user-interface vty)|^(ip |ipv6 )?access-class"
    r"|^acl [0-9]+ inbound|^set interfaces lo0 unit \S+ family inet6? filter"
)


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """Every line about the terminal lines within five minutes of one that lifted their list."""
    commands = views["commands"]
    told = commands.filter(commands.time.notnull() & commands.user.notnull() & commands.command.notnull())
    door = told.section.fill_null("").re_search(_DOOR)
    classic = (told.section.fill_null("") + " " + told.command).re_search(_SROS)
    inside = door & told.command.re_search(r"^(no )?(transport|exec-timeout|login|(ip|ipv6) access-group)")
    lines = told.filter(told.command.re_search(ABOUT_LINES) | inside | classic)
    span = ibis.interval(minutes=AROUND_MINUTES)
    around = ibis.range_window(preceding=span, following=span, group_by=["device", "user"], order_by="time")
    eos = lines.section.fill_null("").re_search(r"^management ") & lines.command.re_search(
        r"^no (ip|ipv6) access-group"
    )
    sros = (lines.section.fill_null("") + " " + lines.command).re_search(_SROS)
    lifted = ibis.ifelse(lines.command.re_search(LIFTED) | eos | sros, 1, 0)
    marked = lines.mutate(lifted=lifted.max().over(around))
    return marked.filter(marked.lifted == 1).drop("lifted")


ANALYTIC: Final = Analytic(
    about=About(
        id="evasion.vty_access_lifted",
        title="List on the terminal lines lifted",
        severity=Severity.HIGH,
        confidence=70,
        needs=(
            Need(
                "commands",
                ("time", "user", "command", "section"),
                "archive / log config / logging enable / notify syslog contenttype plaintext",
            ),
        ),
        attack=(vocabulary.versioned("T1562.013"),),
        tags=("behaviour:P-09",),
        why="{user} lifted the list that guards the terminal lines of {device} ({count} lines)",
    ),
    subject=subjects.BY_VIEW["commands"],
    question=question,
)
