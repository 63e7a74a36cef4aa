"""What a value must hold for an atom to accept it: never more than that."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.sigma.folding import fold
from seawall.detect.sigma.literals import Literal, literal_of, needed_of_regex
from seawall.detect.sigma.plan import Atom, Op


@pytest.mark.parametrize(
    ("pattern", "needed"),
    [
        pytest.param(r"abcdef", b"abcdef", id="plain"),
        pytest.param(r"(?i)ABC.defgh", b"defgh", id="the longest run, folded"),
        pytest.param(r"x(abcd)+y", b"abcd", id="inside a group that must occur"),
        pytest.param(r"x(abcd)*yz", b"yz", id="not inside one that may be missing"),
        pytest.param(r"abcd|efgh", b"", id="nothing of a choice"),
        pytest.param(r"(?:abcd|abef)gh", b"ab", id="what all choices start with"),
        pytest.param(r"abc?def", b"def", id="an optional letter parts a run"),
        pytest.param(r"(?=abcd)x", b"x", id="not from a look ahead"),
        pytest.param(r"a\.b\\c", rb"a.b\c", id="escaped"),
        pytest.param(r"[a-z]{3}", b"", id="a class is nothing certain"),
        pytest.param(r"ab\pLcd", b"", id="what only RE2 reads is nothing certain"),
        pytest.param("abc\u00e9defgh", b"defgh", id="other than ascii parts a run"),
    ],
)
def test_a_regular_expression_s_needed_text(pattern: str, needed: bytes) -> None:
    assert needed_of_regex(pattern) == needed


@given(st.from_regex(r"([abK.]|\(\?:ab\)|a\+|b\*|\[ab\]|ab\?){1,8}", fullmatch=True), st.text("abkK", max_size=14))
def test_every_match_holds_the_needed_text(pattern: str, text: str) -> None:
    if re.search(pattern, text):
        assert needed_of_regex(pattern) in fold(text).encode()


def test_a_short_text_is_no_literal() -> None:
    assert literal_of(Atom("f", Op.CONTAINS, "abc")) is None
    assert literal_of(Atom("f", Op.CIDR, "192.0.2.0/24")) is None


def test_a_question_that_minds_case_is_judged_where_its_folded_text_stands() -> None:
    assert literal_of(Atom("f", Op.ENDS, "AbCd", cased=True)) == Literal(b"abcd", closes=True)
    assert literal_of(Atom("f", Op.EQUALS, "AbCd")) == Literal(b"abcd", opens=True, closes=True, exact=True)
    assert literal_of(Atom("f", Op.GLOB, "(?s)ab.*cdefg", pieces=("ab", "cdefg"))) == Literal(b"cdefg")
