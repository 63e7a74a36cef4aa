"""Small worlds of flows: one line for a beat, a crowd, a stream."""

from __future__ import annotations

import random
from collections.abc import Iterable
from typing import Any

HOUR = 3_600.0
DAY = 86_400.0


def flow(
    at: float, src: str, dst: str, port: int, sent: int | None = 600, got: int | None = 400, **more: Any
) -> dict[str, Any]:
    """One flow, as a sensor that sees both directions tells it."""
    row = {"at": at, "src_ip": src, "dst_ip": dst, "dst_port": port, "src_port": 40_000 + int(at) % 20_000}
    row |= {"proto": "tcp", "src_bytes": sent, "dst_bytes": got, "src_pkts": 4, "dst_pkts": 3, "duration": 0.4}
    return {**row, "state": "SF", "kind": "zeek_conn", **more}


def beat(
    src: str = "10.20.0.5",
    dst: str = "203.0.113.9",
    port: int = 443,
    *,
    every: float = 600.0,
    jitter: float = 0.1,
    start: float = 0.0,
    until: float = 2 * DAY,
    seed: int = 1,
    **more: Any,
) -> list[dict[str, Any]]:
    """Flows at a beat, each wait off by up to `jitter`."""
    chance = random.Random(f"{seed} {src} {dst}")
    rows, at = [], start
    while at < until:
        rows.append(flow(at, src, dst, port, **more))
        at += every * (1 + chance.uniform(-jitter, jitter))
    return rows


def people(count: int = 30, *, days: int = 2, seed: int = 3) -> list[dict[str, Any]]:
    """Hosts whose people look at popular servers by day, in bursts."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        for _ in range(40 * days):
            at = chance.randrange(days) * DAY + chance.gauss(10, 2.5) * HOUR
            server = f"198.51.100.{1 + min(int(chance.expovariate(0.1)), 60)}"
            for burst in range(chance.randrange(1, 4)):
                sent, got = chance.randrange(400, 9_000), chance.randrange(900, 90_000)
                rows.append(
                    flow(max(at, 0) + burst * chance.uniform(1, 50), f"10.20.1.{number}", server, 443, sent, got)
                )
    return rows


def one_way(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same flows as an exporter of one-way records tells them: two records each."""
    told = []
    for row in rows:
        common = {"kind": "flow_records", "state": None, "dst_bytes": None, "dst_pkts": None}
        told.append({**row, **common})
        ends = {
            "src_ip": row["dst_ip"],
            "dst_ip": row["src_ip"],
            "src_port": row["dst_port"],
            "dst_port": row["src_port"],
        }
        told.append({**row, **common, **ends, "at": row["at"] + 0.1, "src_bytes": row["dst_bytes"]})
    return told
