"""What each type must have, held to the schemas of OASIS."""

from __future__ import annotations

import json

import pytest

from seawall.model.stix_types import OBSERVABLES, REQUIRED
from tests.corpus import corpus_path


def test_observables_have_no_versions() -> None:
    assert not [kind for kind in OBSERVABLES if "modified" in REQUIRED.get(kind, ())]


@pytest.mark.parametrize("kind", ["indicator", "malware", "sighting", "relationship", "report", "note"])
def test_what_is_required_is_what_the_schema_requires(kind: str) -> None:
    (path,) = [p for p in corpus_path("sharing").rglob(f"{kind}.json") if '"$schema"' in p.read_text("utf-8")][:1]
    schema = json.loads(path.read_text("utf-8"))
    own = [name for part in schema.get("allOf", [schema]) for name in part.get("required", ())]
    assert {*own} - {"type", "spec_version", "id", "created", "modified"} <= set(REQUIRED[kind])
