"""Junos syslog: a BSD header or RFC 5424, a process, and an event tag in capitals."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from seawall.drills.acts import Act
from seawall.drills.render.sender import Sender, stamp

HEADERS: Final = ("relay", "rfc5424")

Message = tuple[str, str, str]  # (process, tag, text)
_LOCAL7_NOTICE: Final = 189


def write(act: Act, sender: Sender) -> list[str]:
    """The lines the device logs for an act, commands and configuration statements among them."""
    say = _SAY.get(act.doing)
    return [_line(act, sender, *message) for message in say(act)] if say else []


def _line(act: Act, sender: Sender, process: str, tag: str, text: str) -> str:
    sender.next()
    if sender.header == "rfc5424":
        moment = act.time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{act.time.microsecond // 1000:03d}Z"
        facts = f'[junos@2636.1.1.1.2.18 username="{act.account}"]' if act.account else "-"
        return f"<{_LOCAL7_NOTICE}>1 {moment} {sender.host} {process} {sender.pid} {tag} {facts} {text}"
    return f"<{_LOCAL7_NOTICE}>{stamp(act.time)} {sender.host} {process}[{sender.pid}]: {tag}: {text}"


def _login(act: Act) -> list[Message]:
    mode = "netconf" if act.detail.get("service") == "netconf" else "cli"
    connection = f"ssh-connection '{act.source} {34000 + act.line} {act.detail.get('to', '')} 22'"
    return [
        ("mgd", "UI_AUTH_EVENT", f"Authenticated user '{act.account}' assigned to class 'j-super-user'"),
        ("mgd", "UI_LOGIN_EVENT",
         f"User '{act.account}' login, class 'j-super-user' [88299], {connection}, client-mode '{mode}'"),
    ]  # fmt: skip


def _command(act: Act) -> list[Message]:
    return [("mgd", "UI_CMDLINE_READ_LINE", f"User '{act.account}', command '{act.command} '")]


def _config(act: Act) -> list[Message]:
    path, _, value = act.command.rpartition(" ")
    text = f"User '{act.account}' set: [{path}] <unconfigured> -- \"{value}\""
    return [("mgd", "UI_CMDLINE_READ_LINE", f"User '{act.account}', command 'set {act.command} '"),
            ("mgd", "UI_CFG_AUDIT_SET", text)]  # fmt: skip


def _configured(act: Act) -> list[Message]:
    return [
        ("mgd", "UI_COMMIT", f"User '{act.account}' requested 'commit' operation (comment: none)"),
        ("mgd", "UI_COMMIT_COMPLETED", "commit complete"),
        ("mgd", "UI_DBASE_LOGOUT_EVENT", f"User '{act.account}' exiting configuration mode"),
    ]


def _snmp_refused(act: Act) -> list[Message]:
    text = f"nsa_log_community: unauthorized SNMP community from {act.source} to {act.detail['to']} (public)"
    return [("snmpd", "SNMPD_AUTH_FAILURE", text)]


def _interface(act: Act) -> list[Message]:
    state = act.detail["state"]
    oper = {"up": "up(1)", "down": "down(2)"}[state]  # ifOperStatus as IF-MIB (RFC 2863) numbers it
    text = f"ifIndex 512, ifAdminStatus up(1), ifOperStatus {oper}, ifName {act.detail['interface']}"
    return [("mib2d", f"SNMP_TRAP_LINK_{state.upper()}", text)]


_SAY: Final[Mapping[str, Callable[[Act], list[Message]]]] = {
    "login": _login,
    "login_failed": lambda a: [
        ("sshd", "SSHD_LOGIN_FAILED", f"Login failed for user '{a.account}' from host '{a.source}'")
    ],
    "logout": lambda a: [("mgd", "UI_LOGOUT_EVENT", f"User '{a.account}' logout")],
    "command": _command,
    "config": _config,
    "configured": _configured,
    "snmp_refused": _snmp_refused,
    "interface": _interface,
    "notice": lambda a: [(a.detail.get("process", "rpd"), a.detail["mnemonic"], a.detail["text"])],
}
