# ruff: noqa: E501 - log lines are as long as they are
from __future__ import annotations

import pytest

from seawall.platforms import interpret
from seawall.platforms.acts import Act

HEAD = 'date=2026-11-22 time=10:15:30 devname="fw1" devid="FG1" eventtime=1795342530123456789 tz="+0000" '
LINES = [
    pytest.param(
        'logid="0100032001" type="event" subtype="system" level="information" logdesc="Admin login successful" user="ann" ui="https(192.0.2.5)" method="https" srcip=192.0.2.5 dstip=192.0.2.1 action="login" status="success" reason="none"',
        Act("login", "success", "web", None, "ann", "192.0.2.5", "192.0.2.1", 'x'),
        id="login",
    ),
    pytest.param(
        'logid="0100032002" type="event" subtype="system" level="alert" logdesc="Admin login failed" user="root" ui="ssh(198.51.100.7)" action="login" status="failed" reason="name_invalid"',
        Act("login", "failure", "ssh", None, "root", "198.51.100.7"),
        id="failed-login-address-only-in-ui",
    ),
    pytest.param(
        'logid="0100032003" type="event" subtype="system" level="information" user="ann" ui="console" action="logout" status="success"',
        Act("logout", "success", "console", None, "ann"),
        id="logout-console",
    ),
    pytest.param(
        'logid="0100044547" type="event" subtype="system" level="information" logdesc="Object attribute configured" user="ann" ui="GUI(192.0.2.5)" action="Add" cfgtid=1 cfgpath="system.admin" cfgobj="backup2" cfgattr="accprofile[super_admin]" msg="Add system.admin backup2"',
        Act("config_change", "success", "web", None, "ann", "192.0.2.5", None, "add system.admin backup2 accprofile[super_admin]"),
        id="new-administrator",
    ),
    pytest.param(
        'logid="0101039426" type="event" subtype="vpn" level="alert" action="ssl-login-fail" remip=198.51.100.7 user="bob" reason="sslvpn_login_permission_denied"',
        Act("login", "failure", "vpn", None, "bob", "198.51.100.7"),
        id="vpn-refused",
    ),
    pytest.param(
        'logid="0101039424" type="event" subtype="vpn" level="information" action="tunnel-up" tunneltype="ssl-tunnel" remip=198.51.100.7 user="bob"',
        Act("login", "success", "vpn", None, "bob", "198.51.100.7"),
        id="vpn-up",
    ),
    pytest.param(
        'logid="0000000013" type="traffic" subtype="forward" level="notice" srcip=192.0.2.9 srcport=1 dstip=203.0.113.9 dstport=443 service="HTTPS" action="close"',
        Act(None, None, "HTTPS", None, None, "192.0.2.9", "203.0.113.9"),
        id="traffic",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "act"), LINES)
def test_messages_tell_who_did_what(body: str, act: Act) -> None:
    found = interpret("any", HEAD + body, "fortios")
    assert found is not None
    if act.activity in ("login", "logout"):
        found, act = found._replace(command_raw=None), act._replace(command_raw=None)
    assert found == act


def test_the_same_login_in_cef_is_the_same_act() -> None:
    cef = "CEF:0|Fortinet|Fortigate|v7.4.1|32001|event:system login success|4|deviceExternalId=FG1 FTNTFGTlogid=0100032001 cat=event:system FTNTFGTsubtype=system FTNTFGTlevel=information suser=ann sproc=https(192.0.2.5) act=login outcome=success src=192.0.2.5"
    found = interpret("any", cef, "fortios")
    assert found is not None
    assert found[:7] == ("login", "success", "web", None, "ann", "192.0.2.5", None)


def test_a_message_that_names_nobody_is_no_act() -> None:
    assert interpret("any", HEAD + 'type="event" subtype="system" action="perf-stats" cpu=2', "fortios") is None
