"""Requests, accesses and translations, whoever told of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seawall.engine.lake import Lake
from tests.engine.makers import events, put


def _rows(lake: Lake, sql: str) -> list[tuple[Any, ...]]:
    con = lake.connect()
    try:
        return con.sql(sql).fetchall()
    finally:
        con.close()


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(tmp_path / "lake")
    web = {"src_ip": "192.0.2.9", "method": "GET", "uri": "/a", "status": 200, "bytes": 5}
    put(lake, "web", events("web", [web, web | {"user": "ann", "method": "DELETE", "status": 403}, {"level": "error"}]))
    zeek = {"id_orig_h": "192.0.2.9", "id_resp_h": "192.0.2.1", "id_resp_p": 80, "uri": "/b", "status_code": 404}
    put(lake, "zeek_http", events("zeek_http", [zeek | {"observer": None}]))
    put(lake, "db_audit", events("db_audit", [{"user": "ann", "action": "read", "object": "cdr", "rows": 7}, {}]))
    put(
        lake,
        "transfers",
        events("transfers", [{"action": "read", "object": "/cdr.csv", "bytes": 9, "system": "vsftpd"}]),
    )
    put(lake, "access", events("access", [{"action": "export", "object": "NE list"}, {"operation": "Heartbeat"}]))
    put(
        lake,
        "nat_logs",
        events("nat_logs", [{"inside_ip": "10.0.0.1", "outside_ip": "192.0.2.1", "outside_port": 1024}]),
    )
    return lake


def test_requests_come_from_sensors_and_servers_alike(lake: Lake) -> None:
    found = _rows(lake, "SELECT kind, server, src_ip, uri, status FROM http ORDER BY kind, uri, status")
    assert found == [
        ("web", "pe1", "192.0.2.9", "/a", 200),
        ("web", "pe1", "192.0.2.9", "/a", 403),
        ("zeek_http", "192.0.2.1", "192.0.2.9", "/b", 404),
    ]


def test_who_read_or_changed_data_stands_in_one_view(lake: Lake) -> None:
    found = _rows(lake, "SELECT kind, action, object, rows, bytes, outcome FROM accesses ORDER BY kind")
    assert found == [
        ("access", "export", "NE list", None, None, None),
        ("db_audit", "read", "cdr", 7, None, None),
        ("transfers", "read", "/cdr.csv", None, 9, None),
        ("web", "delete", "/a", None, 5, "failure"),
    ]


def test_translations_have_a_view(lake: Lake) -> None:
    assert _rows(lake, "SELECT inside_ip, outside_ip, outside_port, kind FROM nat") == [
        ("10.0.0.1", "192.0.2.1", 1024, "nat_logs")
    ]
