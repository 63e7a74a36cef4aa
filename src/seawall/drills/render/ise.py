"""Cisco ISE to a remote log target: `CISE_<category> <message> <segments> <segment> <time> <counter> <code> …`.

Texts above the target's maximum length are cut into segments; `local` is a line of ISE's own `iseLocalStore.log`
(Cisco Identity Services Engine, "Syslog message format" and "Syslog message catalog").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from seawall.drills.acts import Act
from seawall.drills.render.sender import Sender, stamp

HEADERS: Final = ("target", "segmented", "local")

Message = tuple[str, str, str, str, dict[str, str]]  # (category, code, class, words, pairs)

_PRIORITY: Final = 22 * 8 + 5  # local6, notice
_MAX_TEXT: Final = {"target": 8_192, "segmented": 240}


def write(act: Act, sender: Sender) -> list[str]:
    """The lines the server logs for an act on a device that asks it; `detail["to"]` is the device's address.

    A service `ise` makes it an act on ISE's own administration.
    """
    say = _SAY.get(act.doing)
    return [text for message in say(act) for text in lines(act.time, sender, *message)] if say else []


def lines(
    time: datetime, sender: Sender, category: str, code: str, class_: str, words: str, pairs: Mapping[str, str]
) -> list[str]:
    """One message of any family: one line, or several segments, in the sender's form."""
    counter, number = sender.next()
    moment = f"{time:%Y-%m-%d %H:%M:%S}.{time.microsecond // 1000:03d} +00:00"
    told = [f"{name}={_escaped(value)}" for name, value in pairs.items()]
    begin = f"{moment} {counter:010d} {code} NOTICE {class_}: {words}"
    if sender.header == "local":
        return [", ".join((begin, "ConfigVersionId=77", *told)) + ","]
    head = f"<{_PRIORITY}>{stamp(time)} {sender.host} CISE_{category} {number:010d}"
    segments = _cut([begin, "ConfigVersionId=77", *told], _MAX_TEXT[sender.header])
    return [f"{head} {len(segments)} {place} {text}" for place, text in enumerate(segments)]


def _cut(parts: list[str], longest: int) -> list[str]:
    """The parts as texts of some length at most, cut between parts as ISE does; a part alone may be longer."""
    segments: list[list[str]] = [[]]
    for part in parts:
        if segments[-1] and sum(len(p) + 2 for p in segments[-1]) + len(part) > longest:
            segments.append([])
        segments[-1].append(part)
    return [f"{'' if number == 0 else ' '}{', '.join(each)}," for number, each in enumerate(segments)]


def _escaped(value: str) -> str:
    return re.sub(r"(?<!\\),", r"\\,", value)


def _device(act: Act, **pairs: str) -> dict[str, str]:
    said = {"Device IP Address": act.detail.get("to", ""), "NetworkDeviceName": act.device, **pairs}
    said |= {"User": act.account, "Port": f"tty{act.line}", "Remote-Address": act.source}
    return {name: value for name, value in said.items() if value}


def _admin(act: Act, **pairs: str) -> dict[str, str]:
    return {"AdminInterface": "GUI", "AdminIPAddress": act.source, "AdminName": act.account, **pairs}


def _on_ise(act: Act) -> bool:
    return act.detail.get("service") == "ise"


def _login(act: Act) -> list[Message]:
    if _on_ise(act):
        words = "Administrator authentication succeeded"
        return [("Administrative_and_Operational_Audit", "51001", "Administrator-Login", words, _admin(act))]
    asked = _device(act, Protocol="Tacacs", Type="Authentication", Service="Login")
    begun = _device(act, Type="Accounting", Service="Login", **{"AcctRequest-Flags": "Start"})
    return [
        ("Passed_Authentications", "5201", "Passed-Authentication", "Authentication succeeded", asked),
        ("TACACS_Accounting", "3301", "Tacacs-Accounting", "TACACS+ Accounting START", begun),
    ]


def _login_failed(act: Act) -> list[Message]:
    if _on_ise(act):
        words = "Administrator authentication failed"
        return [("Administrative_and_Operational_Audit", "51000", "Administrator-Login", words, _admin(act))]
    reason = "22056 Subject not found in the applicable identity store(s)"
    said = _device(act, Protocol="Tacacs", Type="Authentication", Service="Login", FailureReason=reason)
    return [("Failed_Attempts", "5401", "Failed-Attempt", "Authentication failed", said)]


def _logout(act: Act) -> list[Message]:
    if _on_ise(act):
        return [
            (
                "Administrative_and_Operational_Audit",
                "51002",
                "Administrator-Login",
                "Administrator logged off",
                _admin(act),
            )
        ]
    said = _device(act, Type="Accounting", Service="Login", **{"AcctRequest-Flags": "Stop"})
    return [("TACACS_Accounting", "3302", "Tacacs-Accounting", "TACACS+ Accounting STOP", said)]


def _command(act: Act) -> list[Message]:
    first, *rest = act.command.split(" ")
    typed = " ".join((f"CmdAV={first}", *(f"CmdArgAV={word}" for word in rest), "CmdArgAV=<cr>"))
    asked = _device(act, Type="Authorization", Protocol="Tacacs", CmdSet=f"[ {typed} ]")
    done = _device(act, Type="Accounting", Service="Login", CmdSet=f"[ {typed} ]", **{"AcctRequest-Flags": "Stop"})
    return [
        ("Passed_Authentications", "5202", "Device-Administration", "Command Authorization succeeded", asked),
        ("TACACS_Accounting", "3300", "Tacacs-Accounting", "TACACS+ Accounting with Command", done),
    ]


def _configured(act: Act) -> list[Message]:
    said = _admin(
        act,
        ObjectType="NetworkDevice",
        ObjectName=act.device,
        ConfigChangeData=act.detail.get("text", "object modified"),
    )
    return [("Administrative_and_Operational_Audit", "52001", "Configuration-Changes", "Changed configuration", said)]


_SAY: Final[Mapping[str, Callable[[Act], list[Message]]]] = {
    "login": _login,
    "login_failed": _login_failed,
    "logout": _logout,
    "command": _command,
    "config": _command,
    "configured": _configured,
}


def session(act: Act, status: str) -> Message:
    """RADIUS accounting of somebody behind a port: `status` is Start, Stop or Interim-Update."""
    pairs = {
        "Device IP Address": act.detail.get("to", ""),
        "User-Name": act.account,
        "Acct-Status-Type": status,
        "NAS-Port-Id": f"GigabitEthernet0/{act.line}",
        "Calling-Station-ID": act.source,
    }
    words = f"RADIUS Accounting {status.lower()} request"
    return (
        "RADIUS_Accounting",
        {"Start": "3000", "Stop": "3001"}.get(status, "3002"),
        "Radius-Accounting",
        words,
        pairs,
    )
