"""MISP events (core format, misp-standard.org) as lists of indicators: attributes, and those of objects.

An attribute not meant for detection (`to_ids` false) is context: it only ever supports another finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.published import Gathered, known_value, read_json, tlp_of, words

_HASHES: Final = "md5 sha1 sha224 sha256 sha384 sha512"
_TYPES: Final[dict[str, str]] = {
    **dict.fromkeys(("ip", "ip-src", "ip-dst"), "ip"),
    **dict.fromkeys(("domain", "hostname"), "domain"),
    **dict.fromkeys(("url", "uri", "link"), "url"),
    **dict.fromkeys(("email", "email-src", "email-dst", "email-reply-to"), "email"),
    **dict.fromkeys(_HASHES.split(), "hash"),
}
_EVENT: Final = re.compile(rb'"Event"\s*:\s*\{|"(?:Attribute|Object)"\s*:\s*\[')


def _sniff(evidence: Evidence) -> int:
    head = evidence.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] not in (b"{", b"[") or not _EVENT.search(head):
        return 0
    told = sum(
        1 for name in (b'"uuid"', b'"to_ids"', b'"Orgc"', b'"info"', b'"category"', b'"analysis"') if name in head
    )
    return 92 if told >= 2 else 0


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read one event or many, as the export or the REST interface writes them, whole."""
    value = read_json(evidence)
    gathered = Gathered(evidence, reading)
    if isinstance(value, str):
        gathered.reject("1", value)
    else:
        for event in _events(value):
            about = _about(event)
            for attribute in _attributes(event):
                _take(attribute, about, gathered)
    yield from gathered.chunks(len(evidence.head) if evidence.size is None else evidence.size)


def _events(value: Any) -> Iterator[Mapping[str, Any]]:
    """The events in an answer; attributes without an event around them come as one without a name."""
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, dict):
            continue
        if isinstance(one.get("response"), (list, dict)):
            inner = one["response"]
            yield from _events(inner)
        elif isinstance(one.get("Event"), dict):
            yield one["Event"]
        else:
            yield one


def _attributes(event: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    objects = event.get("Object")
    for holder in (event, *(objects if isinstance(objects, list) else ())):
        found = holder.get("Attribute") if isinstance(holder, dict) else None
        for attribute in found if isinstance(found, list) else ():
            if isinstance(attribute, dict):
                yield attribute


def _tags(of: Mapping[str, Any]) -> list[str]:
    tags = of.get("Tag")
    return [str(tag.get("name")) for tag in tags if isinstance(tag, dict)] if isinstance(tags, list) else []


def _about(event: Mapping[str, Any]) -> dict[str, object]:
    org = event.get("Orgc")
    lights = [light for tag in _tags(event) if (light := tlp_of(tag))]
    return {
        "source": words(org.get("name")) if isinstance(org, dict) else None,
        "note": words(event.get("info")),
        "tlp": lights[0] if lights else None,
    }


def _take(attribute: Mapping[str, Any], about: Mapping[str, object], gathered: Gathered) -> None:
    said, value = str(attribute.get("type") or ""), attribute.get("value")
    place = str(attribute.get("uuid") or said or "attribute")
    if not isinstance(value, str):
        gathered.reject(place, "an attribute without a value")
        return
    # `filename|sha256` and its like hold two values; a port beside an address is none of its own.
    pairs = list(zip(said.split("|"), value.split("|"), strict=False)) if "|" in said else [(said, value)]
    known = [(kind, text) for name, text in pairs if (kind := _TYPES.get(name))]
    if not known:
        gathered.left_out[f"attributes of type {words(said, 60) or 'none'} are not compared"] += 1
        return
    lights = [light for tag in _tags(attribute) if (light := tlp_of(tag))]
    note = words(attribute.get("comment")) or about["note"]
    for kind, text in known:
        found = known_value(text, kind)
        if found is None:
            gathered.reject(place, f"{said} holds no {kind}")
            continue
        columns = {
            **about,
            "note": note,
            "tlp": lights[0] if lights else about["tlp"],
            "confidence": "medium" if attribute.get("to_ids") in (True, "1", 1) else "low",
            "first_seen": words(attribute.get("first_seen"), 40) or _moment(attribute.get("timestamp")),
            "last_seen": words(attribute.get("last_seen"), 40),
            "revoked": attribute.get("deleted") in (True, "1", 1),
            "published_as": words(attribute.get("uuid"), 60),
        }
        gathered.add(place, found, columns)


def _moment(value: object) -> str | None:
    try:
        return f"{datetime.fromtimestamp(int(str(value)[:12]), UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError, OSError):
        return None


SOURCE: Final = Source(
    name="misp",
    title="MISP events",
    kinds=("indicators",),
    sniff=_sniff,
    read=_read,
)
