"""Single questions, judged on an array of values at once."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.sigma.folding import fold
from seawall.detect.sigma.plan import Atom, Op
from seawall.detect.sigma.values import Values, as_text


def accepted(atom: Atom, column: list[Any], type_: pa.DataType | None = None) -> list[bool]:
    """For each value, whether the atom accepts it."""
    array = pa.array(column, type_)
    numeric = pa.types.is_integer(array.type) or pa.types.is_floating(array.type)
    return [bool(held) for held in Values(as_text(array), numeric=numeric).judge(atom)]


TEXT = st.text("abAB\u00c4\u00e4\u0130\u00df\u212a0.-", max_size=12)


@given(value=st.text("abkAB\u00e4\u00c40\u212a", max_size=6), column=st.lists(TEXT, min_size=1, max_size=8))
def test_contains_is_a_plain_search_without_case(value: str, column: list[str]) -> None:
    wanted = [fold(value) in fold(text) for text in column]
    assert accepted(Atom("f", Op.CONTAINS, value), column) == wanted
    padded = [*column, "z" * 5_000]  # so much text goes to the other search engine
    assert accepted(Atom("f", Op.CONTAINS, value), padded)[:-1] == wanted


def test_a_letter_that_only_looks_foreign_is_folded_too() -> None:
    kelvin = "\u212a"
    assert accepted(Atom("f", Op.EQUALS, "ok"), ["o" + kelvin, "ok", "ox"]) == [True, True, False]
    assert accepted(Atom("f", Op.EQUALS, "o" + kelvin), ["ok", "OK", "ox"]) == [True, True, False]


@pytest.mark.parametrize(
    ("op", "bound", "column", "held"),
    [
        pytest.param(Op.LT, "5", ["4", "nan", "x", "", "5"], [True, False, False, False, False], id="no number"),
        pytest.param(Op.GTE, "5", [5, 4], [True, False], id="the bound itself"),
        pytest.param(Op.NUMBER, "22", [22, 2], [True, False], id="whole numbers"),
        pytest.param(Op.NUMBER, "22", ["22", "022", "22.0"], [True, False, False], id="in text it is its digits"),
        pytest.param(Op.PRESENT, "", ["", "a"], [True, True], id="present"),
    ],
)
def test_comparisons_accept_only_numbers(op: Op, bound: str, column: list[Any], held: list[bool]) -> None:
    assert accepted(Atom("f", op, bound), column) == held


def test_addresses_are_inside_a_network_only_of_their_own_version() -> None:
    column = ["192.0.2.1", "192.0.3.1", "192.0.2", "2001:db8::1", "fe80::1%eth0", "\x00", "0.0.0.0"]
    assert accepted(Atom("f", Op.CIDR, "192.0.2.0/24"), column) == [True, *[False] * 6]
    assert accepted(Atom("f", Op.CIDR, "::/0"), column) == [False, False, False, True, True, False, False]


def test_ids_are_compared_in_hex_and_booleans_by_their_json_word() -> None:
    assert accepted(Atom("f", Op.EQUALS, "00FF"), [b"\x00\xff"], pa.binary(2)) == [True]
    assert accepted(Atom("f", Op.EQUALS, "true"), [True, False]) == [True, False]


def test_a_pattern_that_needs_a_long_text_is_asked_of_long_texts_only() -> None:
    column = ["a" * 70, "b", "a" * 30 + "\n" + "a" * 69]
    assert accepted(Atom("f", Op.REGEX, "a{70}"), column) == [True, False, False]
    assert accepted(Atom("f", Op.REGEX, ".{69,}"), column) == [True, False, True]
    assert accepted(Atom("f", Op.REGEX, ".{70,}"), column) == [True, False, False]
