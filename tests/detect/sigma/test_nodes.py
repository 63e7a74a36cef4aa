"""Conditions made ready: atoms numbered once, those of one field gathered, the cheap before the dear."""

from __future__ import annotations

from seawall.detect.sigma.nodes import All, AnyOf, No, Nothing, Numbering, One, Pair
from seawall.detect.sigma.plan import And, Atom, Not, Op, Or

A, B = Atom("f", Op.CONTAINS, "a"), Atom("f", Op.CONTAINS, "b")
OTHER, REGEX, NONE = Atom("g", Op.EQUALS, "x"), Atom("g", Op.REGEX, "x+"), Atom("g", Op.ABSENT)


def test_the_same_atom_has_one_number() -> None:
    numbering = Numbering()
    assert numbering.node(And((A, Or((A, B))))) == All((AnyOf("f", (0,)), AnyOf("f", (0, 1))))
    assert numbering.atoms == [A, B]


def test_a_choice_gathers_what_is_asked_of_one_field() -> None:
    node = Numbering().node(Or((A, OTHER, B, NONE)))
    assert node == One((AnyOf("f", (0, 2)), AnyOf("g", (1,)), Nothing("g")))


def test_cheap_parts_are_asked_first() -> None:
    node = Numbering().node(And((Atom("f", Op.SAME, "g"), REGEX, Not(A), OTHER)))
    assert isinstance(node, All)
    assert [type(part) for part in node.parts] == [AnyOf, No, AnyOf, Pair]
