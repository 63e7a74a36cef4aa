# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import postgres
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import read_bytes
from tests.sources.recognising import has, only_row, read_as_found, recognised

AT = datetime(2026, 11, 22, 10, 30, 17, tzinfo=UTC)


@pytest.mark.parametrize(
    ("prefix", "known"),
    [
        pytest.param("2026-11-22 10:30:17.000 UTC [123] ", {"session": "123"}, id="Debian without names"),
        pytest.param("2026-11-22 10:30:17 UTC [123-1] ann@crm ", {"user": "ann", "database": "crm"}, id="Debian"),
        pytest.param("2026-11-22 11:30:17.000 CET [123]: [3-1] user=ann,db=crm,app=psql,client=192.0.2.9 ", {"user": "ann", "database": "crm", "src_ip": "192.0.2.9", "program": "psql"}, id="pgBadger's"),
        pytest.param("2026-11-22 10:30:17 UTC:192.0.2.9(50432):ann@crm:[123]:", {"user": "ann", "database": "crm", "src_ip": "192.0.2.9"}, id="RDS"),
        pytest.param("1795343417.000 123 ann crm 192.0.2.9 ", {"src_ip": "192.0.2.9"}, id="epoch"),
        pytest.param("2026-11-22 10:30:17 UTC [123] ann@crm 2001:db8::9(50432) ", {"user": "ann", "src_ip": "2001:db8::9"}, id="IPv6"),
        pytest.param("<2026-11-22 10:30:17 UTC ann crm> ", {}, id="in brackets"),
    ],
)  # fmt: skip
def test_any_prefix_is_read_by_what_its_parts_look_like(prefix: str, known: dict) -> None:
    text = f"{prefix}LOG:  statement: SELECT *\n\tFROM crm.customers\n"
    assert recognised(text) == "postgres"
    row = only_row(text, "db_audit")
    has(row, time=AT, action="read", object="crm.customers", operation="SELECT", system="postgresql", **known)


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("LOG:  connection authorized: user=ann database=crm application_name=psql SSL enabled (protocol=TLSv1.3)", {"activity": "login", "outcome": "success", "user": "ann", "database": "crm", "program": "psql"}),
        ("LOG:  connection received: host=192.0.2.9 port=50432", {"src_ip": "192.0.2.9"}),
        ("LOG:  disconnection: session time: 0:00:01.5 user=ann database=crm host=192.0.2.9 port=1", {"activity": "logout", "src_ip": "192.0.2.9"}),
        ('FATAL:  password authentication failed for user "eve"', {"activity": "login", "outcome": "failure", "user": "eve"}),
        ('FATAL:  no pg_hba.conf entry for host "203.0.113.9", user "eve", database "crm", no encryption', {"outcome": "failure", "src_ip": "203.0.113.9", "user": "eve"}),
        ("LOG:  duration: 5.1 ms  execute <unnamed>: UPDATE cdr SET a=$1", {"action": "write", "object": "cdr"}),
        ('LOG:  AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.subscribers,"select a, ""b"" from subscribers",<none>,7', {"action": "read", "object": "public.subscribers", "rows": 7}),
        ("LOG:  AUDIT: OBJECT,1,1,WRITE,DELETE,TABLE,public.cdr,delete from cdr,<none>", {"action": "delete"}),
        ("STATEMENT:  select * from secret_table", {"action": "read", "outcome": "failure", "object": "secret_table"}),
        ("ERROR:  permission denied for table cdr  STATEMENT:  COPY (SELECT * FROM cdr WHERE a LIKE '47%') TO STDOUT", {"action": "export", "outcome": "failure", "object": "cdr"}),
        ("ERROR:  permission denied for table cdr", {"action": None, "operation": "ERROR"}),
        ("LOG:  checkpoint starting: time", {"action": None, "operation": "LOG"}),
    ],
)  # fmt: skip
def test_messages_mean_what_they_say(message: str, wanted: dict) -> None:
    has(only_row(f"2026-11-22 10:30:17.000 UTC [123] {message}\n", "db_audit"), **wanted)


def test_passwords_in_statements_never_reach_a_row() -> None:
    result = read_as_found(
        "2026-11-22 10:30:17.000 UTC [1] ann@crm LOG:  statement: ALTER USER ann PASSWORD 'hUnter2Zx9'\n"
    )
    assert "hUnter2Zx9" not in str(result)
    has(result.rows("db_audit")[0], action="admin", operation="ALTER", object="ann")


def test_inside_syslog_a_message_stands_beside_its_line() -> None:
    result = read_as_found(
        "<134>Nov 22 10:30:17 db1 postgres[123]: [5-1] 2026-11-22 10:30:17 UTC [123] ann@crm LOG:  statement: SELECT 1 FROM cdr\n"
    )
    assert result.counts() == {"syslog": 1, "db_audit": 1}
    has(result.rows("db_audit")[0], observer="db1", user="ann", object="cdr")


def test_a_line_cut_in_a_record_of_csv_is_told_and_the_rest_goes_on() -> None:
    good = '2026-11-22 10:30:17.000 UTC,"ann","crm",1,"192.0.2.9:5","6a",1,"SELECT",2026-11-22 10:30:00 UTC,3/4,0,LOG,00000,"statement: select *\nfrom cdr",,,,,,,,,"psql","client backend",,0\n'
    result = read_as_found(good + good + "2026-11-22 10:30:17.000 UTC,broken\n" + good)
    assert result.counts() == {"db_audit": 3}
    assert [r.where for r in result.rejects] == ["sample.log:5"]


@given(st.binary(max_size=1_000))
def test_any_bytes_give_rows_and_rejects(content: bytes) -> None:
    read_bytes(postgres.SOURCE, content)
    postgres.sniff(evidence_from_bytes(content, "x"))


_PIECES = st.sampled_from(
    [
        "2026-11-22 10:30:17.000 UTC",
        " [1] ",
        "a@b ",
        "LOG:  ",
        "statement: ",
        "select * from x",
        "AUDIT: SESSION,1,1,",
        '"',
        ",",
        "\n",
        "\t",
        "(",
    ]
)


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_pieces_in_any_order_give_rows_and_rejects(content: str) -> None:
    read_bytes(postgres.SOURCE, content.encode())
