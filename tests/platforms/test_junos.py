# ruff: noqa: E501 - log lines are as long as they are
"""Messages of Juniper Junos, in our own words, and the act each tells of."""

from __future__ import annotations

import pytest

from seawall.platforms import Act, interpret

CASES: list[tuple[str, str, Act | None]] = [
    ("UI_LOGIN_EVENT", "User 'ann' login, class 'j-super-user' [8], ssh-connection '192.0.2.15 34882 192.0.2.5 22', client-mode 'cli'", Act("login", "success", "ssh", None, "ann", "192.0.2.15", "192.0.2.5")),
    ("UI_LOGIN_EVENT", "User 'ann' login, class 'c' [8], ssh-connection '', client-mode 'netconf'", Act("login", "success", "netconf", None, "ann")),
    ("UI_CMDLINE_READ_LINE", "User 'ann', command 'show configuration '", Act("command", user="ann", command_raw="show configuration")),
    ("UI_CFG_AUDIT_SET", "User 'ann' set: [interfaces ge-0/0/1] unconfigured -- \"disable\"", Act("command", "success", "configure", user="ann", command_raw="set interfaces ge-0/0/1 disable")),
    ("UI_CFG_AUDIT_SET", "User 'ann' set: [system login user eve class] <unconfigured> -> \"super-user\"", Act("command", "success", "configure", user="ann", command_raw="set system login user eve class super-user")),
    ("UI_CFG_AUDIT_SET", "User 'ann' set: [system host-name] \"a -> b\" -> \"c\"", Act("command", "success", "configure", user="ann", command_raw="set system host-name c")),
    ("UI_CFG_AUDIT_OTHER", "User 'ann' delete: [system login user eve]", Act("command", "success", "configure", user="ann", command_raw="delete system login user eve")),
    ("UI_COMMIT", "User 'ann' requested 'commit' operation (comment: none)", Act("config_change", "success", user="ann")),
    ("SSHD_LOGIN_FAILED", "Login failed for user 'adm' from host '203.0.113.9'", Act("login", "failure", "ssh", None, "adm", "203.0.113.9")),
    ("SNMPD_AUTH_FAILURE", "nsa_log_community: unauthorized SNMP community from 203.0.113.9 to 192.0.2.5 (x)", Act("login", "failure", "snmp", None, None, "203.0.113.9", "192.0.2.5")),
    ("UI_DBASE_LOGIN_EVENT", "User 'ann' entering configuration mode", None),
]  # fmt: skip


@pytest.mark.parametrize(("mnemonic", "message", "act"), CASES)
def test_a_message_tells_its_act(mnemonic: str, message: str, act: Act | None) -> None:
    assert interpret(mnemonic, message, "junos") == act


def test_what_mgd_says_is_told_by_its_words_where_a_relay_dropped_the_tag() -> None:
    for text, activity in (
        ("User 'ann' requested 'commit' operation (comment: none)", "config_change"),
        ("User 'ann', command 'show version '", "command"),
        ("User 'ann' login, class 'super-user' [7]", "login"),
        ("User 'ann' logout", "logout"),
    ):
        act = interpret(None, text, "junos", "mgd")
        assert act is not None
        assert (act.activity, act.user) == (activity, "ann")
    assert interpret(None, "something else", "junos", "mgd") is None
