from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Seawall


def test_a_hunt_tells_the_story_and_exits_0(seawall: Seawall, evidence: Path) -> None:
    ran = seawall("hunt", evidence)
    assert ran.code == 0
    assert "edge7" in ran.out
    assert "What we could not see" in ran.out
    assert "shopping.txt" in ran.out, "what was not read is said"


def test_jsonl_is_one_documented_finding_a_line_and_nothing_else(hunted: str) -> None:
    findings = [json.loads(line) for line in hunted.splitlines()]
    assert findings
    assert all(finding["schema"] == 1 and finding["evidence"] for finding in findings)
    assert {e["origin"] for f in findings for e in f["evidence"]} <= {f"edge7.log:{n}" for n in range(1, 5)}


def test_ocsf_is_a_detection_finding_a_line(seawall: Seawall, evidence: Path) -> None:
    ran = seawall("hunt", evidence, "--format", "ocsf")
    assert {json.loads(line)["class_uid"] for line in ran.out.splitlines()} == {2004}


def test_a_secret_in_evidence_is_nowhere_in_what_comes_out(seawall: Seawall, evidence: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.html"
    for form in ("table", "jsonl", "ocsf"):
        ran = seawall("hunt", evidence, "--format", form, "--report", report)
        assert "notARealHash" not in ran.out + ran.err + report.read_text()
    rows = seawall("query", "SELECT * FROM syslog", "--format", "jsonl")
    assert rows.code == 0
    assert "notARealHash" not in rows.out


def test_the_same_hunt_twice_says_the_same(seawall: Seawall, evidence: Path, hunted: str) -> None:
    assert seawall("hunt", evidence, "--format", "jsonl").out == hunted


def test_a_case_can_be_hunted_again_without_evidence(seawall: Seawall, hunted: str) -> None:
    assert seawall("hunt", "--format", "jsonl").out == hunted


def test_since_leaves_out_what_came_before(seawall: Seawall, evidence: Path, hunted: str) -> None:
    late = seawall("hunt", evidence, "--format", "jsonl", "--case", "two", "--since", "2026-11-21T22:05:00Z")
    assert 0 < len(late.out.splitlines()) < len(hunted.splitlines())


def test_fail_on_ends_with_10_only_when_it_is_that_bad(seawall: Seawall, evidence: Path, tmp_path: Path) -> None:
    assert seawall("hunt", evidence, "--fail-on", "high").code == 10
    quiet = tmp_path / "quiet"
    quiet.mkdir()
    (quiet / "a.log").write_text((evidence / "edge7.log").read_text().splitlines(keepends=True)[0])
    assert seawall("hunt", quiet, "--fail-on", "low", "--case", "quiet-case").code == 0


def test_strict_ends_with_3_for_evidence_and_4_for_rules(seawall: Seawall, evidence: Path, tmp_path: Path) -> None:
    # Without --strict it ends with 0: the first test of this file.
    assert seawall("hunt", evidence, "--strict").code == 3
    (evidence / "shopping.txt").unlink()
    broken = tmp_path / "broken.yml"
    broken.write_text("title: x\nlogsource: {product: network}\ndetection: {a: [}\n")
    ran = seawall("hunt", evidence, "--rules", broken, "--case", "other")
    assert ran.code == 0
    assert "broken.yml" in ran.out, "a broken rule is said, and the rest goes on"
    assert seawall("hunt", evidence, "--rules", broken, "--strict", "--case", "third").code == 4


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("hunt", "nowhere"), 2, "nowhere"),
        (("hunt", "--since", "yesterday-ish", "."), 2, "2026-11-21T22:00:00Z"),
        (("hunt", "--case", "none"), 3, "--case"),
        (("hunt", "--format", "xml"), 2, "jsonl"),
    ],
)
def test_a_wrong_call_says_how_to_mend_it(seawall: Seawall, arguments: tuple[str, ...], code: int, said: str) -> None:
    ran = seawall(*arguments)
    assert ran.code == code
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_a_site_file_with_a_slip_stops_before_anything_is_read(
    seawall: Seawall, evidence: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site.toml"
    site.write_text('jump_hots = ["10.0.0.1"]\n')
    ran = seawall("hunt", evidence, "--site", site)
    assert ran.code == 3
    assert "jump_hots" in ran.err


def test_a_site_file_changes_no_id(seawall: Seawall, evidence: Path, tmp_path: Path, hunted: str) -> None:
    site = tmp_path / "site.toml"
    site.write_text('[[devices]]\nname = "somewhere-else.example.net"\naddresses = ["10.9.9.9"]\n')
    known = seawall("hunt", evidence, "--format", "jsonl", "--case", "two", "--site", site).out
    assert [json.loads(line)["id"] for line in hunted.splitlines()] == [
        json.loads(line)["id"] for line in known.splitlines()
    ]


def test_hostile_bytes_reach_neither_terminal_nor_page_unescaped(
    seawall: Seawall, evidence: Path, tmp_path: Path
) -> None:
    attack = "\x1b]0;owned\x07\x1b[2J<script>alert(1)</script>\u202e"
    (evidence / "edge7.log").write_text(
        f"<189>9: edge7: 000001: Nov 21 2026 22:01:06.350 UTC: %PARSER-5-CFGLOG_LOGGEDCMD: User:x{attack}  "
        f"logged command:username {attack} privilege 15 secret x\n"
    )
    report = tmp_path / "report.html"
    ran = seawall("hunt", evidence, "--report", report)
    page = report.read_text()
    for text in (ran.out, ran.err, page):
        assert "\x1b]0" not in text
        assert "\x1b[2J" not in text
        assert "\u202e" not in text
    assert "<script>alert" not in page


def test_a_later_hunt_answers_for_itself_not_for_earlier_ones(seawall: Seawall, hunted: str) -> None:
    assert '"severity": "high"' in hunted or '"severity":"high"' in hunted
    late = seawall("hunt", "--since", "2030-01-01", "--fail-on", "high", "--format", "jsonl")
    assert (late.code, late.out) == (0, "")
    assert seawall("incidents", "list", "--format", "jsonl").out, "the case forgets nothing"


def test_a_program_is_told_on_standard_error_which_rules_were_left_out(
    seawall: Seawall, evidence: Path, tmp_path: Path
) -> None:
    (tmp_path / "broken.yml").write_text("title: [")
    ran = seawall("hunt", evidence, "--rules", tmp_path / "broken.yml", "--format", "jsonl")
    assert "rule not loaded: broken.yml:2: not YAML" in ran.err
    assert all(json.loads(line) for line in ran.out.splitlines())


def test_json_lines_hold_no_character_a_terminal_acts_on(seawall: Seawall, evidence: Path) -> None:
    with (evidence / "edge7.log").open("a", encoding="utf-8") as log:
        log.write(
            "<189>105: edge7: 000099: Nov 21 2026 22:10:41.100 UTC: %HA_EM-6-LOG: catchall: clear logging "
            "\x9b31m\u202ex\n"
        )
    out = seawall("hunt", evidence, "--format", "jsonl").out
    assert "\\u009b31m" in out
    assert not set(out) & {"\x9b", "\u202e", "\x7f"}
    assert all(json.loads(line) for line in out.splitlines())
