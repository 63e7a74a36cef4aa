"""A rule's samples are judged by the kernel that hunts; a line that is no sample is named, never counted as proof."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from seawall.detect import samples
from seawall.detect.samples import judge, sample_table
from seawall.errors import RuleError
from tests.detect.sigma.correlation.stories import FAILED, correlation

RULE = """\
title: Something
logsource: {product: network, category: command}
detection:
  s: {command|startswith: 'clear'}
  condition: s
"""
HIT = '{"match": true, "why": "cleared", "event": {"command": "clear logging"}}'


def judged(folder: Path, *lines: str) -> list[samples.Sample]:
    (folder / "some.yml").write_text(RULE)
    (folder / "some.samples.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return [told for told in judge([folder]) if isinstance(told, samples.Sample)]


def refused(*paths: Path) -> list[RuleError]:
    return [told for told in judge(paths) if isinstance(told, RuleError)]


def test_a_sample_is_right_when_the_rule_does_what_it_says(tmp_path: Path) -> None:
    quiet = HIT.replace("true", "false").replace("clear logging", "show clock")
    wrong = HIT.replace("true", "false")
    found = judged(tmp_path, HIT, "", quiet, wrong)
    assert [(s.where.partition(":")[2], s.match, s.right) for s in found] == [
        ("1", True, True),
        ("3", False, True),
        ("4", False, False),
    ]


@pytest.mark.parametrize(
    "line",
    [
        pytest.param("{", id="no JSON"),
        pytest.param("[1]", id="a list"),
        pytest.param('{"match": true, "why": "x"}', id="no event"),
        pytest.param('{"match": true, "why": "x", "event": ["command"]}', id="an event that is a list"),
        pytest.param(HIT.replace("true", '"yes"'), id="a match that is a word"),
        pytest.param(HIT.replace("true", "1"), id="a match that is a number"),
        pytest.param(HIT.replace('"command"', '"comand"'), id="a column the view does not have"),
        pytest.param(HIT.replace('"clear logging"', '"\\ud800"'), id="half a character"),
        pytest.param(HIT.replace('"clear logging"', '["clear"]'), id="a list for a text"),
        pytest.param("[" * 100_000, id="a well of brackets"),
        pytest.param(HIT.replace('"event"', '"view": "flows", "event"'), id="a view the rule does not read"),
    ],
)
def test_a_line_that_is_no_sample_is_named_with_its_place(tmp_path: Path, line: str) -> None:
    assert len(judged(tmp_path, HIT, line)) == 1
    (error,) = refused(tmp_path)
    assert error.where == "some.samples.jsonl:2"
    assert error.mend


def test_a_number_no_column_can_hold_is_refused_as_well(tmp_path: Path) -> None:
    rule = RULE.replace("product: network, category: command", "category: firewall").replace(
        "command|starts", "src_port|starts"
    )
    (tmp_path / "some.yml").write_text(rule)
    event = f'{{"match": true, "why": "x", "view": "flows", "event": {{"src_port": {10**30}}}}}'
    (tmp_path / "some.samples.jsonl").write_text(event)
    (error,) = refused(tmp_path)
    assert "too large" in error.what


def test_a_rule_without_samples_has_none_and_a_broken_rule_does_not_keep_others_from_being_judged(
    tmp_path: Path,
) -> None:
    (tmp_path / "some.yml").write_text(RULE)
    assert list(judge([tmp_path])) == []
    (tmp_path / "bad.yml").write_text("title: [")
    assert [s.right for s in judged(tmp_path, HIT)] == [True]
    (error,) = refused(tmp_path)
    assert "not YAML" in error.what


def test_samples_say_when_it_happened(tmp_path: Path) -> None:
    (tmp_path / "late.yml").write_text(RULE.replace("command|startswith: 'clear'", "time|hour|gte: 22"))
    lines = [
        {"match": True, "why": "late", "event": {"time": "2026-11-21T22:00:00"}},
        {"match": False, "why": "half past nine in UTC", "event": {"time": "2026-11-21T23:30:00+02:00"}},
    ]
    (tmp_path / "late.samples.jsonl").write_text("\n".join(map(json.dumps, lines)))
    assert [s.right for s in judge([tmp_path]) if isinstance(s, samples.Sample)] == [True, True]


def test_folders_are_judged_together_and_files_of_one_name_each_by_its_own_samples(tmp_path: Path) -> None:
    for name, word in (("a", "clear"), ("b", "erase")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "r.yml").write_text(
            RULE.replace("clear", word) + f"id: 00000000-0000-4000-8000-0000000000a{name}\n"
        )
        (tmp_path / name / "r.samples.jsonl").write_text(HIT.replace("clear", word))
    assert [s.right for s in judge([tmp_path / "a", tmp_path / "b"]) if isinstance(s, samples.Sample)] == [True, True]


def test_further_columns_are_taken_only_by_kinds_that_are_open() -> None:
    assert sample_table("windows", {"Odd": "x"})["Odd"].to_pylist() == ["x"]
    with pytest.raises(ValueError, match="Odd"):
        sample_table("commands", {"Odd": "x"})


def test_a_correlation_is_judged_by_samples_of_several_events(tmp_path: Path) -> None:
    body = "type: event_count, rules: failed, group-by: src_ip, timespan: 1m, condition: {gte: 2}"
    (tmp_path / "burst.yml").write_text(f"{FAILED}---\n{correlation('burst', body)}")
    events = [
        {"view": "logins", "time": f"2026-11-21T22:00:{at:02}Z", "src_ip": "192.0.2.7", "outcome": "failure"}
        for at in (0, 30)
    ]
    lines = [
        {"match": True, "why": "one failure is what the rule asks", "event": {"outcome": "failure"}},
        {"match": True, "why": "two within a minute", "events": events},
        {"match": False, "why": "one alone", "events": events[:1]},
        {"match": True, "why": "wrongly expected", "events": [events[0], {**events[1], "src_ip": "192.0.2.8"}]},
    ]
    (tmp_path / "burst.samples.jsonl").write_text("\n".join(map(json.dumps, lines)))
    judged = {s.why: s.right for s in judge([tmp_path / "burst.yml"]) if isinstance(s, samples.Sample)}
    assert judged == {
        "one failure is what the rule asks": True,
        "two within a minute": True,
        "one alone": True,
        "wrongly expected": False,
    }
