"""PAN-OS: every record its reader interprets, as CSV, CEF or LEEF, whatever the names hold."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render import panos
from tests.drills.render.reading import AT, act, read_back, sender

WHO = {"user": "r.novak", "src_ip": "10.9.20.15"}
VPN = {"service": "vpn"}
SAID = [
    pytest.param(act("login"), {**WHO, "activity": "login", "outcome": "success", "service": "cli"}, id="login"),
    pytest.param(act("login_failed"), {**WHO, "activity": "login", "outcome": "failure"}, id="login-failed"),
    pytest.param(act("logout"), {**WHO, "activity": "logout", "service": "cli"}, id="logout"),
    pytest.param(
        act("config", command="set mgt-config users backup2"),
        {**WHO, "activity": "config_change", "outcome": "success", "command_raw": "set mgt-config users backup2"},
        id="config",
    ),
    pytest.param(act("configured"), {"user": "r.novak", "activity": "config_change"}, id="commit"),
    pytest.param(
        act("user_added", detail={"username": "svc2"}), {"command_raw": "set mgt-config users svc2"}, id="user-added"
    ),
    pytest.param(
        act("packet_denied", detail={"list": "x", "sport": "40000", "target": "192.0.2.1", "dport": "22"}),
        {"src_ip": "10.9.20.15", "dst_ip": "192.0.2.1", "activity": None},
        id="traffic",
    ),
]
ONLY_CSV = [
    pytest.param(
        act("login", detail=VPN), {**WHO, "activity": "login", "outcome": "success", "service": "vpn"}, id="tunnel-up"
    ),
    pytest.param(act("login_failed", detail=VPN), {**WHO, "outcome": "failure", "service": "vpn"}, id="tunnel-refused"),
    pytest.param(act("logout", detail=VPN), {**WHO, "activity": "logout", "service": "vpn"}, id="tunnel-down"),
]
RECORDS = [  # families no act of a drill makes
    pytest.param("USERID", "login", {7: "10.9.20.15", 8: "r.novak"}, {**WHO, "activity": "login"}, id="user-id"),
    pytest.param(
        "AUTHENTICATION", "login", {8: "10.9.20.15", 9: "r.novak", 18: "auth-fail", 20: "rejected"},
        {**WHO, "activity": "login", "outcome": "failure"}, id="authentication"),
    pytest.param("HIPMATCH", "0", {7: "r.novak", 11: "10.9.20.15"}, {**WHO, "service": "vpn"}, id="hip-match"),
    pytest.param(
        "THREAT", "url", {7: "10.9.20.15", 8: "192.0.2.1", 12: "r.novak", 14: "web-browsing", 34: "high"},
        {**WHO, "dst_ip": "192.0.2.1", "severity": 4}, id="threat"),
]  # fmt: skip


def check(rows: list[dict[str, Any]], meaning: dict[str, Any]) -> None:
    """All rows are the firewall's own, the last one says what was done."""
    assert {name: rows[-1][name] for name in meaning} == meaning
    for row in rows:
        assert (row["observer"], row["platform"]) == ("edge1-hav", "panos") or row["mnemonic"].startswith(
            ("GLOBALPROTECT", "USERID", "HIPMATCH", "CONFIG")  # they name the firewall by its number alone
        )
        assert row["time"].replace(microsecond=0) == AT.replace(microsecond=0)
        assert row["time_quality"] == "exact"


@pytest.mark.parametrize("header", panos.HEADERS)
@pytest.mark.parametrize(("what", "meaning"), SAID)
def test_every_family_is_read_back_in_every_form(
    what: Any, meaning: dict[str, Any], header: str, tmp_path: Path
) -> None:
    check(read_back(tmp_path, "pa.log", panos.write(what, sender(header)), "syslog")["syslog"], meaning)


@pytest.mark.parametrize(("what", "meaning"), ONLY_CSV)
def test_a_tunnel_is_read_back(what: Any, meaning: dict[str, Any], tmp_path: Path) -> None:
    check(read_back(tmp_path, "pa.log", panos.write(what, sender("csv")), "syslog")["syslog"], meaning)


@pytest.mark.parametrize(("kind", "subtype", "values", "meaning"), RECORDS)
def test_records_no_act_makes_are_read_back(
    kind: str, subtype: str, values: dict[int, str], meaning: dict[str, Any], tmp_path: Path
) -> None:
    lines = [panos.line(AT, sender("csv"), kind, subtype, values)]
    check(read_back(tmp_path, "pa.log", lines, "syslog")["syslog"], meaning)


WORDS = st.from_regex(r"\A[A-Za-z0-9_](?:[A-Za-z0-9_.@\\,\"\-]{0,20}[A-Za-z0-9_$])?\Z")


@given(WORDS, st.lists(WORDS, min_size=1, max_size=4), st.sampled_from(["csv", "cef"]))
def test_whoever_it_was_and_whatever_was_set_comes_back(account: str, words: list[str], header: str) -> None:
    command = " ".join(("set", "x", *words))
    lines = panos.write(act("config", account=account, command=command), sender(header))
    with TemporaryDirectory() as folder:
        (row,) = read_back(Path(folder), "pa.log", lines, "syslog")["syslog"]
    assert (row["user"], row["command_raw"]) == (account, command)
