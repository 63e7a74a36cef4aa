"""Filters narrow rules of others: by id, by name, any of a log source, several at once; never more than they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.detect.sigma.correlation.stories import CHANGED, FAILED, WORKED, login, ruleset, told


def narrowing(rules: str, source: str = "product: network, category: authentication", said: str = "not ours") -> str:
    return (
        f"title: Ours {rules}\nlogsource: {{{source}}}\n"
        f"filter:\n  rules: {rules}\n  ours: {{user|startswith: nms}}\n  condition: {said}\n"
    )


LOGINS = [login(0, "failure"), login(1, "failure", user="nms7"), login(2, "success", user="nms7")]


def found(tmp_path: Path, *filters: str) -> list[tuple[str, str]]:
    rules = ruleset(tmp_path, FAILED, WORKED, *filters)
    assert rules.broken == ()
    return sorted((f.title, f.details["user"]) for f in told(rules, LOGINS))


FAILED_BOTH = [("Login failed", "nms7"), ("Login failed", "ops1")]


@pytest.mark.parametrize(
    "reference", ["failed", "[failed]", "aaaaaaaa-0000-4000-8000-000000000001"], ids=["name", "list", "id"]
)
def test_a_filter_narrows_the_rule_it_names(tmp_path: Path, reference: str) -> None:
    assert found(tmp_path, narrowing(reference)) == [("Login failed", "ops1"), ("Login worked", "nms7")]


def test_any_means_every_rule_of_the_log_source(tmp_path: Path) -> None:
    assert found(tmp_path, narrowing("any")) == [("Login failed", "ops1")]
    assert found(tmp_path, narrowing("any", "product: network")) == [("Login failed", "ops1")]


@pytest.mark.parametrize("source", ["product: windows", "product: network, category: command"])
def test_a_filter_of_another_log_source_changes_nothing(tmp_path: Path, source: str) -> None:
    assert found(tmp_path, narrowing("any", source)) == [*FAILED_BOTH, ("Login worked", "nms7")]


def test_several_filters_stand_on_one_rule(tmp_path: Path) -> None:
    second = narrowing("failed").replace("startswith: nms", "startswith: ops").replace("Ours", "Others")
    assert found(tmp_path, narrowing("failed"), second) == [("Login worked", "nms7")]


def test_a_condition_is_joined_as_written(tmp_path: Path) -> None:
    assert found(tmp_path, narrowing("any", said="ours")) == [("Login failed", "nms7"), ("Login worked", "nms7")]


def test_the_rule_says_which_filters_stand_on_it(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, FAILED, narrowing("failed"))
    assert rules.rules[0].filters == ("Ours failed",)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        pytest.param(narrowing("nobody"), "names nobody", id="a rule that is not there"),
        pytest.param(narrowing("any").replace("startswith", "startwith"), "Unknown modifier", id="unknown modifier"),
        pytest.param(narrowing("any").replace("not ours", "not theirs"), "not defined", id="unknown name"),
        pytest.param(narrowing("any").replace("  rules: any\n", ""), "rules", id="no rules"),
        pytest.param(
            narrowing("any").replace("nms", "'%places%'").replace("startswith", "expand"), "places", id="expand"
        ),
    ],
)
def test_a_broken_filter_is_named_and_the_rules_run_unfiltered(tmp_path: Path, text: str, what: str) -> None:
    rules = ruleset(tmp_path, CHANGED, FAILED, text)
    (error,) = rules.broken
    assert what in error.what
    assert (error.where or "").startswith("rules.yml:1")
    assert len(rules.rules) == 2


def test_two_filters_with_one_id_are_one_too_many(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, FAILED, narrowing("failed"), narrowing("failed"))
    assert "already used" in rules.broken[0].what


def test_a_filter_stands_on_the_rules_that_are_there_and_the_missing_one_is_a_warning(tmp_path: Path) -> None:
    text = narrowing("failed").replace("rules: failed", "rules: [failed, nobody]")
    rules = ruleset(tmp_path, FAILED, CHANGED, text)
    assert (rules.broken, [rule.filters for rule in rules.rules]) == ((), [("Ours failed",), ()])
    assert ["names nobody" in warning.what for warning in rules.warnings] == [True]
    assert found(tmp_path, text) == found(tmp_path, narrowing("failed"))
