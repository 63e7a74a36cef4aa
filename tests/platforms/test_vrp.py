# ruff: noqa: E501 - log lines are as long as they are
"""Messages of Huawei VRP, in our own words, and the act each tells of."""

from __future__ import annotations

import pytest

from seawall.platforms import Act, interpret

CASES: list[tuple[str, str, Act | None]] = [
    ("SHELL/5/CMDRECORD", 'Recorded command information. (Task=VT0, Ip=192.0.2.15, VpnName=, User=ann, AuthenticationMethod="Local-user", Command="display interface brief")', Act("command", None, None, "vt0", "ann", "192.0.2.15", command_raw="display interface brief")),
    ("CLI/5/CMDRECORD", 'CID=0x80;Recorded command information. (Task=VTY1, RemoteIp=192.0.2.15, VpnName=_public_, User=ann, AuthenticationMethod="None", Command="system-view", LocalIp=192.0.2.2.)', Act("command", None, None, "vty1", "ann", "192.0.2.15", "192.0.2.2", "system-view")),
    ("CLI/5/LOGIN", "CID=21;VTY0 login from 192.0.2.15 succeed.", Act("login", "success", None, "vty0", None, "192.0.2.15")),
    ("SSH/4/SSH_FAIL", "Failed to login through SSH. (IP=203.0.113.9, VpnInstanceName=, UserName=adm, Times=3, FailedReason=x)", Act("login", "failure", "ssh", None, "adm", "203.0.113.9")),
    ("CMD/4/SUPERLOGIN", "User changed level. (User=ann, IpAddress=192.0.2.15, VpnName=, Level=3, Times=1, LoginResult=success)", Act("login", "success", "enable", None, "ann", "192.0.2.15")),
    ("CONFIGURATION/6/hwCfgChgTrap", "CID=0x80;Configurations have been changed.", Act("config_change", "success")),
    ("AAA/6/LOCALACCOUNT_MODIFY", "CID=0x80;Local account changed. (UserName=oss, Operation=add)", Act("config_change", "success", command_raw="local account oss add")),
    ("SHELL/5/LOGOUT", "VTY0 logout from 192.0.2.15", Act("logout", None, None, "vty0", None, "192.0.2.15")),
]  # fmt: skip


@pytest.mark.parametrize(("mnemonic", "message", "act"), CASES)
def test_a_message_tells_its_act(mnemonic: str, message: str, act: Act | None) -> None:
    assert interpret(mnemonic, message, "vrp") == act
