"""STIX 2.1 → a MISP event (core format). What MISP has no place for is counted and named; nothing goes silently.

Every object that goes in is either in the event or in `lost`. An attribute keeps the UUID of its STIX object, so that
what comes back is known again.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from seawall.model.stix_patterns import PatternError, read_pattern, type_of
from seawall.model.tlp import LIGHTS, Light
from seawall.sharing.objects import read_stix_time

_HASH: Final = {32: "md5", 40: "sha1", 56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}
_ATTRIBUTE: Final[Mapping[str, tuple[str, str]]] = {  # ours → MISP's type and category
    "ip": ("ip-dst", "Network activity"),
    "domain": ("domain", "Network activity"),
    "url": ("url", "Network activity"),
    "email": ("email-src", "Payload delivery"),
}
_OBSERVABLE: Final = {
    "ipv4-addr": "ip",
    "ipv6-addr": "ip",
    "domain-name": "domain",
    "url": "url",
    "email-addr": "email",
}
_DISTRIBUTION: Final = {Light.CLEAR: "3", Light.GREEN: "1", Light.AMBER: "0", Light.AMBER_STRICT: "0", Light.RED: "0"}
_CARRIED: Final = frozenset(  # properties a MISP attribute, tag or report says too
    (
        *("type", "spec_version", "id", "created", "modified", "created_by_ref", "object_marking_refs", "name"),
        *("description", "pattern", "pattern_type", "valid_from", "valid_until", "confidence", "revoked", "labels"),
        *("value", "hashes", "content", "abstract", "external_references", "sighting_of_ref", "first_seen"),
        *("last_seen", "report_types", "published", "context", "object_refs", "identity_class"),
    )
)


@dataclass
class Converted:
    """What a conversion came to. `taken` and `lost` together are all that went in."""

    value: Any
    taken: int = 0
    lost: list[tuple[str, str]] = field(default_factory=list)  # id or place, and why
    thinned: dict[str, int] = field(default_factory=dict)  # properties without a place there → how many objects had one

    def lose(self, place: str, why: str) -> None:
        """Name what is not in the result."""
        self.lost.append((place, why))

    def thin(self, what: str) -> None:
        """Name what an object said that the result does not."""
        self.thinned[what] = self.thinned.get(what, 0) + 1


def to_misp(objects: Sequence[Mapping[str, Any]], light: Light, now: datetime, *, info: str = "") -> Converted:
    """One MISP event of some objects. Times in it are seconds since 1970, UTC."""
    event: dict[str, Any] = {
        "uuid": str(uuid.uuid5(uuid.NAMESPACE_URL, "\n".join(sorted(str(one.get("id")) for one in objects)))),
        "info": info or "Shared by Seawall",
        "date": f"{now:%Y-%m-%d}",
        "threat_level_id": "4",
        "analysis": "0",
        "distribution": _DISTRIBUTION[light],
        "published": False,
        "timestamp": str(int(now.timestamp())),
        "Tag": [_tag(light)],
        "Attribute": [],
        "EventReport": [],
        "Galaxy": [],
    }
    done = Converted({"Event": event})
    by_id: dict[str, dict[str, Any]] = {}
    main = next((one for one in objects if one.get("type") in ("report", "incident", "grouping")), None)
    # Sightings hang on attributes, so those come first.
    for one in sorted(objects, key=lambda o: o.get("type") == "sighting"):
        _put(one, one is main, event, by_id, done)
    return done


def _put(
    one: Mapping[str, Any], main: bool, event: dict[str, Any], by_id: dict[str, dict[str, Any]], done: Converted
) -> None:
    kind, name = str(one.get("type")), str(one.get("id"))
    why = ""
    if kind == "indicator":
        why = _indicator(one, event, by_id, done)
    elif kind in _OBSERVABLE or kind == "file":
        why = _observable(one, event, by_id)
    elif kind == "marking-definition":
        why = "" if name in LIGHTS else "only the markings of TLP become tags"
    elif kind == "identity" and "Orgc" not in event:
        event["Orgc"] = {"name": str(one.get("name")), "uuid": name.partition("--")[2]}
    elif kind == "attack-pattern":
        event["Tag"].append({"name": f'misp-galaxy:mitre-attack-pattern="{_technique(one)}"'})
    elif main:
        event["info"] = str(one.get("name") or event["info"])[:255]
        event["uuid"] = name.partition("--")[2]
    elif kind in ("note", "report", "incident"):
        text = str(one.get("content") or one.get("description") or "")
        title = str(one.get("abstract") or one.get("name") or "note")
        event["EventReport"].append({"uuid": name.partition("--")[2], "name": title[:255], "content": text})
    elif kind == "sighting":
        why = _sighting(one, by_id)
    else:
        why = f"MISP's core format has no place for {kind}"
    if why:
        done.lose(name, why)
        return
    done.taken += 1
    for said in one:
        if said not in _CARRIED and not (kind == "identity" and said == "sectors"):
            done.thin(f"{kind}.{said}")


def _indicator(one: Mapping[str, Any], event: dict[str, Any], by_id: dict[str, dict[str, Any]], done: Converted) -> str:
    """Attributes of an indicator's values; else why there are none."""
    if one.get("pattern_type", "stix") != "stix":
        return f"a pattern of {one.get('pattern_type')}"
    try:
        found = read_pattern(str(one.get("pattern")))
    except PatternError as error:
        return f"its pattern cannot be read: {error}"
    made: list[dict[str, Any]] = []
    for named in found.values:
        said = type_of(named.path)
        kind = _plain(said, named.value)
        if kind is None:
            done.thin(f"indicator.pattern: {named.path}")
            continue
        made.append(_attribute(kind, named.value, one, len(made), to_ids=named.alone))
    if not made:
        return "its pattern names nothing that is an attribute"
    for asked in found.unsupported:
        done.thin(f"indicator.pattern: {asked}")
    event["Attribute"] += made
    by_id[str(one["id"])] = made[0]
    return ""


