"""Looking around in flows, of a case or of evidence that joins none."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from seawall.detect.tables import Tables
from seawall.detect.traffic import looking, spark_lines
from seawall.engine.lake import Lake
from seawall.errors import InputError
from seawall.model.clock import Clock
from seawall.model.settings import Settings
from seawall.model.site import Site


@dataclass(frozen=True)
class FlowAnswer:
    """What was asked of flows: rows in their order, and what must be said of them."""

    rows: list[dict[str, Any]]
    total: int  # flow records looked at
    sampled: int  # of them, how many were sampled so that beats cannot be told
    left_out: int  # rows beyond the limit
    lines: Mapping[tuple[Any, ...], list[int]] = field(default_factory=dict)  # row's key → octets over time


@contextmanager
def passing_lake(paths: Sequence[Path], settings: Settings, clock: Clock) -> Iterator[Lake]:
    """A lake of this evidence that is gone afterwards.

    Raises:
        InputError: a path cannot be read.
    """
    from seawall import pipeline

    with tempfile.TemporaryDirectory(prefix="seawall-flows-") as folder:
        lake = Lake(Path(folder) / "lake", clock=clock, memory_mb=settings.lake.memory_mb)
        for _ in pipeline.ingest(paths, lake, settings, clock):
            pass
        yield lake


def ask_flows(
    tables: Tables, what: str, site: Site, *, since: datetime | None = None, limit: int = 25, faint: bool = False
) -> FlowAnswer:
    """The answer to `top`, `pairs`, `talkers` or `beacons`; `limit` 0 means all.

    Raises:
        InputError: there are no flows to ask.
    """
    backend = tables.ibis(site)
    views = looking.since({name: backend.table(name) for name in backend.list_tables()}, since)
    flows = views["flows"]
    total, sampled = _counts(flows)
    if not total:
        raise InputError(
            "no flows in it",
            where="flows",
            mend="give NetFlow, IPFIX, Zeek conn.log or Suricata EVE; try: seawall ingest",
        )
    question = looking.beacons(views, site, faint=faint) if what == "beacons" else looking.ANSWERS[what](views, site)
    found: pa.Table = question.to_pyarrow()
    rows = found.slice(0, limit or found.num_rows).to_pylist()
    lines = {} if what == "talkers" else spark_lines.over_time(flows, rows)
    return FlowAnswer(rows, total, sampled, found.num_rows - len(rows), lines)


def _counts(flows: Any) -> tuple[int, int]:
    many = (flows.sampling.fill_null(1) > looking.SAMPLED_ABOVE).sum()
    counted = flows.aggregate(total=flows.count(), sampled=many).to_pyarrow().to_pylist()[0]
    return int(counted["total"]), int(counted["sampled"] or 0)
