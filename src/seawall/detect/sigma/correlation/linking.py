"""From the names a correlation writes to the rules they mean, checked before anything runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from seawall.detect.base import About, Need
from seawall.detect.sigma import pipelines
from seawall.detect.sigma.correlation.rule import TEMPORAL, All, Correlation, Expression, Kind, Seen, Some
from seawall.detect.sigma.options import Options
from seawall.detect.sigma.rule import Rule, Source, Variant
from seawall.errors import RuleError

Step: TypeAlias = "Rule | Linked"


@dataclass(frozen=True, eq=False)
class Linked:
    """A correlation with the rules it speaks of, in the order it names them."""

    correlation: Correlation
    steps: tuple[Step, ...]
    group_fields: tuple[tuple[str, ...], ...]  # per step, the fields `group-by` means there
    value_fields: tuple[tuple[str, ...], ...]  # per step, the fields whose values count

    @property
    def about(self) -> About:
        """What is said of it."""
        return self.correlation.about

    @property
    def origin(self) -> str:
        """Its file."""
        return self.correlation.origin

    @property
    def can_hold(self) -> bool:
        """Whether events of ours can ever satisfy it: enough of its rules read some view."""
        alive = [bool(step.variants) if isinstance(step, Rule) else step.can_hold for step in self.steps]
        question = self.correlation.question
        if question.kind not in TEMPORAL:
            return any(alive)
        if question.expression is not None:
            return _can_hold(question.expression, alive)
        if question.kind is Kind.TEMPORAL and any(bound.op not in ("gt", "gte") for bound in question.bounds):
            return any(alive)
        return all(bound.holds(sum(alive)) for bound in question.bounds)

    def columns(self, step: int, variant: Variant) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The columns a variant of a step's rule holds group and values in."""
        column = variant.route.column
        return tuple(map(column, self.group_fields[step])), tuple(map(column, self.value_fields[step]))


def _can_hold(expression: Expression, alive: Sequence[bool]) -> bool:
    match expression:
        case Seen(step):
            return alive[step]
        case All(parts):
            return all(_can_hold(part, alive) for part in parts)
        case Some(parts):
            return any(_can_hold(part, alive) for part in parts)
        case _:
            return True


@dataclass(frozen=True)
class Links:
    """Correlations ready to run, those of others' results after what they rest on, and what is wrong with the rest."""

    linked: tuple[Linked, ...]
    errors: tuple[RuleError, ...]
    silenced: frozenset[str]  # ids of rules and correlations that make no findings of their own


def link(
    correlations: Sequence[Correlation],
    rules: Sequence[Rule],
    options: Options = Options(),  # noqa: B008 - immutable
) -> Links:
    """Find what every correlation names. A broken one never stops the others, except those that rest on it."""
    finder = _Finder(correlations, rules, options)
    errors: list[RuleError] = []
    for correlation in correlations:
        try:
            finder.linked(correlation, ())
        except RuleError as error:
            errors.append(RuleError(error.what, where=correlation.where, mend=error.mend))
    done = tuple(finder.done.values())
    return Links(done, tuple(errors), frozenset(_silenced(done)))


def _silenced(linked: Sequence[Linked]) -> Iterator[str]:
    """What only feeds correlations: a single one with `generate: true` gives it its voice back."""
    loud = {step_id(step) for one in linked if one.correlation.generate for step in one.steps}
    for one in linked:
        if not one.correlation.generate:
            yield from (step_id(step) for step in one.steps if step_id(step) not in loud)


def step_id(step: Step) -> str:
    """The id of a rule or correlation."""
    return step.about.id


def rules_of(step: Step) -> tuple[Rule, ...]:
    """The rules at the bottom of a rule or correlation, each once."""
    if isinstance(step, Rule):
        return (step,)
    return tuple(dict.fromkeys(rule for inner in step.steps for rule in rules_of(inner)))


class _Finder:
    """Finds rules by id, then by name; each correlation is linked once."""

    def __init__(self, correlations: Sequence[Correlation], rules: Sequence[Rule], options: Options) -> None:
        self._options = options
        self._by: dict[str, list[Rule | Correlation]] = {}
        everything: list[Rule | Correlation] = [*rules, *correlations]
        for one in everything:
            self._by.setdefault(one.about.id, []).append(one)
        for one in everything:
            if one.name and one.name not in {step.about.id for step in everything}:
                self._by.setdefault(one.name, []).append(one)
        self._failed: dict[str, RuleError] = {}
        self.done: dict[str, Linked] = {}

    def linked(self, correlation: Correlation, chain: tuple[str, ...]) -> Linked:
        """The correlation linked. `chain` are the ids of those that asked for it."""
        own = correlation.about.id
        if own in chain:
            names = " → ".join((*chain[chain.index(own) :], own))
            raise RuleError(f"correlations name each other in a circle: {names}", mend="break the circle")
        if own in self._failed:
            raise self._failed[own]
        if own not in self.done:
            try:
                self.done[own] = self._link(correlation, (*chain, own))
            except RuleError as error:
                self._failed[own] = error
                raise
        return self.done[own]

    def _link(self, correlation: Correlation, chain: tuple[str, ...]) -> Linked:
        steps = tuple(self._step(reference, chain) for reference in correlation.references)
        pairs = list(zip(correlation.references, steps, strict=True))
        needs: dict[str, Need] = {}
        for step in steps:
            for need in step.about.needs:
                held = needs.get(need.view, Need(need.view, (), need.setting))
                needs[need.view] = replace(held, columns=tuple(sorted({*held.columns, *need.columns})))
        return Linked(
            replace(correlation, about=replace(correlation.about, needs=tuple(needs.values()))),
            steps,
            tuple(self._fields(correlation, correlation.group_by, *pair) for pair in pairs),
            tuple(self._fields(correlation, correlation.fields, *pair) for pair in pairs),
        )

    def _step(self, reference: str, chain: tuple[str, ...]) -> Step:
        found = self._by.get(reference, [])
        if len(found) > 1:
            places = " and ".join(sorted(one.where for one in found)[:2])
            raise RuleError(f"the name {reference} is that of {places}", mend="name the rule by its id")
        if not found:
            raise RuleError(
                f"the correlation names {reference}, and no rule that can be used has that id or name",
                mend="give that rule as well; if it was given, see what is wrong with it",
            )
        step = found[0]
        return step if isinstance(step, Rule) else self.linked(step, chain)

    def _fields(self, correlation: Correlation, names: Sequence[str], reference: str, step: Step) -> tuple[str, ...]:
        """What a step calls the fields; those of a correlation are what it is grouped by."""
        fields = tuple(correlation.field_for(name, reference) for name in names)
        if isinstance(step, Rule):
            return tuple(pipelines.field(self._options.pipelines, name, _logsource(step.source)) for name in fields)
        for name in fields:
            if name not in step.correlation.group_by:
                raise RuleError(
                    f"{reference} is a correlation and has no field {name}", mend="name one that it is grouped by"
                )
        return fields


def _logsource(source: Source) -> Mapping[str, str]:
    named = zip(("product", "category", "service"), source, strict=True)
    return {key: value for key, value in named if value}
