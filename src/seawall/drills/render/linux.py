"""A Linux server's auth log: sshd and sessions, with a BSD header."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from seawall.drills.acts import Act
from seawall.drills.render.sender import Sender, stamp

HEADERS: Final = ("linux",)

Message = tuple[str, str]  # (program, text)


def write(act: Act, sender: Sender) -> list[str]:
    """The lines the server logs for an act."""
    say = _SAY.get(act.doing)
    return [_line(act, sender, *message) for message in say(act)] if say else []


def _line(act: Act, sender: Sender, program: str, text: str) -> str:
    count, _ = sender.next()
    tag = f"{program}[{20000 + count % 9000}]" if program in ("sshd", "CRON") else program
    return f"{stamp(act.time)} {sender.host} {tag}: {text}"


def _login(act: Act) -> list[Message]:
    how = act.detail.get("method", "publickey")
    key = " ED25519 SHA256:dGhpcyBpcyBub3QgYSBrZXkgb2YgYW55Ym9keQ" if how == "publickey" else ""
    port = 40000 + act.line
    return [
        ("sshd", f"Accepted {how} for {act.account} from {act.source} port {port} ssh2{':' if key else ''}{key}"),
        ("sshd", f"pam_unix(sshd:session): session opened for user {act.account}(uid=1042) by (uid=0)"),
    ]


_SAY: Final[Mapping[str, Callable[[Act], list[Message]]]] = {
    "login": _login,
    "login_failed": lambda a: [("sshd", f"Failed password for {a.account} from {a.source} port {40000 + a.line} ssh2")],
    "logout": lambda a: [("sshd", f"pam_unix(sshd:session): session closed for user {a.account}")],
    "notice": lambda a: [(a.detail.get("process", "systemd"), a.detail["text"])],
}
