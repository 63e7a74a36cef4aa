# ruff: noqa: E501 - log lines are as long as they are
"""Messages of Nokia SR OS, in our own words, and the act each tells of."""

from __future__ import annotations

import pytest

from seawall.platforms import Act, interpret

CASES: list[tuple[str, str, Act | None]] = [
    ("USER-MINOR-cli_user_login-2001", "[ann]:  User from 192.0.2.15 logged in", Act("login", "success", None, None, "ann", "192.0.2.15")),
    ("SECURITY-WARNING-ssh_user_login-2009", "[ann]:  User ann from 192.0.2.15 logged in", Act("login", "success", "ssh", None, "ann", "192.0.2.15")),
    ("USER-WARNING-cli_config_io-2011", "[ann]:  User from 192.0.2.15: pe7>config>system#  ptp", Act("command", None, None, None, "ann", "192.0.2.15", command_raw="ptp", section="config system")),
    ("USER-WARNING-cli_config_io-2011", "[ann]:  User from 192.0.2.15: *A:pe7>config>port#  description \"a # b > c\"", Act("command", None, None, None, "ann", "192.0.2.15", command_raw="description \"a # b > c\"", section="config port")),
    ("USER-WARNING-cli_config_io-2011", "[ann]:  User from 2001:db8::7: *A:pe7>config>service>vprn$  no shutdown", Act("command", None, None, None, "ann", "2001:db8::7", command_raw="no shutdown", section="config service vprn")),
    ("USER-MINOR-cli_user_io-2009", "[ann]:  User from 192.0.2.15: A:pe7#  show port", Act("command", None, None, None, "ann", "192.0.2.15", command_raw="show port")),
    ("USER-MINOR-cli_user_io-2009", "[ann]:  User from 192.0.2.15: (ex)[/configure router] A:ann@pe7# delete interface \"a\"", Act("command", None, None, None, "ann", "192.0.2.15", command_raw="delete interface \"a\"", section="configure router")),
    ("USER-MINOR-cli_user_io-2009", "[ann]:  User from 192.0.2.15: admin display-config", Act("command", None, None, None, "ann", "192.0.2.15", command_raw="admin display-config")),
    ("USER-MINOR-cli_user_login_failed-2003", "[adm]:  User from 203.0.113.9 failed authentication", Act("login", "failure", None, None, "adm", "203.0.113.9")),
    ("SNMP-WARNING-snmpAuthenticationFailure-2003", "[203.0.113.9]:  SNMP authentication failure from 203.0.113.9", Act("login", "failure", "snmp", None, None, "203.0.113.9")),
    ("SYSTEM-MINOR-tmnxConfigModify-2006", "[configuration]:  Configuration modified", Act("config_change", "success")),
]  # fmt: skip


@pytest.mark.parametrize(("mnemonic", "message", "act"), CASES)
def test_a_message_tells_its_act(mnemonic: str, message: str, act: Act | None) -> None:
    assert interpret(mnemonic, message, "sros") == act
