"""Neighbours listed on device after device: somebody draws the map of the network.

Three devices within an hour by one account. Collectors do this every night; an account that looks like one by its
name, or that the site file calls automation, is left out.
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

WINDOW_MINUTES: Final = 60
DEVICES_NEEDED: Final = 3
_NEIGHBOURS: Final = (
    r"^(show|display|get|diagnose|info) (system )?(router )?(cdp|lldp|edp|ndp|fdp|switch lldp|lldprx|hgmp)( |$)"
)
COLLECTORS: Final = (  # accounts of automation, by the names carriers give them
    r"(?i)(rancid|oxidi[sz]ed|ansible|unimus|nornir|napalm|netbackup|librenms|zabbix|solarwinds"
    r"|(^|[-_.])(svc|srv|bot|auto|automation|backup|bkp|nso|awx|collector|robot|script|nms|ems|monitor|mon|oss)([-_.0-9]|$)"
    r"|^(oxi|awx|nso|nms|ems|oss)[-_.])"
)


def question(views: Mapping[str, Any], site: Site) -> Any:
    """Commands that list neighbours, by accounts that did so on three devices within an hour."""
    commands = views["commands"]
    told = commands.filter(commands.time.notnull() & commands.user.notnull() & commands.device.notnull())
    asked = told.filter(told.command.re_search(_NEIGHBOURS) & ~told.user.re_search(COLLECTORS))
    machines = [person.account.lower() for person in site.people if person.kind == "automation"]
    if machines:
        asked = asked.filter(asked.user.lower().notin(machines))
    span = ibis.interval(minutes=WINDOW_MINUTES)
    same = ibis.window(group_by=["user", "device"], order_by=["time", "event_id"])
    before = asked.mutate(before=asked.time.lag(1).over(same))
    # A device counts anew once an hour has gone by, so that one asked twice is not two.
    fresh = before.mutate(fresh=ibis.ifelse(before.before.isnull() | (before.before < before.time - span), 1, 0))
    ahead = ibis.range_window(preceding=0, following=span, group_by="user", order_by="time")
    behind = ibis.range_window(preceding=span, following=0, group_by="user", order_by="time")
    counted = fresh.mutate(ahead=fresh.fresh.sum().over(ahead))
    marked = counted.mutate(devices=counted.ahead.max().over(behind))
    return marked.filter(marked.devices >= DEVICES_NEEDED).drop("before", "fresh", "ahead")


_COMMANDS: Final = subjects.BY_VIEW["commands"]

ANALYTIC: Final = Analytic(
    about=About(
        id="discovery.topology_sweep",
        title="Neighbours listed on device after device",
        severity=Severity.LOW,
        confidence=50,
        needs=(
            Need(
                "commands",
                ("time", "user", "device", "command"),
                "aaa accounting commands 1 and 15 default start-stop group tacacs+",
            ),
        ),
        attack=(vocabulary.versioned("T1590.004"),),
        tags=("behaviour:R-05",),
        why="{user} listed the neighbours of {devices} devices within an hour, {device} among them",
    ),
    subject=replace(_COMMANDS, details=(*_COMMANDS.details, "devices")),
    question=question,
)
