"""What a correlation asks, as plain values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Final, TypeAlias

from seawall.detect.base import About
from seawall.detect.sigma.meta import Meta


class Kind(StrEnum):
    """The types of the Sigma specification (2.1), and the median pySigma adds."""

    EVENT_COUNT = "event_count"
    VALUE_COUNT = "value_count"
    TEMPORAL = "temporal"
    TEMPORAL_ORDERED = "temporal_ordered"
    VALUE_SUM = "value_sum"
    VALUE_AVG = "value_avg"
    VALUE_PERCENTILE = "value_percentile"
    VALUE_MEDIAN = "value_median"


VALUED: Final = frozenset({Kind.VALUE_COUNT, Kind.VALUE_SUM, Kind.VALUE_AVG, Kind.VALUE_PERCENTILE, Kind.VALUE_MEDIAN})
NUMERIC: Final = VALUED - {Kind.VALUE_COUNT}
TEMPORAL: Final = frozenset({Kind.TEMPORAL, Kind.TEMPORAL_ORDERED})


@dataclass(frozen=True, slots=True)
class Seen:
    """A match of the step with this number lies in the window."""

    step: int


@dataclass(frozen=True, slots=True)
class All:
    """Every part holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    """The part does not hold."""

    part: Expression


Expression: TypeAlias = Seen | All | Some | Lacking


@dataclass(frozen=True, slots=True)
class Bound:
    """One comparison of a window's figure, e.g. `gte 5`."""

    op: str  # gt, gte, lt, lte, eq, neq
    number: Fraction

    def holds(self, figure: Fraction | int) -> bool:
        """Whether the figure satisfies it."""
        match self.op:
            case "gt":
                return figure > self.number
            case "gte":
                return figure >= self.number
            case "lt":
                return figure < self.number
            case "lte":
                return figure <= self.number
            case "eq":
                return figure == self.number
            case _:
                return figure != self.number


@dataclass(frozen=True, slots=True)
class Question:
    """The part of a correlation that judges one group's matches; see `evaluate.windows`."""

    kind: Kind
    span: int  # length of the window, microseconds
    steps: int  # how many rules it names
    bounds: tuple[Bound, ...] = ()  # all must hold
    percentile: Fraction = Fraction(50)
    expression: Expression | None = None

    @property
    def wants_whole_windows(self) -> bool:
        """Whether a figure that more events would raise is also bounded from above.

        Such a condition ("fewer than three", "exactly two") holds for the beginning of any burst. It is asked of
        whole windows that follow one another: each opens with the first event after the one before it.
        """
        growing = {Kind.EVENT_COUNT, Kind.VALUE_COUNT, Kind.VALUE_SUM, Kind.TEMPORAL}
        return self.kind in growing and any(bound.op not in ("gt", "gte") for bound in self.bounds)


@dataclass(frozen=True, eq=False)
class Correlation:
    """A correlation rule as read. `references` are ids or names, in order; `linking` finds what they mean."""

    about: About
    origin: str
    line: int
    question: Question
    references: tuple[str, ...]
    group_by: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()  # whose values are counted or summed
    aliases: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # alias → reference → field
    generate: bool = False
    name: str = ""
    meta: Meta = field(default_factory=Meta)

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.origin}:{self.line}"

    def field_for(self, name: str, reference: str) -> str:
        """The field of a step's events that a group-by or value field means."""
        return self.aliases.get(name, {}).get(reference, name)


def steps_of(expression: Expression) -> Iterator[int]:
    """Every step an expression names."""
    match expression:
        case Seen(step):
            yield step
        case Lacking(part):
            yield from steps_of(part)
        case All(parts) | Some(parts):
            for part in parts:
                yield from steps_of(part)


_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{0,40})?([eE][+-]?[0-9]{1,2})?")


def number_of(text: str) -> Fraction | None:
    """The number a text writes in decimals, exactly; None if it writes none."""
    text = text.strip()
    return Fraction(text) if _NUMBER.fullmatch(text) else None
