"""From a row a rule noticed to its part in a correlation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from seawall.detect import subjects
from seawall.detect.base import Match
from seawall.detect.sigma.correlation.gather import Part
from seawall.detect.sigma.correlation.linking import Linked
from seawall.detect.sigma.correlation.runs import joined
from seawall.detect.sigma.rule import Rule, Variant
from seawall.model.finding import utc_text


@dataclass(frozen=True, slots=True)
class Feed:
    """A correlation that a rule's matches go to, and the columns it takes of them."""

    correlation: int
    step: int
    group: tuple[str, ...]
    values: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column it takes."""
        return (*self.group, *self.values)

    def part(
        self, row: Mapping[str, Any], spelled: Mapping[str, str], match: Match, subject: subjects.Subject
    ) -> Part | None:
        """The match as a part; None if the event lacks a field the correlation groups or counts by.

        `spelled` are the row's columns by their names in lower case: a lake does not tell them apart by case.
        """
        group = _texts(self.group, row, spelled)
        values = _texts(self.values, row, spelled)
        if group is None or values is None:
            return None
        named = {subjects.entity_in(subject, column, text) for column, text in zip(self.group, group, strict=True)}
        entities = {*match.entities, *(entity for entity in named if entity is not None)}
        value = joined(values) if values else None
        return Part(self.correlation, self.step, group, value, replace(match, entities=tuple(sorted(entities))))


def feeds_of(correlations: Sequence[Linked], rule: Rule, variant: Variant) -> tuple[Feed, ...]:
    """Every place a rule has in correlations, with the columns a variant of it holds their fields in."""
    return tuple(
        Feed(number, place, *linked.columns(place, variant))
        for number, linked in enumerate(correlations)
        for place, step in enumerate(linked.steps)
        if step is rule
    )


def _texts(columns: Sequence[str], row: Mapping[str, Any], spelled: Mapping[str, str]) -> tuple[str, ...] | None:
    found = []
    for column in columns:
        value = row.get(spelled.get(column.lower(), column))
        if value is None:
            return None
        found.append(_text(value))
    return tuple(found)


def _text(value: Any) -> str:
    """A value as rules compare it."""
    match value:
        case bool():
            return "true" if value else "false"
        case bytes():
            return value.hex()
        case datetime():
            return utc_text(value)
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case _:
            return str(value)
