# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import auditd
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import read_bytes
from tests.sources.recognising import has, read_as_found, recognised

AT = datetime(2026, 11, 22, 10, 30, 17, tzinfo=UTC)
CALL = 'type=SYSCALL msg=audit(1795343417.000:{n}): arch=c000003e syscall=59 success=yes exit=0 ppid=1 pid=2 auid=1000 uid=0 tty=pts0 comm="ls" exe="/usr/bin/ls" key="exec"'
EXEC = 'type=EXECVE msg=audit(1795343417.000:{n}): argc=3 a0="ls" a1=2D6C2061 a2="/cdr"'


def test_records_of_one_event_are_joined_though_others_stand_between() -> None:
    lines = [
        CALL.format(n=1),
        CALL.format(n=2),
        EXEC.format(n=1),
        EXEC.format(n=2),
        "type=EOE msg=audit(1795343417.000:1): ",
    ]
    rows = read_as_found("\n".join(lines)).rows("auditd")
    assert [(r["serial"], r["origin"], r["type"]) for r in rows] == [
        (1, "sample.log:1", "SYSCALL,EXECVE"),
        (2, "sample.log:2", "SYSCALL,EXECVE"),
    ]
    has(
        rows[0],
        time=AT,
        activity="command",
        command_raw="ls -l a /cdr",
        user="1000",
        outcome="success",
        line="pts0",
        exe="/usr/bin/ls",
    )


def test_names_of_an_enriched_log_win_over_numbers() -> None:
    (row,) = read_as_found(CALL.format(n=1) + '\x1dARCH=x86_64 SYSCALL=execve AUID="ann" UID="root"').rows("auditd")
    has(row, auid="ann", uid="root", syscall="execve", user="ann", arch="c000003e")


def test_a_login_tells_account_address_and_outcome() -> None:
    line = 'node=db1 type=USER_LOGIN msg=audit(1795343417.000:7): pid=9 uid=0 auid=4294967295 ses=4294967295 msg=\'op=login acct="eve" exe="/usr/sbin/sshd" hostname=? addr=203.0.113.9 terminal=ssh res=failed\''
    assert recognised(line) == "auditd"
    (row,) = read_as_found(line).rows("auditd")
    has(
        row,
        observer="db1",
        user="eve",
        src_ip="203.0.113.9",
        activity="login",
        outcome="failure",
        service="ssh",
        auid=None,
    )


def test_an_account_made_is_a_change() -> None:
    line = 'type=ADD_USER msg=audit(1795343417.000:7): pid=9 uid=0 auid=1000 ses=3 msg=\'op=add-user acct="eve" exe="/usr/sbin/useradd" res=success\''
    (row,) = read_as_found(line).rows("auditd")
    has(row, activity="config_change", user="1000", acct="eve")


def test_secrets_in_arguments_are_masked_though_they_came_in_hexadecimal() -> None:
    secret = b"password=hUnter2Zx9 x".hex().upper()
    result = read_as_found(f'type=EXECVE msg=audit(1795343417.000:1): argc=2 a0="curl" a1={secret}')
    assert "hUnter2Zx9" not in str(result)
    has(result.rows("auditd")[0], command_raw="curl password=<masked> x")


def test_events_without_end_do_not_pile_up() -> None:
    lines = "\n".join(CALL.format(n=n) for n in range(3 * auditd.OPEN_EVENTS))
    assert read_as_found(lines).counts() == {"auditd": 3 * auditd.OPEN_EVENTS}
    one = read_as_found("\n".join([CALL.format(n=1)] * (auditd.MAX_RECORDS + 5)))
    assert (one.counts(), one.rejected) == ({"auditd": 1}, 5)


def test_in_syslog_a_record_stands_beside_its_line_and_counts_once() -> None:
    line = '<29>Nov 22 10:30:17 db1 audispd: node=db1 type=USER_LOGIN msg=audit(1795343417.000:457): pid=9 msg=\'op=login acct="eve" exe="/usr/sbin/sshd" addr=203.0.113.9 res=failed\'\n'
    result = read_as_found(line)
    assert result.counts() == {"syslog": 1, "auditd": 1}
    has(result.rows("auditd")[0], user="eve", time=AT)


@given(st.binary(max_size=1_000))
def test_any_bytes_give_rows_and_rejects(content: bytes) -> None:
    read_bytes(auditd.SOURCE, content)
    auditd.sniff(evidence_from_bytes(content, "x"))


_PIECES = st.sampled_from(
    [
        "type=EXECVE msg=audit(1795343417.000:1): ",
        "a0=",
        "41",
        "a1[0]=6",
        "msg='",
        "'",
        '"',
        "AUID=",
        "\x1d",
        "Time=1 ",
        "origin=2 ",
        "event_id=3 ",
        "\n",
        "type=EOE msg=audit(1795343417.000:1): ",
    ]
)


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_pieces_in_any_order_give_rows_and_rejects(content: str) -> None:
    read_bytes(auditd.SOURCE, content.encode())


def test_many_large_open_events_are_not_all_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auditd, "MAX_HELD", 2_000)
    lines = [CALL.format(n=n) for n in range(100)] + [EXEC.format(n=n) for n in range(100)]
    rows = read_as_found("\n".join(lines)).rows("auditd")
    assert sum(len(str(row["type"]).split(",")) for row in rows) == 200  # closed early, never lost
    assert [row["serial"] for row in rows[:3]] == [0, 1, 2]
    assert len(rows) > 150
