"""Flows: even beats, conversations, pairs and talkers."""

from __future__ import annotations

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from seawall import pipeline
from seawall.console.exports import csv_answer
from seawall.console.pages.frame import Viewer, show
from seawall.console.problems import missing
from seawall.console.reading import Reading, Slow, reading_of
from seawall.pipeline import FlowAnswer

router = APIRouter(include_in_schema=False)
TABS: Final = (("beacons", "Beacons"), ("top", "Conversations"), ("pairs", "Pairs"), ("talkers", "Talkers"))
_COLUMNS: Final = {
    "beacons": ("src", "dst", "port", "proto", "score", "calls", "period", "evenness", "sharing", "why"),
    "top": ("src", "dst", "port", "proto", "app", "flows", "sent", "got", "direction"),
    "pairs": ("src", "dst", "ports", "flows", "sent", "got", "direction"),
    "talkers": ("host", "peers", "flows", "sent", "got", "inside", "first", "last"),
}
_ROWS: Final = 100


@router.get("/flows")
def flows(request: Request, _: Viewer, what: str = "beacons", export: str = "") -> Response:
    """What was asked of flows, worked out aside: it may take minutes over much traffic."""
    if what not in dict(TABS):
        raise missing("nothing of that name is asked of flows")
    reading = reading_of(request)
    if not ({"flow_records", "zeek_conn"} & set(reading.kept("kinds", "lake", lambda: dict(reading.lake().kinds())))):
        return show(request, "flows", answer=Slow(), what=what, tabs=TABS, columns=(), nothing=True, spark=_spark)
    answer = asked(reading, what)
    columns = _COLUMNS[what]
    if export and answer.value is not None:
        return csv_answer(f"flows-{what}", columns, ([row.get(c) for c in columns] for row in answer.value.rows))
    return show(
        request, "flows", topics="lake slow", answer=answer, what=what, tabs=TABS, columns=columns, nothing=False,
        spark=_spark,
    )  # fmt: skip


def asked(reading: Reading, what: str) -> Slow[FlowAnswer]:
    """The answer, worked out aside."""

    def work() -> FlowAnswer:
        return pipeline.ask_flows(reading.lake(), what, reading.site(), limit=_ROWS)

    return reading.slow(("flows", what), ("lake", "settings"), work, wait_s=0.2)


def _spark(answer: FlowAnswer, row: dict[str, Any]) -> list[tuple[float, float]]:
    """Octets over time of one row: x and height of each bar, in a drawing of 120 by 22."""
    line = answer.lines.get((row.get("src"), row.get("dst"), row.get("port")), [])
    line = line or answer.lines.get((row.get("src"), row.get("dst")), [])
    if not line or not (most := max(line)):
        return []
    step = 120 / len(line)
    return [(round(n * step, 1), round(max(1.5, 21 * value / most), 1)) for n, value in enumerate(line) if value > 0]
