"""Suricata's events in the canonical views: each exchange once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from seawall.engine.lake import Lake
from tests.engine.makers import at, column, events, put

FLOW = {
    "src_ip": "192.0.2.7", "src_port": 40000, "dest_ip": "203.0.113.9", "dst_ip": "203.0.113.9", "dest_port": 443,
    "proto": "TCP", "flow_id": 7,
}  # fmt: skip
ASKED = {**FLOW, "dest_port": 53, "event_type": "dns", "dns_id": 9, "dns_rrname": "a.example.", "dns_rrtype": "A"}


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def filled(lake: Lake, *rows: dict[str, Any]) -> Lake:
    put(lake, "suricata", events("suricata", rows, extra={"flow_state": pa.string()}))
    return lake


def test_a_flow_begins_with_its_first_packet_and_netflow_does_not_count_it_again(lake: Lake) -> None:
    flow = {
        **FLOW, "event_type": "flow", "time": at(90), "flow_start": at(0), "flow_end": at(60), "app_proto": "failed",
        "flow_bytes_toserver": 10, "flow_bytes_toclient": 20,
    }  # fmt: skip
    filled(lake, flow, {**FLOW, "event_type": "netflow", "netflow_bytes": 10}, {**FLOW, "event_type": "alert"})
    assert column(lake, "flows", "time") == [at(0)]
    assert column(lake, "flows", "duration") == [60.0]
    assert column(lake, "flows", "dst_bytes") == [20]
    assert column(lake, "flows", "app") == [None]
    assert column(lake, "flows", "proto") == ["tcp"]


def test_netflow_alone_still_makes_flows(lake: Lake) -> None:
    filled(lake, {**FLOW, "event_type": "netflow", "netflow_bytes": 10, "netflow_pkts": 2})
    assert column(lake, "flows", "src_bytes") == [10]


def test_question_and_answer_are_one_exchange(lake: Lake) -> None:
    answer = {**ASKED, "time": at(5), "dns_type": "answer", "dns_answers": "192.0.2.1", "dns_rcode": "NOERROR"}
    filled(lake, {**ASKED, "dns_type": "query"}, answer, {**ASKED, "dns_id": 10, "dns_type": "query"})
    assert sorted(column(lake, "dns", "answers"), key=str) == ["192.0.2.1", None]
    assert column(lake, "dns", "time")[0] == at(0)
    assert set(column(lake, "dns", "query")) == {"a.example"}


def test_records_of_an_old_answer_come_together_and_are_turned_to_the_client(lake: Lake) -> None:
    back = {**ASKED, "src_ip": "203.0.113.9", "src_port": 53, "dest_ip": "192.0.2.7", "dest_port": 40000}
    answers = [{**back, "dns_type": "answer", "dns_answers": text} for text in ("192.0.2.1", "192.0.2.2")]
    filled(lake, {**ASKED, "dns_type": "query"}, *answers)
    assert column(lake, "dns", "src_ip") == ["192.0.2.7"]
    (found,) = column(lake, "dns", "answers")
    assert sorted(found.split(",")) == ["192.0.2.1", "192.0.2.2"]


def test_a_request_stands_in_the_view_of_requests(lake: Lake) -> None:
    said = {"http_url": "/%2577eb", "http_status": 200, "http_hostname": "r.example", "http_http_method": "POST"}
    filled(lake, {**FLOW, "event_type": "http", **said}, {**FLOW, "event_type": "flow"})
    assert column(lake, "http", "uri") == ["/%2577eb"]
    assert column(lake, "http", "status") == [200]
    assert column(lake, "http", "dst_ip") == ["203.0.113.9"]
    assert column(lake, "http", "method") == ["POST"]
