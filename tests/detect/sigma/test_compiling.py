"""A condition becomes the cheapest plan that says the same, or is refused with the reason."""

from __future__ import annotations

from typing import Any

import pytest
from sigma.rule import SigmaRule

from seawall.detect.sigma import regexes
from seawall.detect.sigma.compiling import MAX_DEPTH, condition_from
from seawall.detect.sigma.plan import ANY_TEXT, Atom, Condition, Not, Op
from seawall.errors import RuleError


def compiled(selection: Any, condition: str = "s") -> Condition:
    detection = {"s": selection, "condition": condition}
    rule = SigmaRule.from_dict(
        {"title": "t", "logsource": {"category": "x"}, "detection": detection}, policy=regexes.POLICY
    )
    return condition_from(rule.detection.parsed_condition[0].parsed, str.upper)


@pytest.mark.parametrize(
    ("value", "op", "text"),
    [
        pytest.param("clear", Op.EQUALS, "clear", id="no wildcard"),
        pytest.param("clear*", Op.STARTS, "clear", id="wildcard behind"),
        pytest.param("*clear", Op.ENDS, "clear", id="wildcard before"),
        pytest.param("**clear*", Op.CONTAINS, "clear", id="wildcards around, one of them twice"),
        pytest.param("*", Op.PRESENT, "", id="a wildcard alone"),
        pytest.param("", Op.EQUALS, "", id="empty text"),
        pytest.param("\\*", Op.EQUALS, "*", id="an escaped wildcard is text"),
    ],
)
def test_wildcards_at_the_ends_need_no_pattern(value: str, op: Op, text: str) -> None:
    assert compiled({"f": value}) == Atom("F", op, text)


def test_a_wildcard_inside_keeps_the_plain_texts_it_cannot_do_without() -> None:
    atom = compiled({"f": "copy (A)*ftp?"})
    assert isinstance(atom, Atom)
    assert (atom.op, atom.pieces) == (Op.GLOB, ("copy (a)", "ftp"))
    assert atom.value.startswith("(?s)^copy \\(a\\).*ftp.")


def test_a_keyword_stands_anywhere_in_any_text() -> None:
    assert compiled(["clear"]) == Atom(ANY_TEXT, Op.CONTAINS, "clear")
    assert compiled([49]) == Atom(ANY_TEXT, Op.CONTAINS, "49")


def test_a_field_named_by_a_value_is_renamed_too() -> None:
    assert compiled({"f|fieldref": "g"}) == Atom("F", Op.SAME, "G")


@pytest.mark.parametrize(
    ("selection", "reason"),
    [
        pytest.param({"f|expand": "%admins%"}, "%admins%", id="a list nobody gave"),
        pytest.param({"f|re": "(?=x)(a+)+"}, "regular expression", id="a pattern that may run away"),
    ],
)
def test_what_cannot_be_followed_exactly_is_refused_with_a_cure(selection: Any, reason: str) -> None:
    with pytest.raises(RuleError, match=reason) as caught:
        compiled(selection)
    assert caught.value.mend


def test_nesting_is_followed_to_its_bound_and_no_further() -> None:
    deep = compiled({"f": "a"}, "not (" * 30 + "s" + ")" * 30)
    assert isinstance(deep, Not)
    with pytest.raises(RuleError, match=f"deeper than {MAX_DEPTH}"):
        compiled({"f": "a"}, "not (" * (MAX_DEPTH + 1) + "s" + ")" * (MAX_DEPTH + 1))
