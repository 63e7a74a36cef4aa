"""What a plan reads must be known before it runs: a field left out would silently never match."""

from __future__ import annotations

import pickle

import pytest

from seawall.detect.sigma.plan import ANY_TEXT, And, Atom, Group, Not, Op, Or, Plan, atoms_of, conjunction, fields_of

A, B, C = (Atom(name, Op.EQUALS, "x") for name in "abc")


def test_atoms_come_left_to_right_through_every_kind_of_node() -> None:
    assert list(atoms_of(And((A, Not(Or((B, A))), C)))) == [A, B, A, C]


def test_a_condition_as_deep_as_a_well_is_walked_without_recursion() -> None:
    deep: Not | Atom = A
    for _ in range(20_000):
        deep = Not(deep)
    assert list(atoms_of(deep)) == [A]


@pytest.mark.parametrize("op", [Op.SAME, Op.SAME_START, Op.SAME_END, Op.SAME_INSIDE])
def test_a_field_that_is_only_compared_with_is_read_too(op: Op) -> None:
    assert fields_of(Atom("here", op, "there")) == {"here", "there"}


def test_a_value_is_no_field() -> None:
    assert fields_of(And((A, Atom(ANY_TEXT, Op.CONTAINS, "b")))) == {"a", ANY_TEXT}


def test_the_fields_of_a_plan_hold_those_of_its_guards() -> None:
    plan = Plan((Group(A, ((1, B),)), Group(None, ((2, C),))))
    assert plan.fields == {"a", "b", "c"}


def test_parts_are_joined_only_where_there_are_several() -> None:
    assert conjunction(()) is None
    assert conjunction((A,)) is A
    assert conjunction((A, B)) == And((A, B))


def test_a_condition_travels_to_another_process_unchanged() -> None:
    condition = Or((And((A, Not(B))), C))
    assert pickle.loads(pickle.dumps(condition)) == condition
