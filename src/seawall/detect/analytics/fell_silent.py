"""A device that always spoke says nothing any more, in one kind of record, while others of the kind go on.

An hour or more, and four times the longest pause before it; with less than a day of evidence before, twenty-four
times, and no pause after it may come near: a first night is told by the nights that follow. A device that rests at
night is not told for a weekend unless a week came before. When every device is silent at once, the collector was, and
nobody is named.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import ibis

from seawall.detect import rhythm, subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.model.severity import Severity
from seawall.model.site import Site

SHORTEST_S: Final = 3_600
TIMES_USUAL: Final = 4
TIMES_USUAL_EARLY: Final = 24  # with less than a day before it
EARLY_DAYS: Final = 1.0
RECORDS: Final = 60
RESTS_S: Final = 4 * 3_600  # a device with such a pause behind it rests at night, and may rest at weekends
WEEK_DAYS: Final = 7.0
_NOT_OURS: Final = ("flow_records",)  # exporters have a question of their own, about flows


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """The last records before each silence, with how long it was, what is usual and how much that rests on."""
    heard = views["heard"]
    heard = heard.filter(heard.kind.notin(_NOT_OURS))
    pauses = rhythm.pauses(heard)
    early = pauses.baseline_days < EARLY_DAYS
    long = pauses.gap_s >= pauses.usual_s * ibis.ifelse(early, TIMES_USUAL_EARLY, TIMES_USUAL)
    long = long & ~(early & (pauses.later_s * 2 >= pauses.gap_s))
    rested = (pauses.usual_s < RESTS_S) | (pauses.baseline_days >= WEEK_DAYS)
    alone = pauses.awake * 2 >= ibis.greatest(pauses.quarters, 1)
    found = pauses.filter(long & rested & alone & (pauses.gap_s >= SHORTEST_S) & (pauses.baseline_events >= RECORDS))
    told = found.select(
        "device",
        "kind",
        "time",
        "baseline_events",
        "baseline_days",
        silent_hours=((found.gap_s + 180) // 360) / 10.0,
        usual_min=(found.usual_s + 30) // 60,
        since=ibis.ifelse(found.ended, "and has not spoken since", "then spoke again"),
    )
    return rhythm.records_at(heard, told)


_HEARD: Final = subjects.BY_VIEW["heard"]

ANALYTIC: Final = Analytic(
    about=About(
        id="silence.fell_silent",
        title="Device fell silent while others went on",
        severity=Severity.MEDIUM,
        confidence=60,
        needs=(Need("heard", ("time", "device", "kind"), "logging host <collector>; logging trap informational"),),
        attack=(vocabulary.versioned("T1562"),),
        tags=("behaviour:D-10",),
        why="{device} sent no {kind} for {silent_hours} h, never more than {usual_min} min apart before, {since}",
        learned=True,
    ),
    subject=replace(
        _HEARD,
        details=(*_HEARD.details, "silent_hours", "usual_min", "since", "baseline_events", "baseline_days"),
    ),
    question=question,
)
