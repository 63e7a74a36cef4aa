"""Through which interfaces of which exporters the flows of a few rows went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import ibis

from seawall.detect.traffic.oriented import oriented

MOST: Final = 50  # rows asked for
EACH: Final = 8  # crossings told of one row, the heaviest first
SAID: Final = ("exporter", "device", "input_if", "output_if", "input_if_name", "output_if_name")


def crossings(flows: Any, rows: Sequence[Mapping[str, Any]]) -> dict[tuple[Any, ...], list[dict[str, Any]]]:
    """For each row (`src`, `dst`, and `port` where it has one) what its exporters said of interfaces, client to server.

    Keys are (src, dst, port or None), as `spark_lines.over_time` has them.
    """
    few = rows[:MOST]
    every = oriented(flows)
    asked = every.filter(
        every.exporter.notnull() & ~every.turned & (every.input_if.notnull() | every.output_if.notnull()),
        every.client.isin(sorted({row["src"] for row in few})) & every.server.isin(sorted({row["dst"] for row in few})),
    )
    octets = asked.sent.fill_null(0).sum()
    grouped = asked.group_by("client", "server", "port", *SAID).aggregate(octets=octets)
    grouped = grouped.order_by(ibis.desc("octets"), *SAID)
    told: dict[tuple[Any, ...], list[dict[str, Any]]] = {(r["src"], r["dst"], r.get("port")): [] for r in few}
    for found in grouped.to_pyarrow().to_pylist():
        said = {name: found[name] for name in SAID}
        for key in ((found["client"], found["server"], found["port"]), (found["client"], found["server"], None)):
            if key in told and said not in told[key] and len(told[key]) < EACH:
                told[key].append(said)
    return told
