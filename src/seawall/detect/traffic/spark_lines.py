"""Octets over time, for the few rows somebody looks at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from seawall.detect.traffic.oriented import oriented

BINS: Final = 24
MOST: Final = 50  # rows a line is drawn for


def over_time(flows: Any, rows: Sequence[Mapping[str, Any]], bins: int = BINS) -> dict[tuple[Any, ...], list[int]]:
    """For each row (`src`, `dst`, and `port` where it has one) octets in `bins` equal pieces of the flows' whole time.

    Keys are (src, dst, port or None). At most the first fifty rows are looked up.
    """
    if not rows:
        return {}
    few = rows[:MOST]
    every = oriented(flows)
    span = every.aggregate(begin=every.seconds.min(), end=every.seconds.max()).to_pyarrow().to_pylist()[0]
    begin, width = span["begin"], max(1, (span["end"] - span["begin"]) // bins + 1)
    asked = every.filter(
        every.client.isin(sorted({row["src"] for row in few})) & every.server.isin(sorted({row["dst"] for row in few}))
    )
    place = ((asked.seconds - begin) // width).cast("int64")
    octets = (asked.sent.fill_null(0) + asked.got.fill_null(0)).sum()
    grouped = asked.group_by("client", "server", "port", bin=place).aggregate(octets=octets)
    lines: dict[tuple[Any, ...], list[int]] = {(row["src"], row["dst"], row.get("port")): [0] * bins for row in few}
    for found in grouped.to_pyarrow().to_pylist():
        for key in ((found["client"], found["server"], found["port"]), (found["client"], found["server"], None)):
            if key in lines:
                lines[key][min(bins - 1, found["bin"])] += int(found["octets"] or 0)
    return lines
