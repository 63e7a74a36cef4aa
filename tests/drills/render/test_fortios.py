"""FortiOS: every family its reader interprets, in each of the three forms, whatever the names hold."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render import fortios
from tests.drills.render.reading import AT, act, read_back, sender

NAMES = st.from_regex(r"\A[A-Za-z0-9_](?:[A-Za-z0-9_.@ \\'=,()\-]{0,20}[A-Za-z0-9_$])?\Z").filter(
    lambda name: name.lower() not in ("none", "unknown") and "  " not in name
)
WHO = {"user": "r.novak", "src_ip": "10.9.20.15"}
VPN = {"service": "vpn"}
SAID = [
    pytest.param(act("login"), {**WHO, "activity": "login", "outcome": "success", "service": "ssh"}, id="login"),
    pytest.param(act("login", detail={"service": "web"}), {"activity": "login", "service": "web"}, id="web-login"),
    pytest.param(
        act("login", source="", detail={"service": "console"}), {"service": "console", "src_ip": None}, id="console"
    ),
    pytest.param(act("login_failed"), {**WHO, "activity": "login", "outcome": "failure"}, id="login-failed"),
    pytest.param(act("logout"), {**WHO, "activity": "logout"}, id="logout"),
    pytest.param(
        act("login", detail=VPN), {**WHO, "activity": "login", "outcome": "success", "service": "vpn"}, id="tunnel-up"
    ),
    pytest.param(
        act("login_failed", detail=VPN), {**WHO, "activity": "login", "outcome": "failure"}, id="tunnel-refused"
    ),
    pytest.param(act("logout", detail=VPN), {**WHO, "activity": "logout", "service": "vpn"}, id="tunnel-down"),
    pytest.param(
        act("command", command="diagnose sniffer packet any none 4"),
        {**WHO, "activity": "command", "command_raw": "diagnose sniffer packet any none 4"},
        id="command",
    ),
    pytest.param(
        act("config", command="edit system.admin backdoor accprofile[super_admin]"),
        {**WHO, "activity": "config_change", "command_raw": "edit system.admin backdoor accprofile[super_admin]"},
        id="config",
    ),
    pytest.param(
        act("user_added", detail={"username": "svc2"}),
        {"activity": "config_change", "command_raw": "add system.admin svc2 accprofile[super_admin]"},
        id="administrator-added",
    ),
    pytest.param(
        act("packet_denied", detail={"list": "x", "sport": "40000", "target": "192.0.2.1", "dport": "22"}),
        {"src_ip": "10.9.20.15", "dst_ip": "192.0.2.1", "activity": None, "service": "tcp/22"},
        id="traffic",
    ),
]


@pytest.mark.parametrize("header", fortios.HEADERS)
@pytest.mark.parametrize(("what", "meaning"), SAID)
def test_every_family_is_read_back_in_every_form(
    what: Any, meaning: dict[str, Any], header: str, tmp_path: Path
) -> None:
    (row,) = read_back(tmp_path, "fw.log", fortios.write(what, sender(header)), "syslog")["syslog"]
    assert {name: row[name] for name in meaning} == meaning
    assert (row["observer"], row["platform"], row["time"], row["time_quality"]) == ("edge1-hav", "fortios", AT, "exact")


@given(NAMES, NAMES, st.sampled_from(fortios.HEADERS))
def test_whoever_it_was_and_whatever_was_typed_comes_back(account: str, command: str, header: str) -> None:
    lines = fortios.write(act("command", account=account, command=f"show {command}"), sender(header))
    with TemporaryDirectory() as folder:
        (row,) = read_back(Path(folder), "fw.log", lines, "syslog")["syslog"]
    assert (row["user"], row["command_raw"]) == (account, f"show {command}")
