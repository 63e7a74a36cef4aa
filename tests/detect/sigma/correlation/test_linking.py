"""What a correlation names is found, or the reason is said with file and line; the rest runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.detect.sigma.correlation.linking import Linked
from tests.detect.sigma.correlation.stories import CHANGED, FAILED, WORKED, correlation, ruleset

COUNT = "type: event_count, rules: {rule}, timespan: 1m, condition: {{gte: 2}}"
FOREIGN = FAILED.replace("product: network, category: authentication", "product: some-cloud").replace("0001", "0009")


def test_rules_are_found_by_id_and_by_name_wherever_they_stand(tmp_path: Path) -> None:
    by_id = COUNT.format(rule="aaaaaaaa-0000-4000-8000-000000000001")
    rules = ruleset(tmp_path, correlation("a", by_id), FAILED, correlation("b", COUNT.format(rule="failed")))
    assert rules.broken == ()
    assert [one.correlation.about.title for one in rules.correlations] == ["a", "b"]
    assert rules.correlations[0].correlation.about.needs[0].view == "logins"


@pytest.mark.parametrize(
    ("bodies", "what", "line"),
    [
        pytest.param({"a": COUNT.format(rule="nobody")}, "names nobody", 1, id="a rule that is not there"),
        pytest.param(
            {"a": COUNT.format(rule="b"), "b": COUNT.format(rule="c"), "c": COUNT.format(rule="a")},
            "in a circle",
            1,
            id="a circle",
        ),
        pytest.param({"a": COUNT.format(rule="a")}, "in a circle", 1, id="itself"),
        pytest.param(
            {"b": COUNT.format(rule="failed"), "a": COUNT.format(rule="b") + ", group-by: user"},
            "has no field user",
            7,
            id="a field the inner one is not grouped by",
        ),
    ],
)
def test_what_cannot_be_linked_is_named_and_the_rest_runs(
    tmp_path: Path, bodies: dict[str, str], what: str, line: int
) -> None:
    documents = [correlation(name, body) for name, body in bodies.items()]
    good = correlation("good", COUNT.format(rule="failed"))
    rules = ruleset(tmp_path, *documents, FAILED, good)
    assert what in rules.broken[0].what
    assert rules.broken[0].where == f"rules.yml:{line}"
    assert rules.broken[0].mend
    assert "good" in {one.correlation.about.title for one in rules.correlations}
    assert len(rules.rules) == 1


def test_every_correlation_of_a_circle_is_refused_and_so_is_what_rests_on_it(tmp_path: Path) -> None:
    bodies = {"a": "b", "b": "a", "c": "a"}
    rules = ruleset(tmp_path, *(correlation(name, COUNT.format(rule=rule)) for name, rule in bodies.items()))
    assert len(rules.broken) == 3
    assert rules.correlations == ()


def test_a_name_that_two_rules_have_is_refused(tmp_path: Path) -> None:
    twin = WORKED.replace("name: worked", "name: failed")
    rules = ruleset(tmp_path, FAILED, twin, correlation("a", COUNT.format(rule="failed")))
    assert "is that of" in rules.broken[0].what


@pytest.mark.parametrize(
    ("body", "holds"),
    [
        pytest.param("type: event_count, rules: [failed, foreign], timespan: 1m, condition: {gte: 2}", True, id="any"),
        pytest.param("type: temporal, rules: [failed, foreign], timespan: 1m", False, id="all"),
        pytest.param("type: temporal, condition: failed or foreign, timespan: 1m", True, id="or"),
        pytest.param("type: temporal, condition: failed and not foreign, timespan: 1m", True, id="and not"),
        pytest.param("type: temporal, condition: failed and foreign, timespan: 1m", False, id="and"),
    ],
)
def test_a_correlation_that_can_never_hold_here_is_counted_apart(tmp_path: Path, body: str, holds: bool) -> None:
    rules = ruleset(tmp_path, FAILED, FOREIGN.replace("name: failed", "name: foreign"), correlation("a", body))
    (one,) = rules.correlations
    assert isinstance(one, Linked)
    assert one.can_hold is holds
    assert rules.account["correlations among them"] == int(holds)


def test_a_single_loud_correlation_gives_a_rule_its_voice_back(tmp_path: Path) -> None:
    quiet, loud = (correlation(name, COUNT.format(rule="changed")) for name in ("quiet", "loud"))
    rules = ruleset(tmp_path, CHANGED, quiet)
    assert len(rules.silenced) == 1
    rules = ruleset(tmp_path, CHANGED, quiet, loud.replace("timespan", "generate: true, timespan"))
    assert rules.silenced == frozenset()
