# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import syslog, tacacs
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import read_bytes

AT = datetime(2026, 11, 22, 10, 30, 17, tzinfo=UTC)


def row(line: str) -> dict[str, object]:
    return read_bytes(tacacs.SOURCE, line.encode() + b"\n").rows("tacacs")[0]


@pytest.mark.parametrize(
    ("line", "quality"),
    [
        pytest.param("Nov 22 10:30:17\t192.0.2.1\tann\ttty2\t192.0.2.15\tstop\ttask_id=6\ttimezone=UTC\tservice=shell\tpriv-lvl=15\tcmd=configure terminal <cr>", "year_assumed", id="tac_plus-F4"),
        pytest.param("Sun Nov 22 10:30:17 2026\t192.0.2.1\tann\ttty2\t192.0.2.15\tstop\ttask_id=6\tcmd=conf t <cr>\tservice=shell\tpriv_lvl=15", "zone_assumed", id="older-and-unordered"),
        pytest.param('2026-11-22 11:30:17 +0100\t192.0.2.1\tann\ttty2\t192.0.2.15\tstop\ttask_id=6\tservice=shell\tpriv-lvl=15\tCmd="configure terminal"', "exact", id="quoted"),
        pytest.param("2026-11-22 10:30:17 +0000 192.0.2.1\tann\ttty2\t192.0.2.15\tstop\tshell\tconfigure terminal <cr>", "exact", id="tac_plus-ng"),
        pytest.param("2026-11-22 10:30:17 +0000 192.0.2.1\tann\ttty2\t192.0.2.15\tstop\ttask_id=6\tservice=shell\tcmd=configure\tcmd-arg=terminal\tcmd-arg=<cr>", "exact", id="arguments-apart"),
    ],
)  # fmt: skip
def test_every_daemons_record_says_the_same(line: str, quality: str) -> None:
    found = row(line)
    wanted = (AT, quality, "192.0.2.1", "192.0.2.1", "ann", "tty2", "192.0.2.15", "command", "configure terminal")
    columns = ("time", "time_quality", "observer", "device", "user", "line", "src_ip", "activity", "command")
    assert tuple(found[name] for name in columns) == wanted
    assert found["service"] == "shell"
    assert tacacs.sniff(evidence_from_bytes(line.encode(), "x")) == 98
    assert syslog.sniff(evidence_from_bytes(line.encode(), "x")) == 0


@pytest.mark.parametrize(("record", "activity"), [("start", "login"), ("stop", "logout"), ("update", None)])
def test_a_shell_without_command_is_a_session(record: str, activity: str | None) -> None:
    found = row(f"Nov 22 10:30:17\t192.0.2.1\tann\ttty2\tunknown\t{record}\ttask_id=6\tservice=shell")
    assert (found["activity"], found["src_ip"], found["record"]) == (activity, None, record)


def test_secrets_are_masked_in_every_column() -> None:
    found = row(
        "Nov 22 10:30:17\t192.0.2.1\tann\ttty2\t192.0.2.15\tstop\tservice=shell\tcmd=username x secret hUnter2Zx9 <cr>"
    )
    assert "hUnter2Zx9" not in str(found)
    assert found["command"] == "username x secret <masked>"


def test_other_lines_are_rejected_and_the_rest_goes_on() -> None:
    result = read_bytes(tacacs.SOURCE, b"noise\nNov 22 10:30:17\t192.0.2.1\tann\ttty2\tx\tstop\tcmd=show users\n\xff")
    assert [r.where for r in result.rejects] == ["sample.log:1", "sample.log:3"]
    assert result.rows("tacacs")[0]["origin"] == "sample.log:2"


def test_records_sent_on_as_syslog_are_commands_on_the_device() -> None:
    line = b"<134>Nov 22 10:30:17 aaa1 tacplus[22]: ACCT-STOP|192.0.2.1|ann|tty2|192.0.2.15|stop|shell|configure terminal <cr>\n"
    found = read_bytes(syslog.SOURCE, line).rows("syslog")[0]
    assert (found["observer"], found["dst_ip"], found["user"], found["command"]) == (
        "aaa1", "192.0.2.1", "ann", "configure terminal",
    )  # fmt: skip


@given(st.binary(max_size=1_000))
def test_any_bytes_give_rows_and_rejects(content: bytes) -> None:
    read_bytes(tacacs.SOURCE, content)
    tacacs.sniff(evidence_from_bytes(content, "x"))


_FIELDS = st.sampled_from(
    ["Nov 22 10:30:17", "192.0.2.1", "ann", "stop", "start", "cmd=show x", "=", "cmd*a", "", "priv-lvl=99", "\n"]
)


@given(st.lists(_FIELDS, max_size=20).map("\t".join))
def test_fields_in_any_order_give_rows_and_rejects(content: str) -> None:
    read_bytes(tacacs.SOURCE, content.encode())
