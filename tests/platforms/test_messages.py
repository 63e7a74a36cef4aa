# ruff: noqa: E501 - log lines are as long as they are
"""Messages of every platform, in our own words, and the act each tells of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall import platforms
from seawall.platforms import Act, interpret

CASES = [
    ("ios", "SEC_LOGIN-5-LOGIN_SUCCESS", "Login Success [user: ann] [Source: 192.0.2.15] [localport: 22] at 09:14:03 UTC", Act("login", "success", "ssh", None, "ann", "192.0.2.15")),
    ("ios", "SEC_LOGIN-SW2-5-LOGIN_SUCCESS", "Login Success [user: ann] [Source: 192.0.2.15] [localport: 23] at 09", Act("login", "success", "telnet", None, "ann", "192.0.2.15")),
    ("ios", "SEC_LOGIN-4-LOGIN_FAILED", "Login failed [user: ] [Source: 203.0.113.9] [localport: 22] [Reason: Login Authentication Failed] at", Act("login", "failure", "ssh", None, None, "203.0.113.9")),
    ("ios", "SEC_LOGIN-5-WEBLOGIN_SUCCESS", "Login Success [user: ann] [Source: 192.0.2.15] at 09:14:03", Act("login", "success", "web", None, "ann", "192.0.2.15")),
    ("ios", "SEC_LOGIN-1-QUIET_MODE_ON", "Still timeleft for watching failures is 24 secs, [user: adm] [Source: 203.0.113.9] [localport: 22] [Reason: x] [ACL: sl_def_acl]", Act("login", "failure", "ssh", None, "adm", "203.0.113.9")),
    ("ios", "WEBSERVER-5-LOGIN_PASSED", "Switch 1 R0/0: nginx: Login Successful from host 192.0.2.15 by user 'ann'", Act("login", "success", "web", None, "ann", "192.0.2.15")),
    ("ios", "SSH-5-SSH2_USERAUTH", "User 'ann' authentication for SSH2 Session from 192.0.2.15 (tty = 1) using crypto cipher 'c', hmac 'h' Succeeded", Act("login", "success", "ssh", "vty1", "ann", "192.0.2.15")),
    ("ios", "SSH-5-SSH2_USERAUTH", "User 'ann' authentication for SSH2 Session from 192.0.2.15 (tty = 1) using crypto cipher 'c', hmac 'h' Failed", Act("login", "failure", "ssh", "vty1", "ann", "192.0.2.15")),
    ("ios", "SYS-6-LOGOUT", "User ann has exited tty session 5(192.0.2.15)", Act("logout", None, None, "vty5", "ann", "192.0.2.15")),
    ("ios", "SYS-5-PRIV_AUTH_PASS", "Privilege level set to 15 by ann on vty0 (192.0.2.15)", Act("login", "success", "enable", "vty0", "ann", "192.0.2.15")),
    ("ios", "SYS-5-PRIV_AUTH_FAIL", "Authentication to privilege level 15 failed by ann on vty0 (192.0.2.15)", Act("login", "failure", "enable", "vty0", "ann", "192.0.2.15")),
    ("ios", "SYS-5-CONFIG_I", "Configured from console by ann on vty0 (192.0.2.15)", Act("config_change", "success", None, "vty0", "ann", "192.0.2.15")),
    ("ios", "SYS-5-CONFIG_I", "Configured from console by vty2 (192.0.2.15)", Act("config_change", "success", None, "vty2", None, "192.0.2.15")),
    ("ios", "SYS-5-CONFIG_I", "Configured from console by console", Act("config_change", "success", "console", None, None, None)),
    ("ios", "SYS-5-CONFIG_I", "Configured from 198.51.100.7 by snmp", Act("config_change", "success", "snmp", None, None, "198.51.100.7")),
    ("ios", "SYS-5-CONFIG_I", "Configured from tftp://192.0.2.9//boot by console", Act("config_change", "success", "tftp")),
    ("ios", "SYS-5-CONFIG_P", "Configured programmatically by process SEP_webui_wsma_http from console as ann on vty4294967295", Act("config_change", "success", "webui", "vty4294967295", "ann")),
    ("ios", "SYS-5-CONFIG_P", "Configured programmatically by process SSH Process from console as ann on vty0 (192.0.2.15)", Act("config_change", "success", "ssh", "vty0", "ann", "192.0.2.15")),
    ("ios", "PARSER-5-CFGLOG_LOGGEDCMD", "User:ann  logged command:!exec: enable", Act("command", user="ann", command_raw="!exec: enable")),
    ("ios", "AAAA-6-ACCTLOCAL", "Username: ann Privilege level: 15 Command: clear logging <cr>", Act("command", user="ann", command_raw="clear logging <cr>")),
    ("ios", "DMI-5-AUTH_PASSED", "R0/0: dmiauthd: User 'ann' authenticated successfully from 192.0.2.15:38066 and was authorized for netconf over ssh. External groups: P", Act("login", "success", "netconf", None, "ann", "192.0.2.15")),
    ("ios", "DMI-5-AUTH_PASSED", "R0/0: dmiauthd: User 'ann' authenticated successfully from 192.0.2.15:38066  for netconf over ssh.", Act("login", "success", "netconf", None, "ann", "192.0.2.15")),
    ("ios", "DMI-5-AUTHENTICATION_FAILED", "R0/0: dmiauthd: Authentication failure from 203.0.113.9:51679 for netconf over ssh.", Act("login", "failure", "netconf", None, None, "203.0.113.9")),
    ("ios", "NDBMAN-5-MODEL_RPC_I", "R0/0: ndbmand: RPC 'http://x:copy' invoked from 192.0.2.15:1093 via NETCONF user ann session 49", Act("command", "success", "netconf", None, "ann", "192.0.2.15", command_raw="rpc http://x:copy")),
    ("ios", "HA_EM-6-LOG", "catchall: show logging", Act("command", service="eem", command_raw="show logging")),
    ("ios", "HA_EM-6-LOG", "watch: CPU is high", None),
    ("ios", "SNMP-3-AUTHFAIL", "Authentication failure for SNMP req from host 203.0.113.9", Act("login", "failure", "snmp", None, None, "203.0.113.9")),
    ("ios", "WEBUI-6-INSTALL_OPERATION_INFO", "R0/0: nginx: User: ann, Install Operation: ADD /flash/x1", Act("command", None, "webui", None, "ann", command_raw="Install Operation: ADD /flash/x1")),
    ("iosxr", "SECURITY-SSHD-6-INFO_SUCCESS", "Successfully authenticated user 'ann' from '192.0.2.15' on 'vty0'(cipher 'c', mac 'm')", Act("login", "success", "ssh", "vty0", "ann", "192.0.2.15")),
    ("iosxr", "SECURITY-SSHD_SYSLOG_PRX-6-INFO_GENERAL", "sshd[5]: Accepted authentication for ann from 192.0.2.15 port 38466 ssh2", Act("login", "success", "ssh", None, "ann", "192.0.2.15")),
    ("iosxr", "SECURITY-SSHD_SYSLOG_PRX-6-INFO_GENERAL", "sshd[5]: Failed authentication/pam for <unknown> from 203.0.113.9 port 4 ssh2", Act("login", "failure", "ssh", None, None, "203.0.113.9")),
    ("iosxr", "SECURITY-SSHD_SYSLOG_PRX-6-INFO_GENERAL", "sshd[5]: Connection closed", None),
    ("iosxr", "SECURITY-login-4-AUTHEN_FAILED", "Failed authentication attempt by user 'adm' from '203.0.113.9' on 'vty4'", Act("login", "failure", None, "vty4", "adm", "203.0.113.9")),
    ("iosxr", "MGBL-CONFIG-6-DB_COMMIT", "Configuration committed by user 'ann'. Use 'show configuration commit changes 1' to view the changes.", Act("config_change", "success", user="ann")),
    ("iosxr", "MGBL-CONFIGCLI-3-COMMIT_FAILURE", "Configuration commit running under 'vty0': by :'ann' failed,commit results stored", Act("config_change", "failure", None, "vty0", "ann")),
    ("iosxr", "INFRA-INFRA_MSG-5-RUN_LOGIN", "User ann logged into shell from vty0", Act("login", "success", "shell", "vty0", "ann")),
    ("nxos", "AAA-6-AAA_ACCOUNTING_MESSAGE", "update:192.0.2.15@pts/3:ann:configure terminal ; interface Ethernet1/10 ; shutdown (SUCCESS)", Act("command", "success", None, "pts/3", "ann", "192.0.2.15", command_raw="shutdown", section="configure terminal ; interface Ethernet1/10")),
    ("nxos", "AAA-6-AAA_ACCOUNTING_MESSAGE", "start:192.0.2.15@pts/3:ann:", Act("login", "success", None, "pts/3", "ann", "192.0.2.15")),
    ("nxos", "AAA-6-AAA_ACCOUNTING_MESSAGE", "stop:192.0.2.15@pts/3:ann:shell terminated gracefully", Act("logout", "success", None, "pts/3", "ann", "192.0.2.15")),
    ("nxos", "ACCOUNTING", "type=update:id=2001:db8::7@pts/3:user=ann:cmd=show version (FAILURE)", Act("command", "failure", None, "pts/3", "ann", "2001:db8::7", command_raw="show version")),
    ("nxos", "VSHD-5-VSHD_SYSLOG_CONFIG_I", "Configured from vty by ann on 192.0.2.15@pts/3", Act("config_change", "success", "vty", "pts/3", "ann", "192.0.2.15")),
    ("nxos", "DAEMON-3-SYSTEM_MSG", "error: PAM: Authentication failure for illegal user adm from 203.0.113.9 - dcos_sshd[6]", Act("login", "failure", "ssh", None, "adm", "203.0.113.9")),
    ("nxos", "AUTHPRIV-3-SYSTEM_MSG", "pam_aaa:Authentication failed from 203.0.113.9 - dcos_sshd[6]", Act("login", "failure", None, None, None, "203.0.113.9")),
    ("nxos", "AUTHPRIV-6-SYSTEM_MSG", "pam_unix(dcos_sshd:session): session opened for user ann by (uid=0) - dcos_sshd[1]", Act("login", "success", "ssh", None, "ann")),
    ("junos", "UI_LOGIN_EVENT", "User 'ann' login, class 'j-super-user' [8], ssh-connection '192.0.2.15 34882 192.0.2.5 22', client-mode 'cli'", Act("login", "success", "ssh", None, "ann", "192.0.2.15", "192.0.2.5")),
    ("junos", "UI_LOGIN_EVENT", "User 'ann' login, class 'c' [8], ssh-connection '', client-mode 'netconf'", Act("login", "success", "netconf", None, "ann")),
    ("junos", "UI_CMDLINE_READ_LINE", "User 'ann', command 'show configuration '", Act("command", user="ann", command_raw="show configuration")),
    ("junos", "UI_CFG_AUDIT_SET", "User 'ann' set: [interfaces ge-0/0/1] unconfigured -- \"disable\"", Act("command", "success", "configure", user="ann", command_raw="set interfaces ge-0/0/1 disable")),
    ("junos", "UI_CFG_AUDIT_OTHER", "User 'ann' delete: [system login user eve]", Act("command", "success", "configure", user="ann", command_raw="delete system login user eve")),
    ("junos", "UI_COMMIT", "User 'ann' requested 'commit' operation (comment: none)", Act("config_change", "success", user="ann")),
    ("junos", "SSHD_LOGIN_FAILED", "Login failed for user 'adm' from host '203.0.113.9'", Act("login", "failure", "ssh", None, "adm", "203.0.113.9")),
    ("junos", "SNMPD_AUTH_FAILURE", "nsa_log_community: unauthorized SNMP community from 203.0.113.9 to 192.0.2.5 (x)", Act("login", "failure", "snmp", None, None, "203.0.113.9", "192.0.2.5")),
    ("eos", "AAA-5-LOGIN", "user ann logged in [from: 192.0.2.15] [service: sshd]", Act("login", "success", "ssh", None, "ann", "192.0.2.15")),
    ("eos", "ACCOUNTING-5-EXEC", "ann ssh 192.0.2.15 start task_id=27 start_time=1 timezone=UTC service=shell", Act("login", "success", "ssh", "ssh", "ann", "192.0.2.15")),
    ("eos", "ACCOUNTING-6-CMD", "ann vty6 192.0.2.15 stop task_id=28 service=shell priv-lvl=15 cmd=show interfaces status", Act("command", "success", "shell", "vty6", "ann", "192.0.2.15", command_raw="show interfaces status")),
    ("eos", "ACCOUNTING-6-CMD", "ann unknown unknown stop task_id=3 service=shell cmd=OpenConfig.Set addr=192.0.2.20:57388 rpc=/gnmi.gNMI/Set", Act("command", "success", "gnmi", None, "ann", "192.0.2.20", command_raw="OpenConfig.Set addr=192.0.2.20:57388 rpc=/gnmi.gNMI/Set")),
    ("sros", "USER-MINOR-cli_user_login-2001", "[ann]:  User from 192.0.2.15 logged in", Act("login", "success", None, None, "ann", "192.0.2.15")),
    ("sros", "SECURITY-WARNING-ssh_user_login-2009", "[ann]:  User ann from 192.0.2.15 logged in", Act("login", "success", "ssh", None, "ann", "192.0.2.15")),
    ("sros", "USER-WARNING-cli_config_io-2011", "[ann]:  User from 192.0.2.15: pe7>config>system#  ptp", Act("command", None, None, None, "ann", "192.0.2.15", command_raw="ptp", section="config system")),
    ("vrp", "SHELL/5/CMDRECORD", 'Recorded command information. (Task=VT0, Ip=192.0.2.15, VpnName=, User=ann, AuthenticationMethod="Local-user", Command="display interface brief")', Act("command", None, None, "vt0", "ann", "192.0.2.15", command_raw="display interface brief")),
    ("vrp", "CLI/5/CMDRECORD", 'CID=0x80;Recorded command information. (Task=VTY1, RemoteIp=192.0.2.15, VpnName=_public_, User=ann, AuthenticationMethod="None", Command="system-view", LocalIp=192.0.2.2.)', Act("command", None, None, "vty1", "ann", "192.0.2.15", "192.0.2.2", "system-view")),
    ("vrp", "CLI/5/LOGIN", "CID=21;VTY0 login from 192.0.2.15 succeed.", Act("login", "success", None, "VTY0", None, "192.0.2.15")),
    ("vrp", "SSH/4/SSH_FAIL", "Failed to login through SSH. (IP=203.0.113.9, VpnInstanceName=, UserName=adm, Times=3, FailedReason=x)", Act("login", "failure", "ssh", None, "adm", "203.0.113.9")),
    ("vrp", "CMD/4/SUPERLOGIN", "User changed level. (User=ann, IpAddress=192.0.2.15, VpnName=, Level=3, Times=1, LoginResult=success)", Act("login", "success", "enable", None, "ann", "192.0.2.15")),
    ("asa", "ASA-5-111008", "User 'ann' executed the 'write memory' command.", Act("command", "success", None, None, "ann", command_raw="write memory")),
    ("asa", "ASA-6-605005", 'Login permitted from 192.0.2.15/4022 to inside:192.0.2.1/ssh for user "ann"', Act("login", "success", "ssh", None, "ann", "192.0.2.15", "192.0.2.1")),
]  # fmt: skip


@pytest.mark.parametrize(("platform", "mnemonic", "message", "act"), CASES)
def test_a_message_tells_its_act(platform: str, mnemonic: str, message: str, act: Act | None) -> None:
    assert interpret(mnemonic, message, platform) == act


@pytest.mark.parametrize(
    ("program", "message", "act"),
    [
        ("sshd", "Accepted publickey for ann from 192.0.2.15 port 4 ssh2", Act("login", "success", "ssh", None, "ann", "192.0.2.15")),
        ("sshd", "Failed password for invalid user adm from 203.0.113.9 port 4 ssh2", Act("login", "failure", "ssh", None, "adm", "203.0.113.9")),
        ("/usr/bin/sudo", "     ann : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh -c id", Act("command", None, "sudo", "pts/0", "ann", command_raw="/bin/sh -c id")),
        ("cron", "(root) CMD (x)", None),
    ],
)  # fmt: skip
def test_linux_lines_go_by_their_program(program: str, message: str, act: Act | None) -> None:
    assert interpret(None, message, "linux", program) == act


def test_names_without_meaning_ask_nobody() -> None:
    assert platforms.meaning("LINEPROTO-5-UPDOWN", "ios") is None


@pytest.mark.parametrize(
    ("mnemonic", "program", "hint", "platform"),
    [
        ("LINK-3-UPDOWN", None, None, "ios"), ("LINK-3-UPDOWN", "Ebra", "tagged", "eos"), ("X-3-Y", None, "year_first", "nxos"),
        ("X-3-Y", None, "node", "iosxr"), ("MGBL-SYS-5-CONFIG_I", None, None, "iosxr"), ("ASA-6-302013", None, None, "asa"),
        ("SHELL/5/CMDRECORD", None, None, "vrp"), ("USER-MINOR-cli_user_login-2001", "TMNX", None, "sros"), ("UI_COMMIT", "mgd", None, "junos"),
        (None, "rpd", None, "junos"), (None, "sshd", None, "linux"), (None, "unheard", None, None), (None, None, "accounting", "nxos"),
    ],
)  # fmt: skip
def test_the_form_tells_the_platform(
    mnemonic: str | None, program: str | None, hint: str | None, platform: str | None
) -> None:
    assert platforms.recognise(mnemonic, program, hint) == platform


@given(st.sampled_from(CASES), st.text(max_size=80), st.integers(0, 60))
def test_broken_messages_never_raise(case: tuple[str, str, str, Act | None], noise: str, at: int) -> None:
    platform, mnemonic, message, _ = case
    interpret(mnemonic, message[:at] + noise, platform)
    interpret(mnemonic, message[:at] + noise + message[at:], platform)
