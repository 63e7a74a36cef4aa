"""Sigma filters: conditions a carrier lays over rules of others, without touching their files.

A filter names rules by id or name, or says `any`, and applies to those of its log source. Its condition is joined
to each rule's by `and`; several filters may stand on one rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from seawall.detect.sigma.compiling import Compiler
from seawall.detect.sigma.plan import And
from seawall.detect.sigma.rule import Rule, Source, Variant
from seawall.errors import RuleError


@dataclass(frozen=True, eq=False)
class Filter:
    """A filter as read. `rules` are ids or names; none means every rule of the log source."""

    id: str
    title: str
    origin: str
    line: int
    source: Source
    rules: tuple[str, ...]
    tree: Any  # pySigma's parsed condition
    values: Mapping[str, tuple[str, ...]]

    @property
    def where(self) -> str:
        """File and line."""
        return f"{self.origin}:{self.line}"

    def covers(self, rule: Rule) -> bool:
        """Whether it applies to a rule: of its log source, and named or not narrowed."""
        same = all(mine is None or mine == theirs for mine, theirs in zip(self.source, rule.source, strict=True))
        return same and (not self.rules or rule.about.id in self.rules or (rule.name in self.rules and rule.name != ""))

    def applied(self, rule: Rule) -> Rule:
        """The rule with this condition as well. Raises RuleError if the condition cannot be followed there."""
        variants = tuple(
            Variant(
                variant.route,
                And((variant.condition, Compiler(variant.route.column, self.values).condition(self.tree))),
            )
            for variant in rule.variants
        )
        return replace(rule, variants=variants, filters=(*rule.filters, self.title))


def apply(filters: Sequence[Filter], rules: Iterable[Rule]) -> tuple[list[Rule], list[RuleError], list[RuleError]]:
    """Every rule under the filters that cover it, what is wrong with the filters, and what they merely lack.

    A filter stands on those of the rules it names that are there: taking one rule out of a folder must not switch the
    carrier's exceptions off. That others are missing is a warning; a filter all of whose rules are missing is broken.
    """
    errors: list[RuleError] = []
    warnings: list[RuleError] = []
    used: set[str] = set()
    done: list[Rule] = []
    for rule in rules:
        for one in filters:
            used.update({rule.about.id, rule.name} & set(one.rules))
            if not one.covers(rule):
                continue
            try:
                rule = one.applied(rule)
            except RuleError as error:
                errors.append(RuleError(error.what, where=one.where, mend=error.mend))
        done.append(rule)
    for one in filters:
        missing = [name for name in one.rules if name not in used]
        if missing:
            (warnings if len(missing) < len(one.rules) else errors).append(
                RuleError(
                    f"the filter names {missing[0]}, and no rule read has that id or name"
                    + (f" (nor {len(missing) - 1} more)" if len(missing) > 1 else ""),
                    where=one.where,
                    mend="give that rule as well, or take the name out of the filter",
                )
            )
    return done, errors, warnings
