# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import oracle_audit
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import read_bytes
from tests.sources.recognising import has, read_as_found, recognised

AT = datetime(2026, 11, 22, 10, 30, 17, tzinfo=UTC)
RECORD = "<AuditRecord><Audit_Type>1</Audit_Type><Extended_Timestamp>2026-11-22T10:30:17.000000Z</Extended_Timestamp><DB_User>ANN</DB_User><Action>3</Action><Returncode>0</Returncode><Object_Schema>CRM</Object_Schema><Object_Name>CUSTOMERS</Object_Name><Sql_Text>select * from crm.customers where a &lt; 5</Sql_Text></AuditRecord>"
TOP = '<?xml version="1.0" encoding="UTF-8"?>\n<Audit xmlns="http://xmlns.oracle.com/oracleas/schema/x">\n<Version>11.2</Version>\n'


def test_an_xml_file_that_is_still_being_written_is_read_as_far_as_it_goes() -> None:
    result = read_as_found(f"{TOP}{RECORD}\n{RECORD[:120]}\n{RECORD}\n")
    assert result.counts() == {"db_audit": 2}
    assert [r.where for r in result.rejects] == ["sample.log:5"]
    has(
        result.rows("db_audit")[0],
        time=AT,
        user="ANN",
        action="read",
        object="CRM.CUSTOMERS",
        outcome="success",
        statement="select * from crm.customers where a < 5",
    )


def test_the_head_oracle_writes_over_three_lines_is_no_reject() -> None:
    spread = TOP.replace(
        ">\n<Version>",
        '\n  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\n  xsi:schemaLocation="http://xmlns.oracle.com/x y">\n'
        "   <Version>",
    )
    assert spread != TOP
    result = read_as_found(f"{spread}{RECORD}\n</Audit>\n")
    assert (result.counts(), result.rejects) == ({"db_audit": 1}, [])


def test_what_sys_does_stands_in_text_files_with_the_statement_for_an_action() -> None:
    text = "Audit file /u01/a.aud\nOracle Database 19c\nUnix process pid: 1, image: oracle@db1\n\nSun Nov 22 12:30:17 2026 +02:00\nLENGTH : '190'\nACTION :[28] 'select * from crm.customers'\nDATABASE USER:[1] '/'\nPRIVILEGE :[6] 'SYSDBA'\nCLIENT USER:[6] 'oracle'\nSTATUS:[4] '1017'\n"
    assert recognised(text) == "oracle_audit"
    result = read_as_found(text)
    assert result.rejected == 0
    has(
        result.rows("db_audit")[0],
        time=AT,
        user="/",
        os_user="oracle",
        operation="SELECT",
        object="crm.customers",
        outcome="failure",
        code="1017",
    )


def test_the_unified_trail_as_csv_with_a_statement_over_two_lines() -> None:
    text = 'EVENT_TIMESTAMP,DBUSERNAME,ACTION_NAME,OBJECT_SCHEMA,OBJECT_NAME,SQL_TEXT,RETURN_CODE,USERHOST\n22-NOV-26 10.30.17.000000 AM +00:00,ANN,LOGON,,,"",0,192.0.2.9\n22-NOV-26 10.30.17.000000 AM +00:00,ANN,CREATE USER,,,"create user eve\nidentified by hUnter2Zx9",0,192.0.2.9\n'
    assert recognised(text) == "oracle_audit"
    result = read_as_found(text)
    first, second = result.rows("db_audit")
    has(first, time=AT, activity="login", action="login", src_ip="192.0.2.9")
    has(second, action="admin", operation="CREATE USER", object="eve", origin="sample.log:3")
    assert "hUnter2Zx9" not in str(result)


def test_in_syslog_a_record_stands_beside_its_line() -> None:
    line = "<29>Nov 22 10:30:17 db1 Oracle Audit[12]: LENGTH : '160' ACTION :[7] 'CONNECT' DATABASE USER:[3] 'ANN' STATUS:[4] '1017'\n"
    result = read_as_found(line)
    assert result.counts() == {"syslog": 1, "db_audit": 1}
    has(result.rows("db_audit")[0], user="ANN", activity="login", outcome="failure", time=AT)


@pytest.mark.parametrize("program", ["Oracle Audit", "Oracle Unified Audit"])
def test_a_program_whose_name_has_blanks_is_not_the_host(program: str) -> None:
    text = "LENGTH : '160' ACTION :[7] 'CONNECT' DATABASE USER:[3] 'ANN' STATUS:[4] '1017'"
    result = read_as_found(f"<29>Nov 22 10:30:17 db1 {program}[12]: {text}\n")
    has(result.rows("syslog")[0], observer="db1", program=program, pid=12)
    has(result.rows("db_audit")[0], observer="db1", user="ANN")


@given(
    st.binary(max_size=600),
    st.sampled_from(
        [
            b"",
            TOP.encode(),
            b"<AuditRecord>",
            b"Sun Nov 22 10:30:17 2026\nACTION :[7] '",
            b"DBUSERNAME,ACTION_NAME,RETURN_CODE,OBJECT_NAME\n",
        ]
    ),
)
def test_any_bytes_give_rows_and_rejects(content: bytes, head: bytes) -> None:
    read_bytes(oracle_audit.SOURCE, head + content)
    oracle_audit.sniff(evidence_from_bytes(head + content, "x"))
