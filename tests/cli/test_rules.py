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


def test_samples_of_rules_that_expand_are_judged_with_the_lists_given(seawall: Seawall, tmp_path: Path) -> None:
    (tmp_path / "e.yml").write_text(
        "title: An administrator\nid: 00000000-0000-4000-8000-00000000a009\nstatus: test\n"
        "logsource: {product: network, category: command}\n"
        "detection:\n  a: {user|expand: '%Admins%'}\n  condition: a\nlevel: low\n"
    )
    (tmp_path / "e.samples.jsonl").write_text('{"match": true, "why": "one of them", "event": {"user": "ops1"}}\n')
    (tmp_path / "lists.yml").write_text("Admins: [ops1]\n")
    without = seawall("rules", "test", tmp_path / "e.yml")
    assert without.code == 4
    assert "1 could not be judged" in without.out
    assert "%Admins%" in without.err
    ran = seawall("rules", "test", tmp_path / "e.yml", "--values", tmp_path / "lists.yml")
    assert ran.code == 0, ran.err
    assert "1 samples, 0 judged wrongly" in ran.out


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


CLEARED = (
    "title: Log cleared\nid: 00000000-0000-4000-8000-00000000a010\nname: cleared\nauthor: A. Lind\nlicense: DRL-1.1\n"
    "logsource: {product: network, service: syslog}\ndetection:\n  a: {message|contains|expand: '%word%'}\n"
    "  condition: a\nlevel: low\n"
)
OFTEN = (
    "title: Cleared once\nid: 00000000-0000-4000-8000-00000000a011\nlevel: high\ncorrelation:\n  type: event_count\n"
    "  rules: cleared\n  group-by: observer\n  timespan: 1h\n  condition: {gte: 1}\n"
)


def test_values_fill_placeholders_and_without_them_the_rule_is_named(seawall: Seawall, tmp_path: Path) -> None:
    (tmp_path / "r.yml").write_text(CLEARED)
    (tmp_path / "lists.yml").write_text("word: ['clear logging']\n")
    ran = seawall("rules", "check", tmp_path / "r.yml")
    assert (ran.code, "%word%" in ran.err, "--values" in ran.err) == (4, True, True)
    assert seawall("rules", "check", tmp_path / "r.yml", "--values", tmp_path / "lists.yml").code == 0


def test_a_hit_is_explained_pattern_by_pattern(seawall: Seawall, evidence: Path, tmp_path: Path) -> None:
    (tmp_path / "r.yml").write_text(f"{CLEARED}---\n{OFTEN}")
    (tmp_path / "lists.yml").write_text("word: ['clear logging']\n")
    reading = ("--rules", tmp_path / "r.yml", "--values", tmp_path / "lists.yml")
    ran = seawall("hunt", evidence, *reading, "--format", "jsonl")
    assert ran.code == 0
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert not [f for f in found if f["title"] == "Log cleared"]  # it only feeds the correlation
    (finding,) = [f for f in found if f["title"] == "Cleared once"]
    told = json.loads(seawall("rules", "explain", finding["id"][:12], *reading, "--format", "jsonl").out)
    assert told["finding"] == finding["id"]
    (event,) = told["events"]
    assert event["title"] == "Log cleared"
    assert {"field": "message", "says": "contains", "pattern": "clear logging"}.items() <= event["patterns"][0].items()
    shown = seawall("rules", "explain", finding["id"], *reading).out
    assert "clear logging" in shown
    assert seawall("rules", "explain", "no-such", *reading).code == 3
    assert seawall("rules", "explain", finding["id"]).code == 3  # without the rule that made it


def test_show_names_author_licence_and_what_a_correlation_asks(seawall: Seawall, tmp_path: Path) -> None:
    (tmp_path / "r.yml").write_text(f"{CLEARED}---\n{OFTEN}")
    (tmp_path / "lists.yml").write_text("word: ['clear logging']\n")
    reading = ("--rules", tmp_path / "r.yml", "--values", tmp_path / "lists.yml")
    shown = seawall("rules", "show", "00000000-0000-4000-8000-00000000a010", *reading).out
    assert "A. Lind" in shown
    assert "DRL-1.1" in shown
    shown = seawall("rules", "show", "00000000-0000-4000-8000-00000000a011", *reading).out
    assert "at least 1" in shown
    assert "Log cleared" in shown
    line = json.loads(
        seawall("rules", "show", "00000000-0000-4000-8000-00000000a011", *reading, "--format", "jsonl").out
    )
    assert (line["kind"], line["type"]) == ("correlation", "event_count")


def test_status_says_of_every_rule_how_it_stands(seawall: Seawall, evidence: Path, tmp_path: Path) -> None:
    seawall("ingest", evidence)
    (tmp_path / "cloud.yml").write_text(
        "title: Elsewhere\nid: 00000000-0000-4000-8000-00000000a012\nlogsource: {product: some-cloud}\n"
        "detection:\n  a: {x: y}\n  condition: a\n"
    )
    (tmp_path / "broken.yml").write_text("title: [\n")
    ran = seawall("rules", "status", "--rules", tmp_path, "--format", "jsonl")
    states = [json.loads(line) for line in ran.out.splitlines()]
    by_title = {state["title"]: state["state"] for state in states}
    assert by_title["Elsewhere"] == "not applicable here"
    assert {"running", "no events", "broken"} <= {state["state"] for state in states}


def test_strict_hunts_leave_with_4_for_two_rules_of_one_id(seawall: Seawall, evidence: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / f"{name}.yml").write_text(OFTEN.replace("cleared", "nobody"))
    rules = ("--rules", tmp_path / "a.yml", "--rules", tmp_path / "b.yml")
    assert seawall("hunt", evidence, *rules).code == 0
    assert seawall("hunt", *rules, "--strict").code == 4


def test_settings_of_the_case_name_lists_and_pipelines(seawall: Seawall, evidence: Path, tmp_path: Path) -> None:
    seawall("ingest", evidence)
    (tmp_path / "case" / "seawall.toml").write_text('[rules]\nvalues = ["lists.yml"]\n')
    (tmp_path / "case" / "lists.yml").write_text("word: ['clear logging']\n")
    (tmp_path / "r.yml").write_text(CLEARED)
    ran = seawall("hunt", "--rules", tmp_path / "r.yml", "--format", "jsonl")
    assert any(json.loads(line)["title"] == "Log cleared" for line in ran.out.splitlines())
