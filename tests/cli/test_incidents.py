from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

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


def listed(seawall: Seawall, *more: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in seawall("incidents", "list", "--format", "jsonl", *more).out.splitlines()]


def test_people_split_merge_and_suppress_by_signing_and_it_holds_in_the_next_hunt(
    seawall: Seawall, evidence: Path, tmp_path: Path
) -> None:
    (tmp_path / "pass").write_text("a long enough passphrase", encoding="utf-8")
    (tmp_path / "pass").chmod(0o600)
    seawall("hunt", evidence)
    key = ("--key", str(tmp_path / "a.key"), "--passphrase-file", "pass")
    assert seawall("people", "add", "a.lind", *key).code == 0
    (whole,) = listed(seawall)
    signed = ("--as", "a.lind", *key, "--until", "2099-01-01", "--purpose", "our own test")
    late = seawall("incidents", "suppress", whole["id"], *signed)
    assert (late.code, "within a year" in late.err) == (2, True)
    soon = (*signed[:-4], "--until", str(date.today() + timedelta(days=30)), "--purpose", "our own test")
    leaving = whole["findings"][-1]
    assert seawall("incidents", "split", whole["id"], leaving, *soon).code == 0
    parts = listed(seawall)
    assert sorted(name for part in parts for name in part["findings"]) == sorted(whole["findings"])
    assert len(parts) == 2
    assert any("split off by a.lind" in note for part in parts for note in part["notes"])
    seawall("hunt", evidence)
    assert len(listed(seawall)) == 2
    hidden = seawall("incidents", "suppress", parts[1]["id"], *soon)
    assert hidden.code == 0, hidden.err
    assert [one["id"] for one in listed(seawall)] == [parts[0]["id"]]
    assert len(listed(seawall, "--all")) == 2
    proposed = seawall("incidents", "propose-site", "--output", "site.new.toml")
    assert (proposed.code, "1 incidents: " in proposed.err) == (0, True), proposed.err
    assert (tmp_path / "site.new.toml").exists()
    assert seawall("ledger", "verify").code == 0


def test_an_incident_explains_its_severity_its_beginning_and_its_joins(seawall: Seawall, evidence: Path) -> None:
    seawall("hunt", evidence)
    (incident,) = listed(seawall)
    told = seawall("incidents", "explain", incident["id"]).out
    assert "Where it began" in told
    assert "Why they belong together" in told
    raw = json.loads(seawall("incidents", "explain", incident["id"], "--format", "jsonl").out)
    assert raw["foothold"]["device"] == "edge7"
