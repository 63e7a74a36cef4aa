# ruff: noqa: E501 - log lines are as long as they are
"""Every header form, read whole: samples are our own, layouts are the vendors'."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.model.events import event_id
from seawall.sources import syslog
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import Result, read_bytes

NOON = datetime(2026, 11, 22, 10, 15, 30, tzinfo=UTC)
MILLIS = NOON.replace(microsecond=123_000)


def read(*lines: str) -> Result:
    return read_bytes(syslog.SOURCE, ("\n".join(lines) + "\n").encode())


def only(line: str) -> dict[str, Any]:
    rows = read(line).rows("syslog")
    assert len(rows) == 1, f"no row for {line!r}"
    return rows[0]


_UP = "%LINK-3-UPDOWN: Interface Gi1, changed state to up"
_LOGIN = "%SEC_LOGIN-5-LOGIN_SUCCESS: Login Success [user: ann] [Source: 192.0.2.15] [localport: 22] at 10:15:30"


@pytest.mark.parametrize(
    ("line", "observer", "time", "quality", "mnemonic"),
    [
        pytest.param(f"<189>7: pe1: 000009: Nov 22 2026 10:15:30.123 UTC: {_UP}", "pe1", MILLIS, "exact", "LINK-3-UPDOWN", id="ios-everything"),
        pytest.param(f"<189>pe1: *Nov 22 2026 10:15:30.123: {_UP}", "pe1", MILLIS, "unset", "LINK-3-UPDOWN", id="ios-never-set"),
        pytest.param(f"<189>7: pe1: .Nov 22 10:15:30.123: {_UP}", "pe1", MILLIS, "unsynced", "LINK-3-UPDOWN", id="ios-lost-sync"),
        pytest.param(f"Nov 22 10:15:30: {_UP}", None, NOON, "year_assumed", "LINK-3-UPDOWN", id="ios-bare"),
        pytest.param(f"{_UP}", None, None, "missing", "LINK-3-UPDOWN", id="mnemonic-only"),
        pytest.param(f"<189>4021: pe1: 00:01:01: {_UP}", "pe1", None, "missing", "LINK-3-UPDOWN", id="ios-uptime"),
        pytest.param(f"<189>2y10w: {_UP}", None, None, "missing", "LINK-3-UPDOWN", id="ios-long-uptime"),
        pytest.param(f"Nov 22 10:15:30 relay1 7: pe1: 2y10w: {_UP}", "pe1", NOON, "received", "LINK-3-UPDOWN", id="relay-and-uptime"),
        pytest.param(f"Nov 22 10:15:31 relay1 7: pe1: 9: Nov 22 2026 10:15:30.123 UTC: {_UP}", "pe1", MILLIS, "exact", "LINK-3-UPDOWN", id="relay-and-device"),
        pytest.param(f"2026-11-22T10:15:31+01:00 relay1 <189>7: pe1: Nov 22 2026 10:15:30.123 UTC: {_UP}", "pe1", MILLIS, "exact", "LINK-3-UPDOWN", id="iso-relay-inner-pri"),
        pytest.param(f"Nov 22 10:15:30 pe1 9: {_UP}", "pe1", NOON, "received", "LINK-3-UPDOWN", id="relay-host-only"),
        pytest.param(f"<189>Nov 22 10:15:30 pe1 {_UP}", "pe1", NOON, "year_assumed", "LINK-3-UPDOWN", id="rfc3164-mnemonic"),
        pytest.param(f"<189>7: pe1: Nov 22 2026 11:15:30.123 CET: {_UP}", "pe1", MILLIS, "exact", "LINK-3-UPDOWN", id="zone-name"),
        pytest.param(f"<189>7: pe1: Nov 22 2026 11:15:30.123 UTC+1: {_UP}", "pe1", MILLIS, "exact", "LINK-3-UPDOWN", id="zone-shift"),
        pytest.param(f"<189>7: pe1: Nov 22 2026 10:15:30.123 QQT: {_UP}", "pe1", MILLIS, "zone_assumed", "LINK-3-UPDOWN", id="zone-unknown"),
        pytest.param("<189>7: p1 RP/0/RSP1/CPU0:2026 Nov 22 10:15:30.123 UTC: SSHD_[651]: %SECURITY-SSHD-6-INFO_GENERAL : text", "p1", MILLIS, "exact", "SECURITY-SSHD-6-INFO_GENERAL", id="xr"),
        pytest.param("RP/0/RP0/CPU0:Nov 22 10:15:30.123 : config[6]: %MGBL-SYS-5-CONFIG_I : Configured from console by ann", None, MILLIS, "year_assumed", "MGBL-SYS-5-CONFIG_I", id="xr-file"),
        pytest.param("<190>n9k1: 2026 Nov 22 10:15:30 UTC: %VSHD-5-VSHD_SYSLOG_CONFIG_I: Configured from vty by ann on 192.0.2.15@pts/3", "n9k1", NOON, "exact", "VSHD-5-VSHD_SYSLOG_CONFIG_I", id="nxos"),
        pytest.param("2026 Nov 22 10:15:30 n9k1 %$ VDC-1 %$ %VMAN-2-ACTIVATION_STATE: Successfully activated", "n9k1", NOON, "zone_assumed", "VMAN-2-ACTIVATION_STATE", id="nxos-vdc"),
        pytest.param("<166>Nov 22 2026 10:15:30 fw1 : %ASA-6-302013: Built outbound TCP connection 7", "fw1", NOON, "zone_assumed", "ASA-6-302013", id="asa"),
        pytest.param("2026 Nov 22 10:15:30 UTC leaf1 Aaa: 101: %AAA-5-LOGIN: user ann logged in [from: 192.0.2.15] [service: sshd]", "leaf1", NOON, "exact", "AAA-5-LOGIN", id="eos"),
        pytest.param("Nov 22 10:15:30 pe5 mgd[88]: UI_COMMIT_COMPLETED: commit complete", "pe5", NOON, "year_assumed", "UI_COMMIT_COMPLETED", id="junos"),
        pytest.param("Nov 22 10:15:30 pe5 mgd[88]: %INTERACT-6-UI_COMMIT_COMPLETED: commit complete", "pe5", NOON, "year_assumed", "UI_COMMIT_COMPLETED", id="junos-priority"),
        pytest.param("<165>1 2026-11-22T10:15:30.123Z pe5 mgd 30 UI_COMMIT_COMPLETED [junos@2636.1 a=\"]\\\"\"] commit complete", "pe5", MILLIS, "exact", "UI_COMMIT_COMPLETED", id="junos-structured"),
        pytest.param("<165>1 2026-11-22T11:15:30.123+01:00 pe5 - - - - " + _UP, "pe5", MILLIS, "exact", "LINK-3-UPDOWN", id="rfc5424-mnemonic"),
        pytest.param("<187>Nov 22 10:15:30 192.0.2.7 TMNX: 182 Base USER-MINOR-cli_user_login-2001 [ann]:  User from 192.0.2.15 logged in", "192.0.2.7", NOON, "year_assumed", "USER-MINOR-cli_user_login-2001", id="sros"),
        pytest.param("<189>Nov 22 2026 10:15:30 acc3 %%01SHELL/5/CMDRECORD(s)[97]:Recorded command information. (Command=\"a\")", "acc3", NOON, "zone_assumed", "SHELL/5/CMDRECORD", id="vrp"),
        pytest.param("2026-11-22 10:15:30 core2 %%01CLI/5/LOGIN(l):CID=2;VTY0 login from 192.0.2.15 succeed.", "core2", NOON, "zone_assumed", "CLI/5/LOGIN", id="vrp8"),
        pytest.param("<189>Nov 22 10:15:30 2026 acc3 %%01SSH/4/SSH_FAIL(s)[1]:Failed", "acc3", NOON, "zone_assumed", "SSH/4/SSH_FAIL", id="vrp-year-last"),
        pytest.param('<189>date=2026-11-22 time=11:15:30 devname="fw9" devid="F" tz="+0100" type="event"', "fw9", NOON, "exact", "event", id="fortios"),
        pytest.param("<14>Nov 22 10:15:30 pa1 1,2026/11/22 10:15:30,0011,SYSTEM,auth,0", "pa1", NOON, "year_assumed", None, id="panos"),
        pytest.param("<38>Nov 22 10:15:30 jump1 sshd[22]: Accepted password for ann from 192.0.2.15 port 4 ssh2", "jump1", NOON, "year_assumed", None, id="linux"),
        pytest.param("2026-11-22T10:15:30.123456+00:00 jump1 sudo: ann : TTY=pts/0 ; COMMAND=/bin/sh", "jump1", NOON.replace(microsecond=123_456), "exact", None, id="rsyslog-iso"),
        pytest.param("<134>1 1795342530.123 mx1 events type=x", "mx1", MILLIS, "exact", None, id="epoch"),
        pytest.param("<189>Nov 22 10:15:30 2001:db8::7 sshd[2]: text", "2001:db8::7", NOON, "year_assumed", None, id="ipv6-host"),
        pytest.param("Sun Nov 22 10:15:30 2026:type=update:id=192.0.2.15@pts/3:user=ann:cmd=show version (SUCCESS)", None, NOON, "zone_assumed", None, id="nxos-accounting-log"),
        pytest.param("Nov 22 10:15:30 bal1 notice mcpd[6]: 01070417:5: AUDIT", "bal1", NOON, "year_assumed", None, id="severity-word"),
    ],
)  # fmt: skip
def test_every_header_form_is_read(
    line: str, observer: str | None, time: datetime | None, quality: str, mnemonic: str | None
) -> None:
    row = only(line)
    assert (row["observer"], row["time"], row["time_quality"], row["mnemonic"]) == (observer, time, quality, mnemonic)
    assert row["raw"] == line
    assert row["origin"] == "sample.log:1"


def test_parts_of_a_full_line_stand_in_their_columns() -> None:
    row = only(f"<189>4012: pe1: 004007: Nov 22 2026 10:15:30.123 UTC: {_LOGIN}")
    assert (row["facility"], row["severity"], row["sequence"], row["platform"]) == (23, 5, 4007, "ios")
    assert row["message"].startswith("Login Success [user: ann]")
    assert (row["activity"], row["outcome"], row["user"], row["src_ip"], row["service"]) == (
        "login", "success", "ann", "192.0.2.15", "ssh",
    )  # fmt: skip


def test_a_relays_time_is_kept_beside_the_devices_own() -> None:
    row = only(f"Nov 22 10:15:31 relay1 7: pe1: 9: Nov 22 2026 10:15:30.123 UTC: {_UP}")
    assert row["received"] == NOON.replace(second=31)


def test_program_and_process_id_are_told_apart() -> None:
    row = only("Nov 22 10:15:30 pe5 mgd[88299]: UI_COMMIT: User 'ann' requested 'commit' operation (comment: none)")
    assert (row["program"], row["pid"], row["platform"], row["message"][:10]) == ("mgd", 88299, "junos", "User 'ann'")


def test_a_line_of_the_nxos_accounting_log_is_a_command_with_its_section() -> None:
    path = "configure terminal ; interface Ethernet1/10 ; shutdown"
    row = only(f"Sun Nov 22 10:15:30 2026:type=update:id=192.0.2.15@pts/3:user=ann:cmd={path} (SUCCESS)")
    assert (row["activity"], row["outcome"], row["user"], row["src_ip"], row["line"], row["platform"]) == (
        "command", "success", "ann", "192.0.2.15", "pts/3", "nxos",
    )  # fmt: skip
    assert (row["command"], row["section"]) == ("shutdown", "configure terminal ; interface ethernet1/10")


def test_a_shell_command_names_the_device_it_was_typed_on() -> None:
    row = only(
        "Nov 22 10:15:30 leaf1 Aaa: %ACCOUNTING-6-CMD: ann vty6 192.0.2.15 stop task_id=2 service=shell cmd=sh run"
    )
    assert (row["platform"], row["device"], row["command"]) == ("eos", "leaf1", "show running-config")


def test_structured_data_without_text_is_the_message() -> None:
    line = '<165>1 2026-11-22T10:15:30Z pe5 mgd 3 UI_CMDLINE_READ_LINE [junos@2636.1 username="ann" command="show version "]'
    row = only(line)
    assert (row["activity"], row["user"], row["command"]) == ("command", "ann", "show version")


def test_lines_that_are_no_syslog_are_rejected_with_their_place() -> None:
    result = read("free text", f"Nov 22 10:15:30 pe1 {_UP}", "", "   indented", "a,b,c")
    assert [row["origin"] for row in result.rows("syslog")] == ["sample.log:2"]
    assert [reject.where for reject in result.rejects] == ["sample.log:1", "sample.log:4", "sample.log:5"]
    assert result.rejects[1].what.startswith("continues the line before")
    assert result.rejected == 3


def test_a_clock_before_1990_or_ahead_of_now_is_noted_and_kept() -> None:
    result = read(f"Jan  1 1970 00:00:07 UTC: {_UP}", f"Jan  1 2099 00:00:07 UTC: {_UP}")
    assert [row["time"].year for row in result.rows("syslog")] == [1970, 2099]
    assert len(result.notes) == 2


def test_impossible_dates_leave_the_time_missing() -> None:
    row = only(f"<189>pe1: Feb 30 2026 10:15:30: {_UP}")
    assert (row["time"], row["time_quality"], row["observer"]) == (None, "missing", "pe1")


def test_identical_lines_get_ids_of_their_own_and_keep_them() -> None:
    line = f"Nov 22 10:15:30 pe1 {_UP}"
    first, again = read(*[line] * 5, "Nov 22 10:15:31 pe1 " + _UP, line), read(*[line] * 6)
    ids = [row["event_id"] for row in first.rows("syslog")]
    assert len(set(ids)) == 7
    assert ids[0] == event_id("syslog", "pe1", line.encode())
    assert ids[6] == event_id("syslog", "pe1", line.encode(), 5)
    assert {row["event_id"] for row in again.rows("syslog")} <= set(ids)


def test_ids_do_not_depend_on_place_or_line_ends() -> None:
    lines = [f"<189>{n}: pe1: Nov 22 2026 10:15:30 UTC: {_UP}" for n in range(50)]
    unix = read_bytes(syslog.SOURCE, "\n".join(lines).encode(), "a/b.log").rows("syslog")
    dos = read_bytes(syslog.SOURCE, "\r\n".join(lines).encode(), "c.log").rows("syslog")
    assert [row["event_id"] for row in unix] == [row["event_id"] for row in dos]


_SECRET = "hUnter2Zx9"


def test_no_secret_reaches_a_column_or_a_reject() -> None:
    result = read(
        f"<189>pe1: Nov 22 2026 10:15:30: %PARSER-5-CFGLOG_LOGGEDCMD: User:ann  logged command:username x secret {_SECRET}",
        f"Nov 22 10:15:30 pe5 mgd[8]: UI_CMDLINE_READ_LINE: User 'ann', command 'set snmp community {_SECRET} '",
        f"Nov 22 10:15:30 pe5 snmpd[8]: SNMPD_AUTH_FAILURE: x: unauthorized SNMP community from 203.0.113.9 to 192.0.2.5 ({_SECRET})",
        f"snmp-server community {_SECRET} RO",
        f"Nov 22 10:15:30 jump1 sudo: ann : COMMAND=/bin/curl ftp://ann:{_SECRET}@192.0.2.9/x",
    )
    assert result.tables["syslog"].num_rows == 4
    assert result.rejected == 1
    assert _SECRET not in str(result.tables["syslog"].to_pylist()) + str(result.rejects)
    assert result.rows("syslog")[0]["command"] == "username x secret <masked>"


@pytest.mark.parametrize(
    ("content", "least", "most"),
    [
        pytest.param(f"<189>1: pe1: {_UP}\n" * 3, 90, 100, id="mnemonics"),
        pytest.param("Nov 22 10:15:30 pe1 sshd[2]: text\n" * 3, 70, 90, id="times-and-hosts"),
        pytest.param("Sun Nov 22 10:15:30 2026:type=start:id=x:user=a:cmd=\n" * 3, 90, 100, id="accounting-log"),
        pytest.param("#separator \\x09\n#fields\tts\tuid\n1795342530.123456\tC1\t192.0.2.1\n", 0, 0, id="zeek"),
        pytest.param("time,host,message\n2026-11-22T10:15:30Z,pe1,up\n", 0, 0, id="csv"),
        pytest.param('{"time": "2026-11-22T10:15:30Z"}\n' * 3, 0, 0, id="json"),
        pytest.param("Nov 22 10:30:17\t192.0.2.1\tann\ttty2\t192.0.2.15\tstop\ttask_id=6\n" * 3, 0, 0, id="tacacs"),
        pytest.param("hostname pe1\ninterface Gi1\n ip address 192.0.2.1 255.255.255.0\n", 0, 0, id="configuration"),
        pytest.param("", 0, 0, id="empty"),
    ],
)
def test_it_knows_its_own_files_by_content(content: str, least: int, most: int) -> None:
    assert least <= syslog.sniff(evidence_from_bytes(content.encode(), "x")) <= most


@given(st.binary(max_size=2_000))
def test_any_bytes_give_rows_and_rejects(content: bytes) -> None:
    result = read_bytes(syslog.SOURCE, content)
    syslog.sniff(evidence_from_bytes(content, "x"))
    lines = [line for line in content.replace(b"\0", b"").split(b"\n") if line]
    assert result.rejected + len(result.rows("syslog")) <= len(lines) * 2 + 1


_PIECES = st.sampled_from(
    ["<189>", "<999>", "7: ", "pe1: ", "Nov 22 10:15:30", "*Feb 29 ", "2026", " ", ": ", "UTC", "%SYS-5-CONFIG_I: ", "%%01A/1/B",
     "[1]: ", "[", '"', "=", "UI_COMMIT: ", "1 2026-11-22T10:15:30Z ", "- ", "\t", "é", "\r", "%$ ", "date=2026-13-01 time=", "password x",
     "User:a  logged command:", "TMNX: 1 Base USER-MINOR-a-1 [x]: ", "\n"]
)  # fmt: skip


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_pieces_of_headers_in_any_order_give_one_row_or_reject_a_line(content: str) -> None:
    result = read_bytes(syslog.SOURCE, content.encode())
    lines = [line for line in f"{content}\n".replace("\r\n", "\n").split("\n") if line]
    glued = sum(int(note.split(" line end")[0].split()[-1]) for note in result.notes if "glued" in note)
    assert result.rejected + len(result.rows("syslog")) == len(lines) + glued
