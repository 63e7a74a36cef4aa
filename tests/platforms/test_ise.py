# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

import pytest

from seawall.platforms import interpret
from seawall.platforms.acts import Act

AT = " 0000000345 1 0 2026-11-22 10:15:30.123 +00:00 0000104012 "
LINES = [
    pytest.param(
        f"CISE_TACACS_Accounting{AT}3300 NOTICE Tacacs-Accounting: TACACS+ Accounting with Command, ConfigVersionId=1, Device IP Address=192.0.2.1, CmdSet=[ CmdAV=configure CmdArgAV=terminal CmdArgAV=<cr> ], NetworkDeviceName=pe1, User=ann, Port=tty2, Remote-Address=192.0.2.15, Privilege-Level=15, AcctRequest-Flags=Stop",
        Act("command", None, "shell", "tty2", "ann", "192.0.2.15", "192.0.2.1", "configure terminal"), id="command"),
    pytest.param(
        f"CISE_TACACS_Accounting{AT}3301 NOTICE Tacacs-Accounting: TACACS+ Accounting START, Device IP Address=192.0.2.1, User=ann, Port=tty2, Remote-Address=192.0.2.15, AcctRequest-Flags=Start",
        Act("login", "success", "shell", "tty2", "ann", "192.0.2.15", "192.0.2.1"), id="session"),
    pytest.param(
        f"CISE_Failed_Attempts{AT}5400 NOTICE Failed-Attempt: Authentication failed, Device IP Address=192.0.2.1, Protocol=Tacacs, Type=Authentication, Service=Login, User=root, Port=tty3, Remote-Address=198.51.100.7, FailureReason=22056 Subject not found",
        Act("login", "failure", "shell", "tty3", "root", "198.51.100.7", "192.0.2.1"), id="refused"),
    pytest.param(
        f"CISE_Passed_Authentications{AT}5202 NOTICE Device-Administration: Command Authorization succeeded, Device IP Address=192.0.2.1, Type=Authorization, Protocol=Tacacs, CmdSet=[ CmdAV=show running-config <cr> ], User=ann, Port=tty2, Remote-Address=192.0.2.15",
        Act("command", "success", "shell", "tty2", "ann", "192.0.2.15", "192.0.2.1", "show running-config"), id="authorised-command"),
    pytest.param(
        f"CISE_Passed_Authentications{AT}5200 NOTICE Passed-Authentication: Authentication succeeded, Device IP Address=192.0.2.1, Protocol=Radius, UserName=90-1B-0E-34-EA-92, Calling-Station-ID=90-1B-0E-34-EA-92",
        Act("login", "success", "network", None, "90-1B-0E-34-EA-92", None, "192.0.2.1"), id="a-machine-at-a-port"),
    pytest.param(
        f"CISE_Administrative_and_Operational_Audit{AT}51001 NOTICE Administrator-Login: Administrator authentication succeeded, AdminInterface=GUI, AdminIPAddress=192.0.2.5, AdminName=ann",
        Act("login", "success", "web", None, "ann", "192.0.2.5"), id="administrator"),
    pytest.param(
        f"CISE_Administrative_and_Operational_Audit{AT}52001 NOTICE Configuration-Changes: Changed configuration, AdminInterface=GUI, AdminIPAddress=192.0.2.5, AdminName=ann, ConfigChangeData=object modified\\, local logging off, ObjectType=LogTarget, ObjectName=siem",
        Act("config_change", "success", "web", None, "ann", "192.0.2.5", None, "LogTarget siem object modified, local logging off"), id="change"),
    pytest.param(
        f"CISE_RADIUS_Accounting{AT}3000 NOTICE Radius-Accounting: RADIUS Accounting start request, Device IP Address=192.0.2.1, User-Name=bob, Acct-Status-Type=Start, NAS-Port-Id=Gi0/1, Calling-Station-ID=198.51.100.7",
        Act("login", "success", "network", "Gi0/1", "bob", "198.51.100.7", "192.0.2.1"), id="radius-session"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "act"), LINES)
def test_messages_tell_who_did_what(line: str, act: Act) -> None:
    assert interpret("any", line, "ise") == act


def test_a_later_segment_alone_tells_nothing() -> None:
    assert interpret("any", "CISE_Passed_Authentications 0000000345 4 1  User=eve, Type=Authorization,", "ise") is None
