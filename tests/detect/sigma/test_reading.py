"""One YAML file becomes rules, documents set aside, and errors that point at the line."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seawall.detect.sigma import documents
from seawall.detect.sigma.archive import RuleFile
from seawall.detect.sigma.correlation.rule import Correlation
from seawall.detect.sigma.filters import Filter
from seawall.detect.sigma.reading import Aside, Item, read_rules
from seawall.detect.sigma.rule import Rule
from seawall.errors import RuleError
from seawall.model.severity import Severity

RULE = """\
title: Something
logsource: {product: network, category: command}
detection:
  s: {command|startswith: 'x'}
  condition: s
"""


def read(text: str | bytes) -> list[Item]:
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


@pytest.mark.parametrize("condition", ["2 of them", "s and missing", "s and"])
def test_a_condition_that_is_none_says_what_one_is_made_of(condition: str) -> None:
    (broken,) = read(RULE.replace("condition: s", f"condition: {condition}"))
    assert isinstance(broken, RuleError)
    assert broken.where == "some.yml:5"
    assert "`1 of` or `all of`" in str(broken.mend)


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


@pytest.mark.parametrize("status", ["deprecated", "unsupported"])
def test_retired_rules_are_set_aside_with_their_reason(status: str) -> None:
    (aside,) = read(f"{RULE}status: {status}\n")
    assert isinstance(aside, Aside)
    assert status in aside.reason


def test_a_correlation_and_a_filter_are_read_with_their_lines() -> None:
    counted = "title: many\nname: many\ncorrelation: {type: event_count, rules: a, timespan: 1m, condition: {gte: 2}}\n"
    narrowed = "title: not ours\nlogsource: {product: network}\nfilter: {rules: [a], s: {user: x}, condition: not s}\n"
    rule_itself, correlation, narrowing = read(f"{RULE}---\n{counted}---\n{narrowed}")
    assert isinstance(rule_itself, Rule)
    assert isinstance(correlation, Correlation)
    assert isinstance(narrowing, Filter)
    assert (correlation.where, narrowing.where) == ("some.yml:7", "some.yml:11")
    assert (correlation.name, narrowing.rules) == ("many", ("a",))


def test_a_collection_of_older_sigma_is_written_out() -> None:
    shared = "action: global\ntitle: Shared\nlevel: high\ndetection: {condition: s}\n"
    one = "logsource: {product: network, category: command}\ndetection: {s: {command: a}}\n"
    again = "action: repeat\ntitle: Again\ndetection: {s: {command: b}}\n"
    bare = RULE.replace("Something", "Bare")
    found = read(f"{shared}---\n{one}---\n{again}---\naction: reset\n---\n{bare}")
    assert all(isinstance(item, Rule) for item in found)
    assert [(r.about.title, r.about.severity) for r in found if isinstance(r, Rule)] == [
        ("Shared", Severity.HIGH),
        ("Again", Severity.HIGH),
        ("Bare", Severity.MEDIUM),
    ]


def test_an_action_nobody_knows_is_refused() -> None:
    (error,) = read("action: explode\n" + RULE)
    assert isinstance(error, RuleError)
    assert "explode" in error.what


def test_anchors_that_multiply_are_refused_with_their_place() -> None:
    bomb = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 9)}]\n" for n in range(9)
    )
    (error,) = read(bomb)
    assert isinstance(error, RuleError)
    assert (error.where or "").startswith("some.yml:")


def test_a_broken_rule_of_a_foreign_log_source_is_still_broken() -> None:
    text = RULE.replace("{product: network, category: command}", "{product: some-cloud}")
    assert rule(text).variants == ()
    (error,) = read(text.replace("startswith: 'x'", "re: '('"))
    assert isinstance(error, RuleError)


def test_files_that_are_no_text_or_too_much_of_it_are_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "MAX_DOCUMENTS", 2)
    for data in (b"\xff\xfe\x00", b"a: &x [*x", b"---\na: 1\n" * 3, b"[" * 5_000):
        (error,) = read(data)
        assert isinstance(error, RuleError)
        assert (error.where or "").startswith("some.yml:")


def test_an_empty_file_holds_no_rule_and_no_error() -> None:
    assert read("") == read("# only a comment\n") == []
