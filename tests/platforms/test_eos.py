# ruff: noqa: E501 - log lines are as long as they are
"""Messages of Arista EOS, in our own words, and the act each tells of."""

from __future__ import annotations

import pytest

from seawall.platforms import Act, interpret

CASES: list[tuple[str, str, Act | None]] = [
    ("AAA-5-LOGIN", "user ann logged in [from: 192.0.2.15] [service: sshd]", Act("login", "success", "ssh", None, "ann", "192.0.2.15")),
    ("ACCOUNTING-5-EXEC", "ann ssh 192.0.2.15 start task_id=27 start_time=1 timezone=UTC service=shell", Act("login", "success", "ssh", "ssh", "ann", "192.0.2.15")),
    ("ACCOUNTING-6-CMD", "ann vty6 192.0.2.15 stop task_id=28 service=shell priv-lvl=15 cmd=show interfaces status", Act("command", "success", "shell", "vty6", "ann", "192.0.2.15", command_raw="show interfaces status")),
    ("ACCOUNTING-6-CMD", "ann unknown unknown stop task_id=3 service=shell cmd=OpenConfig.Set addr=192.0.2.20:57388 rpc=/gnmi.gNMI/Set", Act("command", "success", "gnmi", None, "ann", "192.0.2.20", command_raw="OpenConfig.Set addr=192.0.2.20:57388 rpc=/gnmi.gNMI/Set")),
    ("AAA-4-LOGIN_FAILED", "user ann failed to login [from: 203.0.113.9] [service: sshd] [reason: Authentication failed]", Act("login", "failure", "ssh", None, "ann", "203.0.113.9")),
    ("SNMP-4-AUTH_FAILURE", "authentication failure from host 203.0.113.9", Act("login", "failure", "snmp", None, None, "203.0.113.9")),
    ("SYS-5-CONFIG_I", "Configured from console by ann on vty6 (192.0.2.15)", Act("config_change", "success", None, "vty6", "ann", "192.0.2.15")),
]  # fmt: skip


@pytest.mark.parametrize(("mnemonic", "message", "act"), CASES)
def test_a_message_tells_its_act(mnemonic: str, message: str, act: Act | None) -> None:
    assert interpret(mnemonic, message, "eos") == act
