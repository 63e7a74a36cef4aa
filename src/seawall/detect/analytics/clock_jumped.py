"""A device's clock was set: its own time jumps against its relay's, or goes back while its count goes on.

A step of a minute or more that lasts. Against the relay's time, half of the step is in either direction; where the
device counts its lines, time that goes back although the count goes on is the same thing. A step of a whole hour or
half of one in a stamp that names no zone is summer time, and an unset clock that is set for the first time is no news.
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

STEP_S: Final = 60
STEADY_S: Final = 20  # either side of the step, lines differ by less
BACK_S: Final = 300
_DOUBTFUL: Final = ("unset", "missing", "received")


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """The first record after each step, with its size in seconds."""
    heard = views["heard"]
    sound = heard.filter(heard.time.notnull() & heard.device.notnull() & heard.time_quality.notin(_DOUBTFUL))
    slim = sound.select("event_id", "device", "kind", "time", "received", "sequence", "time_quality", "origin")
    steps = _against_relay(slim).union(_against_count(slim))
    # A stamp without zone that moves by half hours moves with the season or the site, not by a hand on the clock.
    rest = (steps.step_s.abs() + 90) % 1800
    seasonal = (steps.time_quality != "exact") & (rest <= 180)
    real = steps.filter(~seasonal)
    largest = real.group_by("event_id").agg(step_s=real.step_s.max(), least=real.step_s.min())
    told = largest.select(
        "event_id", jump_s=ibis.ifelse(largest.step_s + largest.least >= 0, largest.step_s, largest.least)
    )
    return heard.inner_join(told, "event_id")


def _against_relay(slim: Any) -> Any:
    twice = slim.filter(slim.received.notnull())
    twice = twice.mutate(skew=seconds(twice.time) - seconds(twice.received))
    order = ibis.window(group_by=["device", "kind"], order_by=["received", "event_id"])
    beside = twice.mutate(
        one=twice.skew.lag(1).over(order),
        two=twice.skew.lag(2).over(order),
        next=twice.skew.lead(1).over(order),
        after=twice.skew.lead(2).over(order),
    )
    step = beside.skew - beside.one
    steady = (
        ((beside.one - beside.two).abs() <= STEADY_S)
        & ((beside.next - beside.skew).abs() <= STEADY_S)
        & ((beside.after - beside.skew).abs() <= STEADY_S)
    )
    return beside.filter((step.abs() >= STEP_S) & steady).select("event_id", "time_quality", step_s=step)


def _against_count(slim: Any) -> Any:
    counted = slim.filter(slim.sequence.notnull())
    counted = counted.mutate(stream=counted.origin.fill_null("").re_replace(r"[0-9]+|\.gz\b", ""))
    order = ibis.window(group_by=["device", "kind", "stream"], order_by=["sequence", "time", "event_id"])
    beside = counted.mutate(
        number=counted.sequence.lag(1).over(order),
        one=seconds(counted.time.lag(1).over(order)),
        next=seconds(counted.time.lead(1).over(order)),
        own=seconds(counted.time),
    )
    step = beside.own - beside.one
    # Two counts that only happen to be neighbours say nothing: numbers follow each other, before and after.
    follows = beside.sequence == beside.number + 1
    steady = (beside.next >= beside.own) & (beside.next < beside.one)
    return beside.filter(follows & steady & (step <= -BACK_S)).select("event_id", "time_quality", step_s=step)


_HEARD: Final = subjects.BY_VIEW["heard"]

ANALYTIC: Final = Analytic(
    about=About(
        id="silence.clock_jumped",
        title="Clock of a device was moved",
        severity=Severity.LOW,
        confidence=60,
        needs=(
            Need(
                "heard",
                ("time", "device", "received", "sequence"),
                "service timestamps log datetime msec show-timezone year; service sequence-numbers",
            ),
        ),
        attack=(vocabulary.versioned("T1124"),),
        tags=("behaviour:D-13",),
        why="the clock of {device} jumped by {jump_s} s",
    ),
    subject=replace(_HEARD, details=(*_HEARD.details, "jump_s")),
    question=question,
)
