"""Windows events as shippers and tools write them in JSON: winlogbeat (nested, dotted, before 7), nxlog, flattened,
and evtx_dump with its attributes apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from seawall.drills.acts import Act
from seawall.drills.render import evtx_json
from seawall.drills.render.sender import Sender

Object = dict[str, Any]


def write(act: Act, sender: Sender, form: str) -> dict[str, list[str]]:
    """The events of an act in one of `FORMS`, as lines per channel (`Security`, `System`)."""
    turn = FORMS[form]
    return {
        channel: [json.dumps(turn(json.loads(line)["Event"])) for line in lines]
        for channel, lines in evtx_json.write(act, sender).items()
    }


def _data(event: Object) -> Object:
    data: Object = event["EventData"] if "EventData" in event else event["UserData"]["LogFileCleared"]
    return {name: str(value) for name, value in data.items()}


def _attribute(system: Object, element: str, name: str) -> Any:
    return system[element]["#attributes"][name]


def _winlogbeat(event: Object) -> Object:
    system = event["System"]
    return {
        "@timestamp": _attribute(system, "TimeCreated", "SystemTime")[:23] + "Z",
        "event": {"code": str(system["EventID"]), "kind": "event", "provider": _attribute(system, "Provider", "Name")},
        "host": {"name": system["Computer"]},
        "log": {"level": "information"},
        "message": "An event.\n\nSubject:\n\tAccount Name:\t-",
        "winlog": {
            "channel": system["Channel"],
            "computer_name": system["Computer"],
            "event_id": str(system["EventID"]),
            "record_id": system["EventRecordID"],
            "provider_name": _attribute(system, "Provider", "Name"),
            "provider_guid": _attribute(system, "Provider", "Guid"),
            "process": {"pid": 724, "thread": {"id": 3372}},
            ("event_data" if "EventData" in event else "user_data"): _data(event),
        },
    }


def _dotted(event: Object) -> Object:
    flat: Object = {}

    def put(path: str, value: Any) -> None:
        if isinstance(value, dict):
            for name, part in value.items():
                put(f"{path}.{name}" if path else name, part)
        else:
            flat[path] = value

    put("", _winlogbeat(event))
    return flat


def _source(event: Object) -> Object:
    return {"_index": "winlogbeat-8.13.0", "_id": "x", "_source": _winlogbeat(event)}


def _before_7(event: Object) -> Object:
    system = event["System"]
    return {
        "@timestamp": _attribute(system, "TimeCreated", "SystemTime")[:23] + "Z",
        "computer_name": system["Computer"],
        "event_id": system["EventID"],
        "log_name": system["Channel"],
        "record_number": str(system["EventRecordID"]),
        "source_name": _attribute(system, "Provider", "Name"),
        "level": "Information",
        "event_data": _data(event),
        "type": "wineventlog",
    }


def _nxlog(event: Object) -> Object:
    system = event["System"]
    return {
        "EventTime": _attribute(system, "TimeCreated", "SystemTime")[:19].replace("T", " "),
        "Hostname": system["Computer"],
        "Keywords": -9214364837600034816,
        "EventType": "AUDIT_SUCCESS",
        "SeverityValue": 2,
        "EventID": system["EventID"],
        "SourceName": _attribute(system, "Provider", "Name"),
        "ProviderGuid": _attribute(system, "Provider", "Guid"),
        "RecordNumber": system["EventRecordID"],
        "Channel": system["Channel"],
        **_data(event),
        "SourceModuleName": "eventlog",
        "SourceModuleType": "im_msvistalog",
    }


def _flattened(event: Object) -> Object:
    system = event["System"]
    return {
        "Provider_Name": _attribute(system, "Provider", "Name"),
        "EventID": system["EventID"],
        "SystemTime": _attribute(system, "TimeCreated", "SystemTime"),
        "EventRecordID": system["EventRecordID"],
        "Channel": system["Channel"],
        "Computer": system["Computer"],
        **_data(event),
    }


def _apart(event: Object) -> Object:
    """As `evtx_dump --separate-json-attributes` writes it."""
    system: Object = {}
    for name, part in event["System"].items():
        attributed = isinstance(part, dict)
        system[f"{name}_attributes" if attributed else name] = part["#attributes"] if attributed else part
    rest = {name: part for name, part in event.items() if name not in ("System", "#attributes")}
    return {"Event": {"System": system, **rest}, "Event_attributes": event["#attributes"]}


FORMS: Final[Mapping[str, Callable[[Object], Object]]] = {
    "winlogbeat": _winlogbeat,
    "winlogbeat, dotted": _dotted,
    "winlogbeat, exported": _source,
    "winlogbeat 6": _before_7,
    "nxlog": _nxlog,
    "flattened": _flattened,
    "evtx_dump, attributes apart": _apart,
}
