"""Nokia SR OS syslog: `tag: sequence router APPLICATION-SEVERITY-event-id [subject]:  text`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from seawall.drills.acts import Act
from seawall.drills.render.sender import LOCAL7, Sender, stamp

HEADERS: Final = ("sros",)

Message = tuple[str, str, str, str]  # (router instance, event, subject, text)
_PRI: Final[Mapping[str, int]] = {"MINOR": 3, "WARNING": 4, "MAJOR": 3}


def write(act: Act, sender: Sender) -> list[str]:
    """The lines the device logs for an act. Exec commands (USER 2009) are suppressed, as they are by default."""
    say = _SAY.get(act.doing)
    return [_line(act, sender, *message) for message in say(act, sender)] if say else []


def _line(act: Act, sender: Sender, router: str, event: str, subject: str, text: str) -> str:
    _, sequence = sender.next()
    priority = LOCAL7 + _PRI[event.split("-")[1]]
    head = f"<{priority}>{stamp(act.time)} {sender.address} TMNX: {sequence} {router}"
    return f"{head} {event} [{subject}]:  {text}"


def _login(act: Act, _: Sender) -> list[Message]:
    who = f"User {act.account} from {act.source} logged in"
    return [
        ("management", "SECURITY-MINOR-ssh_user_login-2009", act.account, who),
        ("Base", "USER-MINOR-cli_user_login-2001", act.account, f"User from {act.source} logged in"),
    ]


def _logout(act: Act, _: Sender) -> list[Message]:
    return [("Base", "USER-MINOR-cli_user_logout-2002", act.account, f"User from {act.source} logged out")]


def _config(act: Act, sender: Sender) -> list[Message]:
    text = f"User from {act.source}: {sender.host}>config#  {act.command}"
    return [("Base", "USER-WARNING-cli_config_io-2011", act.account, text)]


def _login_failed(act: Act, _: Sender) -> list[Message]:
    return [
        ("Base", "USER-MINOR-cli_user_login_failed-2003", act.account, f"User from {act.source} failed authentication")
    ]


def _interface(act: Act, _: Sender) -> list[Message]:
    port, state = act.detail["interface"], act.detail["state"]
    name = "linkUp-2005" if state == "up" else "linkDown-2004"
    text = f"Interface {port} is {'operational' if state == 'up' else 'not operational'}"
    return [("Base", f"SNMP-WARNING-{name}", f"Port {port}", text)]


_SAY: Final[Mapping[str, Callable[[Act, Sender], list[Message]]]] = {
    "login": _login,
    "login_failed": _login_failed,
    "logout": _logout,
    "config": _config,
    "interface": _interface,
    "notice": lambda a, _: [("Base", a.detail["mnemonic"], a.detail.get("subject", "Card 1"), a.detail["text"])],
}
