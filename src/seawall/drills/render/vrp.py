"""Huawei VRP syslog: `%%01MODULE/severity/brief(type)[n]:text`; VRP8 writes CID and module CLI, VRP5 SHELL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from seawall.drills.acts import Act
from seawall.drills.render.sender import LOCAL7, MONTHS, Sender

HEADERS: Final = ("vrp5", "vrp8")

Message = tuple[str, str]  # (module/severity/brief(type), text)


def write(act: Act, sender: Sender) -> list[str]:
    """The lines the device logs for an act, commands among them."""
    say = _SAY.get(act.doing)
    return [_line(act, sender, *message) for message in say(act, sender)] if say else []


def _line(act: Act, sender: Sender, name: str, text: str) -> str:
    _, sequence = sender.next()
    time = act.time
    moment = f"{MONTHS[time.month]} {time.day:2d} {time.year} {time:%H:%M:%S}"
    tail = ":CID=0x80ca2713;" if sender.header == "vrp8" else f"[{sequence}]:"
    return f"<{LOCAL7 + int(name.split('/')[1])}>{moment} {sender.host} %%01{name}{tail}{text}"


def _command(act: Act, sender: Sender) -> list[Message]:
    if sender.header == "vrp8":
        text = (
            f"Recorded command information. (Task=VTY{act.line}, RemoteIp={act.source}, VpnName=_public_, "
            f'User={act.account}, AuthenticationMethod="None", Command="{act.command}", LocalIp={sender.address}.)'
        )
        return [("CLI/5/CMDRECORD(s)", text)]
    shown = act.command.startswith("display")
    text = (
        f"Recorded {'display ' if shown else ''}command information. (Task=VT{act.line}, Ip={act.source}, VpnName=, "
        f'User={act.account}, AuthenticationMethod="Local-user", Command="{act.command}")'
    )
    return [("SHELL/6/DISPLAY_CMDRECORD(s)" if shown else "SHELL/5/CMDRECORD(s)", text)]


def _login(act: Act, sender: Sender) -> list[Message]:
    module = "CLI/5/LOGIN(l)" if sender.header == "vrp8" else "SHELL/5/LOGIN(l)"
    return [(module, f"VTY{act.line} login from {act.source} succeed.")]


def _login_failed(act: Act, _: Sender) -> list[Message]:
    text = f"Failed to login. (Ip={act.source}, UserName={act.account}, Times=1, AccessType=SSH, VpnName=)"
    return [("SHELL/4/LOGINFAILED(s)", text)]


def _snmp_refused(act: Act, _: Sender) -> list[Message]:
    text = f"Failed to login through SNMP. (Ip={act.source}, Times=1, Reason=the community name error, VPN=)"
    return [("SNMP/4/SNMP_FAIL(s)", text)]


_SAY: Final[Mapping[str, Callable[[Act, Sender], list[Message]]]] = {
    "login": _login,
    "login_failed": _login_failed,
    "command": _command,
    "config": _command,
    "snmp_refused": _snmp_refused,
    "interface": lambda a, _: [
        ("IFNET/4/IF_STATE(l)",
         f"Interface {a.detail['interface']} has turned into {a.detail['state'].upper()} state.")
    ],
    "notice": lambda a, _: [(a.detail["mnemonic"], a.detail["text"])],
}  # fmt: skip
