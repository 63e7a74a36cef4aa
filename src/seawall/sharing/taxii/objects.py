"""STIX objects at the door of a collection: checked, never changed (TAXII 2.1, 5.5; STIX 2.1, 3 to 5).

An object that is no STIX is refused with its reason, and the others of the same upload are kept.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from seawall.model.stix_types import OBSERVABLES, REQUIRED
from seawall.sharing.checking import MAX_DEPTH, TEXTS, TIMES, deeper_than
from seawall.sharing.objects import read_stix_time
from seawall.sharing.taxii.moments import read_moment

MAX_OBJECT: Final = 4 << 20  # octets of one object
_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9-]{1,248}[a-z0-9]")
ID: Final = re.compile(r"([a-z0-9-]{3,250})--[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class Unfit(Exception):  # noqa: N818 - it becomes a failure in a status, not a traceback
    """Why an object is not taken; `id` and `version` as far as it told them."""

    def __init__(self, why: str, *, id: str = "", version: str = "") -> None:
        super().__init__(why)
        self.why, self.id, self.version = why, id, version


@dataclass(frozen=True, slots=True)
class Checked:
    """An object that may be kept, with what it is found by."""

    id: str
    type: str
    spec_version: str
    version: str  # in the one form of `read_moment`; empty where it is the moment the object is added
    version_text: str  # as the object writes it
    light: int  # TLP 2.0: 0 clear to 4 red
    body: str  # JSON, ASCII, without blanks
    digest: str  # SHA-256 of the object with its keys in order


def check(
    one: Any, *, light_of: Callable[[Mapping[str, Any]], int], spec_versions: frozenset[str] = frozenset({"2.1"})
) -> Checked:
    """Check one object of an upload. Raises Unfit with the reason."""
    if not isinstance(one, dict):
        raise Unfit("it is no JSON object")
    id_, text = _text(one, "id"), _text(one, "modified") or _text(one, "created")
    try:
        return _checked(one, id_, text, light_of, spec_versions)
    except Unfit as unfit:
        raise Unfit(unfit.why, id=id_[:_LONGEST_SHOWN], version=text[:40]) from None


_LONGEST_SHOWN: Final = 300


def _text(one: Mapping[str, Any], name: str) -> str:
    value = one.get(name)
    return value if isinstance(value, str) else ""


def _checked(
    one: dict[str, Any],
    id_: str,
    text: str,
    light_of: Callable[[Mapping[str, Any]], int],
    spec_versions: frozenset[str],
) -> Checked:
    kind = _text(one, "type")
    if not _TYPE.fullmatch(kind):
        raise Unfit("type is missing, or no STIX type")
    matched = ID.fullmatch(id_)
    if not matched or matched[1] != kind:
        raise Unfit(f"id is missing, or not of the form {kind}--UUID")
    if kind == "bundle":
        raise Unfit("a bundle is no object of a collection; upload what it holds")
    if deeper_than(one, MAX_DEPTH):
        raise Unfit(f"nested deeper than {MAX_DEPTH}")
    spec = _spec_version(one, kind)
    if spec not in spec_versions:
        raise Unfit(f"STIX {spec} is not taken here: {', '.join(sorted(spec_versions))}")
    version = _version(one, kind, text)
    for complaint in _complaints(one, kind, spec):
        raise Unfit(complaint)
    body = json.dumps(one, ensure_ascii=True, separators=(",", ":"))
    if len(body) > MAX_OBJECT:
        raise Unfit(f"longer than {MAX_OBJECT} octets")
    digest = hashlib.sha256(json.dumps(one, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
    return Checked(id_, kind, spec, version, text, light_of(one), body, digest)


def _spec_version(one: Mapping[str, Any], kind: str) -> str:
    """STIX 2.0 objects do not say; observables of 2.1 need not."""
    if "spec_version" in one:
        said = _text(one, "spec_version")
        if not re.fullmatch(r"\d{1,2}\.\d{1,2}", said):
            raise Unfit("spec_version is no version such as 2.1")
        return said
    return "2.1" if kind in OBSERVABLES or "created" not in one else "2.0"


def _version(one: Mapping[str, Any], kind: str, text: str) -> str:
    moments = {}
    for name in ("created", "modified"):
        if name in one:
            try:
                moments[name] = read_moment(one[name] if isinstance(one[name], str) and one[name].endswith("Z") else "")
            except ValueError:
                raise Unfit(f"{name} is no timestamp in UTC (2026-11-24T18:00:00.000Z)") from None
    if kind not in OBSERVABLES and "created" not in moments:
        raise Unfit("created is missing")
    if "modified" in moments and moments["modified"] < moments.get("created", ""):
        raise Unfit("modified is earlier than created")
    return read_moment(text) if text else ""


def _complaints(one: Mapping[str, Any], kind: str, spec: str) -> list[str]:
    """What the standard requires of this type and is not there, or of the wrong kind."""
    wrong = [f"{name} is missing" for name in REQUIRED.get(kind, ()) if spec == "2.1" and name not in one]
    for name in ("labels", "object_marking_refs"):
        if name in one and not _texts(one[name]):
            wrong.append(f"{name} is no list of texts")
    for name in ("granular_markings", "external_references"):
        if name in one and not (isinstance(one[name], list) and all(isinstance(part, dict) for part in one[name])):
            wrong.append(f"{name} is no list of objects")
    wrong += [f"{name} is no text" for name in TEXTS if name in one and not isinstance(one[name], str)]
    wrong += [f"{name} is no timestamp" for name in TIMES if name in one and read_stix_time(one[name]) is None]
    confidence = one.get("confidence", 0)
    if not isinstance(confidence, int) or isinstance(confidence, bool) or not 0 <= confidence <= 100:
        wrong.append("confidence is no whole number from 0 to 100")
    if not isinstance(one.get("revoked", False), bool):
        wrong.append("revoked is neither true nor false")
    if not isinstance(one.get("extensions", {}), dict):
        wrong.append("extensions is no object")
    for name, value in one.items():
        if name.endswith("_refs") and not (_texts(value) and all(ID.fullmatch(ref) for ref in value)):
            wrong.append(f"{name[:60]} is no list of ids")
        elif name.endswith("_ref") and not (isinstance(value, str) and ID.fullmatch(value)):
            wrong.append(f"{name[:60]} is no id")
        elif not re.fullmatch(r"[a-z0-9_]{1,250}", name) and spec == "2.1":
            wrong.append("the name of a property has letters STIX does not allow")
    return wrong


def _texts(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(part, str) for part in value)
