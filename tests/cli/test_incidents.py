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


def test_an_assessment_is_one_page_for_a_board_and_an_annex_from_the_same_facts(
    seawall: Seawall, evidence: Path, tmp_path: Path
) -> None:
    seawall("hunt", evidence)
    (incident, *_) = [json.loads(line) for line in seawall("incidents", "list", "--format", "jsonl").out.splitlines()]
    pages = ("--board", "board.html", "--annex", "annex.html", "--privilege", "Privileged & confidential")
    told = seawall("incidents", "assess", incident["id"][:8], *pages)
    assert told.code == 0
    assert "CANNOT BE KNOWN  customer data" in told.out
    for name in ("board.html", "annex.html"):
        page = (tmp_path / name).read_text(encoding="utf-8")
        assert page.count("Privileged &amp; confidential") == 2
        assert "not affected" not in page
    line = json.loads(seawall("incidents", "assess", "--period", "2026-11-21..2026-11-21", "--format", "jsonl").out)
    assert (line["first"], line["last"]) == ("2026-11-21T00:00:00.000000Z", "2026-11-22T00:00:00.000000Z")
    assert line["incidents"] == [incident["id"]]


def test_a_period_that_is_none_is_refused_with_the_way_to_write_one(seawall: Seawall, evidence: Path) -> None:
    seawall("hunt", evidence)
    ran = seawall("incidents", "assess", "--period", "yesterday")
    assert (ran.code, "2026-11-01..2026-11-23" in ran.err) == (2, True)
