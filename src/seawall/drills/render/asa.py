"""Cisco ASA syslog: `%ASA-severity-number: text` (Cisco Secure Firewall ASA Series Syslog Messages)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from seawall.drills.acts import Act
from seawall.drills.render.sender import Sender, stamp

HEADERS: Final = ("asa", "asa-iso", "ftd")  # `logging timestamp`, `logging timestamp rfc5424`, Firepower

Message = tuple[str, str]  # (severity-number, text)
_LOCAL4: Final = 20 * 8


def write(act: Act, sender: Sender) -> list[str]:
    """The lines the firewall logs for an act, commands among them."""
    say = _SAY.get(act.doing)
    return [_line(act, sender, *message) for message in say(act)] if say else []


def _line(act: Act, sender: Sender, name: str, text: str) -> str:
    sender.next()
    time = act.time
    moment = f"{stamp(time)[:6]} {time.year} {time:%H:%M:%S}"
    if sender.header == "asa-iso":
        moment = f"{time:%Y-%m-%dT%H:%M:%SZ}"
    mark = "FTD" if sender.header == "ftd" else "ASA"
    return f"<{_LOCAL4 + int(name[0])}>{moment} {sender.host} : %{mark}-{name}: {text}"


def _login(act: Act) -> list[Message]:
    place = f"from {act.source}/{40000 + act.line} to mgmt:{act.detail.get('to', '192.0.2.1')}"
    service = "https" if act.detail.get("service") == "web" else act.detail.get("service", "ssh")
    return [
        ("6-605005", f'Login permitted {place}/{service} for user "{act.account}"'),
        ("6-611101", f"User authentication succeeded: IP address: {act.source}, Uname: {act.account}"),
    ]


def _login_failed(act: Act) -> list[Message]:
    place = f"from {act.source}/{40000 + act.line} to mgmt:{act.detail.get('to', '192.0.2.1')}"
    return [
        ("6-611102", f"User authentication failed: IP address: {act.source}, Uname: {act.account}"),
        ("6-605004", f'Login denied {place}/ssh for user "{act.account}"'),
    ]


def _command(act: Act) -> list[Message]:
    if act.command.split(" ", 1)[0] in ("show", "ping", "traceroute"):
        return [("7-111009", f"User '{act.account}' executed cmd: {act.command}")]
    return [("5-111008", f"User '{act.account}' executed the '{act.command}' command."), _running(act)]


def _running(act: Act) -> Message:
    return ("5-111010", f"User '{act.account}', running 'CLI' from IP {act.source}, executed '{act.command}'")


def _denied(act: Act) -> list[Message]:
    d = act.detail
    source, target = f"outside:{act.source}/{d['sport']}", f"mgmt:{d['target']}/{d['dport']}"
    return [("4-106023", f'Deny tcp src {source} dst {target} by access-group "{d["list"]}"')]


_SAY: Final[Mapping[str, Callable[[Act], list[Message]]]] = {
    "login": _login,
    "login_failed": _login_failed,
    "logout": lambda a: [
        (
            "6-315011",
            f'SSH session from {a.source} on interface mgmt for user "{a.account}" disconnected by SSH server, '
            'reason: "TerminatedByUser"',
        ),
        ("5-611103", f"User logged out: Uname: {a.account}"),
    ],
    "enable": lambda a: [("5-502103", f"User priv level changed: Uname: {a.account} From: 1 To: 15")],
    "command": _command,
    "config": _command,
    "saved": lambda a: [("5-111001", f"Begin configuration: {a.source} writing to memory")],
    "interface": lambda a: [
        ("4-411001", f"Line protocol on Interface {a.detail['interface']}, changed state to {a.detail['state']}")
    ],
    "packet_denied": _denied,
    "notice": lambda a: [("6-199018", a.detail["text"])],
}  # fmt: skip
