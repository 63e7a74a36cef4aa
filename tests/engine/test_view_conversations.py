"""Exported flows are put together again: what timeouts cut, and what several routers told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from seawall.engine.lake import Lake
from tests.engine.makers import at, events, put

Row = Mapping[str, Any]


def flow(second: float, lasts: float = 0.5, reason: str | None = None, exporter: str = "r1", **more: Any) -> Row:
    said = {
        "src_ip": "192.0.2.7", "dst_ip": "203.0.113.9", "src_port": 40_000, "dst_port": 443, "proto": "tcp",
        "src_bytes": 100, "src_pkts": 2, "est_bytes": 1_000, "est_pkts": 20, "duration": lasts,
        "end_time": at(second) + timedelta(seconds=lasts), "exporter": exporter, "observer": exporter,
        "end_reason": reason,
    }  # fmt: skip
    return {"time": at(second), **said, **more}


def conversations(folder: Path, *rows: Row) -> list[dict[str, Any]]:
    lake = Lake(folder / "lake")
    put(lake, "flow_records", events("flow_records", rows))
    con = lake.connect()
    found = con.sql("SELECT * FROM conversations ORDER BY time, src_ip, exporter").to_arrow_table().to_pylist()
    con.close()
    return found


def test_pieces_of_an_active_timeout_are_one_conversation(tmp_path: Path) -> None:
    pieces = [flow(60 * n, 60, "active") for n in range(5)]
    (row,) = conversations(tmp_path, *pieces, flow(300, 12, "end"))
    assert (row["pieces"], row["duration"], row["src_bytes"], row["est_bytes"]) == (6, 312.0, 600, 6_000)
    assert (row["time"], row["end_time"], row["end_reason"]) == (at(0), at(312), "end")


def test_without_a_reason_only_long_records_that_follow_at_once_are_joined(tmp_path: Path) -> None:
    assert [row["pieces"] for row in conversations(tmp_path / "a", flow(0, 60), flow(60, 60), flow(121, 3))] == [3]
    assert [row["pieces"] for row in conversations(tmp_path / "b", flow(0, 60), flow(90, 60))] == [1, 1]


def test_a_beacon_on_one_port_is_not_one_long_conversation(tmp_path: Path) -> None:
    found = conversations(tmp_path, *(flow(60 * n, 0.4, "idle") for n in range(20)))
    assert len(found) == 20


def test_the_same_flow_of_two_exporters_counts_once(tmp_path: Path) -> None:
    rows = [flow(60 * n + shift, 60, "active", who) for n in range(3) for who, shift in (("r1", 0.0), ("r2", 0.4))]
    (row,) = conversations(tmp_path, *rows)
    assert (row["exporter"], row["pieces"], row["src_bytes"]) == ("r1", 3, 300)


def test_the_same_flow_told_twice_by_one_exporter_counts_once(tmp_path: Path) -> None:
    (row,) = conversations(tmp_path, flow(0, direction="ingress"), flow(0, direction="egress"))
    assert (row["pieces"], row["src_bytes"]) == (1, 100)


def test_a_flow_that_moves_to_another_router_is_kept_from_both(tmp_path: Path) -> None:
    found = conversations(tmp_path, flow(0, exporter="r1"), flow(30, exporter="r2"))
    assert [(row["exporter"], row["src_bytes"]) for row in found] == [("r1", 100), ("r2", 100)]


def test_answers_and_others_are_conversations_of_their_own(tmp_path: Path) -> None:
    back = {"src_ip": "203.0.113.9", "dst_ip": "192.0.2.7", "src_port": 443, "dst_port": 40_000}
    assert len(conversations(tmp_path, flow(0), flow(0, **back), flow(0, dst_port=80))) == 3
