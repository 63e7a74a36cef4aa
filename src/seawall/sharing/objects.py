"""STIX 2.1 objects of our own making (OASIS Standard, June 2021): ids, times, patterns, observables.

Ids of observables follow from their value, as the standard says, so two carriers who saw the same address name the same
object. All other ids follow from a namespace nobody outside knows, so that a second export is the same objects.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from seawall.model.finding import UNTIMED
from seawall.model.tlp import Light

OBSERVABLES: Final = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")  # STIX 2.1, 2.9
SPEC: Final = "2.1"
_BY_LENGTH: Final = {32: "MD5", 40: "SHA-1", 64: "SHA-256", 128: "SHA-512"}
_PATHS: Final = {"domain": "domain-name", "url": "url", "email": "email-addr"}


def stix_time(moment: datetime) -> str:
    """A time as STIX writes it: UTC, milliseconds."""
    told = moment.astimezone(UTC)
    return f"{told:%Y-%m-%dT%H:%M:%S}.{told.microsecond // 1000:03d}Z"


def read_stix_time(text: object) -> datetime | None:
    """The time behind a STIX timestamp, UTC; None if it is none."""
    if not isinstance(text, str) or not 10 <= len(text) <= 40:
        return None
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def text_in_pattern(value: str) -> str:
    """A value between the quotes of a pattern (STIX 2.1, 9.3)."""
    return value.replace("\\", "\\\\").replace("'", "\\'")


def address_type(value: str) -> str:
    """ipv4-addr or ipv6-addr."""
    return "ipv6-addr" if ":" in value else "ipv4-addr"


def pattern_of(kind: str, value: str) -> str:
    """The pattern that finds an indicator; `kind` is ip, domain, url, email or hash."""
    if kind == "ip":
        return f"[{address_type(value)}:value = '{text_in_pattern(value)}']"
    if kind == "hash":
        return f"[file:hashes.'{_BY_LENGTH[len(value)]}' = '{text_in_pattern(value)}']"
    return f"[{_PATHS[kind]}:value = '{text_in_pattern(value)}']"


def observable_id(kind: str, contributing: Mapping[str, Any]) -> str:
    """The id of an observable: UUIDv5 over the canonical JSON of what names it (STIX 2.1, 2.9)."""
    text = json.dumps(contributing, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{kind}--{uuid.uuid5(OBSERVABLES, text)}"


def observable(kind: str, value: str) -> dict[str, Any]:
    """An observable of a value; `kind` is ip, domain, url, email or hash."""
    if kind == "hash":
        fields: dict[str, Any] = {"hashes": {_BY_LENGTH[len(value)]: value}}
        name = "file"
    else:
        fields = {"value": value}
        name = address_type(value) if kind == "ip" else _PATHS[kind]
    return {"type": name, "spec_version": SPEC, "id": observable_id(name, fields), **fields}


def can_be_shared(kind: str, value: str) -> bool:
    """Whether a value makes an observable."""
    return kind in ("ip", *_PATHS) or (kind == "hash" and len(value) in _BY_LENGTH)


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes objects, and how they are marked."""

    namespace: uuid.UUID  # ids follow from it; another one for each receiver, so that they cannot be joined
    light: Light
    now: datetime  # UTC

    def id(self, kind: str, key: str) -> str:
        """The id of an object of ours."""
        return f"{kind}--{uuid.uuid5(self.namespace, f'{kind}/{key}')}"

    def make(
        self,
        kind: str,
        key: str,
        created: datetime,
        fields: Mapping[str, Any],
        *,
        light: Light | None = None,
        modified: datetime | None = None,
    ) -> dict[str, Any]:
        """A domain object or relation of ours, marked. Fields that are empty are left out."""
        born = self.now if created == UNTIMED else created
        return {
            "type": kind,
            "spec_version": SPEC,
            "id": self.id(kind, key),
            **({} if kind == "identity" else {"created_by_ref": self.id("identity", "author")}),
            "created": stix_time(born),
            "modified": stix_time(max(born, modified or born)),
            **{name: value for name, value in fields.items() if value not in (None, "", [], {})},
            "object_marking_refs": [(self.light if light is None else max(light, self.light)).marking],
        }

    def relate(self, source: Mapping[str, Any], verb: str, target: Mapping[str, Any], at: datetime) -> dict[str, Any]:
        """A relationship between two objects."""
        return self.make(
            "relationship",
            f"{source['id']} {verb} {target['id']}",
            at,
            {"relationship_type": verb, "source_ref": source["id"], "target_ref": target["id"]},
        )


def bundle(objects: Sequence[Mapping[str, Any]], namespace: uuid.UUID) -> dict[str, Any]:
    """Objects as one bundle; its id follows from what it holds."""
    text = json.dumps(list(objects), sort_keys=True, separators=(",", ":"))
    return {"type": "bundle", "id": f"bundle--{uuid.uuid5(namespace, text)}", "objects": list(objects)}