def _plain(said: str | None, value: str) -> str | None:
    if said == "ip or domain":
        said = "domain" if any(c.isalpha() for c in value.rpartition(".")[2]) and ":" not in value else "ip"
    return said if said in _ATTRIBUTE or (said == "hash" and len(value) in _HASH) else None


def _attribute(kind: str, value: str, one: Mapping[str, Any], place: int, *, to_ids: bool) -> dict[str, Any]:
    named = (_HASH[len(value)], "Payload delivery") if kind == "hash" else _ATTRIBUTE[kind]
    whole = str(one["id"]).partition("--")[2]
    light = max((LIGHTS[ref] for ref in one.get("object_marking_refs", ()) if ref in LIGHTS), default=None)
    seen = read_stix_time(one.get("modified") or one.get("created"))
    made: dict[str, Any] = {
        "uuid": whole if place == 0 else str(uuid.uuid5(uuid.UUID(whole), str(place))),
        "type": named[0],
        "category": named[1],
        "value": value,
        "to_ids": to_ids,
        "comment": str(one.get("description") or one.get("name") or "")[:1000],
        "distribution": "5",
        "Tag": [_tag(light)] if light is not None else [],
    }
    if type(one.get("confidence")) is int:
        made["Tag"].append({"name": f'seawall:confidence="{one["confidence"]}"'})
    made["Tag"] += [{"name": str(label)} for label in one.get("labels", ())]
    for ours, theirs in (("valid_from", "first_seen"), ("valid_until", "last_seen")):
        if one.get(ours):
            made[theirs] = one[ours]
    if seen is not None:
        made["timestamp"] = str(int(seen.timestamp()))
    if one.get("revoked") is True:
        made["deleted"] = True
    return made


def _observable(one: Mapping[str, Any], event: dict[str, Any], by_id: dict[str, dict[str, Any]]) -> str:
    hashes = one.get("hashes")
    if one.get("type") == "file":
        values = [str(v) for v in hashes.values() if len(str(v)) in _HASH] if isinstance(hashes, dict) else []
        kinds = ["hash"] * len(values)
    else:
        values, kinds = [str(one.get("value") or "")], [_OBSERVABLE[str(one["type"])]]
    made = [
        _attribute(kind, value, one, place, to_ids=False)
        for place, (kind, value) in enumerate(zip(kinds, values, strict=True))
        if value
    ]
    if not made:
        return "an observable without a value"
    event["Attribute"] += made
    by_id[str(one["id"])] = made[0]
    return ""


def _sighting(one: Mapping[str, Any], by_id: Mapping[str, dict[str, Any]]) -> str:
    attribute = by_id.get(str(one.get("sighting_of_ref")))
    if attribute is None:
        return "a sighting of what is no attribute"
    seen = read_stix_time(one.get("last_seen") or one.get("created"))
    attribute.setdefault("Sighting", []).append(
        {
            "uuid": str(one["id"]).partition("--")[2],
            "type": "0" if one.get("count") != 0 else "1",
            "date_sighting": str(int(seen.timestamp())) if seen else "0",
            "source": str(one.get("created_by_ref") or ""),
        }
    )
    return ""


def _technique(one: Mapping[str, Any]) -> str:
    refs = one.get("external_references")
    ids = [
        str(ref.get("external_id"))
        for ref in (refs if isinstance(refs, list) else ())
        if isinstance(ref, dict) and ref.get("source_name") == "mitre-attack"
    ]
    return " - ".join([str(one.get("name")), *ids[:1]]).replace('"', "'")


def _tag(light: Light) -> dict[str, str]:
    return {"name": f"tlp:{light.word}"}
