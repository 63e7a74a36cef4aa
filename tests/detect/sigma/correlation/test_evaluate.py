"""Windows, against a plain reading of the same words over thousands of random groups."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from seawall.detect.sigma.correlation.evaluate import Matches, Window, episodes, windows
from seawall.detect.sigma.correlation.rule import All, Bound, Expression, Kind, Lacking, Question, Seen, Some
from tests.detect.sigma.correlation import naive
from tests.detect.sigma.correlation.naive import Row

OPS = ("gt", "gte", "lt", "lte", "eq", "neq")
NUMBERS = st.decimals(-20, 20, places=1).map(Fraction)
BOUNDS = st.dictionaries(st.sampled_from(OPS), st.integers(0, 5).map(Fraction), min_size=1, max_size=2)


def answers(question: Question, rows: list[Row]) -> list[naive.Answer]:
    """What the engine says, as times and figures."""
    ordered = sorted(rows, key=lambda row: (row.t, row.event, row.step))
    matches = Matches(
        np.asarray([row.t for row in ordered], dtype=np.int64),
        np.asarray([row.step for row in ordered], dtype=np.int32),
        np.asarray([row.event for row in ordered], dtype=np.int64),
        [row.value for row in ordered],
    )
    return [(int(matches.times[w.start]), int(matches.times[w.end - 1]), w.figure) for w in windows(question, matches)]


def rows_of(values: st.SearchStrategy[Any], *, steps: int = 1, most: int = 14) -> st.SearchStrategy[list[Row]]:
    """Matches, an event once, crowded enough that windows overlap and moments are shared."""
    made = st.lists(st.tuples(st.integers(0, 40), st.integers(0, steps - 1), values), max_size=most)
    return made.map(lambda found: [Row(t, step, number, value) for number, (t, step, value) in enumerate(found)])


def bounds_of(told: dict[str, Fraction]) -> tuple[Bound, ...]:
    return tuple(Bound(op, number) for op, number in told.items())


@settings(max_examples=600, deadline=None)
@given(
    kind=st.sampled_from([Kind.EVENT_COUNT, Kind.VALUE_COUNT, Kind.TEMPORAL]),
    rows=rows_of(st.sampled_from("abc"), steps=3),
    span=st.integers(1, 25),
    bounds=BOUNDS,
)
def test_counts_agree_with_a_plain_reading(kind: Kind, rows: list[Row], span: int, bounds: dict[str, Fraction]) -> None:
    question = Question(kind, span, 3, bounds_of(bounds))
    assert answers(question, rows) == naive.windows(kind.value, span, bounds, Fraction(50), rows)


@settings(max_examples=600, deadline=None)
@given(
    kind=st.sampled_from([Kind.VALUE_SUM, Kind.VALUE_AVG, Kind.VALUE_MEDIAN, Kind.VALUE_PERCENTILE]),
    rows=rows_of(NUMBERS),
    span=st.integers(1, 25),
    bounds=st.dictionaries(st.sampled_from(OPS), NUMBERS, min_size=1, max_size=2),
    share=st.integers(0, 100).map(Fraction),
)
def test_figures_of_values_agree_with_a_plain_reading_exactly(
    kind: Kind, rows: list[Row], span: int, bounds: dict[str, Fraction], share: Fraction
) -> None:
    share = share if kind is Kind.VALUE_PERCENTILE else Fraction(50)
    question = Question(kind, span, 1, bounds_of(bounds), percentile=share)
    assert answers(question, rows) == naive.windows(kind.value, span, bounds, share, rows)


@settings(max_examples=800, deadline=None)
@given(
    matches=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2), st.integers(0, 5)), max_size=9, unique=True),
    span=st.integers(1, 10),
    steps=st.integers(1, 3),
)
def test_sequences_agree_with_every_choice_tried(matches: list[tuple[int, int, int]], span: int, steps: int) -> None:
    at = {event: t for t, _, event in reversed(matches)}  # an event happens once
    rows = list(dict.fromkeys(Row(at[event], step, event) for _, step, event in matches if step < steps))
    bounds = (Bound("gte", Fraction(steps)),)
    assert answers(Question(Kind.TEMPORAL_ORDERED, span, steps, bounds), rows) == naive.ordered(span, steps, rows)


EXPRESSIONS: st.SearchStrategy[Any] = st.recursive(
    st.integers(0, 2),
    lambda inner: st.one_of(
        st.tuples(st.just("not"), inner),
        st.tuples(st.sampled_from(["and", "or"]), inner, inner),
    ),
    max_leaves=5,
)


def expression_of(told: Any) -> Expression:
    match told:
        case int():
            return Seen(told)
        case ("not", part):
            return Lacking(expression_of(part))
        case ("and", *parts):
            return All(tuple(map(expression_of, parts)))
        case (_, *parts):
            return Some(tuple(map(expression_of, parts)))
    raise AssertionError(told)


@settings(max_examples=400, deadline=None)
@given(told=EXPRESSIONS, rows=rows_of(st.none(), steps=3), span=st.integers(1, 25))
def test_conditions_in_words_agree_with_a_plain_reading(told: Any, rows: list[Row], span: int) -> None:
    question = Question(Kind.TEMPORAL, span, 3, (), expression=expression_of(told))
    assert answers(question, rows) == naive.expressed(span, told, 3, rows)


@settings(max_examples=400, deadline=None)
@given(
    told=EXPRESSIONS,
    matches=st.lists(st.tuples(st.integers(0, 12), st.integers(0, 2), st.integers(0, 5)), max_size=8, unique=True),
    span=st.integers(1, 10),
)
def test_sequences_in_words_agree_with_every_choice_tried(
    told: Any, matches: list[tuple[int, int, int]], span: int
) -> None:
    assume(not naive.says(told, set(), set()))
    at = {event: t for t, _, event in reversed(matches)}
    rows = list(dict.fromkeys(Row(at[event], step, event) for _, step, event in matches))
    question = Question(Kind.TEMPORAL_ORDERED, span, 3, (), expression=expression_of(told))
    found = [(first, last) for first, last, _ in answers(question, rows)]
    assert found == naive.ordered_in_words(span, told, 3, rows)


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        pytest.param([58, 59, 60, 61], 1, id="across any border of a bucket"),
        pytest.param([0, 20, 40, 60], 1, id="both ends of the window count"),
        pytest.param([0, 20, 40, 61], 0, id="one second too long"),
        pytest.param([5, 5, 5, 5], 1, id="all at one moment"),
    ],
)
def test_four_within_a_minute(seconds: list[int], found: int) -> None:
    question = Question(Kind.EVENT_COUNT, 60, 1, (Bound("gte", Fraction(4)),))
    assert len(answers(question, [Row(t, 0, n) for n, t in enumerate(seconds)])) == found


def test_fewer_than_is_not_said_of_the_beginning_of_a_burst() -> None:
    question = Question(Kind.EVENT_COUNT, 60, 1, (Bound("lt", Fraction(3)),))
    assert answers(question, [Row(t, 0, t) for t in range(10)]) == []
    assert len(answers(question, [Row(t, 0, t) for t in (0, 1)])) == 1


def test_tenths_add_up() -> None:
    question = Question(Kind.VALUE_SUM, 60, 1, (Bound("gt", Fraction("0.3")),))
    assert answers(question, [Row(0, 0, 0, Fraction("0.1")), Row(1, 0, 1, Fraction("0.2"))]) == []


def test_windows_that_share_a_match_are_one_episode() -> None:
    found = [Window(0, 3, Fraction(3)), Window(1, 4, Fraction(5)), Window(4, 7, Fraction(3))]
    first, second = episodes(found)
    assert (first.start, first.end, first.figure, first.moments) == (0, 4, 5, 2)
    assert (second.start, second.end) == (4, 7)
    assert next(episodes(found, low=True)).figure == 3


def test_no_matches_no_windows() -> None:
    assert answers(Question(Kind.EVENT_COUNT, 60, 1, (Bound("gte", Fraction(0)),)), []) == []
