"""Cisco NX-OS syslog: `host: year month day time zone: %FACILITY-SEVERITY-MNEMONIC: text`, commands included."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from seawall.drills.acts import Act
from seawall.drills.render.sender import LOCAL7, Sender, stamp

HEADERS: Final = ("nx", "nx-priority")

Message = tuple[str, str]


def write(act: Act, sender: Sender) -> list[str]:
    """The lines the device logs for an act, command accounting among them."""
    say = _SAY.get(act.doing)
    return [_line(act, sender, *message) for message in say(act)] if say else []


def _line(act: Act, sender: Sender, name: str, text: str) -> str:
    sender.next()
    moment = f"{act.time.year} {stamp(act.time)} UTC"
    if sender.header == "nx-priority":
        return f"<{LOCAL7 + int(name.split('-')[-2])}>{sender.host}: {moment}: %{name}: {text}"
    return f"{stamp(act.time)} {sender.host} : {moment}: %{name}: {text}"


def _accounting(kind: str, text: Callable[[Act], str]) -> Callable[[Act], list[Message]]:
    return lambda a: [
        ("AAA-6-AAA_ACCOUNTING_MESSAGE", f"{kind}:{a.source}@pts/{a.line}:{a.account}:{text(a)}".rstrip(" "))
    ]


def _login(act: Act) -> list[Message]:
    session = f"pam_unix(dcos_sshd:session): session opened for user {act.account} by (uid=0) - dcos_sshd[12977]"
    return [
        ("AUTHPRIV-6-SYSTEM_MSG", session),
        ("AAA-6-AAA_ACCOUNTING_MESSAGE", f"start:{act.source}@pts/{act.line}:{act.account}:"),
    ]


def _configured(act: Act) -> list[Message]:
    text = f"Configured from vty by {act.account} on {act.source}@pts/{act.line}"
    return [("VSHD-5-VSHD_SYSLOG_CONFIG_I", text)]


def _container(act: Act) -> list[Message]:
    word = "activated" if act.detail["state"] == "up" else "deactivated"
    return [("VMAN-2-ACTIVATION_STATE", f"Successfully {word} virtual service 'guestshell+'")]


def _interface(act: Act) -> list[Message]:
    name, state = act.detail["interface"], act.detail["state"].upper()
    reason = "" if state == "UP" else " (Link failure)"
    return [(f"ETHPORT-5-IF_{state}", f"Interface {name} is {state.lower()}{reason}")]


_SAY: Final[Mapping[str, Callable[[Act], list[Message]]]] = {
    "login": _login,
    "login_failed": lambda a: [
        ("DAEMON-3-SYSTEM_MSG",
         f"error: PAM: Authentication failure for illegal user {a.account} from {a.source} - dcos_sshd[6526]")
    ],
    "logout": _accounting("stop", lambda _: "shell terminated gracefully"),
    "command": _accounting("update", lambda a: f"{a.command} (SUCCESS)"),
    "config": _accounting("update", lambda a: f"configure terminal ; {a.command} (SUCCESS)"),
    "configured": _configured,
    "user_added": lambda a: [
        ("AUTHPRIV-5-SYSTEM_MSG", f"New user added with username {a.detail['username']} - securityd")
    ],
    "container": _container,
    "interface": _interface,
    "notice": lambda a: [(a.detail["mnemonic"], a.detail["text"])],
}  # fmt: skip
