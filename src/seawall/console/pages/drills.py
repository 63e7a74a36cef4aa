"""Drills: what was promised to be seen, what was, and how that changes from run to run."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from seawall.console.exports import csv_answer
from seawall.console.pages.frame import Viewer, show
from seawall.console.problems import missing
from seawall.console.reading import Reading, reading_of
from seawall.drills import history, scenario

router = APIRouter(include_in_schema=False)


@router.get("/drills")
def drills(request: Request, _: Viewer, export: str = "") -> Response:
    """Runs that were kept, the trend, and the scenarios there are."""
    reading = reading_of(request)
    runs = kept(reading)
    if export:
        columns = ("run", "scenario", "stage", "verdict", "seconds", "name", "by", "why")
        rows = ([run.name, *(stage.get(c) for c in columns[1:])] for run in runs for stage in run.stages)
        return csv_answer("drills", columns, rows)
    changes = history.compare(runs[-2], runs[-1]) if len(runs) > 1 else []
    return show(
        request,
        "drills",
        runs=runs[::-1],
        latest=runs[-1] if runs else None,
        changes=changes,
        points=_points([run.share() for run in runs]),
        scenarios=_scenarios(reading),
    )


def kept(reading: Reading) -> list[history.Run]:
    """Every run the case keeps, oldest first."""
    return list(history.kept(reading.desk.case))


def _scenarios(reading: Reading) -> list[scenario.Scenario]:
    return reading.kept("scenarios", "settings", lambda: [scenario.builtin(name) for name in scenario.names()])


def _points(shares: list[float]) -> list[tuple[float, float]]:
    """The trend in a drawing of 1080 by 120."""
    shown = shares[-60:]
    step = 1040 / max(1, len(shown) - 1)
    return [(round(20 + n * step, 1), round(105 - 90 * share, 1)) for n, share in enumerate(shown)]


@router.get("/drills/{name}")
def drill(request: Request, _: Viewer, name: str) -> Response:
    """One run, stage by stage."""
    run = next((one for one in kept(reading_of(request)) if one.name == name), None)
    if run is None:
        raise missing("no drill of that name is kept")
    by_scenario: dict[str, list[dict[str, Any]]] = {}
    for stage in run.stages:
        by_scenario.setdefault(str(stage["scenario"]), []).append(stage)
    return show(request, "drill", run=run, by_scenario=by_scenario)
