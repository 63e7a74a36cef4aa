"""Arista EOS syslog, with accounting of sessions and commands switched on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from seawall.drills.acts import Act
from seawall.drills.render.sender import LOCAL7, Sender, stamp

HEADERS: Final = ("eos", "eos-year")

Message = tuple[str, str, str]  # (process, name, text)


def write(act: Act, sender: Sender) -> list[str]:
    """The lines the device logs for an act."""
    say = _SAY.get(act.doing)
    return [_line(act, sender, *message) for message in say(act, sender)] if say else []


def _line(act: Act, sender: Sender, process: str, name: str, text: str) -> str:
    count, _ = sender.next()
    if sender.header == "eos-year":
        return f"{act.time.year} {stamp(act.time)} UTC {sender.host} {process}: {count}: %{name}: {text}"
    return f"<{LOCAL7 + int(name.split('-')[-2])}>{stamp(act.time)} {sender.host} {process}: %{name}: {text}"


def _login(act: Act, sender: Sender) -> list[Message]:
    task = f"start task_id={sender.count} start_time={int(act.time.timestamp())} timezone=UTC service=shell"
    return [
        ("Aaa", "AAA-5-LOGIN", f"user {act.account} logged in [from: {act.source}] [service: sshd]"),
        ("Aaa", "ACCOUNTING-5-EXEC", f"{act.account} ssh {act.source} {task}"),
    ]


def _command(act: Act, sender: Sender) -> list[Message]:
    task = f"stop task_id={sender.count} start_time={act.time.timestamp():.2f} timezone=UTC service=shell priv-lvl=15"
    text = f"{act.account} vty{act.line} {act.source} {task} cmd={act.command}"
    return [("Aaa", "ACCOUNTING-6-CMD", text)]


def _configured(act: Act, _: Sender) -> list[Message]:
    text = f"Configured from console by {act.account} on vty{act.line} ({act.source})"
    return [("ConfigAgent", "SYS-5-CONFIG_I", text)]


def _login_failed(act: Act, _: Sender) -> list[Message]:
    text = f"user {act.account} failed to login [from: {act.source}] [service: sshd] [reason: Authentication failed]"
    return [("Aaa", "AAA-4-LOGIN_FAILED", text)]


_SAY: Final[Mapping[str, Callable[[Act, Sender], list[Message]]]] = {
    "login": _login,
    "login_failed": _login_failed,
    "logout": lambda a, _: [("Aaa", "AAA-5-LOGOUT", f"user {a.account} logged out [from: {a.source}] [service: sshd]")],
    "command": _command,
    "config": _command,
    "configured": _configured,
    "interface": lambda a, _: [
        ("Ebra", "LINEPROTO-5-UPDOWN",
         f"Line protocol on Interface {a.detail['interface']}, changed state to {a.detail['state']}")
    ],
    "notice": lambda a, _: [(a.detail.get("process", "Sysdb"), a.detail["mnemonic"], a.detail["text"])],
}  # fmt: skip
