"""What is drawn of findings about flows: the octets of their two ends over time, and the waits between their calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, Final

from seawall.detect.traffic import beats, spark_lines
from seawall.detect.traffic.once import once
from seawall.detect.traffic.oriented import oriented

BINS: Final = 48
MOST: Final = 100_000  # calls looked at


def octets(
    views: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]
) -> tuple[datetime, datetime, dict[tuple[Any, ...], list[int]]] | None:
    """Begin and end of the record, UTC, and the octets of each row (`src`, `dst`, `port` or none) between.

    None if there are no flows.
    """
    flows = once(views)
    every = oriented(flows)
    span = every.aggregate(begin=every.seconds.min(), end=every.seconds.max()).to_pyarrow().to_pylist()[0]
    if span["begin"] is None:
        return None
    begin, end = (datetime.fromtimestamp(span[name], UTC) for name in ("begin", "end"))
    return begin, end, spark_lines.over_time(flows, rows, BINS)


def waits(views: Mapping[str, Any], rows: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], list[int]]:
    """Seconds between calls of each row (`src`, `dst`, `port`), calls of one second being one."""
    calls = beats.series(views)
    ends = (calls.client.isin([row["src"] for row in rows]), calls.server.isin([row["dst"] for row in rows]))
    calls = calls.filter(*ends, ~calls.turned)
    found = (
        calls.select("client", "server", "port", "seconds").distinct().order_by("client", "server", "port", "seconds")
    )
    times: dict[tuple[Any, ...], list[int]] = {(row["src"], row["dst"], row["port"]): [] for row in rows}
    for call in found.limit(MOST).to_pyarrow().to_pylist():
        if (key := (call["client"], call["server"], call["port"])) in times:
            times[key].append(call["seconds"])
    return {key: [later - earlier for earlier, later in pairwise(moments)] for key, moments in times.items()}
