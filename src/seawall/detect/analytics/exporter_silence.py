"""An exporter of flows that falls silent while others go on: flow export was switched off, or the device is gone.

Silence is counted in steps of five minutes. An exporter that spoke in nine of ten steps until then and is not heard
for an hour, although others are heard to the end of that hour, is told once, at its last record.

False positives: maintenance of the device; a collector that lost one of several ports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import ibis

from seawall.detect import vocabulary
from seawall.detect.base import About, Analytic
from seawall.detect.subjects import Naming
from seawall.detect.traffic import telling
from seawall.detect.traffic.oriented import oriented
from seawall.model.severity import Severity
from seawall.model.site import Site

STEP: Final = 300
SILENT: Final = 12  # steps
_FURTHER: Final = ("speaker", "silent_minutes", "share")


def question(views: Mapping[str, Any], _site: Site) -> Any:
    """Last records before every silence."""
    rows = oriented(views["flows"])
    rows = rows.filter(rows.kind == "flow_records")
    rows = rows.mutate(speaker=ibis.coalesce(rows.exporter, rows.observer), step=rows.seconds // STEP)
    rows = rows.filter(rows.speaker.notnull() & (rows.speaker != ""))
    spoken = rows.group_by("speaker", "step").aggregate(last=rows.seconds.max())
    end = spoken.aggregate(end=spoken.step.max(), speakers=spoken.speaker.nunique())
    spoken = spoken.cross_join(end)
    order = ibis.window(group_by="speaker", order_by="step")
    spoken = spoken.mutate(
        following=spoken.step.lead(1).over(order),
        begin=spoken.step.min().over(ibis.window(group_by="speaker")),
        so_far=ibis.row_number().over(order) + 1,
    )
    quiet = ibis.coalesce(spoken.following, spoken.end + 1) - spoken.step - 1
    share = spoken.so_far / (spoken.step - spoken.begin + 1)
    spoken = spoken.mutate(quiet=quiet, share=share.round(2))
    spoken = spoken.filter((spoken.quiet >= SILENT) & (spoken.so_far >= SILENT) & (spoken.share >= 0.9))
    spoken = spoken.filter(spoken.speakers > 1).mutate(silent_minutes=spoken.quiet * (STEP // 60))
    found = rows.join(spoken.select("speaker", "step", "silent_minutes", "share"), ["speaker", "step"])
    return telling.evidence(found, ("speaker", "step"), _FURTHER, most=3)


_SUBJECT: Final = replace(telling.subject(*_FURTHER), entities=(Naming(("speaker",), "device", "target"),))

ANALYTIC: Final = Analytic(
    about=About(
        id="flows.exporter_silence",
        title="Exporter of flows fell silent",
        severity=Severity.MEDIUM,
        confidence=60,
        needs=telling.needs("exporter"),
        attack=(vocabulary.versioned("T1562"),),
        tags=("behaviour:D-14",),
        why=(
            "{speaker} sent no flows for {silent_minutes} minutes while others did; before, it was heard in "
            "{share} of all steps of 5 minutes"
        ),
        gap=telling.LASTING,
        learned=False,
    ),
    subject=_SUBJECT,
    question=question,
)
