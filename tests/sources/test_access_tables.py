# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import access_tables
from seawall.sources.access_tables import is_header
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import read_bytes
from tests.sources.recognising import has, only_row, read_as_found, recognised

AT = datetime(2026, 11, 22, 10, 30, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Operation Time,User Name,Terminal IP,Operation,Object,Result\n2026-11-22 10:30:17,ann,192.0.2.9,Export NE configuration,edge1,Successful\n", id="Huawei"),
        pytest.param("NetAct audit trail\nGenerated today\n\nDate;Time;User ID;Client IP;Operation Name;Managed Object;Status\n22.11.2026;10:30:17;ann;192.0.2.9;Export NE configuration;edge1;OK\n", id="a preamble, date and time apart"),
        pytest.param('"timestamp"\t"operator"\t"client address"\t"event"\t"ne name"\t"outcome"\n"2026/11/22 10:30:17"\t"ann"\t"192.0.2.9 (vpn)"\t"Export NE configuration"\t"edge1"\t"Success"\n', id="tabs and quotes"),
        pytest.param('{"time":"2026-11-22T10:30:17Z","user":"ann","addr.remote":"192.0.2.9:5000","event":"Export NE configuration","resource":"edge1","success":true}', id="JSON"),
    ],
)  # fmt: skip
def test_every_export_says_the_same(text: str) -> None:
    assert recognised(text) == "access_tables"
    row = only_row(text, "access")
    has(
        row,
        time=AT,
        user="ann",
        src_ip="192.0.2.9",
        operation="Export NE configuration",
        action="export",
        object="edge1",
        outcome="success",
    )


def test_columns_nobody_knows_are_kept_under_their_names_and_secrets_masked() -> None:
    text = "time,user,operation,result,client ip,Site Code,API Token\n2026-11-22 10:30:17,eve,Log In,Failed,203.0.113.9,HAV,s3cr3tZx9\n"
    result = read_as_found(text)
    (row,) = result.rows("access")
    has(row, activity="login", outcome="failure", Site_Code="HAV", API_Token="<masked>")


@pytest.mark.parametrize(
    ("names", "ours"),
    [
        ("time,user,operation,result", True),
        ("time,src ip,dst ip,src port,dst port,proto,user,action,result", False),
        ("indicator,type,user,event,time,status", False),
        ("name,value,comment", False),
    ],
)
def test_other_tables_are_not_taken_for_ours(names: str, ours: bool) -> None:
    assert is_header(names.split(",")) is ours


@given(st.binary(max_size=600).map(lambda tail: b"time,user,operation,result\n" + tail))
def test_any_bytes_below_a_header_give_rows_and_rejects(content: bytes) -> None:
    read_bytes(access_tables.SOURCE, content)
    access_tables.sniff(evidence_from_bytes(content, "x"))


_NAMES = st.sampled_from(
    [
        "time",
        "user",
        "operation",
        "result",
        "event_id",
        "Origin",
        "a b",
        "A_B",
        "device",
        "raw",
        "",
        "user name",
        "password",
    ]
)


@given(st.lists(_NAMES, max_size=12), st.lists(st.text(max_size=6), max_size=12))
def test_any_columns_give_rows_and_rejects(names: list[str], cells: list[str]) -> None:
    table = ",".join(["time", "user", "operation", "result", *names]) + "\n" + ",".join(["x", "ann", "b", "c", *cells])
    read_bytes(access_tables.SOURCE, table.encode("utf-8", "replace"))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("time,user,operation,result,client ip,New Password\n2026-11-22 10:30:17,eve,Add user,OK,203.0.113.9,Tr0ub4dor\n", id="table"),
        pytest.param('time,user,operation,result,client ip,Passwd\n2026-11-22 10:30:17,eve,Add user,OK,203.0.113.9,"Tr0u""b4dor, x"\n', id="quotes"),
        pytest.param('{"time":"2026-11-22T10:30:17Z","user":"eve","event":"Add user","addr.remote":"203.0.113.9:1","userPwdHash":"Tr0u\\"b4dor","result":"OK"}', id="JSON"),
        pytest.param("time,user,operation,result,client ip,Password\n2026-11-22 10:30:17,,,OK,203.0.113.9,Tr0ub4dor\n", id="reject"),
    ],
)  # fmt: skip
def test_a_secret_with_no_keyword_beside_it_stands_nowhere(text: str) -> None:
    result = read_as_found(text)
    assert len(result.rows("access")) + result.rejected == 1
    assert "b4dor" not in f"{result.rows('access')}{result.rejects}"
    assert "203.0.113.9" in f"{result.rows('access')}{result.rejects}"


def test_a_lone_quote_above_the_header_and_more_columns_than_are_kept_lose_no_row() -> None:
    wide = ",".join(f"c{n}" for n in range(500))
    text = f'Report for 19" racks\ntime,user,operation,result,client ip,{wide}\n2026-11-22 10:30:17,eve,Log In,OK,203.0.113.9,x\n'
    assert recognised(text) == "access_tables"
    result = read_as_found(text)
    assert (len(result.rows("access")), result.rejected) == (1, 0)


def test_a_line_too_long_to_hold_is_a_reject_and_not_silence() -> None:
    text = f"time,user,operation,result,client ip\n{'x' * (3 << 20)}\n2026-11-22 10:30:17,eve,Log In,OK,203.0.113.9\n"
    result = read_as_found(text)
    assert (len(result.rows("access")), result.rejected) == (1, 1)
