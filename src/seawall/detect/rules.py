"""The rules a hunt runs: our own, overlaid by what the analyst gives, with everything that is wrong said.

A rule given later replaces one of the same id given earlier, so a carrier can tune a built-in rule by putting its
own version in a folder of theirs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from seawall.detect.base import About
from seawall.detect.sigma.archive import RuleFile, rule_files
from seawall.detect.sigma.reading import Aside, Rule, read_rules
from seawall.detect.vocabulary import CONTENT
from seawall.errors import RuleError

BUILTIN = CONTENT / "rules"


@dataclass(frozen=True)
class RuleSet:
    """Rules that run, and an account of those that do not."""

    rules: tuple[Rule, ...] = ()
    broken: tuple[RuleError, ...] = ()  # each says where, what and mend
    asides: tuple[Aside, ...] = ()  # valid, but retired or of a type not supported yet
    not_applicable: tuple[Rule, ...] = field(default=())  # no evidence kind of ours holds their events

    @property
    def account(self) -> dict[str, int]:
        """How many rules there are of each state; aside documents by their reason."""
        counts = Counter(aside.reason for aside in self.asides)
        return {
            "running": len(self.rules),
            "not applicable here": len(self.not_applicable),
            "broken": len(self.broken),
            **dict(sorted(counts.items())),
        }

    def about(self) -> tuple[About, ...]:
        """What is said of each running rule."""
        return tuple(rule.about for rule in self.rules)


@dataclass(frozen=True, slots=True)
class RuleStatus:
    """How a rule stands with the evidence there is."""

    rule: Rule
    missing: tuple[str, ...] = ()  # fields it names that no event has, in any view it reads
    no_events: bool = False  # none of the views it reads holds anything

    @property
    def said(self) -> str:
        """One line for a person; empty if all is well."""
        if self.no_events:
            return "no events of its log source were read"
        return f"names a field no event has: {', '.join(self.missing)}" if self.missing else ""


def status(ruleset: RuleSet, columns: Mapping[str, Sequence[str]]) -> tuple[RuleStatus, ...]:
    """Each running rule against the columns each view has (`tables.view_columns`).

    A missing field counts as a field without a value: the rule still runs, and this says what it cannot see.
    """
    folded = {view: {name.lower() for name in names} for view, names in columns.items()}
    return tuple(_status(rule, folded) for rule in ruleset.rules)


def _status(rule: Rule, folded: Mapping[str, set[str]]) -> RuleStatus:
    present = [variant for variant in rule.variants if variant.route.view in folded]
    if not present:
        return RuleStatus(rule, no_events=True)
    missing = [{f for f in variant.fields if f.lower() not in folded[variant.route.view]} for variant in present]
    return RuleStatus(rule, tuple(sorted(set.intersection(*missing))))


def load(paths: Sequence[Path] = (), builtin: bool = True) -> RuleSet:
    """Read the built-in rules, then every folder, file or archive of `paths`.

    A broken rule or file never stops the rest: it stands in `broken`. Raises RuleError only for a path that cannot
    be read at all.
    """
    found: dict[str, Rule] = {}
    broken: list[RuleError] = []
    asides: list[Aside] = []
    places = ([(BUILTIN, True)] if builtin else []) + [(path, False) for path in paths]
    for path, is_builtin in places:
        here: dict[str, Rule] = {}
        for file in rule_files(path):
            if isinstance(file, RuleError):
                broken.append(file)
            else:
                _sort(file, is_builtin, here, broken, asides)
        found.update(here)
    return RuleSet(
        rules=tuple(rule for rule in found.values() if rule.variants),
        broken=tuple(broken),
        asides=tuple(asides),
        not_applicable=tuple(rule for rule in found.values() if not rule.variants),
    )


def _sort(file: RuleFile, builtin: bool, here: dict[str, Rule], broken: list[RuleError], asides: list[Aside]) -> None:
    """Put what a file holds where it belongs."""
    for item in read_rules(file, builtin=builtin):
        if isinstance(item, RuleError):
            broken.append(item)
        elif isinstance(item, Aside):
            asides.append(item)
        elif item.about.id in here:
            broken.append(
                RuleError(
                    f"the id {item.about.id} is already used by {here[item.about.id].origin}",
                    where=item.origin,
                    mend="give the rule an id of its own (a fresh UUID)",
                )
            )
        else:
            here[item.about.id] = item
