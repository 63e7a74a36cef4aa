"""The Linux audit trail: a command somebody ran, a login; as audit.log has them, raw or enriched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Ran:
    """A command run by somebody who had logged in."""

    time: datetime  # UTC, to the millisecond
    serial: int
    user: str
    arguments: tuple[str, ...]
    node: str = ""


def write_command(ran: Ran, *, enriched: bool = True) -> list[str]:
    """The records of an execve: SYSCALL, EXECVE, PROCTITLE."""
    head = _head(ran.node, ran.time, ran.serial)
    program = f"/usr/bin/{ran.arguments[0]}"
    call = (
        f"arch=c000003e syscall=59 success=yes exit=0 items=2 ppid=811 pid=812 auid=1000 uid=0 euid=0 tty=pts0 ses=3 "
        f'comm={_value(ran.arguments[0][:15])} exe={_value(program)} key="exec"'
    )
    if enriched:
        call += f'\x1dARCH=x86_64 SYSCALL=execve AUID="{ran.user}" UID="root" EUID="root"'
    arguments = " ".join(f"a{n}={_value(text)}" for n, text in enumerate(ran.arguments))
    title = "\0".join(ran.arguments).encode().hex().upper()
    return [
        head.format("SYSCALL") + call,
        head.format("EXECVE") + f"argc={len(ran.arguments)} {arguments}",
        head.format("PROCTITLE") + f"proctitle={title}",
    ]


def write_login(time: datetime, serial: int, user: str, source: str, *, worked: bool) -> str:
    """The record of a login over ssh."""
    result = "success" if worked else "failed"
    said = f'op=login acct="{user}" exe="/usr/sbin/sshd" hostname={source} addr={source} terminal=ssh res={result}'
    return _head("", time, serial).format("USER_LOGIN") + f"pid=99 uid=0 auid=1000 ses=3 msg='{said}'"


def _head(node: str, time: datetime, serial: int) -> str:
    stamp = f"{int(time.timestamp())}.{time.microsecond // 1000:03d}"
    return f"{f'node={node} ' if node else ''}type={{}} msg=audit({stamp}:{serial}): "


def _value(text: str) -> str:
    """As the kernel writes untrusted text: quoted, or in hexadecimal if it holds blanks, quotes or signs."""
    return f'"{text}"' if re.fullmatch(r"[!#-~]+", text) else text.encode().hex().upper()
