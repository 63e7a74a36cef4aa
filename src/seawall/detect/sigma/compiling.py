"""From pySigma's condition tree to our plan.

pySigma reads the rule and applies the modifiers; what it hands out is translated here one to one, or refused with
the reason. Nothing is approximated: a rule we cannot follow exactly is a broken rule, not a weaker one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
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

from seawall.detect.sigma import regexes, timeparts
from seawall.detect.sigma.folding import fold
from seawall.detect.sigma.modifiers import ANY_DASH, DASHES, EncodedString
from seawall.detect.sigma.plan import ANY_TEXT, And, Atom, Condition, Not, Op, Or
from seawall.errors import RuleError

MAX_DEPTH: Final = 60
_COMPARE: Final = {
    CompareOperators.LT: Op.LT,
    CompareOperators.LTE: Op.LTE,
    CompareOperators.GT: Op.GT,
    CompareOperators.GTE: Op.GTE,
}
_ANY_DASH: Final = f"[{''.join(map(re.escape, DASHES))}]"
MAX_EXPANDED: Final = 10_000  # values one value may become
Rename = Callable[[str], str]
Values = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Compiler:
    """Turns conditions into plans. `rename` maps Sigma's field names to columns, `values` are for placeholders."""

    rename: Rename = str
    values: Values = field(default_factory=dict)

    def condition(self, tree: Any, depth: int = 0) -> Condition:
        """The plan of a parsed Sigma condition.

        Raises:
            RuleError: the condition uses something this engine does not follow.
        """
        if depth > MAX_DEPTH:
            raise RuleError(f"the condition nests deeper than {MAX_DEPTH} levels", mend="flatten it")
        if isinstance(tree, ConditionAND | ConditionOR):
            parts = tuple(self.condition(part, depth + 1) for part in tree.args if part is not None)
            return And(parts) if isinstance(tree, ConditionAND) else Or(parts)
        if isinstance(tree, ConditionNOT):
            return Not(self.condition(tree.args[0], depth + 1))
        if isinstance(tree, ConditionFieldEqualsValueExpression):
            return self._atom(self.rename(tree.field), tree.value)
        if isinstance(tree, ConditionValueExpression):
            return self._atom(ANY_TEXT, tree.value)
        raise RuleError(f"the condition holds a {type(tree).__name__}, which is not supported", mend="rewrite it")

    def _atom(self, field: str, value: SigmaType) -> Condition:
        """One value of one field (`ANY_TEXT` for a keyword)."""
        match value:
            case SigmaExpansion():
                return Or(tuple(self._atom(field, one) for one in value.values))
            case SigmaString():
                texts = [_text(field, one, cased=isinstance(value, SigmaCasedString)) for one in self._expanded(value)]
                return texts[0] if len(texts) == 1 else Or(tuple(texts))
            case SigmaTimestampPart():
                return _time(field, value, "eq")
            case SigmaNumber():
                return _number(field, value)
            case SigmaBool():
                op = Op.CONTAINS if field == ANY_TEXT else Op.EQUALS
                return Atom(field, op, "true" if value.boolean else "false")
            case SigmaRegularExpression():
                patterns = [_pattern(field, one) for one in self._expanded_patterns(value)]
                return patterns[0] if len(patterns) == 1 else Or(tuple(patterns))
            case _:
                return self._bound(field, value)

    def _bound(self, field: str, value: SigmaType) -> Condition:
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
                return _compared(field, value)
            case SigmaFieldReference():
                places = {
                    (False, False): Op.SAME,
                    (True, False): Op.SAME_START,
                    (False, True): Op.SAME_END,
                    (True, True): Op.SAME_INSIDE,
                }
                return Atom(field, places[value.starts_with, value.ends_with], self.rename(value.field))
            case _:
                raise RuleError(f"values of type {type(value).__name__} are not supported yet", mend="rewrite the rule")

    def _expanded(self, value: SigmaString) -> list[SigmaString]:
        """The value with each placeholder replaced by each of its texts, whose wildcards count."""
        if not value.contains_placeholder():
            return [value]
        return _few(value.replace_placeholders(self._texts))

    def _expanded_patterns(self, value: SigmaRegularExpression) -> list[SigmaRegularExpression]:
        """The pattern with each placeholder replaced by each of its texts, taken as they are written."""
        if not value.contains_placeholder():
            return [value]
        quoted = value.regexp.replace_placeholders(lambda place: (_plain(text) for text in self._given(place)))
        return [SigmaRegularExpression(one, value.flags, regexes.POLICY) for one in _few(quoted)]

    def _texts(self, place: Placeholder) -> Iterator[SigmaString | Placeholder]:
        yield from (place,) if place.name == ANY_DASH else map(SigmaString, self._given(place))

    def _given(self, place: Placeholder) -> Iterator[str]:
        if place.name not in self.values:
            raise RuleError(
                f"the rule expands %{place.name}%, and no list of that name is given",
                mend=f"give it with --values FILE, holding `{place.name}: [text, …]`",
            )
        return iter(self.values[place.name])


def condition_from(tree: Any, rename: Rename = str, values: Values | None = None) -> Condition:
    """The plan of a parsed Sigma condition; see `Compiler`."""
    return Compiler(rename, values or {}).condition(tree)


def _few(values: list[SigmaString]) -> list[SigmaString]:
    if len(values) > MAX_EXPANDED:
        raise RuleError(f"the placeholders make more than {MAX_EXPANDED} values", mend="give shorter lists")
    return values


def _plain(text: str) -> SigmaString:
    """A text for the inside of a regular expression, where it means itself."""
    return SigmaString(re.escape(text), escape=False)


def _pattern(field: str, value: SigmaRegularExpression) -> Atom:
    pattern = value.escape([], escape_escape_char=False, flag_prefix=True)
    regexes.check(pattern)
    return Atom(field, Op.REGEX, pattern)


def _compared(field: str, value: SigmaCompareExpression) -> Atom:
    if not isinstance(value.number, SigmaNumber) or value.op not in _COMPARE:
        raise RuleError("only numbers can be compared with gt, gte, lt, lte", mend="write a number")
    op = _COMPARE[value.op]
    if isinstance(value.number, SigmaTimestampPart):
        return _time(field, value.number, op.value)
    return Atom(field, op, str(value.number.number))


def _time(field: str, value: SigmaTimestampPart, agrees: str) -> Atom:
    if field == ANY_TEXT:
        raise RuleError("a keyword has no part of a time", mend="name a field")
    question = timeparts.question(value.timestamp_part.name.lower(), agrees, float(value.number))
    return Atom(field, Op.TIME, question)


def _number(field: str, value: SigmaNumber) -> Atom:
    text = str(value.number)
    return Atom(field, Op.CONTAINS, text) if field == ANY_TEXT else Atom(field, Op.NUMBER, text)


def _text(field: str, value: SigmaString, *, cased: bool) -> Atom:
    """A text with wildcards: the cheapest question that says the same."""
    parts = [part for part in value.s if part != ""]
    if isinstance(value, EncodedString) and not value.textual:
        raise RuleError("UTF-16 of letters outside ASCII is no text", mend="put base64 or base64offset after it")
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

    def said(part: Any) -> str:
        if isinstance(part, str):
            return _quoted(next(words))
        return _ANY_DASH if isinstance(part, Placeholder) else marks[part]

    body = "".join(map(said, parts))
    pattern = f"(?s){'' if opens else '^'}{body}{'' if closes else '$'}"
    regexes.check(pattern)
    return Atom(field, Op.GLOB, pattern, cased, plain)


def _quoted(text: str) -> str:
    return re.escape(text).replace("\\ ", " ")
