"""Windows events as shippers and tools write them in JSON: winlogbeat, nxlog, flattened Sysmon, forms of evtx_dump.

Every form is brought to the one of the EVTX reader (`{"Event": {"System": …, "EventData": …}}`), so that columns,
names, masking and ids are the same. A form that keeps computer, channel, record number and the time in full gives the
ids of the EVTX file itself; winlogbeat cuts the time to milliseconds, and gives ids of its own.

Forms: Elastic's winlogbeat (`winlog.event_data.X`, nested or with dots, in `_source` too; the flat one before 7.0);
nxlog's `to_json()` (`EventID`, `Hostname`, everything on one level) and Zircolite's flattened one; `Event` or `System`
objects with attributes as `#attributes`, `X_attributes`, `@Name` or plain members (evtx_dump, Chainsaw, Velociraptor).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.identities import Identities
from seawall.sources.jsonlines import first_object, read_objects
from seawall.sources.windows_ecs import beat_of, is_beat, is_old_beat, old_beat_of
from seawall.sources.windows_fields import has_zone, whole
from seawall.sources.windows_rows import Batch

Object = Mapping[str, Any]

_COMPUTERS: Final = ("Computer", "Hostname", "ComputerName", "MachineName", "computer_name", "host")
_CHANNELS: Final = ("Channel", "LogName", "log_name")
_NUMBERS: Final = ("EventID", "EventId", "event_id")
_RECORDS: Final = ("EventRecordID", "RecordNumber", "RecordId", "record_number", "record_id")
_PROVIDERS: Final = ("Provider_Name", "SourceName", "ProviderName", "Provider", "source_name")
# nxlog writes EventTime in the machine's own zone and says none; Sysmon's UtcTime is surer, and so is the shipper's.
_TIMES: Final = ("SystemTime", "TimeCreated", "TimeCreated_SystemTime", "UtcTime", "@timestamp", "EventTime")
_LAST_TIMES: Final = ("timestamp", "EventReceivedTime")
_SYSTEM: Final = frozenset((*_NUMBERS, *_RECORDS, *_CHANNELS, *_COMPUTERS, *_PROVIDERS, "Level", "ProviderGuid"))
_MAX_NESTS: Final = 8


def _sniff(evidence: Evidence) -> int:
    head = evidence.head
    if b"vent" not in head and b"winlog" not in head and b"System" not in head:
        return 0
    found = first_object(head)
    return 94 if found is not None and form_of(found) is not None else 0


def form_of(value: Object) -> Callable[[Object], dict[str, Any] | None] | None:
    """What turns an object of this form into an event; None if it is no Windows event."""
    if is_beat(value):
        return beat_of
    if isinstance(value.get("_source"), dict) and is_beat(value["_source"]):
        return lambda wrapped: beat_of(wrapped["_source"]) if isinstance(wrapped.get("_source"), dict) else None
    event = value.get("Event")
    if isinstance(event, dict) and isinstance(event.get("System"), dict):
        return lambda one: one["Event"] if isinstance(one.get("Event"), dict) else None
    system = value.get("System")
    if isinstance(system, dict) and "EventID" in system and ("Channel" in system or "Computer" in system):
        return dict
    if is_old_beat(value):
        return old_beat_of
    return flat if _is_flat(value) else None


def _is_flat(value: Object) -> bool:
    if whole(_first(value, _NUMBERS)) is None or not isinstance(_first(value, _COMPUTERS), str):
        return False
    return isinstance(_first(value, _CHANNELS), str) or (
        isinstance(value.get("SourceName"), str) and "RecordNumber" in value
    )


def flat(value: Object) -> dict[str, Any] | None:
    """An event whose fields all stand on one level; None if it is none."""
    if whole(_first(value, _NUMBERS)) is None:
        return None
    system = {
        "Provider": {"#attributes": {"Name": _first(value, _PROVIDERS), "Guid": value.get("ProviderGuid")}},
        "EventID": _first(value, _NUMBERS),
        "Level": value.get("Level"),
        "TimeCreated": {"#attributes": {"SystemTime": _time(value)}},
        "EventRecordID": _first(value, _RECORDS),
        "Channel": _first(value, _CHANNELS),
        "Computer": _first(value, _COMPUTERS),
    }
    return {"System": system, "EventData": {name: part for name, part in value.items() if name not in _SYSTEM}}


def _first(value: Object, names: tuple[str, ...]) -> Any:
    for name in names:
        said = value.get(name)
        if said is not None and said != "" and not isinstance(said, dict):
            return said
    return None


def _time(value: Object) -> str | None:
    zoned = value.get("EventTime")
    if isinstance(zoned, str) and has_zone(zoned):
        return zoned
    said = next((name for name in (*_TIMES, *_LAST_TIMES) if _first(value, (name,)) is not None), "")
    text = moment_text(value.get(said))
    if said == "UtcTime" and text and not has_zone(text):
        return f"{text.strip()}Z"  # its name is its zone
    return text


def moment_text(said: Any) -> str | None:
    """A time as text; numbers are seconds, milliseconds or microseconds since 1970, told by their size. None: none."""
    if isinstance(said, str):
        if not said.strip().isdecimal():
            return said
        said = int(said) if len(said) < 20 else None
    if isinstance(said, bool) or not isinstance(said, int | float):
        return None
    seconds = said / (1e6 if abs(said) > 1e14 else 1e3 if abs(said) > 1e11 else 1)
    try:
        return datetime.fromtimestamp(seconds, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return None


def with_attributes(element: Any, depth: int = 0) -> Any:
    """An element with its attributes under `#attributes`, whatever form they had."""
    if not isinstance(element, dict) or depth > _MAX_NESTS:
        return element
    made: dict[str, Any] = {}
    given: dict[str, Any] = {}
    for name, part in element.items():
        if name.startswith("@"):
            given[name[1:]] = part
        elif name.endswith("_attributes") and isinstance(part, dict):
            inner = made.get(name.removesuffix("_attributes"))
            made[name.removesuffix("_attributes")] = _joined(inner, part)
        elif name in made:
            made[name] = _joined(with_attributes(part, depth + 1), made[name]["#attributes"])
        else:
            made[name] = with_attributes(part, depth + 1)
    if given:
        others = made.get("#attributes")
        made["#attributes"] = {**given, **others} if isinstance(others, dict) else given
    return made


def _joined(element: Any, attributes: dict[str, Any]) -> dict[str, Any]:
    if isinstance(element, dict):
        return {**element, "#attributes": attributes}
    return {"#attributes": attributes} if element is None else {"#text": element, "#attributes": attributes}


def _usual(event: Any) -> dict[str, Any] | None:
    """An event of `System` and data with its attributes as the EVTX reader gives them; None if it is none."""
    event = with_attributes(event)
    if not isinstance(event, dict) or not isinstance(event.get("System"), dict):
        return None
    system = dict(event["System"])
    for name, part in system.items():
        if isinstance(part, dict) and "#attributes" not in part and "#text" not in part:
            plain = {"#text": part["Value"]} if "Value" in part else {"#attributes": part}  # Velociraptor's
            system[name] = plain
    created = system.get("TimeCreated")
    if isinstance(created, dict):
        attributes = created.get("#attributes")
        said = attributes.get("SystemTime") if isinstance(attributes, dict) else None
        system["TimeCreated"] = {"#attributes": {"SystemTime": moment_text(said)}}
    elif created is not None:
        system["TimeCreated"] = {"#attributes": {"SystemTime": moment_text(created)}}
    return {**event, "System": system}


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read object by object; an object that is no event is a reject, the others go on."""
    with Identities(evidence.size) as identities:
        batch = Batch(evidence, reading, identities, ":")
        for objects in read_objects(evidence):
            for number, what in objects.faults:
                batch.refuse(batch.at(number), what)
            for item in objects.items:
                turn = form_of(item.value)
                event = None if turn is None else turn(item.value)
                if event is not None and turn not in (flat, beat_of, old_beat_of):
                    event = _usual(event)
                if event is None:
                    batch.refuse(batch.at(item.number), "JSON, but no Windows event")
                    continue
                batch.add({"Event": event}, item.number, len(item.record), item.record)
                if batch.full:
                    yield batch.chunk(0)
            yield batch.chunk(objects.read_bytes, objects.notes)


SOURCE: Final = Source(
    name="windows_json",
    title="Windows events in JSON (winlogbeat, nxlog, Sysmon, tools)",
    kinds=("windows",),
    sniff=_sniff,
    read=_read,
)
