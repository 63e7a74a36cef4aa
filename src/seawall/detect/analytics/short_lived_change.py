"""A change that is taken back: a tunnel, loopback, list entry or capture that lives half an hour, an account that
lives two.

Nightly backups never see such a change; the log of commands does. Evidence is every line that made the object and
every line that removed it, by the same account on the same device.
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

LIVES_MINUTES: Final = 30
ACCOUNT_MINUTES: Final = 120  # an account that is gone after an hour was not somebody's
_REMOVAL: Final = r"^(no|undo|delete) "
_VERB: Final = r"^(no |undo |delete |set )"

_ACCOUNT: Final = r"^(username|local-user|system login user|user) "

# Which part of a line (without its verb) names the object. Parts of a list entry are the object themselves.
OBJECTS: Final[tuple[str, ...]] = (
    r"^(username \S+)",
    r"^(local-user \S+)",
    r"^(system login user \S+)",
    r"^(user \S+)",  # SR OS, inside system security
    r"^((?:mirror-dest|sdp) \S+)",
    r"^(observe-port \S+)",
    r"^(interfaces? (?:loopback|tunnel|lo|gr-\S+|gre) ?\S*)",
    r"^((?:ip |ipv6 |ipv4 )?access-list \S+ .+)",
    r"^((?:permit|deny) .+)",
    r"^(monitor (?:capture|session) \S+)",
    r"^(firewall (?:family \S+ )?filter \S+ term \S+)",
    r"^(snmp-server community \S+)",
    r"^(tunnel destination \S+)",
    r"^(policy-options prefix-list \S+ \S+)",
    r"^(system services (?:telnet|ftp|ssh root-login|web-management|netconf|flow-tap-dtcp)\S*)",
    r"^(ip http (?:secure-)?server)",
)


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """Lines that made an object and lines that removed it within half an hour, by one account on one device."""
    commands = views["commands"]
    told = commands.filter(commands.time.notnull() & commands.user.notnull() & commands.command.notnull())
    bare = told.command.lower().re_replace(_VERB, "")
    named = ibis.coalesce(*(bare.re_extract(pattern, 1).nullif("") for pattern in OBJECTS))
    changes = told.mutate(object=named, removal=told.command.lower().re_search(_REMOVAL))
    changes = changes.filter(changes.object.notnull())
    # `permit 192.0.2.1` alone says nothing: the list it stands in is part of the object.
    in_list = ibis.ifelse(changes.object.re_search("^(permit|deny) "), changes.section.fill_null(""), "")
    changes = changes.mutate(place=in_list)
    keys = ["device", "user", "object", "place"]
    made_at = ibis.ifelse(changes.removal, ibis.null(), changes.time)
    gone_at = ibis.ifelse(changes.removal, changes.time, ibis.null())
    wide = ibis.interval(minutes=ACCOUNT_MINUTES)
    behind = ibis.range_window(preceding=wide, following=0, group_by=keys, order_by="time")
    ahead = ibis.range_window(preceding=0, following=wide, group_by=keys, order_by="time")
    paired = changes.mutate(made=made_at.max().over(behind), gone=gone_at.min().over(ahead))
    span = ibis.interval(minutes=LIVES_MINUTES)
    account = paired.object.re_search(_ACCOUNT)
    kept = paired.filter(
        ibis.ifelse(
            paired.removal,
            paired.made.notnull() & (account | (paired.made >= paired.time - span)),
            paired.gone.notnull() & (account | (paired.gone <= paired.time + span)),
        )
    )
    return kept.drop("made", "gone", "removal", "place")


_COMMANDS: Final = subjects.BY_VIEW["commands"]

ANALYTIC: Final = Analytic(
    about=About(
        id="evasion.short_lived_change",
        title="Change made and taken back within half an hour",
        severity=Severity.MEDIUM,
        confidence=65,
        needs=(
            Need(
                "commands",
                ("time", "user", "command", "section"),
                "archive / log config / logging enable / notify syslog contenttype plaintext",
            ),
        ),
        attack=(vocabulary.versioned("T1070"),),
        tags=("behaviour:D-08",),
        why="{user} made and removed `{object}` on {device} soon after",
    ),
    subject=replace(_COMMANDS, details=(*_COMMANDS.details, "object")),
    question=question,
)
