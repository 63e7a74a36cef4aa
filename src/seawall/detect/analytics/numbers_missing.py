"""Numbers missing in a device's own count of its messages: something was said and did not arrive.

Counters (`service sequence-numbers`, the counts of IOS, XR, VRP, SR OS) grow by one. A stream whose numbers were
complete, two hundred lines with hardly one missing, and then lacks five or more in a row was cut or kept from sending.
Lines out of order fill their own places: lines are compared in the order of their numbers. A count that starts again
is a reload, not a loss; a stream that always has holes (lines filtered before they came here) is never told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import ibis

from seawall.detect import subjects, vocabulary
from seawall.detect.base import About, Analytic, Need
from seawall.detect.baseline import seconds
from seawall.model.severity import Severity
from seawall.model.site import Site

LOST: Final = 5  # numbers in a row
DENSE_ROWS: Final = 200  # lines before it that are looked at
LEAST_ROWS: Final = 100
HOLES: Final = 2  # numbers that may be missing among them
MOST_LOST: Final = 10_000_000  # more is another counter, no loss
_ROTATION: Final = r"[0-9]+|\.(gz|bz2|xz|zst|old)\b"


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """The first record after each hole in a stream that had none."""
    heard = views["heard"]
    counted = heard.filter(heard.sequence.notnull() & heard.device.notnull() & heard.time.notnull())
    slim = counted.select(
        "event_id",
        "device",
        "kind",
        "time",
        "sequence",
        # A device may count for each log server; files of one log differ in their digits only.
        stream=counted.origin.fill_null("").re_replace(_ROTATION, ""),
    )
    keys = ["device", "kind", "stream"]
    by_time = ibis.window(group_by=keys, order_by=["time", "sequence", "event_id"])
    before = slim.sequence.lag(1).over(by_time)
    restarted = slim.mutate(restart=ibis.ifelse(before.notnull() & (slim.sequence * 2 < before), 1, 0))
    upto = ibis.window(group_by=keys, order_by=["time", "sequence", "event_id"], preceding=None, following=0)
    run = restarted.mutate(run=restarted.restart.sum().over(upto))
    keys = [*keys, "run"]
    order = ["sequence", "time", "event_id"]
    by_number = ibis.window(group_by=keys, order_by=order)
    stepped = run.mutate(
        lost=ibis.coalesce(run.sequence - run.sequence.lag(1).over(by_number) - 1, 0),
        from_time=run.time.lag(1).over(by_number),
    )
    stepped = stepped.mutate(lost=ibis.least(ibis.greatest(stepped.lost, 0), MOST_LOST + 1))
    recent = ibis.window(group_by=keys, order_by=order, preceding=DENSE_ROWS, following=0)
    seen = stepped.mutate(holes=stepped.lost.sum().over(recent) - stepped.lost, rows=stepped.count().over(recent) - 1)
    found = seen.filter(seen.lost.between(LOST, MOST_LOST) & (seen.holes <= HOLES) & (seen.rows >= LEAST_ROWS))
    told = found.select(
        "event_id",
        "lost",
        baseline_events=found.rows,
        gap_min=(seconds(found.time) - seconds(found.from_time) + 30) // 60,
    )
    return heard.inner_join(told, "event_id")


_HEARD: Final = subjects.BY_VIEW["heard"]

ANALYTIC: Final = Analytic(
    about=About(
        id="silence.numbers_missing",
        title="Messages missing in a device's own count",
        severity=Severity.MEDIUM,
        confidence=55,
        needs=(Need("heard", ("time", "device", "sequence"), "service sequence-numbers"),),
        attack=(vocabulary.versioned("T1562"),),
        tags=("behaviour:D-10",),
        why="{lost} messages of {device} are missing in its own count, over {gap_min} min, after {baseline_events} "
        "without a hole",
    ),
    subject=replace(_HEARD, details=(*_HEARD.details, "sequence", "lost", "gap_min", "baseline_events")),
    question=question,
)
