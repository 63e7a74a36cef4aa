"""One YAML file becomes rules, documents set aside, and errors that point at the line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seawall.detect.sigma import reading
from seawall.detect.sigma.archive import RuleFile
from seawall.detect.sigma.reading import Aside, Rule, read_rules
from seawall.errors import RuleError
from seawall.model.severity import Severity

RULE = """\
title: Something
logsource: {product: network, category: command}
detection:
  s: {command|startswith: 'x'}
  condition: s
"""


def read(text: str | bytes) -> list[Rule | Aside | RuleError]:
    return list(read_rules(RuleFile("some.yml", text if isinstance(text, bytes) else text.encode())))


def rule(text: str) -> Rule:
    (found,) = read(text)
    assert isinstance(found, Rule), found
    return found


def test_one_broken_document_does_not_stop_the_others_and_its_line_is_counted_in_the_file() -> None:
    first, broken, last = read(f"{RULE}---\n{RULE.replace('condition: s', 'condition: t')}---\n{RULE}")
    assert isinstance(first, Rule)
    assert isinstance(last, Rule)
    assert isinstance(broken, RuleError)
    assert broken.where == "some.yml:11"


def test_a_rule_without_an_id_is_given_the_same_one_each_time() -> None:
    assert rule(RULE).about.id == rule(RULE).about.id
    assert rule(RULE).about.id != rule(RULE.replace("Something", "Another")).about.id


@pytest.mark.parametrize(
    ("own", "confidence"),
    [("", 55), ("status: stable\n", 85), ("seawall: {confidence: 0}\n", 0), ("seawall: {confidence: 100}\n", 100)],
)
def test_confidence_is_the_rules_own_word_before_sigmas(own: str, confidence: int) -> None:
    assert rule(RULE + own).about.confidence == confidence


@pytest.mark.parametrize("own", ["{confidence: 101}", "{confidence: -1}", "{gap_minutes: 0}", "{odd: 1}", "[1]"])
def test_keys_of_ours_out_of_bounds_are_refused(own: str) -> None:
    (error,) = read(f"{RULE}seawall: {own}\n")
    assert isinstance(error, RuleError)
    assert error.mend


def test_keys_of_ours_without_a_value_mean_nothing_said() -> None:
    about = rule(RULE + "seawall:\n  why:\n  setting:\n").about
    assert about.why == ""
    assert {need.setting for need in about.needs} == {""}


def test_level_gap_and_tags_become_what_findings_carry() -> None:
    about = rule(
        f"{RULE}level: high\ntags: [behaviour.p-01, attack.persistence, attack.t9999]\nseawall: {{gap_minutes: 5}}\n"
    ).about
    assert (about.severity, about.gap, about.behaviours) == (Severity.HIGH, timedelta(minutes=5), ("P-01",))
    assert about.attack == ("T9999",)  # a technique nobody knows keeps its name and gets no version


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("title: x\ncorrelation: {type: event_count}\n", "correlation"),
        (RULE + "status: deprecated\n", "deprecated"),
        ("title: x\nfilter: {rules: [a]}\n", "filter"),
        ("action: global\n", "action"),
    ],
)
def test_valid_sigma_we_do_not_run_is_set_aside_with_its_reason(text: str, reason: str) -> None:
    (aside,) = read(text)
    assert isinstance(aside, Aside)
    assert reason in aside.reason


def test_a_broken_rule_of_a_foreign_log_source_is_still_broken() -> None:
    text = RULE.replace("{product: network, category: command}", "{product: some-cloud}")
    assert rule(text).variants == ()
    (error,) = read(text.replace("startswith: 'x'", "re: '('"))
    assert isinstance(error, RuleError)


def test_files_that_are_no_text_or_too_much_of_it_are_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_DOCUMENTS", 2)
    for data in (b"\xff\xfe\x00", b"a: &x [*x", b"---\na: 1\n" * 3, b"[" * 5_000):
        (error,) = read(data)
        assert isinstance(error, RuleError)
        assert (error.where or "").startswith("some.yml:")


def test_an_empty_file_holds_no_rule_and_no_error() -> None:
    assert read("") == read("# only a comment\n") == []
