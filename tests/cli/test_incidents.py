from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Seawall


def test_incidents_are_listed_and_told(seawall: Seawall, evidence: Path) -> None:
    seawall("hunt", evidence)
    (incident, *_) = [json.loads(line) for line in seawall("incidents", "list", "--format", "jsonl").out.splitlines()]
    assert incident["id"][:8] in seawall("incidents", "list").out
    told = seawall("incidents", "show", incident["id"][:8])
    assert told.code == 0
    assert "Why they belong together" in told.out
    assert json.loads(seawall("incidents", "show", incident["id"], "--format", "jsonl").out) == incident


def test_an_id_nobody_has_says_how_to_find_one(seawall: Seawall, evidence: Path) -> None:
    seawall("hunt", evidence)
    ran = seawall("incidents", "show", "zzzz")
    assert ran.code == 3
    assert "incidents list" in ran.err
