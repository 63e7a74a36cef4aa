"""Windows events as JSON lines, as `evtx_dump -o jsonl` writes them: Event with #attributes, System, EventData."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from seawall.drills.acts import Act
from seawall.drills.render.sender import Sender

_NAMESPACE: Final = "http://schemas.microsoft.com/win/2004/08/events/event"
_AUDIT: Final = ("Microsoft-Windows-Security-Auditing", "{54849625-5478-4994-A5BA-3E3B0328C30D}")
_EVENTLOG: Final = ("Microsoft-Windows-Eventlog", "{FC65DDD8-D6EF-4962-83D5-6E5CFE9CE148}")
_SERVICES: Final = ("Service Control Manager", "{555908D1-A6D7-4695-8E1E-26931D2012F4}")

Event = tuple[int, str, tuple[str, str], dict[str, Any]]  # (id, channel, provider, data)


def write(act: Act, sender: Sender) -> dict[str, list[str]]:
    """The events of an act, as lines per channel (`Security`, `System`)."""
    say = _SAY.get(act.doing)
    lines: dict[str, list[str]] = {}
    for number, channel, provider, data in say(act) if say else ():
        lines.setdefault(channel, []).append(_line(act, sender, number, channel, provider, data))
    return lines


def _line(act: Act, sender: Sender, number: int, channel: str, provider: tuple[str, str], data: dict[str, Any]) -> str:
    record, _ = sender.next()
    system = {
        "Provider": {"#attributes": {"Name": provider[0], "Guid": provider[1]}},
        "EventID": number,
        "Version": 0,
        "Level": 4 if channel == "System" else 0,
        "Task": 0,
        "Opcode": 0,
        "Keywords": "0x8020000000000000",
        "TimeCreated": {"#attributes": {"SystemTime": act.time.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}},
        "EventRecordID": record,
        "Correlation": None,
        "Execution": {"#attributes": {"ProcessID": 724, "ThreadID": 3372}},
        "Channel": channel,
        "Computer": sender.host,
        "Security": None,
    }
    body: dict[str, Any] = {"#attributes": {"xmlns": _NAMESPACE}, "System": system}
    if number == 1102:
        body["UserData"] = {"LogFileCleared": data}
    else:
        body["EventData"] = data
    return json.dumps({"Event": body}, separators=(",", ":"))


def _login(act: Act) -> list[Event]:
    remote = act.detail.get("service", "rdp") == "rdp"
    data = {
        "SubjectUserSid": "S-1-5-18",
        "SubjectUserName": act.detail.get("computer", "LIMS1") + "$",
        "SubjectDomainName": "LIMS",
        "SubjectLogonId": "0x3e7",
        "TargetUserSid": "S-1-5-21-1004-1004-1004-1104",
        "TargetUserName": act.account,
        "TargetDomainName": "LIMS",
        "TargetLogonId": f"0x{0x40000 + act.time.hour * 3600 + act.time.minute * 60 + act.time.second:x}",
        "LogonType": 10 if remote else 3,
        "LogonProcessName": "User32 " if remote else "NtLmSsp ",
        "AuthenticationPackageName": "Negotiate" if remote else "NTLM",
        "WorkstationName": act.detail.get("workstation", "-"),
        "IpAddress": act.source,
        "IpPort": str(50000 + act.line),
    }
    return [(4624, "Security", _AUDIT, data)]


def _login_failed(act: Act) -> list[Event]:
    data = {
        "TargetUserName": act.account, "TargetDomainName": "LIMS", "Status": "0xc000006d", "SubStatus": "0xc000006a",
        "LogonType": 3, "IpAddress": act.source, "IpPort": str(50000 + act.line), "WorkstationName": "-",
    }  # fmt: skip
    return [(4625, "Security", _AUDIT, data)]


def _process(act: Act) -> list[Event]:
    image = act.detail.get("image") or act.command.split(" ")[0]
    data = {
        "SubjectUserName": act.account, "SubjectDomainName": "LIMS", "SubjectLogonId": "0x3e7",
        "NewProcessId": "0x1a2c", "NewProcessName": image, "TokenElevationType": "%%1936",
        "ParentProcessName": act.detail.get("parent", "C:\\Windows\\System32\\services.exe"),
        "CommandLine": act.command,
    }  # fmt: skip
    return [(4688, "Security", _AUDIT, data)]


def _service(act: Act) -> list[Event]:
    data = {
        "ServiceName": act.detail["service"], "ImagePath": act.detail["image"], "ServiceType": "user mode service",
        "StartType": act.detail.get("start", "auto start"), "AccountName": "LocalSystem",
    }  # fmt: skip
    return [(7045, "System", _SERVICES, data)]


def _logout(act: Act) -> list[Event]:
    data = {"TargetUserName": act.account, "TargetDomainName": "LIMS", "TargetLogonId": "0x40000", "LogonType": 3}
    return [(4634, "Security", _AUDIT, data)]


def _cleared(act: Act) -> list[Event]:
    data = {"SubjectUserSid": "S-1-5-21-1004-1004-1004-1104", "SubjectUserName": act.account,
            "SubjectDomainName": "LIMS", "SubjectLogonId": "0x40000"}  # fmt: skip
    return [(1102, "Security", _EVENTLOG, data)]


_SAY: Final[Mapping[str, Callable[[Act], list[Event]]]] = {
    "login": _login,
    "login_failed": _login_failed,
    "logout": _logout,
    "process": _process,
    "command": _process,
    "service_installed": _service,
    "log_cleared": _cleared,
}
