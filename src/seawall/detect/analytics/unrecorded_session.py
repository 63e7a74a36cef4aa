"""Commands of somebody who never logged in, on a device that tells of logins.

Commands come without a login if they are driven from a container on the device, by a program that hides its login,
or by somebody who switched the login log off. A device must have told of twenty logins before its silence about one
means anything; the login may be a day old. Accounts seen to log in nowhere are left to other questions: programs on
the device itself give commands under such names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import Site

BASELINE_LOGINS: Final = 20  # of the device
LOOK_BACK_HOURS: Final = 24
SKEW_SECONDS: Final = 120
_SEVERAL: Final = 2  # commands; one may be a leftover of a session before the evidence begins


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """First commands of accounts on devices that tell of logins, but of none by this account in the day before."""
    logins, commands = views["logins"], views["commands"]
    good = logins.filter(logins.device.notnull() & logins.time.notnull() & logins.user.notnull())
    good = good.filter((good.activity == "login") & (good.outcome == "success"))
    known = good.group_by("device").aggregate(logins=good.count(), since=good.time.min())
    known = known.filter(known.logins >= BASELINE_LOGINS)
    people = good.group_by(who=good.user.lower()).aggregate(times=good.count())
    told = commands.filter(commands.time.notnull() & commands.user.notnull() & commands.device.notnull())
    told = told.filter(told.kind != "auditd")
    day = ibis.interval(hours=LOOK_BACK_HOURS)
    since = known.select(home=known.device, since=known.since)
    there = told.join(since, told.device == since.home)
    there = there.filter(there.time >= there.since + day)  # else the login may lie before the evidence
    there = there.semi_join(people, there.user.lower() == people.who)
    there = there.mutate(day=there.time.truncate("D"))
    each = ibis.window(group_by=["device", "user", "day"], order_by=["time", "event_id"])
    whole = ibis.window(group_by=["device", "user", "day"])
    counted = there.mutate(nth=ibis.row_number().over(each), given=there.count().over(whole))
    firsts = counted.filter((counted.nth == 0) & (counted.given >= _SEVERAL))
    entered = good.select(door=good.device, who=good.user.lower(), at=good.time)
    near = firsts.select("event_id", "time", "device", "user").join(
        entered, [firsts.device == entered.door, firsts.user.lower() == entered.who]
    )
    near = near.filter((near.at >= near.time - day) & (near.at <= near.time + ibis.interval(seconds=SKEW_SECONDS)))
    seen = near.select(known_id=near.event_id).distinct()
    return firsts.anti_join(seen, firsts.event_id == seen.known_id).drop("home", "since", "day", "nth", "given")


ANALYTIC: Final = Analytic(
    about=About(
        id="evasion.unrecorded_session",
        title="Commands without a login",
        severity=Severity.LOW,
        confidence=40,
        needs=(
            Need("commands", ("time", "device", "user"), "aaa accounting commands 15 default start-stop group tacacs+"),
            Need("logins", ("time", "device", "user", "outcome"), "login on-success log"),
        ),
        attack=(vocabulary.versioned("T1562.003"),),
        tags=("behaviour:D-12", "behaviour:E-03"),
        why="{user} gave commands to {device}, which tells of logins, but of none by this account the day before",
        learned=True,
    ),
    subject=subjects.BY_VIEW["commands"],
    question=question,
)
