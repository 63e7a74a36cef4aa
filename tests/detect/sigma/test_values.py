"""Distinct values of a field, judged once each; the sieve before it may never lose a match."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.sigma.plan import Atom, Op
from seawall.detect.sigma.values import Sieve, Values, fold, grams


def accepted(atom: Atom, column: list[Any], type_: pa.DataType | None = None) -> list[bool]:
    """For each row, whether the atom accepts it."""
    values = Values(pa.array(column, type_), Sieve((atom,)))
    mask = values.judge(atom)
    return [False] * len(column) if mask is None else [bool(b) for b in np.take(mask, values.codes)]


TEXT = st.text("abAB\u00c4\u00e4\u0130\u00df0.-", max_size=12)


@given(value=st.text("abAB\u00e4\u00c40", min_size=1, max_size=6), column=st.lists(TEXT, min_size=1, max_size=8))
def test_the_sieve_loses_nothing_a_plain_search_finds(value: str, column: list[str]) -> None:
    found = accepted(Atom("f", Op.CONTAINS, value), column)
    assert found == [fold(value) in fold(text) for text in column]


def test_an_atom_whose_text_stands_nowhere_is_hopeless_and_one_that_stands_is_not() -> None:
    there, nowhere, short = (Atom("f", Op.CONTAINS, text) for text in ("guestshell", "mimikatz", "xyz"))
    hopeless = Sieve((there, nowhere, short)).hopeless(pa.array(["run guestshell"]))
    assert hopeless == {nowhere}  # three bytes are too few for the sieve: judged in full


def test_texts_shorter_than_a_piece_have_none() -> None:
    assert len(grams(np.frombuffer(b"abc", dtype=np.uint8))) == 0
    assert len(grams(np.frombuffer(b"abcd", dtype=np.uint8))) == 1


def test_a_row_without_a_value_answers_only_to_absent() -> None:
    column = ["a", None, ""]
    assert accepted(Atom("f", Op.ABSENT), column) == [False, True, False]
    assert accepted(Atom("f", Op.PRESENT), column) == [True, False, True]
    assert accepted(Atom("f", Op.ABSENT), [None, None], pa.string()) == [True, True]
    assert accepted(Atom("f", Op.EQUALS, ""), column) == [False, False, True]


@pytest.mark.parametrize(
    ("op", "bound", "column", "rows"),
    [
        pytest.param(
            Op.LT, "5", ["4", "nan", "x", "", "5"], [True, False, False, False, False], id="text that is none"
        ),
        pytest.param(Op.GTE, "5", [5, 4, None], [True, False, False], id="the bound itself"),
        pytest.param(Op.NUMBER, "22", [22, 2, None], [True, False, False], id="whole numbers"),
        pytest.param(Op.NUMBER, "22", ["22", "022", "22.0"], [True, False, False], id="a number in text is its digits"),
    ],
)
def test_comparisons_accept_only_numbers(op: Op, bound: str, column: list[Any], rows: list[bool]) -> None:
    assert accepted(Atom("f", op, bound), column) == rows


def test_addresses_are_inside_a_network_only_of_their_own_version() -> None:
    column = ["192.0.2.1", "192.0.3.1", "192.0.2", "2001:db8::1", "fe80::1%eth0", "\x00", "0.0.0.0"]
    assert accepted(Atom("f", Op.CIDR, "192.0.2.0/24"), column) == [True, *[False] * 6]
    assert accepted(Atom("f", Op.CIDR, "::/0"), column) == [False, False, False, True, True, False, False]


def test_ids_are_compared_in_hex_and_booleans_by_their_json_word() -> None:
    assert accepted(Atom("f", Op.EQUALS, "00FF"), [b"\x00\xff", None], pa.binary(2)) == [True, False]
    assert accepted(Atom("f", Op.EQUALS, "true"), [True, False]) == [True, False]
