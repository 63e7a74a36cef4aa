"""The STIX 2.1 JSON schemas of OASIS, from the samples' folder: what every object of ours must be valid against."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema_rs

from tests.corpus import corpus_path


@cache
def _registry() -> tuple[jsonschema_rs.Registry, dict[str, Any]]:
    folder = corpus_path("sharing", "stix21-schemas")
    schemas = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(folder.rglob("*.json"))
        if path.parent.name != "interop"
    ]
    named = [(one["$id"], one) for one in schemas if "$id" in one]
    # Some of them name each other below schemas/schemas/: a slip in the published files.
    named += [(name.replace("/schemas/", "/schemas/schemas/"), one) for name, one in named]
    registry = jsonschema_rs.Registry(named)
    by_title = {one.get("title"): one for one in schemas}
    return registry, by_title


@cache
def _validator(kind: str) -> Any:
    registry, by_title = _registry()
    return jsonschema_rs.Draft202012Validator(by_title[kind], registry=registry)


def faults(one: Any) -> list[str]:
    """What the schema of its type says against an object; skips without the schemas."""
    return [f"{one['id']}: {error.message}" for error in _validator(one["type"]).iter_errors(one)]
