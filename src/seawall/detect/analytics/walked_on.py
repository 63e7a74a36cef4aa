"""`ssh` typed on one device, a login on another a moment later: the walk, whoever's the address is.

Same account (or a login that names none), another device, from ninety seconds before to two minutes after: clocks
differ. Two engineers at work at once can look so; the finding is of medium severity for that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import Site

BEFORE_SECONDS: Final = 90
AFTER_SECONDS: Final = 120
_OPENED: Final = r"^(run |guestshell run |execute |start shell command \S?)?(ssh|telnet|stelnet|rlogin|slogin)( |$)"
_SETTING: Final = r"^(ssh|stelnet|telnet) (server|user|client|timeout|cipher|key|version|authorization)( |$)"


def question(views: Mapping[str, Any], site: Site) -> Any:
    """Logins on devices a moment after the same account opened a session from another device."""
    commands, logins = views["commands"], views["logins"]
    told = commands.filter(commands.device.notnull() & commands.time.notnull() & commands.user.notnull())
    opened = told.filter(told.command.re_search(_OPENED) & ~told.command.re_search(_SETTING) & (told.kind != "auditd"))
    opened = opened.select(walked_from=opened.device, who=opened.user.lower(), opened_at=opened.time)
    good = logins.filter(logins.device.notnull() & logins.time.notnull() & (logins.activity == "login"))
    good = good.filter((good.outcome == "success") & good.src_ip.notnull())
    near = good.join(
        opened,
        [
            good.device.lower() != opened.walked_from.lower(),
            good.time >= opened.opened_at - ibis.interval(seconds=BEFORE_SECONDS),
            good.time <= opened.opened_at + ibis.interval(seconds=AFTER_SECONDS),
        ],
    )
    same = near.filter(near.user.isnull() | (near.user.lower() == near.who))
    if site.known:
        sources = same.select("src_ip").distinct().to_pyarrow()["src_ip"].to_pylist()
        trusted = [source for source in sources if site.is_trusted_source(source)]
        same = same.filter(same.src_ip.notin(trusted)) if trusted else same
    place = ibis.row_number().over(ibis.window(group_by="event_id", order_by=["opened_at", "walked_from"]))
    return same.mutate(place=place).filter(lambda t: t.place == 0).drop("place", "who", "opened_at")


_LOGINS: Final = subjects.BY_VIEW["logins"]

ANALYTIC: Final = Analytic(
    about=About(
        id="lateral.walked_on",
        title="Login a moment after a session was opened on another device",
        severity=Severity.MEDIUM,
        confidence=60,
        needs=(
            Need("logins", ("time", "device", "src_ip", "outcome"), "login on-success log"),
            Need(
                "commands", ("time", "user", "device", "command"), "aaa accounting commands 1 and 15 default start-stop"
            ),
        ),
        attack=(vocabulary.versioned("T1021.004"),),
        tags=("behaviour:L-01", "behaviour:D-16"),
        why="{user} came to {device} from {src_ip} a moment after opening a session on {walked_from}",
    ),
    subject=subjects.Subject(
        "logins",
        (*_LOGINS.entities, subjects.Naming(("walked_from",), "device", "via")),
        (*_LOGINS.details, "walked_from"),
        "raw",
    ),
    question=question,
)
