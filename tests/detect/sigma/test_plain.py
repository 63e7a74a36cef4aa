"""What is written as plain data comes back equal, and only listed classes are ever made."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.base import About, Need
from seawall.detect.sigma.plain import NotPlainError, Writer, read
from seawall.detect.sigma.plan import And, Atom, Not, Op, Or
from seawall.errors import RuleError
from seawall.model.severity import Severity

CLASSES = (About, Need, Severity, Atom, And, Or, Not, Op)
TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=6)
ATOMS = st.builds(Atom, TEXT, st.sampled_from(Op), TEXT, st.booleans(), st.lists(TEXT, max_size=2).map(tuple))
TREES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


def carried(value: object) -> object:
    """A value, written to JSON and read again."""
    writer = Writer(CLASSES)
    at = writer.write((value,))[0]
    (back,) = read(orjson.loads(orjson.dumps(writer.rows)), CLASSES)[at]
    return back


@given(TREES)
def test_a_condition_comes_back(tree: object) -> None:
    assert carried(tree) == tree


def test_what_is_said_of_a_rule_comes_back() -> None:
    about = About("id", "title", Severity.HIGH, 60, (Need("windows", ("a", "b")),), gap=timedelta(minutes=7))
    assert carried(about) == about
    assert carried(({"a": ("b", 1.5)}, frozenset({"x"}), Fraction(1, 3))) == (
        {"a": ("b", 1.5)},
        frozenset({"x"}),
        Fraction(1, 3),
    )


def test_one_and_true_stay_apart() -> None:
    assert [type(part) for part in carried((1, True, 1.0, None))] == [int, bool, float, type(None)]  # type: ignore[attr-defined]


def test_an_error_keeps_its_place_and_its_cure() -> None:
    back = carried(RuleError("what", where="a.yml:3", mend="how"))
    assert isinstance(back, RuleError)
    assert (back.what, back.where, back.mend) == ("what", "a.yml:3", "how")


def test_a_class_that_is_not_listed_is_neither_written_nor_made() -> None:
    with pytest.raises(NotPlainError, match="object"):
        Writer(CLASSES).write(object())
    with pytest.raises(LookupError):
        read([[len(CLASSES) + 50, "x"]], CLASSES)
    with pytest.raises(LookupError):
        read([[0, [7]]], CLASSES)
