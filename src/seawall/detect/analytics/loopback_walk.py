"""An address given to a device, then logins from that address on two or more others: the walk ATT&CK lists for G1045.

The address may be anything a command set: a loopback, a tunnel, a second address of a port. Devices reached within two
hours count; the evidence is the command and the logins.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import Site

WITHIN_MINUTES: Final = 120
SKEW_SECONDS: Final = 90  # clocks differ
DEVICES_NEEDED: Final = 2
_ADDRESS: Final = (
    r"(?:^|\s)(?:ip|ipv4|ipv6|inet|inet6) address ([0-9a-f]*[.:][0-9a-f.:]+)|^address ([0-9a-f]*[.:][0-9a-f.:]+)"
)


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """Logins on other devices from an address a command had just set, where two devices were reached."""
    commands, logins = views["commands"], views["logins"]
    told = commands.filter(commands.device.notnull() & commands.time.notnull() & commands.command.notnull())
    text = told.command.lower()
    found = ibis.coalesce(text.re_extract(_ADDRESS, 1).nullif(""), text.re_extract(_ADDRESS, 2).nullif(""))
    given = told.select(owner=told.device, address=found, set_at=told.time)
    given = given.filter(given.address.notnull()).distinct()
    good = logins.filter(logins.device.notnull() & logins.time.notnull() & logins.src_ip.notnull())
    good = good.filter((good.activity == "login") & (good.outcome == "success"))
    walked = good.join(given, good.src_ip.lower() == given.address)
    walked = walked.filter(
        (walked.owner.lower() != walked.device.lower())
        & (walked.time >= walked.set_at - ibis.interval(seconds=SKEW_SECONDS))
        & (walked.time <= walked.set_at + ibis.interval(minutes=WITHIN_MINUTES))
    )
    reached = walked.group_by(["owner", "address", "set_at"]).aggregate(devices=walked.device.nunique())
    reached = reached.filter(reached.devices >= DEVICES_NEEDED)
    rows = walked.inner_join(reached, ["owner", "address", "set_at"])
    rows = rows.select(*good.columns, "owner", "devices", "set_at")
    # An address set twice gives each login once, with the first time it was set.
    place = ibis.row_number().over(ibis.window(group_by="event_id", order_by=["set_at", "owner"]))
    return rows.mutate(place=place).filter(lambda t: t.place == 0).drop("place", "set_at")


_LOGINS: Final = subjects.BY_VIEW["logins"]

ANALYTIC: Final = Analytic(
    about=About(
        id="lateral.loopback_walk",
        title="Walk from an address just given to a device",
        severity=Severity.CRITICAL,
        confidence=85,
        needs=(
            Need("logins", ("time", "device", "src_ip", "outcome"), "login on-success log"),
            Need("commands", ("device", "command"), "archive / log config / logging enable / notify syslog"),
        ),
        attack=(vocabulary.versioned("T1562.013"), vocabulary.versioned("T1021.004")),
        tags=("behaviour:L-01", "chain:CH-4"),
        why="from {src_ip}, an address just given to {owner}, somebody logged in to {devices} devices",
    ),
    subject=subjects.Subject(
        "logins",
        (subjects.Naming(("owner",), "device", "via"), subjects.Naming(("src_ip",), "ip", "source")),
        (*_LOGINS.details, "owner", "devices"),
        "raw",
    ),
    question=question,
)
