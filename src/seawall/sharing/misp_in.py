"""A MISP event → STIX 2.1. Every attribute, object, tag, report, sighting and galaxy is in the result or in `lost`."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from seawall.model.indicator_values import normalise
from seawall.model.tlp import Light, light_of
from seawall.sharing.marking import definition
from seawall.sharing.misp_out import Converted
from seawall.sharing.objects import SPEC, can_be_shared, pattern_of, read_stix_time, stix_time

_TYPES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("ip", "ip-src", "ip-dst", "ip-src|port", "ip-dst|port"), "ip"),
    **dict.fromkeys(("domain", "hostname", "domain|ip", "hostname|port"), "domain"),
    **dict.fromkeys(("url", "uri", "link"), "url"),
    **dict.fromkeys(("email", "email-src", "email-dst", "email-reply-to"), "email"),
    **dict.fromkeys(("md5", "sha1", "sha256", "sha512"), "hash"),
    **dict.fromkeys(("filename|md5", "filename|sha1", "filename|sha256", "filename|sha512"), "hash"),
}
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I)
_CONFIDENCE: Final = re.compile(r'seawall:confidence="(\d{1,3})"')
_TECHNIQUE: Final = re.compile(
    r'misp-galaxy:mitre-attack-pattern="(?P<name>[^"]{1,200}?)(?: - (?P<id>T\d{4}(?:\.\d{3})?))?"'
)
_MOST: Final = 200_000


def events_in(value: Any) -> list[Mapping[str, Any]]:
    """The events of an export, a REST answer or a bare event; empty if there is none."""
    waiting: list[Any] = [value]
    found: list[Mapping[str, Any]] = []
    while waiting and len(found) < _MOST:
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting = [*one[:_MOST], *waiting]
        elif isinstance(one, dict):
            if isinstance(one.get("response"), (dict, list)):
                waiting.insert(0, one["response"])
            elif isinstance(one.get("Event"), dict):
                found.append(one["Event"])
            elif isinstance(one.get("Attribute"), list) or isinstance(one.get("Object"), list):
                found.append(one)
    return found


def from_misp(event: Mapping[str, Any], now: datetime) -> Converted:
    """The objects of one event; `value` is their list."""
    done = Converted([])
    light, labels = _tags(event, done, done.value, now)
    # MISP has no word for "unmarked": then the importer's rule for it holds.
    org = event.get("Orgc")
    author = None
    if isinstance(org, dict) and org.get("name"):
        named = {"name": str(org["name"])[:500], "identity_class": "organization"}
        author = _made("identity", org.get("uuid"), f"org {org['name']}", now, named, light)
        done.value.append(author)
    held: list[str] = []
    for attribute, comment in _attributes(event, done):
        made = _attribute(attribute, comment, light, now, done)
        if made is not None:
            if author is not None:
                made["created_by_ref"] = author["id"]
            done.value.append(made)
            held.append(made["id"])
            _sightings(attribute, made, light, now, done)
    for place, one in enumerate(_list(event.get("EventReport"))):
        if isinstance(one, dict) and one.get("content"):
            about = held[:100] or ([str(author["id"])] if author is not None else [])
            if not about:
                done.lose(f"EventReport {place}", "a report about nothing that was taken")
                continue
            fields = {
                "abstract": str(one.get("name") or "")[:255],
                "content": str(one["content"]),
                "object_refs": about,
            }
            done.value.append(_made("note", one.get("uuid"), f"report {place}", now, fields, light))
            done.taken += 1
        else:
            done.lose(f"EventReport {place}", "a report without content")
    for place, one in enumerate(_list(event.get("Galaxy"))):
        done.lose(
            f"Galaxy {str(one.get('name') if isinstance(one, dict) else place)[:80]}", "galaxies are read from tags"
        )
    if held:
        info = str(event.get("info") or "MISP event")[:500]
        whole = {"name": info, "context": "suspicious-activity", "object_refs": held, "labels": labels}
        stamp = _second(event.get("timestamp"))
        done.value.append(_made("grouping", event.get("uuid"), "event", now, whole, light, stamp))
        done.taken += 1
    else:
        done.lose(f"Event {str(event.get('uuid'))[:60]}", "holds nothing that was taken")
    if light is not None:
        done.value.append(definition(light))
    return done


def items_in(event: Mapping[str, Any]) -> int:
    """How many things an event holds: itself, and each attribute, object, report, galaxy, tag and sighting in it."""
    holders = [event, *(one for one in _list(event.get("Object")) if isinstance(one, dict))]
    attributes = [one for holder in holders for one in _list(holder.get("Attribute"))]
    sightings = sum(len(_list(one.get("Sighting"))) for one in attributes if isinstance(one, dict))
    own = sum(len(_list(event.get(name))) for name in ("Object", "EventReport", "Galaxy", "Tag"))
    return 1 + own + len(attributes) + sightings


def _attributes(event: Mapping[str, Any], done: Converted) -> Iterator[tuple[Mapping[str, Any], str]]:
    for one in _list(event.get("Attribute")):
        yield (one if isinstance(one, dict) else {}), ""
    for place, holder in enumerate(_list(event.get("Object"))):
        inner = _list(holder.get("Attribute")) if isinstance(holder, dict) else []
        name = str(holder.get("name") if isinstance(holder, dict) else place)[:80]
        done.lose(f"Object {name}", "its attributes are taken one by one; that they belong together is lost")
        for one in inner:
            yield (one if isinstance(one, dict) else {}), f"of an object {name}"


def _attribute(
    one: Mapping[str, Any], comment: str, light: Light | None, now: datetime, done: Converted
) -> dict[str, Any] | None:
    said, value = str(one.get("type") or ""), one.get("value")
    place = f"Attribute {str(one.get('uuid') or said)[:60]}"
    kind = _TYPES.get(said)
    text = str(value) if isinstance(value, str) else ""
    part = text.partition("|")[2] if said.startswith("filename|") else text.partition("|")[0] if "|" in said else text
    found = normalise(part, "" if kind == "domain" else kind) if kind and part else None
    if found is None or not can_be_shared(*found):
        why = f"holds no {kind}" if kind else f"attributes of type {said[:40] or 'none'} have no indicator"
        done.lose(place, why)
        return None
    if "|" in said:
        done.thin(f"the other half of {said}")
    own, labels = _tags(one, done, done.value, now, count=False)
    sure = next((int(m[1]) for label in labels if (m := _CONFIDENCE.fullmatch(label))), None)
    to_ids = one.get("to_ids") in (True, "1", 1)
    stamp = _second(one.get("timestamp")) or now
    begin = read_stix_time(one.get("first_seen")) or stamp
    end = read_stix_time(one.get("last_seen"))
    fields = {
        "name": found[1],
        "description": "; ".join(filter(None, (str(one.get("comment") or ""), comment)))[:2000],
        "indicator_types": ["malicious-activity" if to_ids else "unknown"],
        "pattern": pattern_of(*found),
        "pattern_type": "stix",
        "valid_from": stix_time(begin),
        "valid_until": stix_time(end) if end and end > begin else None,
        "confidence": min(sure, 100) if sure is not None else 50 if to_ids else 15,
        "revoked": True if one.get("deleted") in (True, "1", 1) else None,
        "labels": [label for label in labels if not _CONFIDENCE.fullmatch(label)],
    }
    done.taken += 1
    marked = max((m for m in (own, light) if m is not None), default=None)
    return _made("indicator", one.get("uuid"), f"{said} {text}", now, fields, marked, stamp)


def _sightings(
    attribute: Mapping[str, Any], made: Mapping[str, Any], light: Light | None, now: datetime, done: Converted
) -> None:
    for place, one in enumerate(_list(attribute.get("Sighting"))):
        seen = _second(one.get("date_sighting")) if isinstance(one, dict) else None
        if seen is None or str(one.get("type", "0")) == "2":
            done.lose(f"Sighting {place} of {made['id']}", "an expiration, or without a time")
            continue
        no = str(one.get("type", "0")) == "1"
        fields = {
            "sighting_of_ref": made["id"],
            "count": 0 if no else 1,
            "first_seen": stix_time(seen),
            "last_seen": stix_time(seen),
            "description": "seen as a false positive" if no else None,
        }
        done.value.append(_made("sighting", one.get("uuid"), f"{made['id']} {place}", now, fields, light, seen))
        done.taken += 1


def _tags(
    of: Mapping[str, Any], done: Converted, objects: list[dict[str, Any]], now: datetime, *, count: bool = True
) -> tuple[Light | None, list[str]]:
    """The light of some tags, and the others as labels; techniques become objects."""
    light: Light | None = None
    labels: list[str] = []
    for one in _list(of.get("Tag")):
        name = str(one.get("name") or "")[:255] if isinstance(one, dict) else ""
        done.taken += count and bool(name)
        if not name and count:
            done.lose("Tag", "a tag without a name")
        found = light_of(name) if name.lower().startswith("tlp") else None
        technique = _TECHNIQUE.fullmatch(name)
        if found is not None:
            light = found if light is None else max(light, found)
        elif name.lower().startswith("tlp"):
            light = Light.RED  # a light nobody knows
        elif technique is not None and count:
            fields: dict[str, Any] = {"name": technique["name"]}
            if technique["id"]:
                fields["external_references"] = [{"source_name": "mitre-attack", "external_id": technique["id"]}]
            objects.append(_made("attack-pattern", None, name, now, fields, None))
        elif name:
            labels.append(name)
    return light, labels


def _made(
    kind: str,
    given: object,
    key: str,
    now: datetime,
    fields: Mapping[str, Any],
    light: Light | None,
    at: datetime | None = None,
) -> dict[str, Any]:
    made = str(uuid.uuid5(uuid.NAMESPACE_URL, f"misp {kind} {key}"))
    name = given.lower() if isinstance(given, str) and _UUID.fullmatch(given) else made
    stamp = stix_time(at or now)
    return {
        "type": kind,
        "spec_version": SPEC,
        "id": f"{kind}--{name}",
        "created": stamp,
        "modified": stamp,
        **{n: value for n, value in fields.items() if value not in (None, "", [])},
        **({"object_marking_refs": [light.marking]} if light is not None else {}),
    }


def _second(value: object) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(str(value)[:12]), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _list(value: Any) -> list[Any]:
    return value[:_MOST] if isinstance(value, list) else []
