# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import mysql_audit
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import read_bytes
from tests.sources.recognising import has, read_as_found, recognised

AT = datetime(2026, 11, 22, 10, 30, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("20261122 10:30:17,db1,ann,192.0.2.9,12,345,QUERY,crm,'SELECT * FROM customers WHERE a=\\'x\\'',0", id="MariaDB"),
        pytest.param("20261122 10:30:17,db1,ann,192.0.2.9,12,345,QUERY,crm,'SELECT *\nFROM customers',0", id="MariaDB, two lines"),
        pytest.param("20261122 10:30:17,db1,ann,192.0.2.9,12,345,READ,crm,customers,", id="MariaDB, table"),
        pytest.param('{"audit_record":{"name":"Query","timestamp":"2026-11-22T10:30:17Z","connection_id":"12","status":0,"sqltext":"select * from customers","user":"ann[ann] @ ws1 []","ip":"192.0.2.9","db":"crm"}}', id="Percona"),
        pytest.param('[\n{"timestamp":"2026-11-22 10:30:17","id":0,"class":"general","event":"status","connection_id":12,"account":{"user":"ann","host":"192.0.2.9"},"login":{"user":"ann","os":"","ip":"192.0.2.9","proxy":""},"general_data":{"command":"Query","sql_command":"select","query":"select * from customers","status":0}},\n]', id="Enterprise"),
    ],
)  # fmt: skip
def test_every_audit_log_says_the_same(text: str) -> None:
    assert recognised(text) == "mysql_audit"
    result = read_as_found(text)
    assert (result.counts(), result.rejected) == ({"db_audit": 1}, 0)
    (row,) = result.rows("db_audit")
    has(row, time=AT, user="ann", src_ip="192.0.2.9", action="read", system="mysql")
    assert str(row["object"]).endswith("customers")


def test_the_general_log_joins_statements_to_who_connected() -> None:
    stamp = "2026-11-22T10:30:17.000000Z"
    text = f"/usr/sbin/mysqld, Version: 8.0\nTcp port: 3306  Unix socket: x\nTime                 Id Command    Argument\n{stamp}\t   12 Connect\tann@192.0.2.9 on crm using TCP/IP\n{stamp}\t   12 Query\tSELECT *\nFROM customers\n{stamp}\t   13 Connect\tAccess denied for user 'eve'@'203.0.113.9' (using password: YES)\n{stamp}\t   12 Quit\t\n"
    assert recognised(text) == "mysql_audit"
    result = read_as_found(text)
    rows = result.rows("db_audit")
    assert (len(rows), result.rejected) == (4, 0)
    has(rows[1], user="ann", src_ip="192.0.2.9", database="crm", object="customers", time=AT)
    has(rows[2], user="eve", src_ip="203.0.113.9", activity="login", outcome="failure")
    has(rows[3], user="ann", activity="logout")


def test_logins_and_their_failures_are_told() -> None:
    text = "20261122 10:30:17,db1,ann,192.0.2.9,12,0,CONNECT,crm,,0\n20261122 10:30:17,db1,eve,203.0.113.9,13,0,FAILED_CONNECT,,,1045\n20261122 10:30:17,db1,ann,192.0.2.9,12,0,DISCONNECT,crm,,0\n"
    assert [(r["user"], r["activity"], r["outcome"]) for r in read_as_found(text).rows("db_audit")] == [
        ("ann", "login", "success"), ("eve", "login", "failure"), ("ann", "logout", "success"),
    ]  # fmt: skip


def test_passwords_in_statements_never_reach_a_row() -> None:
    result = read_as_found(
        "20261122 10:30:17,db1,ann,192.0.2.9,12,345,QUERY,crm,'CREATE USER eve IDENTIFIED BY \\'hUnter2Zx9\\'',0\n"
    )
    assert result.counts() == {"db_audit": 1}
    assert "hUnter2Zx9" not in str(result)


@given(st.binary(max_size=1_000))
def test_any_bytes_give_rows_and_rejects(content: bytes) -> None:
    read_bytes(mysql_audit.SOURCE, content)
    mysql_audit.sniff(evidence_from_bytes(content, "x"))


_PIECES = st.sampled_from(
    [
        "20261122 10:30:17,db1,",
        "ann,",
        "1,",
        "QUERY,",
        "'",
        "\n",
        "2026-11-22T10:30:17.000000Z\t",
        "12 Query\t",
        "12 Connect\t",
        "a@b on c",
        '{"audit_record":{}}',
        '{"class":1,"timestamp":2,"account":3}',
        ",0",
    ]
)


@given(st.lists(_PIECES, max_size=30).map("".join))
def test_pieces_in_any_order_give_rows_and_rejects(content: str) -> None:
    read_bytes(mysql_audit.SOURCE, content.encode())
