"""STIX 2.x bundles (OASIS) as lists of indicators: what patterns name, how sure, how long, for whose eyes.

Observed data and bare observables are what somebody saw, not what is bad: they are counted, and never searched for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from seawall.model.indicator_values import confidence_of
from seawall.model.stix_patterns import PatternError, read_pattern, type_of
from seawall.model.stix_types import OBSERVABLES
from seawall.model.tlp import LIGHTS, Light, light_of
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.published import Gathered, known_value, read_json, tlp_of, words

_BUNDLE: Final = re.compile(rb'"type"\s*:\s*"bundle"')
_VERSION: Final = re.compile(rb'"spec_version"\s*:\s*"2\.\d"')
_ID: Final = re.compile(
    rb'"id"\s*:\s*"[a-z0-9-]{2,60}--[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"', re.I
)
_OBSERVED: Final = OBSERVABLES | {"observed-data"}


def _sniff(evidence: Evidence) -> int:
    head = evidence.head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] not in (b"{", b"["):
        return 0
    if _BUNDLE.search(head):
        return 94
    return 90 if _ID.search(head) and _VERSION.search(head) else 0  # CACAO's playbooks have ids of the same form


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read a bundle, a TAXII envelope, or a bare list of objects, whole."""
    value = read_json(evidence)
    gathered = Gathered(evidence, reading)
    if isinstance(value, str):
        gathered.reject("1", value)
    else:
        objects = [one for one in _objects(value) if isinstance(one, dict)]
        names = {str(one.get("id")): one.get("name") for one in objects if one.get("type") == "identity"}
        lights = _lights(objects)
        for one in objects:
            if one.get("type") == "indicator":
                _take(one, names, lights, gathered)
            elif one.get("type") in _OBSERVED:
                gathered.left_out[f"{one['type']} objects are observations, not indicators; not searched for"] += 1
    yield from gathered.chunks(len(evidence.head) if evidence.size is None else evidence.size)


def _objects(value: Any) -> list[Any]:
    if isinstance(value, list):
        return [inner for one in value for inner in (_objects(one) if isinstance(one, dict) else ())]
    objects = value.get("objects")
    return objects if isinstance(objects, list) else [value]


def _lights(objects: list[dict[str, Any]]) -> dict[str, Light]:
    """The traffic light of each marking definition; an id of TLP's own means what TLP says, whoever defines it anew."""
    lights = dict(LIGHTS)
    for one in objects:
        if one.get("type") == "marking-definition" and str(one.get("id")) not in LIGHTS:
            definition = one.get("definition")
            said = definition.get("tlp") if isinstance(definition, dict) else None
            light = light_of(said, version1=True) if said else light_of(tlp_of(one.get("name")))
            if light is not None:
                lights[str(one.get("id"))] = light
    return lights


def _take(one: Mapping[str, Any], names: Mapping[str, Any], lights: Mapping[str, Light], gathered: Gathered) -> None:
    place = str(one.get("id") or "indicator")
    pattern, language = one.get("pattern"), str(one.get("pattern_type") or "stix")
    if language != "stix":
        gathered.reject(place, f"its pattern is {language[:40]}, which Seawall does not search with here")
        return
    if not isinstance(pattern, str):
        gathered.reject(place, "an indicator without a pattern")
        return
    try:
        found = read_pattern(pattern)
    except PatternError as error:
        gathered.reject(place, f"its pattern cannot be read: {error}")
        return
    columns = _columns(one, names, lights)
    missing = list(found.unsupported)
    taken = 0
    for named in found.values:
        kind = type_of(named.path)
        value = known_value(named.value, kind) if kind else None
        if value is None:
            missing.append(f"{named.path} is not compared" if not kind else f"{named.path} holds no {kind}")
            continue
        weaker = {} if named.alone else {"confidence": "low", "note": _PARTLY.format(columns["note"] or "no note")}
        gathered.add(place, value, {**columns, **weaker})
        taken += 1
    if not taken:
        gathered.reject(place, f"its pattern names nothing Seawall compares: {'; '.join(missing[:3]) or 'nothing'}")
    for what in dict.fromkeys(missing) if taken else ():
        gathered.left_out[f"parts of patterns not used, {what}"] += 1


_PARTLY: Final = "only one part of a pattern that asks for more; {}"


def _columns(one: Mapping[str, Any], names: Mapping[str, Any], lights: Mapping[str, Light]) -> dict[str, object]:
    marked = one.get("object_marking_refs")
    found = [lights[ref] for ref in marked if ref in lights] if isinstance(marked, list) else []
    sure = one.get("confidence")
    publisher = words(names.get(str(one.get("created_by_ref"))))
    return {
        "confidence": (confidence_of(str(sure)) if isinstance(sure, int) else None) or "medium",
        "first_seen": words(one.get("valid_from"), 40),
        "last_seen": None,
        "source": publisher or words(one.get("created_by_ref")),
        "note": words(one.get("name")) or words(one.get("description")),
        "valid_from": words(one.get("valid_from"), 40),
        "valid_until": words(one.get("valid_until"), 40),
        "revoked": one.get("revoked") is True,
        "tlp": max(found).word if found else None,
        "published_as": words(one.get("id"), 120),
    }


SOURCE: Final = Source(
    name="stix",
    title="STIX 2 bundles",
    kinds=("indicators",),
    sniff=_sniff,
    read=_read,
)
