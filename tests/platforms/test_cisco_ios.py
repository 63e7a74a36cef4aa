# ruff: noqa: E501 - log lines are as long as they are
"""Messages of Cisco IOS and IOS XE, in our own words, and the act each tells of."""

from __future__ import annotations

import pytest

from seawall.platforms import Act, interpret

CASES: list[tuple[str, str, Act | None]] = [
    ("SEC_LOGIN-5-LOGIN_SUCCESS", "Login Success [user: ann] [Source: 192.0.2.15] [localport: 22] at 09:14:03 UTC", Act("login", "success", "ssh", None, "ann", "192.0.2.15")),
    ("SEC_LOGIN-SW2-5-LOGIN_SUCCESS", "Login Success [user: ann] [Source: 192.0.2.15] [localport: 23] at 09", Act("login", "success", "telnet", None, "ann", "192.0.2.15")),
    ("SEC_LOGIN-4-LOGIN_FAILED", "Login failed [user: ] [Source: 203.0.113.9] [localport: 22] [Reason: Login Authentication Failed] at", Act("login", "failure", "ssh", None, None, "203.0.113.9")),
    ("SEC_LOGIN-5-WEBLOGIN_SUCCESS", "Login Success [user: ann] [Source: 192.0.2.15] at 09:14:03", Act("login", "success", "web", None, "ann", "192.0.2.15")),
    ("SEC_LOGIN-1-QUIET_MODE_ON", "Still timeleft for watching failures is 24 secs, [user: adm] [Source: 203.0.113.9] [localport: 22] [Reason: x] [ACL: sl_def_acl]", Act("login", "failure", "ssh", None, "adm", "203.0.113.9")),
    ("WEBSERVER-5-LOGIN_PASSED", "Switch 1 R0/0: nginx: Login Successful from host 192.0.2.15 by user 'ann'", Act("login", "success", "web", None, "ann", "192.0.2.15")),
    ("SSH-5-SSH2_USERAUTH", "User 'ann' authentication for SSH2 Session from 192.0.2.15 (tty = 1) using crypto cipher 'c', hmac 'h' Succeeded", Act("login", "success", "ssh", "vty1", "ann", "192.0.2.15")),
    ("SSH-5-SSH2_USERAUTH", "User 'ann' authentication for SSH2 Session from 192.0.2.15 (tty = 1) using crypto cipher 'c', hmac 'h' Failed", Act("login", "failure", "ssh", "vty1", "ann", "192.0.2.15")),
    ("SYS-6-LOGOUT", "User ann has exited tty session 5(192.0.2.15)", Act("logout", None, None, "vty5", "ann", "192.0.2.15")),
    ("SYS-5-PRIV_AUTH_PASS", "Privilege level set to 15 by ann on vty0 (192.0.2.15)", Act("login", "success", "enable", "vty0", "ann", "192.0.2.15")),
    ("SYS-5-PRIV_AUTH_FAIL", "Authentication to privilege level 15 failed by ann on vty0 (192.0.2.15)", Act("login", "failure", "enable", "vty0", "ann", "192.0.2.15")),
    ("SYS-5-CONFIG_I", "Configured from console by ann on vty0 (192.0.2.15)", Act("config_change", "success", None, "vty0", "ann", "192.0.2.15")),
    ("SYS-5-CONFIG_I", "Configured from console by vty2 (192.0.2.15)", Act("config_change", "success", None, "vty2", None, "192.0.2.15")),
    ("SYS-5-CONFIG_I", "Configured from console by console", Act("config_change", "success", "console", None, None, None)),
    ("SYS-5-CONFIG_I", "Configured from 198.51.100.7 by snmp", Act("config_change", "success", "snmp", None, None, "198.51.100.7")),
    ("SYS-5-CONFIG_I", "Configured from tftp://192.0.2.9//boot by console", Act("config_change", "success", "tftp")),
    ("SYS-5-CONFIG_P", "Configured programmatically by process SEP_webui_wsma_http from console as ann on vty4294967295", Act("config_change", "success", "webui", "vty4294967295", "ann")),
    ("SYS-5-CONFIG_P", "Configured programmatically by process SSH Process from console as ann on vty0 (192.0.2.15)", Act("config_change", "success", "ssh", "vty0", "ann", "192.0.2.15")),
    ("PARSER-5-CFGLOG_LOGGEDCMD", "User:ann  logged command:!exec: enable", Act("command", user="ann", command_raw="!exec: enable")),
    ("AAAA-6-ACCTLOCAL", "Username: ann Privilege level: 15 Command: clear logging <cr>", Act("command", user="ann", command_raw="clear logging <cr>")),
    ("DMI-5-AUTH_PASSED", "R0/0: dmiauthd: User 'ann' authenticated successfully from 192.0.2.15:38066 and was authorized for netconf over ssh. External groups: P", Act("login", "success", "netconf", None, "ann", "192.0.2.15")),
    ("DMI-5-AUTH_PASSED", "R0/0: dmiauthd: User 'ann' authenticated successfully from 192.0.2.15:38066  for netconf over ssh.", Act("login", "success", "netconf", None, "ann", "192.0.2.15")),
    ("DMI-5-AUTHENTICATION_FAILED", "R0/0: dmiauthd: Authentication failure from 203.0.113.9:51679 for netconf over ssh.", Act("login", "failure", "netconf", None, None, "203.0.113.9")),
    ("NDBMAN-5-MODEL_RPC_I", "R0/0: ndbmand: RPC 'http://x:copy' invoked from 192.0.2.15:1093 via NETCONF user ann session 49", Act("command", "success", "netconf", None, "ann", "192.0.2.15", command_raw="rpc http://x:copy")),
    ("HA_EM-6-LOG", "catchall: show logging", Act("command", service="eem", command_raw="show logging")),
    ("HA_EM-6-LOG", "watch: CPU is high", None),
    ("SNMP-3-AUTHFAIL", "Authentication failure for SNMP req from host 203.0.113.9", Act("login", "failure", "snmp", None, None, "203.0.113.9")),
    ("WEBUI-6-INSTALL_OPERATION_INFO", "R0/0: nginx: User: ann, Install Operation: ADD /flash/x1", Act("command", None, "webui", None, "ann", command_raw="Install Operation: ADD /flash/x1")),
    ("SEC_LOGIN-5-LOGIN_SUCCESS", "Login Success [user: ann] [Source: LOCAL] [localport: 0] at 09:14:03 UTC", Act("login", "success", "console", None, "ann")),
    ("CLEAR-5-COUNTERS", "Clear counter on interface Fa0/1 by ann on vty0 (192.0.2.15)", Act("command", "success", None, "vty0", "ann", "192.0.2.15", command_raw="Clear counter on interface Fa0/1")),
    ("SYS-4-CONFIG_RESOLVE_FAILURE", "System config parse from (tftp://203.0.113.9/c.cfg) failed", Act("config_change", "failure", "tftp")),
    ("SYS-5-RELOAD", "Reload requested by console. Reload Reason: Reload Command.", None),
]  # fmt: skip


@pytest.mark.parametrize(("mnemonic", "message", "act"), CASES)
def test_a_message_tells_its_act(mnemonic: str, message: str, act: Act | None) -> None:
    assert interpret(mnemonic, message, "ios") == act
