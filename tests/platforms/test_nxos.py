# ruff: noqa: E501 - log lines are as long as they are
"""Messages of Cisco NX-OS, in our own words, and the act each tells of."""

from __future__ import annotations

import pytest

from seawall.platforms import Act, interpret, nxos

CASES: list[tuple[str, str, Act | None]] = [
    ("AAA-6-AAA_ACCOUNTING_MESSAGE", "update:192.0.2.15@pts/3:ann:configure terminal ; interface Ethernet1/10 ; shutdown (SUCCESS)", Act("command", "success", None, "pts/3", "ann", "192.0.2.15", command_raw="shutdown", section="configure terminal ; interface Ethernet1/10")),
    ("AAA-6-AAA_ACCOUNTING_MESSAGE", "start:192.0.2.15@pts/3:ann:", Act("login", "success", None, "pts/3", "ann", "192.0.2.15")),
    ("AAA-6-AAA_ACCOUNTING_MESSAGE", "stop:192.0.2.15@pts/3:ann:shell terminated gracefully", Act("logout", "success", None, "pts/3", "ann", "192.0.2.15")),
    ("ACCOUNTING", "type=update:id=2001:db8::7@pts/3:user=ann:cmd=show version (FAILURE)", Act("command", "failure", None, "pts/3", "ann", "2001:db8::7", command_raw="show version")),
    ("VSHD-5-VSHD_SYSLOG_CONFIG_I", "Configured from vty by ann on 192.0.2.15@pts/3", Act("config_change", "success", "vty", "pts/3", "ann", "192.0.2.15")),
    ("DAEMON-3-SYSTEM_MSG", "error: PAM: Authentication failure for illegal user adm from 203.0.113.9 - dcos_sshd[6]", Act("login", "failure", "ssh", None, "adm", "203.0.113.9")),
    ("AUTHPRIV-3-SYSTEM_MSG", "pam_aaa:Authentication failed from 203.0.113.9 - dcos_sshd[6]", Act("login", "failure", None, None, None, "203.0.113.9")),
    ("AUTHPRIV-6-SYSTEM_MSG", "pam_unix(dcos_sshd:session): session opened for user ann by (uid=0) - dcos_sshd[1]", Act("login", "success", "ssh", None, "ann")),
    ("AAA-6-AAA_ACCOUNTING_MESSAGE", "update:192.0.2.15@pts/7:ann:copy running-config ftp://203.0.113.9/x vrf default (SUCCESS)", Act("command", "success", None, "pts/7", "ann", "192.0.2.15", command_raw="copy running-config ftp://203.0.113.9/x vrf default")),
    ("AAA-6-AAA_ACCOUNTING_MESSAGE", "update:2001:db8::7@pts/7:ann:copy bootflash:a scp://b@[2001:db8::9]/ (SUCCESS)", Act("command", "success", None, "pts/7", "ann", "2001:db8::7", command_raw="copy bootflash:a scp://b@[2001:db8::9]/")),
    ("AAA-6-AAA_ACCOUNTING_MESSAGE", "update:console0:ann:dir bootflash: (SUCCESS)", Act("command", "success", "console", "console0", "ann", command_raw="dir bootflash:")),
    ("ACCOUNTING", "type=update:id=console0:user=ann:cmd=copy bootflash:a tftp://203.0.113.9/a (REDIRECT)", Act("command", "success", "console", "console0", "ann", command_raw="copy bootflash:a tftp://203.0.113.9/a")),
    ("ACCOUNTING", "type=stop:id=192.0.2.15@pts/3:user=ann:cmd=shell terminated because the ssh session closed", Act("logout", "success", None, "pts/3", "ann", "192.0.2.15")),
    ("SNMPD-3-ERROR", "PDU authentication failure from 203.0.113.9", Act("login", "failure", "snmp", None, None, "203.0.113.9")),
]  # fmt: skip


@pytest.mark.parametrize(("mnemonic", "message", "act"), CASES)
def test_a_message_tells_its_act(mnemonic: str, message: str, act: Act | None) -> None:
    assert interpret(mnemonic, message, "nxos") == act


@pytest.mark.parametrize(
    ("message", "user", "source", "command"),
    [
        (
            "update:192.0.2.15@pts/7:noc-anna:copy running-config ftp://198.51.100.9/x vrf default (SUCCESS)",
            "noc-anna",
            "192.0.2.15",
            "copy running-config ftp://198.51.100.9/x vrf default",
        ),
        ("update:2001:db8::7@pts/3:noc-anna:show clock (SUCCESS)", "noc-anna", "2001:db8::7", "show clock"),
        ("update:console0:admin:show clock", "admin", None, "show clock"),
    ],
    ids=["a-url-in-the-command", "an-ipv6-source", "the-console"],
)
def test_colons_in_address_or_command_do_not_shift_the_fields(
    message: str, user: str, source: str | None, command: str
) -> None:
    act = nxos.accounted(message)
    assert act is not None
    assert (act.user, act.src_ip, act.command_raw) == (user, source, command)
