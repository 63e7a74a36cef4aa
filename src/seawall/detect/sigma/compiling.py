"""From pySigma's condition tree to our plan.

pySigma reads the rule and applies the modifiers; what it hands out is translated here one to one, or refused with
the reason. Nothing is approximated: a rule we cannot follow exactly is a broken rule, not a weaker one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from sigma.conditions import (
    ConditionAND,
    ConditionFieldEqualsValueExpression,
    ConditionNOT,
    ConditionOR,
    ConditionValueExpression,
)
from sigma.types import (
    CompareOperators,
    Placeholder,
    SigmaBool,
    SigmaCasedString,
    SigmaCIDRExpression,
    SigmaCompareExpression,
    SigmaExists,
    SigmaExpansion,
    SigmaFieldReference,
    SigmaNull,
    SigmaNumber,
    SigmaRegularExpression,
    SigmaString,
    SigmaTimestampPart,
    SigmaType,
    SpecialChars,
)

from seawall.detect.sigma import regexes
from seawall.detect.sigma.plan import ANY_TEXT, And, Atom, Condition, Not, Op, Or
from seawall.detect.sigma.values import fold
from seawall.errors import RuleError

MAX_DEPTH: Final = 60
_COMPARE: Final = {
    CompareOperators.LT: Op.LT,
    CompareOperators.LTE: Op.LTE,
    CompareOperators.GT: Op.GT,
    CompareOperators.GTE: Op.GTE,
}
Rename = Callable[[str], str]


def condition_from(tree: Any, rename: Rename, *, depth: int = 0) -> Condition:
    """The plan of a parsed Sigma condition; `rename` maps Sigma's field names to columns.

    Raises:
        RuleError: the condition uses something this engine does not follow.
    """
    if depth > MAX_DEPTH:
        raise RuleError(f"the condition nests deeper than {MAX_DEPTH} levels", mend="flatten it")
    if isinstance(tree, ConditionAND | ConditionOR):
        parts = tuple(condition_from(part, rename, depth=depth + 1) for part in tree.args if part is not None)
        return And(parts) if isinstance(tree, ConditionAND) else Or(parts)
    if isinstance(tree, ConditionNOT):
        return Not(condition_from(tree.args[0], rename, depth=depth + 1))
    if isinstance(tree, ConditionFieldEqualsValueExpression):
        return _atom(rename(tree.field), tree.value, rename)
    if isinstance(tree, ConditionValueExpression):
        return _atom(ANY_TEXT, tree.value, rename)
    raise RuleError(f"the condition holds a {type(tree).__name__}, which is not supported", mend="rewrite it")


def _atom(field: str, value: SigmaType, rename: Rename) -> Condition:
    """One value of one field (`ANY_TEXT` for a keyword)."""
    match value:
        case SigmaExpansion():
            return Or(tuple(_atom(field, one, rename) for one in value.values))
        case SigmaString():
            return _text(field, value, cased=isinstance(value, SigmaCasedString))
        case SigmaTimestampPart():
            raise RuleError("parts of a time (hour, day …) are not supported yet", mend="leave that condition out")
        case SigmaNumber():
            return _number(field, value)
        case SigmaBool():
            return Atom(field, Op.EQUALS, "true" if value.boolean else "false")
        case SigmaRegularExpression():
            pattern = value.escape([], escape_escape_char=False, flag_prefix=True)
            regexes.check(pattern)
            return Atom(field, Op.REGEX, pattern)
        case _:
            return _bound(field, value, rename)


def _bound(field: str, value: SigmaType, rename: Rename) -> Condition:
    """Values that only make sense bound to a field."""
    if field == ANY_TEXT:
        raise RuleError(f"a keyword cannot be a {type(value).__name__}", mend="name a field")
    match value:
        case SigmaNull():
            return Atom(field, Op.ABSENT)
        case SigmaExists():
            return Atom(field, Op.PRESENT if value.exists else Op.ABSENT)
        case SigmaCIDRExpression():
            return Atom(field, Op.CIDR, str(value.network))
        case SigmaCompareExpression():
            if isinstance(value.number, SigmaNumber) and value.op in _COMPARE:
                return Atom(field, _COMPARE[value.op], str(value.number.number))
            raise RuleError("only numbers can be compared with gt, gte, lt, lte", mend="write a number")
        case SigmaFieldReference():
            places = {
                (False, False): Op.SAME,
                (True, False): Op.SAME_START,
                (False, True): Op.SAME_END,
                (True, True): Op.SAME_INSIDE,
            }
            return Atom(field, places[value.starts_with, value.ends_with], rename(value.field))
        case _:
            raise RuleError(f"values of type {type(value).__name__} are not supported yet", mend="rewrite the rule")


def _number(field: str, value: SigmaNumber) -> Atom:
    text = str(value.number)
    return Atom(field, Op.CONTAINS, text) if field == ANY_TEXT else Atom(field, Op.NUMBER, text)


def _text(field: str, value: SigmaString, *, cased: bool) -> Atom:
    """A text with wildcards: the cheapest question that says the same."""
    parts = [part for part in value.s if part != ""]
    placeholder = next((part for part in parts if isinstance(part, Placeholder)), None)
    if placeholder is not None:
        raise RuleError(
            f"the rule expands %{placeholder.name}%, and no list of that name is given",
            mend=f"write the values in place of %{placeholder.name}%",
        )
    if field == ANY_TEXT:  # a keyword stands anywhere in the text
        parts = [SpecialChars.WILDCARD_MULTI, *parts, SpecialChars.WILDCARD_MULTI]
    many = SpecialChars.WILDCARD_MULTI
    opens, closes = bool(parts) and parts[0] is many, bool(parts) and parts[-1] is many
    inner = parts[:]
    while inner and inner[0] is many:
        inner.pop(0)
    while inner and inner[-1] is many:
        inner.pop()
    if not inner:
        return Atom(field, Op.PRESENT) if parts else Atom(field, Op.EQUALS, "", cased)
    if all(isinstance(part, str) for part in inner):
        op = {(False, False): Op.EQUALS, (True, False): Op.ENDS, (False, True): Op.STARTS, (True, True): Op.CONTAINS}
        return Atom(field, op[opens, closes], "".join(str(part) for part in inner), cased)
    return _glob(field, inner, cased=cased, opens=opens, closes=closes)


def _glob(field: str, parts: list[Any], *, cased: bool, opens: bool, closes: bool) -> Atom:
    """Wildcards inside the text, as a pattern of the linear engine."""
    plain = tuple(part if cased else fold(part) for part in parts if isinstance(part, str))
    words = iter(plain)
    marks = {SpecialChars.WILDCARD_MULTI: ".*", SpecialChars.WILDCARD_SINGLE: "."}
    body = "".join(_quoted(next(words)) if isinstance(part, str) else marks[part] for part in parts)
    pattern = f"(?s){'' if opens else '^'}{body}{'' if closes else '$'}"
    regexes.check(pattern)
    return Atom(field, Op.GLOB, pattern, cased, plain)


def _quoted(text: str) -> str:
    return re.escape(text).replace("\\ ", " ")
