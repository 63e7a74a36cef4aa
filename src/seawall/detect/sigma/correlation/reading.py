"""A correlation document → a `Correlation`, or the reason why it is none (Sigma correlation rules, version 2.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from sigma.correlations import (
    CorrelationConditionAND,
    CorrelationConditionItem,
    CorrelationConditionNOT,
    SigmaExtendedCorrelationCondition,
    SigmaRuleReference,
)
from sigma.exceptions import SigmaError

from seawall.detect.sigma.correlation.rule import (
    NUMERIC,
    TEMPORAL,
    VALUED,
    All,
    Bound,
    Expression,
    Kind,
    Lacking,
    Question,
    Seen,
    Some,
    number_of,
)
from seawall.detect.sigma.correlation.ways import alternatives
from seawall.errors import RuleError

MAX_STEPS: Final = 100
_KEYS: Final = frozenset({"type", "rules", "timespan", "group-by", "aliases", "condition", "generate"})
_OPS: Final = ("gt", "gte", "lt", "lte", "eq", "neq")
_UNITS: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800, "M": 2_629_746, "y": 31_556_952}
_SPAN: Final = re.compile(r"([0-9]{1,9})([smhdwMy])")
_MAX_SPAN_S: Final = 100 * _UNITS["y"]


def question_from(told: Any) -> tuple[Question, tuple[str, ...], tuple[str, ...]]:
    """The question, the references and the fields of a `correlation:` mapping.

    Raises:
        RuleError: it is not a correlation Sigma knows.
    """
    if not isinstance(told, dict):
        raise RuleError("`correlation:` is a mapping", mend=f"its keys are {', '.join(sorted(_KEYS))}")
    unknown = sorted(str(key) for key in told if key not in _KEYS)
    if unknown:
        raise RuleError(f"`correlation:` has no key {unknown[0]!r}", mend=f"choose of {', '.join(sorted(_KEYS))}")
    kind = _kind(told.get("type"))
    references = _texts(told.get("rules"), "rules")
    expression: Expression | None = None
    condition = told.get("condition")
    if isinstance(condition, str):
        references, expression = _expression(kind, condition, references)
    if not references:
        raise RuleError("the correlation names no rules", mend="list ids or names under `rules:`")
    if len(references) > MAX_STEPS:
        raise RuleError(f"the correlation names more than {MAX_STEPS} rules", mend="split it")
    if expression is not None or (condition is None and kind in TEMPORAL):
        bounds: tuple[Bound, ...] = (Bound("gte", Fraction(len(references))),)
        fields: tuple[str, ...] = ()
        percentile = Fraction(50)
    else:
        bounds, fields, percentile = _condition(kind, condition)
    if kind is Kind.TEMPORAL_ORDERED and bounds != (Bound("gte", Fraction(len(references))),):
        raise RuleError("an ordered sequence is complete or not: it takes no count", mend="leave the condition out")
    question = Question(kind, _span(told.get("timespan")), len(references), bounds, percentile, expression)
    return question, references, fields


def group_by(told: Mapping[str, Any]) -> tuple[str, ...]:
    """The fields of `group-by:`, each once."""
    return tuple(dict.fromkeys(_texts(told.get("group-by"), "group-by")))


def generates(told: Mapping[str, Any]) -> bool:
    """Whether the rules it names make findings of their own beside it."""
    generate = told.get("generate", False)
    if not isinstance(generate, bool):
        raise RuleError(f"generate {generate!r} is neither true nor false", mend="write true or false")
    return generate


def aliases(told: Mapping[str, Any], references: tuple[str, ...]) -> dict[str, dict[str, str]]:
    """Per alias and reference the field it means."""
    given = told.get("aliases") or {}
    if not isinstance(given, dict) or not all(isinstance(fields, dict) for fields in given.values()):
        raise RuleError("`aliases:` is a mapping of mappings", mend="write `alias: {rule: field}`")
    found = {str(alias): {str(ref): str(name) for ref, name in fields.items()} for alias, fields in given.items()}
    for alias, fields in found.items():
        for reference in fields:
            if reference not in references:
                raise RuleError(
                    f"alias {alias} speaks of {reference}, which `rules:` does not name", mend="name it there as well"
                )
    return found


def _kind(told: Any) -> Kind:
    try:
        return Kind(str(told).lower())
    except ValueError:
        raise RuleError(f"{told!r} is no type of correlation", mend=f"choose of {', '.join(Kind)}") from None


def _texts(told: Any, key: str) -> tuple[str, ...]:
    listed = [] if told is None else told if isinstance(told, list) else [told]
    if not all(isinstance(one, str | int) and not isinstance(one, bool) for one in listed):
        raise RuleError(f"`{key}:` is a text or a list of texts", mend="write them so")
    return tuple(str(one) for one in listed)


def _span(told: Any) -> int:
    """A time span, in microseconds."""
    parsed = _SPAN.fullmatch(told) if isinstance(told, str) else None
    seconds = int(parsed[1]) * _UNITS[parsed[2]] if parsed else 0
    if not 0 < seconds <= _MAX_SPAN_S:
        raise RuleError(
            f"timespan {told!r} is no span of time up to 100 years", mend="write a number and s, m, h, d, w, M or y"
        )
    return seconds * 1_000_000


def _condition(kind: Kind, told: Any) -> tuple[tuple[Bound, ...], tuple[str, ...], Fraction]:
    """Bounds, fields and percentile of a `condition:` mapping."""
    if not isinstance(told, dict):
        raise RuleError(f"a {kind} needs a condition", mend="write `condition: {gte: 5}`")
    unknown = sorted(str(key) for key in told if key not in (*_OPS, "field", "percentile"))
    if unknown:
        raise RuleError(f"the condition has no key {unknown[0]!r}", mend=f"choose of {', '.join(_OPS)}, field")
    bounds = tuple(Bound(op, _number(told[op], op)) for op in _OPS if op in told)
    if not bounds:
        raise RuleError("the condition compares with nothing", mend="write `gte: 5`, or another number to compare with")
    fields = _texts(told.get("field"), "field")
    if kind in VALUED and not fields:
        raise RuleError(f"a {kind} needs the field whose values count", mend="write `field:` in the condition")
    if kind in NUMERIC and len(fields) > 1:
        raise RuleError(f"a {kind} takes one field", mend="name one")
    if kind not in VALUED and fields:
        raise RuleError(f"a {kind} takes no field", mend=f"choose another type: {', '.join(sorted(VALUED))}")
    return bounds, fields, _percentile(kind, told.get("percentile"))


def _percentile(kind: Kind, told: Any) -> Fraction:
    if kind is not Kind.VALUE_PERCENTILE:
        if told is not None:
            raise RuleError(f"a {kind} takes no percentile", mend="use type value_percentile")
        return Fraction(50)
    share = _number(told, "percentile")
    if not 0 <= share <= 100:
        raise RuleError(f"percentile {told!r} is not from 0 to 100", mend="write 95, or another share in percent")
    return share


def _number(told: Any, key: str) -> Fraction:
    number = None if isinstance(told, bool) or not isinstance(told, int | float | str) else number_of(str(told))
    if number is None:
        raise RuleError(f"{key} {str(told)[:40]!r} is no number", mend="write a number")
    return number


def _expression(kind: Kind, told: str, named: tuple[str, ...]) -> tuple[tuple[str, ...], Expression]:
    """The rules and the meaning of a condition such as `a and not b`."""
    if kind not in TEMPORAL:
        raise RuleError(f"a {kind} takes no condition in words", mend="use type temporal or temporal_ordered")
    if len(told) > 4_096:
        raise RuleError("the condition has more than 4096 characters", mend="shorten it")
    try:
        tree = SigmaExtendedCorrelationCondition(told)
    except (SigmaError, RecursionError) as error:
        raise RuleError(
            f"the condition does not parse: {str(error)[:200]}", mend="join rule names with and, or, not"
        ) from error
    said = tuple(tree.get_referenced_rules())
    if named and set(named) != set(said):
        odd = sorted(set(named) ^ set(said))[0]
        raise RuleError(f"{odd} stands either in `rules:` or in the condition only", mend="name it in both places")
    if kind is Kind.TEMPORAL_ORDERED and named:  # the order is that of `rules:`, else that of the condition
        said = tuple(dict.fromkeys(named))
    expression = _meaning(tree.parsed, {name: at for at, name in enumerate(said)})
    if _holds_of_nothing(expression):
        raise RuleError("the condition holds where nothing happened", mend="ask for at least one rule without `not`")
    if kind is Kind.TEMPORAL_ORDERED:
        alternatives(expression)  # so that too many are said now
    return said, expression


def _meaning(tree: CorrelationConditionItem | SigmaRuleReference, steps: Mapping[str, int]) -> Expression:
    if isinstance(tree, SigmaRuleReference):
        return Seen(steps[tree.reference])
    parts = tuple(_meaning(part, steps) for part in tree.args)
    if isinstance(tree, CorrelationConditionNOT):
        return Lacking(parts[0])
    return All(parts) if isinstance(tree, CorrelationConditionAND) else Some(parts)


def _holds_of_nothing(expression: Expression) -> bool:
    match expression:
        case Seen():
            return False
        case Lacking(part):
            return not _holds_of_nothing(part)
        case All(parts):
            return all(_holds_of_nothing(part) for part in parts)
        case Some(parts):
            return any(_holds_of_nothing(part) for part in parts)
