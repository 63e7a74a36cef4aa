from __future__ import annotations

from datetime import date

import pytest

from seawall import sources
from seawall.drills.render import stix
from seawall.sources.opening import evidence_from_bytes
from tests.sources.reading import read_evidence

VALUES = [
    ("ip", "192.0.2.9"), ("ip", "2001:db8::9"), ("domain", "bad.example"), ("url", "http://bad.example/it's"),
    ("hash", "ab" * 32), ("email", "who@bad.example"),
]  # fmt: skip


@pytest.mark.parametrize(("write", "name"), [(stix.write, "stix"), (stix.write_misp, "misp")])
def test_indicators_are_read_back(write: object, name: str) -> None:
    assert callable(write)
    evidence = evidence_from_bytes(write(VALUES, date(2026, 11, 1)).encode(), "x.json")
    found = sources.recognise(evidence)
    assert found is not None
    assert found.name == name
    result = read_evidence(found, evidence)
    assert not result.rejected
    rows = result.rows("indicators")
    assert [(row["type"], row["value"]) for row in rows] == VALUES
    assert {(row["tlp"], row["source"], row["note"]) for row in rows} == {("green", "Partner exchange", "drill")}
