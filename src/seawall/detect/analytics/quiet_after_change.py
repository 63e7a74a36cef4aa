"""Somebody changed where a device logs, and it went quiet.

The change alone is told by rules. Here it is followed by a pause of the device's log of a quarter of an hour or more,
three times the longest before, while other devices' logs went on; how much evidence came before matters less, since
the cause is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import ibis

from seawall.detect import rhythm, subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.detect.baseline import seconds
from seawall.model.severity import Severity
from seawall.model.site import Site

BEFORE_S: Final = 600  # the last line comes so long after the change, at most
AFTER_S: Final = 120  # accounting tells the change later than the log ends, by so much
TIMES_USUAL: Final = 3
RECORDS: Final = 20
_LOG: Final = "syslog"

# IOS, XR, NX-OS, EOS and ASA; VRP; Junos; SR OS.
CHANGES: Final = (
    r"^(no|default) logging( |$)|^no service (timestamps|sequence-numbers)|^logging (host|server|trap|source-interface|"
    r"buffered|level|filter|discriminator|facility)( |$)|^undo info-center|^info-center (loghost|source)|"
    r"^(delete|deactivate|set) system syslog|^(no )?(log|event-control|syslog)( |$)"
)


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """Commands that changed the log of a device that then went quiet."""
    commands, heard = views["commands"], views["heard"]
    told = commands.filter(commands.time.notnull() & commands.device.notnull() & commands.command.notnull())
    causes = told.filter(told.command.re_search(CHANGES)).mutate(cause_s=seconds(told.time))
    pauses = rhythm.pauses(heard.filter(heard.kind == _LOG))
    quiet = pauses.filter(
        (pauses.gap_s >= pauses.usual_s * TIMES_USUAL)
        & (pauses.baseline_events >= RECORDS)
        & (pauses.awake * 2 >= ibis.greatest(pauses.quarters, 1))
    ).select(
        "last_s",
        "gap_s",
        "baseline_events",
        "baseline_days",
        of="device",
        silent_min=lambda t: (t.gap_s + 30) // 60,
    )
    met = causes.inner_join(
        quiet,
        [
            causes.device == quiet.of,
            causes.cause_s >= quiet.last_s - BEFORE_S,
            causes.cause_s <= quiet.last_s + AFTER_S,
        ],
    )
    # One change may stand before two pauses; the longest is what it did.
    longest = met.mutate(longest=met.gap_s.max().over(ibis.window(group_by="event_id")))
    return longest.filter(longest.gap_s == longest.longest).drop("of", "cause_s", "last_s", "gap_s", "longest")


_COMMANDS: Final = subjects.BY_VIEW["commands"]

ANALYTIC: Final = Analytic(
    about=About(
        id="silence.quiet_after_change",
        title="Logging changed, then the device went quiet",
        severity=Severity.HIGH,
        confidence=75,
        needs=(
            Need("commands", ("time", "device", "command"), "archive / log config / logging enable / notify syslog"),
            Need("heard", ("time", "device", "kind"), "logging host <collector>; logging trap informational"),
        ),
        attack=(vocabulary.versioned("T1562"),),
        tags=("behaviour:D-02", "behaviour:D-10"),
        why="{user} gave `{command_raw}` on {device}; its log was then silent for {silent_min} min",
    ),
    subject=replace(_COMMANDS, details=(*_COMMANDS.details, "silent_min", "baseline_events", "baseline_days")),
    question=question,
)
