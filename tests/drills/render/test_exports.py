from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from seawall.drills.acts import Act
from seawall.drills.render import exports
from seawall.sources.exports import SOURCE
from tests.drills.render.reading import AT, act
from tests.sources.reading import read_bytes

DETAIL = {"to": "203.0.113.9", "port": "443", "sport": "50123", "sent": "1240", "pkts": "7", "duration": "1.250"}


def rows_of(acts: list[Act], form: str, rate: int = 0) -> list[dict[str, Any]]:
    result = read_bytes(SOURCE, b"".join(exports.datagrams(acts, form, rate=rate)))
    assert not result.rejected, result.rejects
    return result.rows("flow_records")


@pytest.mark.parametrize("form", ["netflow5", "netflow9", "ipfix"])
def test_flows_are_read_back_from_every_export(form: str) -> None:
    acts = [
        replace(act("flow", detail={**DETAIL, "sport": str(port)}), time=AT + timedelta(seconds=port))
        for port in range(75)
    ]
    rows = rows_of(acts, form, rate=100)
    assert len(rows) == 75
    row = min(rows, key=lambda r: r["src_port"])
    assert (row["src_ip"], row["dst_ip"], row["dst_port"], row["ip_proto"]) == ("10.9.20.15", "203.0.113.9", 443, 6)
    assert (row["src_bytes"], row["src_pkts"], row["tcp_flags"]) == (1_240, 7, "...AP.SF")
    assert (row["sampling"], row["est_bytes"], row["est_pkts"]) == (100, 124_000, 700)
    assert (row["time"], row["duration"], row["input_if"], row["output_if"]) == (AT, 1.25, "12", "34")
    assert {r["time_quality"] for r in rows} == {"exact"}
    assert len({r["event_id"] for r in rows}) == 75


@pytest.mark.parametrize("form", ["netflow9", "ipfix", "sflow5"])
def test_six_is_read_back_and_a_mapped_address_is_the_four_it_is(form: str) -> None:
    detail = {**DETAIL, "to": "2001:db8::9"}
    rows = rows_of([act("flow", source="2001:db8::1", detail=detail)], form)
    assert [(row["src_ip"], row["dst_ip"]) for row in rows] == [("2001:db8::1", "2001:db8::9")]
    detail = {**DETAIL, "to": "::ffff:203.0.113.9"}
    rows = rows_of([act("flow", source="::ffff:192.0.2.1", detail=detail)], form)
    assert [(row["src_ip"], row["dst_ip"]) for row in rows] == [("192.0.2.1", "203.0.113.9")]


def test_samples_of_packets_stand_for_many_and_have_no_interval() -> None:
    rows = rows_of([act("flow", detail=DETAIL)], "sflow5", rate=4_096)
    (row,) = rows
    assert (row["src_ip"], row["dst_port"], row["sampling"], row["est_pkts"]) == ("10.9.20.15", 443, 4_096, 4_096)
    assert (row["observer"], row["sampling_from"], row["time_quality"]) == ("192.0.2.254", "sample", "missing")
    assert row["duration"] is None
    assert row["src_bytes"] == 177


def test_long_flows_are_cut_as_an_active_timeout_cuts_them() -> None:
    pieces = exports.cut_active([act("flow", detail={**DETAIL, "duration": "150", "sent": "1000"})], 60)
    rows = sorted(rows_of(pieces, "netflow9"), key=lambda row: row["time"])
    assert [row["end_reason"] for row in rows] == ["active", "active", "end"]
    assert sum(row["src_bytes"] for row in rows) == 1_000
    assert [row["duration"] for row in rows] == [60, 60, 30]
