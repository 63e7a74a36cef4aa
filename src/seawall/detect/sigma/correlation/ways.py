"""The ways in which a condition of several rules can hold: which of them must match, and which must not."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Final

from seawall.detect.sigma.correlation.rule import All, Expression, Lacking, Seen
from seawall.errors import RuleError

MAX_ALTERNATIVES: Final = 200  # each is a sequence of its own to look for


@dataclass(frozen=True, slots=True)
class Way:
    """One way a condition holds: steps that match, and steps that do not."""

    seen: frozenset[int]
    lacking: frozenset[int]


def alternatives(expression: Expression) -> frozenset[Way]:
    """Every way, none of which asks for all another asks for.

    Raises:
        RuleError: there are too many.
    """
    return _bounded(_ways(expression, wanted=True), MAX_ALTERNATIVES)


def _ways(expression: Expression, *, wanted: bool) -> frozenset[Way]:
    match expression:
        case Seen(step):
            one = frozenset({step})
            return frozenset({Way(one, frozenset()) if wanted else Way(frozenset(), one)})
        case Lacking(part):
            return _ways(part, wanted=not wanted)
        case _:
            parts = [_ways(part, wanted=wanted) for part in expression.parts]
            return _all_of(parts) if isinstance(expression, All) is wanted else _least(frozenset().union(*parts))


def _all_of(parts: list[frozenset[Way]]) -> frozenset[Way]:
    held = frozenset({Way(frozenset(), frozenset())})
    for part in parts:
        held = _least(
            frozenset(Way(one.seen | more.seen, one.lacking | more.lacking) for one, more in product(held, part))
        )
    return held


def _least(ways: frozenset[Way]) -> frozenset[Way]:
    return frozenset(
        one
        for one in _bounded(ways, 10 * MAX_ALTERNATIVES)
        if not any(other != one and other.seen <= one.seen and other.lacking <= one.lacking for other in ways)
    )


def _bounded(ways: frozenset[Way], most: int) -> frozenset[Way]:
    if len(ways) > most:
        raise RuleError(
            f"the condition holds in more than {MAX_ALTERNATIVES} different ways", mend="split it, or use type temporal"
        )
    return ways
