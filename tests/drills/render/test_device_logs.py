"""Every platform's log writer against the syslog reader: what was done is what is read, whatever the header."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seawall.drills.acts import DOING, Act
from seawall.drills.render import LOGS, asa, cisco_ios, eos, fortios, iosxr, ise, junos, linux, nxos, panos, sros, vrp
from tests.drills.render.reading import AT, act, read_back, sender

HEADERS = [
    (platform, header)
    for platform, module in {
        "ios": cisco_ios,
        "iosxr": iosxr,
        "nxos": nxos,
        "junos": junos,
        "eos": eos,
        "sros": sros,
        "vrp": vrp,
        "linux": linux,
        "asa": asa,
        "fortios": fortios,
        "panos": panos,
        "ise": ise,
    }.items()
    for header in module.HEADERS
]
LOGIN = act("login", detail={"service": "ssh"})
WHO = {"user": "r.novak", "src_ip": "10.9.20.15"}
OBSERVERS = {"sros": "10.9.10.1", "ise-local": None}  # named by address; a file of ISE's own names nobody
SAYS_NO_USER_AT_LOGIN = {"vrp5", "vrp8"}  # `VTY2 login from 10.9.20.15 succeed.`

SAID = [
    pytest.param("ios", act("login_failed"), {**WHO, "activity": "login", "outcome": "failure"}, id="ios-login-failed"),
    pytest.param(
        "ios",
        act("config", command="interface Tunnel77"),
        {"user": "r.novak", "activity": "command", "command": "interface tunnel77"},
        id="ios-config-line",
    ),
    pytest.param(
        "ios",
        act("configured"),
        {**WHO, "activity": "config_change", "mnemonic": "SYS-5-CONFIG_I"},
        id="ios-configured",
    ),
    pytest.param(
        "ios",
        act("programmed", account="vty_sys", source="", line=0, detail={"process": "SEP_webui_wsma_http"}),
        {"user": "vty_sys", "activity": "config_change", "mnemonic": "SYS-5-CONFIG_P"},
        id="ios-programmed",
    ),
    pytest.param(
        "ios",
        act("login", detail={"service": "web"}),
        {**WHO, "activity": "login", "service": "web", "mnemonic": "SEC_LOGIN-5-WEBLOGIN_SUCCESS"},
        id="ios-web",
    ),
    pytest.param("ios", act("login", detail={"service": "netconf"}), {**WHO, "activity": "login"}, id="ios-netconf"),
    pytest.param(
        "ios",
        act("capture", detail={"name": "mycap", "state": "ENABLE"}),
        {"mnemonic": "BUFCAP-6-ENABLE"},
        id="ios-capture",
    ),
    pytest.param(
        "ios", act("container", detail={"state": "up"}), {"mnemonic": "IM-6-IOX_INST_INFO"}, id="ios-container"
    ),
    pytest.param(
        "ios",
        act("log_host", detail={"host": "10.9.20.50", "state": "stopped"}),
        {"mnemonic": "SYS-6-LOGGINGHOST_STARTSTOP"},
        id="ios-log-host",
    ),
    pytest.param("ios", act("snmp_refused"), {"mnemonic": "SNMP-3-AUTHFAIL", "src_ip": "10.9.20.15"}, id="ios-snmp"),
    pytest.param(
        "iosxr",
        act("shell", detail={"state": "in"}),
        {"user": "r.novak", "mnemonic": "INFRA-INFRA_MSG-5-RUN_LOGIN"},
        id="xr-shell",
    ),
    pytest.param(
        "nxos",
        act("command", command="show vpc brief"),
        {**WHO, "activity": "command", "command": "show vpc brief"},
        id="nxos-command",
    ),
    pytest.param(
        "nxos", act("login_failed"), {**WHO, "activity": "login", "outcome": "failure"}, id="nxos-login-failed"
    ),
    pytest.param(
        "junos",
        act("command", command="show system alarms"),
        {"user": "r.novak", "activity": "command", "command": "show system alarms"},
        id="junos-command",
    ),
    pytest.param(
        "junos", act("login_failed"), {**WHO, "activity": "login", "outcome": "failure"}, id="junos-login-failed"
    ),
    pytest.param(
        "eos",
        act("command", command="show vxlan vtep"),
        {**WHO, "activity": "command", "command": "show vxlan vtep"},
        id="eos-command",
    ),
    pytest.param(
        "sros",
        act("config", command="port 1/1/1 shutdown"),
        {**WHO, "activity": "command", "command": "port 1/1/1 shutdown"},
        id="sros-config",
    ),
    pytest.param(
        "vrp",
        act("command", command="display version"),
        {**WHO, "activity": "command", "command": "display version"},
        id="vrp-command",
    ),
    pytest.param("linux", act("login_failed"), {**WHO, "activity": "login", "outcome": "failure"}, id="sshd-failed"),
]


def written(platform: str, header: str, what: Act) -> list[str]:
    """Lines of an act among enough others of the same device that a reader can know the file."""
    device = sender(header)
    writer = LOGS[platform]
    before = [line for _ in range(3) for line in writer(LOGIN, device)]
    lines = [*before, *writer(what, device)]
    assert len(lines) > len(before), f"{platform} says nothing when {what.doing}"
    return lines


@pytest.mark.parametrize(("platform", "header"), HEADERS)
def test_a_login_is_read_back_under_every_header(platform: str, header: str, tmp_path: Path) -> None:
    rows = read_back(tmp_path, "device.log", written(platform, header, LOGIN), "syslog")["syslog"]
    login = next(row for row in reversed(rows) if row["activity"] == "login")
    assert login["time"].replace(microsecond=0) == AT.replace(microsecond=0)
    assert login["src_ip"] == "10.9.20.15"
    assert login["outcome"] == "success"
    assert login["observer"] == OBSERVERS.get(platform, OBSERVERS.get(f"{platform}-{header}", "edge1-hav"))
    if header not in SAYS_NO_USER_AT_LOGIN:
        assert any(row["user"] == "r.novak" for row in rows)


@pytest.mark.parametrize(("platform", "what", "meaning"), SAID)
def test_what_was_done_is_what_is_read(platform: str, what: Act, meaning: dict[str, Any], tmp_path: Path) -> None:
    header = next(h for p, h in HEADERS if p == platform)
    rows = read_back(tmp_path, "device.log", written(platform, header, what), "syslog")["syslog"]
    assert any(meaning.items() <= row.items() for row in rows), [{key: row[key] for key in meaning} for row in rows]


@pytest.mark.parametrize(("platform", "header"), HEADERS)
def test_every_act_has_words_or_is_left_to_other_telemetry(platform: str, header: str) -> None:
    detail = {
        "interface": "Ethernet1",
        "state": "up",
        "name": "cap",
        "username": "x",
        "process": "p",
        "file": "f",
        "host": "10.9.20.50",
        "list": "L",
        "sport": "1",
        "target": "192.0.2.1",
        "dport": "22",
        "peer": "198.51.100.9",
        "mnemonic": "A-5-B" if platform != "vrp" else "A/5/B(l)",
        "text": "t",
        "service": "ssh",
    }
    if platform == "sros":
        detail["mnemonic"] = "A-MINOR-b-1"
    for doing in DOING:
        lines = LOGS[platform](act(doing, command="show x", detail=detail), sender(header))
        assert all("\n" not in line and line.replace("\t", " ").isprintable() for line in lines)
