from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Seawall


def test_rules_are_listed_with_their_behaviours(seawall: Seawall) -> None:
    lines = [json.loads(line) for line in seawall("rules", "list", "--format", "jsonl").out.splitlines()]
    assert len(lines) >= 20
    assert any("behaviour:D-01" in line["tags"] for line in lines)


def test_one_rule_is_shown_by_the_first_letters_of_its_id(seawall: Seawall) -> None:
    line = json.loads(seawall("rules", "list", "--format", "jsonl").out.splitlines()[0])
    ran = seawall("rules", "show", line["id"][:8])
    assert ran.code == 0
    assert line["title"] in ran.out
    assert seawall("rules", "show", "no-such-rule").code == 3


def test_built_in_samples_are_judged_rightly(seawall: Seawall) -> None:
    ran = seawall("rules", "test")
    assert ran.code == 0
    assert ", 0 judged wrongly" in ran.out


def test_a_wrong_sample_is_named(seawall: Seawall, tmp_path: Path) -> None:
    (tmp_path / "r.yml").write_text(
        "title: Door left open\nid: 00000000-0000-4000-8000-00000000a001\nstatus: test\n"
        "logsource: {product: network, category: command}\n"
        "detection:\n  a: {command|startswith: 'ip http server'}\n  condition: a\nlevel: low\n"
    )
    (tmp_path / "r.samples.jsonl").write_text(
        '{"match": true, "why": "switched on", "event": {"command": "ip http server"}}\n'
        '{"match": true, "why": "wrongly expected", "event": {"command": "no ip http server"}}\n'
    )
    ran = seawall("rules", "test", tmp_path / "r.yml")
    assert ran.code == 4
    assert "r.samples.jsonl:2: should match: wrongly expected" in ran.out


def test_a_broken_rule_is_one_line_with_its_place(seawall: Seawall, tmp_path: Path) -> None:
    (tmp_path / "b.yml").write_text("title: x\ndetection:\n  a: [\n")
    ran = seawall("rules", "check", tmp_path / "b.yml")
    assert ran.code == 4
    assert "b.yml" in ran.err
    assert "try:" in ran.err


def test_status_names_fields_no_event_has(seawall: Seawall, evidence: Path, tmp_path: Path) -> None:
    seawall("ingest", evidence)
    (tmp_path / "u.yml").write_text(
        "title: Asks for what is not there\nid: 00000000-0000-4000-8000-00000000a002\nstatus: test\n"
        "logsource: {product: network, service: syslog}\n"
        "detection:\n  a: {colour: blue}\n  condition: a\nlevel: low\n"
    )
    assert "colour" in seawall("rules", "status", "--rules", tmp_path / "u.yml").out


def test_coverage_says_what_could_not_be_seen_and_the_setting(seawall: Seawall, evidence: Path) -> None:
    seawall("hunt", evidence)
    lines = [json.loads(line) for line in seawall("coverage", "--format", "jsonl").out.splitlines()]
    assert {"seen", "could not be seen"} <= {line["visibility"] for line in lines}
    assert any(line["setting"] for line in lines if line["visibility"] == "could not be seen")
    assert "would change it" in seawall("coverage").out
