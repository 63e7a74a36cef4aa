"""Correlation documents: each type reads, and what is wrong is named with its cure."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.sigma.correlation.reading import aliases, generates, group_by, question_from
from seawall.detect.sigma.correlation.rule import All, Bound, Kind, Lacking, Seen, number_of
from seawall.errors import RuleError

GOOD: dict[str, Any] = {"type": "event_count", "rules": ["a"], "timespan": "5m", "condition": {"gte": 3}}


def good(**changed: Any) -> dict[str, Any]:
    made = {**GOOD, **changed}
    return {key: value for key, value in made.items() if value is not ...}


@pytest.mark.parametrize("kind", list(Kind))
def test_every_type_reads(kind: Kind) -> None:
    condition: Any = {"gte": 3, "field": "x"} if kind.value.startswith("value") else {"gte": 3}
    if kind is Kind.VALUE_PERCENTILE:
        condition["percentile"] = 95
    if kind is Kind.TEMPORAL_ORDERED:
        condition = ...
    question, references, fields = question_from(good(type=kind.value, condition=condition))
    assert (question.kind, question.span, references) == (kind, 300_000_000, ("a",))
    assert fields == (("x",) if kind.value.startswith("value") else ())


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("2h", 7_200), ("1d", 86_400), ("1w", 604_800), ("1M", 2_629_746)]
)
def test_spans_of_time(text: str, seconds: int) -> None:
    assert question_from(good(timespan=text))[0].span == seconds * 1_000_000


def test_a_range_is_two_bounds() -> None:
    question, _, _ = question_from(good(condition={"gt": 3, "lte": 7.5}))
    assert question.bounds == (Bound("gt", Fraction(3)), Bound("lte", Fraction("7.5")))


def test_a_condition_in_words_brings_its_rules() -> None:
    question, references, _ = question_from(good(type="temporal", rules=..., condition="b and not a"))
    assert references == ("b", "a")
    assert question.expression == All((Seen(0), Lacking(Seen(1))))


def test_temporal_without_a_condition_asks_for_every_rule() -> None:
    question, _, _ = question_from(good(type="temporal", rules=["a", "b"], condition=...))
    assert question.bounds == (Bound("gte", Fraction(2)),)


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ("text", "mapping"),
        (good(tpye=1), "tpye"),
        (good(type="often"), "no type"),
        (good(rules=...), "names no rules"),
        (good(rules={"a": 1}), "text or a list"),
        (good(rules=["a"] * 101), "more than 100"),
        (good(timespan="5"), "timespan"),
        (good(timespan=5), "timespan"),
        (good(timespan="0m"), "timespan"),
        (good(timespan="999y"), "timespan"),
        (good(condition=...), "needs a condition"),
        (good(condition={}), "compares with nothing"),
        (good(condition={"gte": "many"}), "no number"),
        (good(condition={"gte": True}), "no number"),
        (good(condition={"gte": "1e99999999"}), "no number"),
        (good(condition={"gte": 1, "atleast": 2}), "atleast"),
        (good(condition={"gte": 1, "field": "x"}), "takes no field"),
        (good(type="value_count"), "field"),
        (good(type="value_sum", condition={"gte": 1, "field": ["x", "y"]}), "one field"),
        (good(type="value_percentile", condition={"gte": 1, "field": "x"}), "percentile"),
        (good(type="value_percentile", condition={"gte": 1, "field": "x", "percentile": 101}), "percentile"),
        (good(type="value_sum", condition={"gte": 1, "field": "x", "percentile": 5}), "percentile"),
        (good(type="temporal_ordered", rules=["a", "b"], condition={"gte": 1}), "ordered"),
        (good(condition="a and b"), "in words"),
        (good(type="temporal", condition="a and and b"), "parse"),
        (good(type="temporal", rules=["a", "c"], condition="a and b"), "only"),
        (good(type="temporal", rules=..., condition="not a"), "nothing happened"),
    ],
)
def test_what_is_wrong_is_named(told: Any, what: str) -> None:
    with pytest.raises(RuleError, match=what) as caught:
        question_from(told)
    assert caught.value.mend


def test_what_stands_beside_the_question() -> None:
    assert group_by({"group-by": "a"}) == ("a",)
    assert group_by({"group-by": ["a", "b", "a"]}) == ("a", "b")
    assert aliases({"aliases": {"who": {"a": "user"}}}, ("a",)) == {"who": {"a": "user"}}
    assert generates({}) is False
    for told, what in (({"generate": "yes"}, "true"), ({"generate": 1}, "true")):
        with pytest.raises(RuleError, match=what):
            generates(told)
    for told in ({"aliases": {"who": {"b": "user"}}}, {"aliases": {"who": "user"}}, {"aliases": ["who"]}):
        with pytest.raises(RuleError):
            aliases(told, ("a",))


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-10_000, max_value=10_000, places=3))
def test_numbers_are_read_exactly(number: Any) -> None:
    assert number_of(f" {number} ") == Fraction(number)


@pytest.mark.parametrize("text", ["", "x", "nan", "inf", "0x10", "1_000", "1/3", "1e999", "--1", "\uff19"])
def test_what_is_no_number_is_none(text: str) -> None:
    assert number_of(text) is None
