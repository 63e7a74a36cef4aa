"""An exporter that falls silent while another goes on is told; a lone one, or one that comes and goes, is not."""

from __future__ import annotations

from typing import Any

from seawall.detect.analytics.exporter_silence import ANALYTIC
from tests.detect.traffic.flowing import HOUR, flow
from tests.detect.worlds import findings, world

Rows = list[dict[str, Any]]


def heard(exporter: str, until: float, *, every: float = 120.0, start: float = 0.0) -> Rows:
    steps = range(int(start), int(until), int(every))
    return [
        flow(at, "10.1.1.1", "203.0.113.5", 443, kind="flow_records", exporter=exporter, observer=exporter)
        for at in steps
    ]


def test_an_exporter_that_falls_silent_is_told_with_how_long() -> None:
    (found,) = findings(ANALYTIC, world(flows=[*heard("r1", 6 * HOUR), *heard("r2", 3 * HOUR)]))
    assert [(e.value, e.role) for e in found.entities] == [("r2", "target")]
    assert found.why.startswith("r2 sent no flows for 180 minutes while others did")


def test_a_pause_is_told_though_export_comes_back() -> None:
    again = [*heard("r2", 3 * HOUR), *heard("r2", 6 * HOUR, start=4.5 * HOUR)]
    (found,) = findings(ANALYTIC, world(flows=[*heard("r1", 6 * HOUR), *again]))
    assert "for 85 minutes" in found.why or "for 90 minutes" in found.why


def test_silence_of_all_of_the_lone_and_of_the_seldom_heard_is_none() -> None:
    lone = heard("r1", 3 * HOUR)
    both = [*heard("r1", 3 * HOUR), *heard("r2", 3 * HOUR)]
    seldom = [*heard("r1", 6 * HOUR), *heard("r2", 3 * HOUR, every=1_500)]
    assert [len(findings(ANALYTIC, world(flows=rows))) for rows in (lone, both, seldom)] == [0, 0, 0]
