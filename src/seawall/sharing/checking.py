"""Objects that arrive: each is looked at before it is kept; what is wrong with one never costs the others.

Checked are the form of ids and times, what every object must have (STIX 2.1, 3.2), and bounds on size and depth. Words
nobody here knows (custom types, extensions) are kept as they came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import orjson

from seawall.errors import InputError
from seawall.model.stix_types import OBSERVABLES, REQUIRED
from seawall.sharing.objects import read_stix_time

MAX_BYTES: Final = 256 << 20
MAX_OBJECT_BYTES: Final = 4 << 20
MAX_OBJECTS: Final = 500_000
MAX_DEPTH: Final = 50
_ID: Final = re.compile(
    r"(?P<type>[a-z][a-z0-9-]{2,249})--[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.I
)
_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    kind: tuple(name for name in needed if name != "modified")
    for kind, needed in REQUIRED.items()
    if kind not in OBSERVABLES and kind != "extension-definition"  # observables have neither moment nor version
}
TEXTS: Final = ("name", "description", "pattern", "pattern_type", "content", "relationship_type", "context")
TIMES: Final = ("created", "modified", "valid_from", "valid_until", "first_seen", "last_seen", "published")
_LISTS: Final[Mapping[str, type]] = {
    "labels": str,
    "indicator_types": str,
    "aliases": str,
    "granular_markings": dict,
    "external_references": dict,
    "kill_chain_phases": dict,
}
_VERSIONS: Final = ("2.0", "2.1")


def read_json(raw: bytes, where: str) -> Any:
    """The JSON value of a file. Raises InputError: it is too long, too deep, or no JSON."""
    if len(raw) > MAX_BYTES:
        raise InputError(
            f"larger than {MAX_BYTES >> 20} MiB",
            where=where,
            mend="split it; objects may come in any number of bundles",
        )
    try:
        return orjson.loads(raw.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        if any(word in str(error).lower() for word in ("recursion", "depth")):
            mend = f"no object may be nested more than {MAX_DEPTH} deep"
            raise InputError("nested too deep", where=where, mend=mend) from None
        what = f"no whole JSON text: {str(error)[:100]}"
        raise InputError(what, where=where, mend="check that the file is whole") from None


def objects_in(value: Any, where: str) -> list[Any]:
    """The objects of a bundle, a TAXII envelope, or a list of either. Raises InputError if it is none of them."""
    waiting, found = [value], []
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict) and isinstance(one.get("objects"), list) and one.get("type", "bundle") == "bundle":
            found += one["objects"]
        elif isinstance(one, list):
            if one and all(_holds(inner) for inner in one):
                waiting += reversed(one)  # bundles, in their order
            else:
                found += one
        elif isinstance(one, dict) and _ID.fullmatch(str(one.get("id"))) and one.get("type") != "bundle":
            found.append(one)
        elif isinstance(one, dict) and (one.get("type") == "bundle" or "more" in one or not one):
            continue  # a bundle or an envelope without objects
        else:
            raise InputError("no STIX bundle, envelope or object", where=where, mend="give a STIX 2.x bundle")
    if len(found) > MAX_OBJECTS:
        raise InputError(f"holds more than {MAX_OBJECTS:,} objects", where=where, mend="split it")
    return found


def _holds(one: Any) -> bool:
    return isinstance(one, dict) and isinstance(one.get("objects"), list)


def doubt(one: Any) -> str:
    """Why an object cannot be kept, in words; empty if it can."""
    if not isinstance(one, dict):
        return "not an object"
    name, kind = one.get("id"), one.get("type")
    found = _ID.fullmatch(name) if isinstance(name, str) else None
    if found is None:
        return "has no id of the form type--UUID"
    if kind != found["type"]:
        return "its type is not the one its id names"
    if len(str(name)) > 200 or len(str(kind)) > 100:
        return "its id or type is too long"
    spec = one.get("spec_version", "2.0")
    if spec not in _VERSIONS:
        return f"of version {str(spec)[:20]!r} of STIX; 2.0 and 2.1 are read"
    if deeper_than(one, MAX_DEPTH):
        return f"nested more than {MAX_DEPTH} deep"
    try:
        size = len(orjson.dumps(one))
    except (orjson.JSONEncodeError, RecursionError):
        return "no JSON that can be written again"
    if size > MAX_OBJECT_BYTES:
        return f"larger than {MAX_OBJECT_BYTES >> 20} MiB"
    return next(_wrong(one, str(kind)), "")


def _wrong(one: Mapping[str, Any], kind: str) -> Iterator[str]:
    if kind == "bundle":
        yield "a bundle in a bundle"
    if kind in _NEEDS:
        for name in ("created", "modified"):
            if name not in one:
                yield f"has no {name}"
    for name in _NEEDS.get(kind, ()):
        old = one.get("spec_version", "2.0") == "2.0" and name in ("pattern_type", "is_family", "object_refs", "name")
        if one.get(name) in (None, "", []) and one.get(name) is not False and not old:
            yield f"has no {name}"
    for name in TEXTS:
        if name in one and not isinstance(one[name], str):
            yield f"its {name} is no text"
    for name in TIMES:
        if name in one and read_stix_time(one[name]) is None:
            yield f"its {name} is no time"
    sure = one.get("confidence")
    if "confidence" in one and (type(sure) is not int or not 0 <= sure <= 100):
        yield "its confidence is no whole number of 0 to 100"
    for name, value in one.items():
        if name.endswith("_refs") and not (
            isinstance(value, list) and all(isinstance(v, str) and _ID.fullmatch(v) for v in value)
        ):
            yield f"its {name} is no list of ids"
        if name.endswith("_ref") and not (isinstance(value, str) and _ID.fullmatch(value)):
            yield f"its {name} is no id"
    for name, of in _LISTS.items():
        if name in one and not (isinstance(one[name], list) and all(isinstance(part, of) for part in one[name])):
            yield f"its {name} is no list of {'texts' if of is str else 'objects'}"


def deeper_than(value: Any, depth: int) -> bool:
    """Whether a JSON value is nested deeper than so."""
    level = [value]
    for _ in range(depth):
        level = [
            inner
            for one in level
            if isinstance(one, (dict, list))
            for inner in (one.values() if isinstance(one, dict) else one)
            if isinstance(inner, (dict, list))
        ]
        if not level:
            return False
    return True
