"""Windows events as Elastic's winlogbeat writes them, brought to the form of the EVTX reader.

https://www.elastic.co/guide/en/beats/winlogbeat/current/exported-fields-winlog.html. Its modules move some fields of
Sysmon and Security events to ECS names (`process.command_line`); where `winlog.event_data` lacks them they are read
from there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

Object = Mapping[str, Any]

_LEVELS: Final = {"critical": 1, "error": 2, "warning": 3, "information": 4, "verbose": 5}
_SYSMON: Final = "Microsoft-Windows-Sysmon/Operational"
# Names of Sysmon's fields, and where the modules of winlogbeat put them.
_MOVED: Final = {
    "Image": "process.executable",
    "CommandLine": "process.command_line",
    "CurrentDirectory": "process.working_directory",
    "ProcessGuid": "process.entity_id",
    "ProcessId": "process.pid",
    "ParentImage": "process.parent.executable",
    "ParentCommandLine": "process.parent.command_line",
    "ParentProcessGuid": "process.parent.entity_id",
    "ParentProcessId": "process.parent.pid",
    "TargetObject": "registry.path",
    "QueryName": "dns.question.name",
    "SourceIp": "source.ip",
    "SourcePort": "source.port",
    "DestinationIp": "destination.ip",
    "DestinationPort": "destination.port",
    "DestinationHostname": "destination.domain",
}
_FILES: Final = {"6": "ImageLoaded", "7": "ImageLoaded", "17": "PipeName", "18": "PipeName"}
_SECURITY: Final = {
    "NewProcessName": "process.executable",
    "CommandLine": "process.command_line",
    "ParentProcessName": "process.parent.executable",
}


def is_beat(value: Object) -> bool:
    """Whether an object is an event of winlogbeat 7 or later, nested or with dots in its names."""
    said = value.get("winlog")
    if isinstance(said, dict):
        return "channel" in said or "event_id" in said or "provider_name" in said
    return "winlog.channel" in value or "winlog.event_id" in value


def is_old_beat(value: Object) -> bool:
    """Whether an object is an event of winlogbeat before 7."""
    return all(name in value for name in ("event_id", "log_name", "computer_name")) and isinstance(
        value.get("event_data", {}), dict
    )


def beat_of(value: Object) -> dict[str, Any] | None:
    """The event of an object for which `is_beat` holds; None if it is none."""
    if not isinstance(value.get("winlog"), dict):
        value = _nested(value)
    log = value.get("winlog")
    if not isinstance(log, dict):
        return None
    number = _one(log.get("event_id")) or at(value, "event.code")
    data = log.get("event_data")
    data = {**data} if isinstance(data, dict) else {}
    channel = log.get("channel")
    moved = _MOVED if channel == _SYSMON else _SECURITY if str(number) == "4688" else {}
    for name, path in moved.items():
        if name not in data and (said := at(value, path)) is not None:
            data[name] = said
    if channel == _SYSMON and (path := at(value, "file.path")) is not None:
        data.setdefault(_FILES.get(str(number), "TargetFilename"), path)
    if isinstance(value.get("message"), str):
        data.setdefault("Message", value["message"])
    return _event(log, number, at(value, "log.level"), value.get("@timestamp"), data, at(value, "host.name"))


def old_beat_of(value: Object) -> dict[str, Any] | None:
    """The event of an object for which `is_old_beat` holds."""
    data = value.get("event_data")
    data = {**data} if isinstance(data, dict) else {}
    if isinstance(value.get("message"), str):
        data.setdefault("Message", value["message"])
    log = {
        **value,
        "channel": value.get("log_name"),
        "record_id": value.get("record_number"),
        "provider_name": value.get("source_name"),
        "process": {"pid": value.get("process_id"), "thread": {"id": value.get("thread_id")}},
    }
    return _event(log, value.get("event_id"), value.get("level"), value.get("@timestamp"), data, None)


def _event(log: Object, number: Any, level: Any, time: Any, data: dict[str, Any], host: Any) -> dict[str, Any]:
    system = {
        "Provider": {"#attributes": {"Name": log.get("provider_name"), "Guid": log.get("provider_guid")}},
        "EventID": number,
        "Version": log.get("version"),
        "Level": _LEVELS.get(level.lower()) if isinstance(level, str) else level,
        "Task": log.get("task"),
        "Opcode": log.get("opcode"),
        "Keywords": log.get("keywords"),
        "TimeCreated": {"#attributes": {"SystemTime": time}},
        "EventRecordID": log.get("record_id"),
        "Correlation": {"#attributes": {"ActivityID": log.get("activity_id")}},
        "Execution": {"#attributes": {"ProcessID": at(log, "process.pid"), "ThreadID": at(log, "process.thread.id")}},
        "Channel": log.get("channel"),
        "Computer": log.get("computer_name") or host,
        "Security": {"#attributes": {"UserID": at(log, "user.identifier")}},
    }
    event = {"System": system, "EventData": data}
    if isinstance(log.get("user_data"), dict):
        event["UserData"] = {name: part for name, part in log["user_data"].items() if name != "xml_name"}
    return event


def at(value: Any, path: str) -> Any:
    """What stands at a path of names joined by dots; None if nothing does, or an object."""
    for name in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return None if isinstance(value, Mapping) else _one(value)


def _one(value: Any) -> Any:
    """Elastic may give any field as a list of its values."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def _nested(value: Object) -> dict[str, Any]:
    """`{"a.b": 1}` as `{"a": {"b": 1}}`; names that would stand in each other's place are left out."""
    made: dict[str, Any] = {}
    for name, part in value.items():
        *folders, last = name.split(".", 3)
        inner: Any = made
        for folder in folders:
            inner = inner.setdefault(folder, {}) if isinstance(inner, dict) else None
        if isinstance(inner, dict):
            inner.setdefault(last, _one(part))
    return made
