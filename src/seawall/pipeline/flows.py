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
from seawall.detect.traffic import crossings, looking, spark_lines
from seawall.engine.lake import Lake
from seawall.errors import InputError
from seawall.model.clock import Clock
from seawall.model.settings import Settings
from seawall.model.site import Site
from seawall.pipeline.naming import NOTHING_KNOWN, Known, path_of


@dataclass(frozen=True)
class FlowAnswer:
    """What was asked of flows: rows in their order, and what must be said of them."""

    rows: list[dict[str, Any]]
    total: int  # flow records looked at
    sampled: int  # of them, how many were sampled so that beats cannot be told
    left_out: int  # rows beyond the limit
    lines: Mapping[tuple[Any, ...], list[int]] = field(default_factory=dict)  # row's key → octets over time
    owned: bool = False  # whether any address could be given its owner
    crossed: bool = False  # whether any row names interfaces


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
    tables: Tables,
    what: str,
    site: Site,
    *,
    since: datetime | None = None,
    limit: int = 25,
    faint: bool = False,
    known: Known = NOTHING_KNOWN,
) -> FlowAnswer:
    """The answer to `top`, `pairs`, `talkers` or `beacons`; `limit` 0 means all.

    Addresses outside get what `known` says of them (`src_asn`, `src_owner`, `src_country`, likewise of `dst` or
    `host`), and the rows of exporters the interfaces they crossed (`interfaces`).

    Raises:
        InputError: there are no flows to ask, or a file `known` names cannot be read.
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
    owned = _owned(rows, known, site)
    lines, crossed = {}, False
    if what != "talkers":
        lines = spark_lines.over_time(flows, rows)
        crossed = _crossed(rows, crossings.crossings(flows, rows), known)
    return FlowAnswer(rows, total, sampled, found.num_rows - len(rows), lines, owned, crossed)


def _owned(rows: list[dict[str, Any]], known: Known, site: Site) -> bool:
    """Write into each row who owns its outside addresses; whether any is owned."""
    ends = [end for end in ("src", "dst", "host") if rows and end in rows[0]]
    owners = known.of(sorted({row[end] for row in rows for end in ends if row[end]}), site)
    if known.owners:
        for row in rows:
            for end in ends:
                owner = owners.get(row[end])
                row[f"{end}_asn"] = owner.asn if owner else None
                row[f"{end}_owner"] = owner.name or None if owner else None
                row[f"{end}_country"] = owner.country or None if owner else None
    return bool(owners)


def _crossed(rows: list[dict[str, Any]], said: Mapping[tuple[Any, ...], list[dict[str, Any]]], known: Known) -> bool:
    """Write into each row the interfaces its flows crossed; whether any names one."""
    for row in rows:
        paths = [path_of(one, known) for one in said.get((row["src"], row["dst"], row.get("port")), ())]
        row["interfaces"] = list(dict.fromkeys(path for path in paths if path))
    return any(row["interfaces"] for row in rows)


def _counts(flows: Any) -> tuple[int, int]:
    many = (flows.sampling.fill_null(1) > looking.SAMPLED_ABOVE).sum()
    counted = flows.aggregate(total=flows.count(), sampled=many).to_pyarrow().to_pylist()[0]
    return int(counted["total"]), int(counted["sampled"] or 0)
