"""Flows are put together only where exporters cut or repeat them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from seawall.detect.traffic.once import once
from seawall.engine.lake import Lake
from tests.engine.makers import at, events, put

ALONE = {"exporter": "r1", "duration": 0.5, "end_reason": None}


def told(second: float, **more: Any) -> Mapping[str, Any]:
    ends = {"src_ip": "192.0.2.7", "dst_ip": "203.0.113.9", "src_port": 40_000, "dst_port": 443, "proto": "tcp"}
    return {"time": at(second), **ends, "src_bytes": 100, "src_pkts": 2, **ALONE, **more}


@pytest.mark.parametrize(
    ("second", "rows"),
    [
        ({}, 2),
        ({"exporter": "r2"}, 1),
        ({"duration": 30.0}, 2),
        ({"end_reason": "active"}, 2),
    ],
    ids=["nothing to do", "two exporters", "long, but a minute apart", "cut, but the last piece"],
)
def test_rows_are_joined_only_where_they_are_one_flow(second: dict[str, Any], rows: int, tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    gap = 0.3 if "exporter" in second else 60.0
    put(lake, "flow_records", events("flow_records", [told(0), told(gap, **second)]))
    backend = lake.ibis()
    found = once({name: backend.table(name) for name in backend.list_tables()})
    assert found.count().to_pyarrow().as_py() == rows
    assert ("pieces" in found.columns) == bool(second)
