# ruff: noqa: E501 - log lines are as long as they are
"""Messages of Cisco IOS XR, in our own words, and the act each tells of."""

from __future__ import annotations

import pytest

from seawall.platforms import Act, interpret

CASES: list[tuple[str, str, Act | None]] = [
    ("SECURITY-SSHD-6-INFO_SUCCESS", "Successfully authenticated user 'ann' from '192.0.2.15' on 'vty0'(cipher 'c', mac 'm')", Act("login", "success", "ssh", "vty0", "ann", "192.0.2.15")),
    ("SECURITY-SSHD_SYSLOG_PRX-6-INFO_GENERAL", "sshd[5]: Accepted authentication for ann from 192.0.2.15 port 38466 ssh2", Act("login", "success", "ssh", None, "ann", "192.0.2.15")),
    ("SECURITY-SSHD_SYSLOG_PRX-6-INFO_GENERAL", "sshd[5]: Failed authentication/pam for <unknown> from 203.0.113.9 port 4 ssh2", Act("login", "failure", "ssh", None, None, "203.0.113.9")),
    ("SECURITY-SSHD_SYSLOG_PRX-6-INFO_GENERAL", "sshd[5]: Connection closed", None),
    ("SECURITY-login-4-AUTHEN_FAILED", "Failed authentication attempt by user 'adm' from '203.0.113.9' on 'vty4'", Act("login", "failure", None, "vty4", "adm", "203.0.113.9")),
    ("MGBL-CONFIG-6-DB_COMMIT", "Configuration committed by user 'ann'. Use 'show configuration commit changes 1' to view the changes.", Act("config_change", "success", user="ann")),
    ("MGBL-CONFIGCLI-3-COMMIT_FAILURE", "Configuration commit running under 'vty0': by :'ann' failed,commit results stored", Act("config_change", "failure", None, "vty0", "ann")),
    ("INFRA-INFRA_MSG-5-RUN_LOGIN", "User ann logged into shell from vty0", Act("login", "success", "shell", "vty0", "ann")),
    ("SECURITY-LOGIN-6-AUTHEN_SUCCESS", "Successfully authenticated user 'ann' from 'console' on 'con0_RSP0_CPU0'", Act("login", "success", "console", "con0_RSP0_CPU0", "ann")),
    ("SECURITY-SSHD_SYSLOG_PRX-6-INFO_GENERAL", "sshd[5]: Closed session for ann from 192.0.2.15 port 38466", Act("logout", None, "ssh", None, "ann", "192.0.2.15")),
    ("SNMP-SNMP-4-AUTH_FAIL", "Received a request with bad community from 203.0.113.9", Act("login", "failure", "snmp", None, None, "203.0.113.9")),
]  # fmt: skip


@pytest.mark.parametrize(("mnemonic", "message", "act"), CASES)
def test_a_message_tells_its_act(mnemonic: str, message: str, act: Act | None) -> None:
    assert interpret(mnemonic, message, "iosxr") == act
