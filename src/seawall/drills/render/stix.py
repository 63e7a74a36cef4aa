"""A partner's indicators as a STIX 2.1 bundle and as a MISP event."""

from __future__ import annotations

import json
import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

_PATHS: Final = {
    "domain": "domain-name:value", "url": "url:value", "email": "email-addr:value", "hash": "file:hashes.'SHA-256'",
}  # fmt: skip
_MISP: Final = {"ip": "ip-dst", "domain": "domain", "url": "url", "email": "email-src", "hash": "sha256"}
_SPACE: Final = uuid.UUID("6f0d1f3e-5b0a-4f0e-9c55-1d2b7c1a9a10")  # names ours for ever the same


def _id(kind: str, text: str) -> str:
    return f"{kind}--{uuid.uuid5(_SPACE, text)}"


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "\\'")


def pattern(kind: str, value: str) -> str:
    """The STIX pattern of one value; `kind` is a type of the `indicators` table."""
    path = ("ipv6-addr:value" if ":" in value else "ipv4-addr:value") if kind == "ip" else _PATHS[kind]
    return f"[{path} = '{_quoted(value)}']"


def write(values: Sequence[tuple[str, str]], seen: date, *, confidence: int = 85) -> str:
    """A bundle of indicators, given as (type, value)."""
    day = f"{seen.isoformat()}T00:00:00.000Z"
    who = _id("identity", "partner")
    objects: list[dict[str, Any]] = [
        {
            "type": "identity",
            "spec_version": "2.1",
            "id": who,
            "created": day,
            "modified": day,
            "name": "Partner exchange",
        }
    ]
    objects += [
        {
            "type": "indicator", "spec_version": "2.1", "id": _id("indicator", f"{kind} {value}"), "created": day,
            "modified": day, "created_by_ref": who, "name": "drill", "pattern": pattern(kind, value),
            "pattern_type": "stix", "valid_from": day, "confidence": confidence,
            "object_marking_refs": ["marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da"],
        }
        for kind, value in values
    ]  # fmt: skip
    return json.dumps({"type": "bundle", "id": _id("bundle", day), "objects": objects}, indent=1)


def write_misp(values: Sequence[tuple[str, str]], seen: date) -> str:
    """The same as a MISP event."""
    attributes = [
        {
            "uuid": str(uuid.uuid5(_SPACE, f"{kind} {value}")), "type": _MISP[kind], "category": "Network activity",
            "to_ids": True, "value": value, "comment": "drill", "first_seen": f"{seen.isoformat()}T00:00:00Z",
        }
        for kind, value in values
    ]  # fmt: skip
    event = {"uuid": str(uuid.uuid5(_SPACE, "event")), "info": "drill", "Orgc": {"name": "Partner exchange"},
             "Tag": [{"name": "tlp:green"}], "Attribute": attributes}  # fmt: skip
    return json.dumps({"Event": event})
