"""When does each source of each device speak, and when does it stop? Judged against its own rhythm.

A source that pauses every night has pauses of a night in its past, so a pause is measured against the longest one
before it. Minutes, not records, are compared: what is kept does not grow with a flood. The last pause ends where the
evidence of that kind does, the last quarter of an hour in which two devices spoke; a kind of one device only has no
end that could be told from its silence.
"""

from __future__ import annotations

from typing import Any, Final

import ibis

from seawall.detect.baseline import DAY_S, seconds

QUARTER_S: Final = 900
HARDLY_S: Final = 300  # shorter is no pause at all: the least that is usual
SHORTEST_S: Final = 900  # pauses below are nobody's business
_DOUBTFUL: Final = ("unset", "missing", "received")  # times that say nothing of the device's rhythm


def pauses(heard: Any) -> Any:
    """Pauses of a quarter of an hour or more, twice as long as any before, of each device in each kind.

    Columns: `device`, `kind`, `time` (last record before it, UTC), `last_s` and `until_s` (its ends, epoch seconds),
    `gap_s`, `usual_s` (the longest pause before), `later_s` (the longest after), `baseline_events`, `baseline_days`,
    `quarters` (of an hour that lie wholly in it), `awake` (those in which others of the kind spoke), `ended` (whether
    it was still silent when the evidence ended).
    """
    whole = _minutes(heard)
    keys = ["device", "kind"]
    in_order = ibis.window(group_by=keys, order_by="minute")
    so_far = ibis.window(group_by=keys, order_by="minute", preceding=None, following=0)
    spoken = _quarters(whole)
    ends = spoken.filter(spoken.devices >= 2).group_by("kind").agg(end=spoken.quarter.max() * QUARTER_S)
    steps = whole.mutate(
        following=seconds(whole.first.lead(1).over(in_order)),
        last_s=seconds(whole.time),
        baseline_events=whole.events.sum().over(so_far),
        begun_s=seconds(whole.first.min().over(so_far)),
    )
    steps = steps.left_join(ends, "kind").drop("kind_right")
    steps = steps.mutate(ended=steps.following.isnull(), until_s=ibis.coalesce(steps.following, steps.end))
    steps = steps.mutate(gap_s=steps.until_s - steps.last_s)
    # Short pauses are most of all and set no measure; from here on there are few rows.
    steps = steps.filter(steps.gap_s >= HARDLY_S)
    steps = steps.mutate(
        before_s=ibis.coalesce(steps.gap_s.lag(1).over(in_order), 0),
        after_s=ibis.coalesce(steps.gap_s.lead(1).over(in_order), 0),
        baseline_days=(steps.last_s - steps.begun_s) / float(DAY_S),
    )
    from_here = ibis.window(group_by=keys, order_by="minute", preceding=0, following=None)
    steps = steps.mutate(usual_s=steps.before_s.max().over(so_far), later_s=steps.after_s.max().over(from_here))
    steps = steps.mutate(usual_s=ibis.greatest(steps.usual_s, HARDLY_S))
    # Nothing is told of a pause that is no record by far; leaving it out here keeps the joins small.
    long = steps.filter((steps.gap_s >= SHORTEST_S) & (steps.gap_s >= 2 * steps.usual_s))
    return _with_others(long.select(*keys, *_KEPT), spoken)


_KEPT: Final = ("time", "last_s", "until_s", "gap_s", "usual_s", "later_s", "baseline_events", "baseline_days", "ended")


def _minutes(heard: Any) -> Any:
    """Minutes in which a device spoke, per kind: first and last record in it, and how many."""
    sound = heard.filter(
        heard.time.notnull() & heard.device.notnull() & ibis.coalesce(heard.time_quality, "").notin(_DOUBTFUL)
    )
    named = sound.mutate(minute=seconds(sound.time) // 60)
    return named.group_by(["device", "kind", "minute"]).agg(
        first=named.time.min(), time=named.time.max(), events=named.count()
    )


def _quarters(minutes: Any) -> Any:
    """Quarters of an hour in which a kind spoke, and how many devices did."""
    told = minutes.mutate(quarter=minutes.minute // 15)
    return told.group_by(["kind", "quarter"]).agg(devices=told.device.nunique())


def _with_others(long: Any, spoken: Any) -> Any:
    """How many of the quarters inside each pause were spoken in at all: by others, since the device was silent."""
    inside = long.mutate(begins=long.last_s // QUARTER_S + 1, ends=long.until_s // QUARTER_S)
    others = spoken.select(of="kind", quarter="quarter")
    met = inside.left_join(
        others, [inside.kind == others.of, others.quarter >= inside.begins, others.quarter < inside.ends]
    )
    names = [*long.columns, "begins", "ends"]
    counted = met.group_by(names).agg(awake=met.quarter.count())
    return counted.mutate(quarters=counted.ends - counted.begins).drop("begins", "ends")


def records_at(heard: Any, found: Any) -> Any:
    """The records of `heard` that stand at the `device`, `kind` and `time` of the rows found, with their columns."""
    keys = ["device", "kind", "time"]
    there = heard.filter(heard.time.notnull())
    return there.inner_join(found, keys)
