"""The rules a hunt runs: our own, overlaid by what the analyst gives, with everything that is wrong said.

A rule of the analyst's replaces a built-in one of the same id, so a carrier can tune a built-in rule by putting its
own version in a folder of theirs. Two rules of the analyst's with one id are a mistake: the second is refused.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeAlias

from seawall.detect.base import About, Need
from seawall.detect.sigma import filters, pipelines
from seawall.detect.sigma.archive import RuleFile, rule_files
from seawall.detect.sigma.correlation.linking import Linked, link
from seawall.detect.sigma.correlation.rule import All, Bound, Correlation, Kind, Lacking, Question, Seen, Some
from seawall.detect.sigma.filters import Filter
from seawall.detect.sigma.logsources import Route
from seawall.detect.sigma.meta import Meta
from seawall.detect.sigma.options import Options
from seawall.detect.sigma.plan import And, Atom, Not, Op, Or
from seawall.detect.sigma.reading import Aside, Item, read_rules
from seawall.detect.sigma.rule import Rule, Variant
from seawall.detect.sigma.rulecache import RuleCache
from seawall.detect.vocabulary import CONTENT
from seawall.errors import RuleError
from seawall.model.severity import Severity

BUILTIN = CONTENT / "rules"
Asking: TypeAlias = Rule | Linked
_TOLD_EVERY: Final = 50  # files
# What compiled rules consist of. Filters hold pySigma's own trees: their files are read each time.
_CACHED: Final[tuple[type, ...]] = (
    *(Rule, Variant, Route, Meta, About, Need, Severity, Aside),
    *(Atom, And, Or, Not, Op),
    *(Correlation, Question, Kind, Bound, Seen, All, Some, Lacking),
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """Progress: so many rule files have been compiled that no cache knew."""

    files: int


@dataclass(frozen=True)
class RuleSet:
    """Rules that run, and an account of those that do not."""

    rules: tuple[Rule, ...] = ()
    broken: tuple[RuleError, ...] = ()  # each says where, what and mend
    asides: tuple[Aside, ...] = ()  # valid, but retired
    not_applicable: tuple[Rule, ...] = field(default=())  # no evidence kind of ours holds their events
    correlations: tuple[Linked, ...] = ()  # each after those it rests on; those that cannot hold among them
    silenced: frozenset[str] = frozenset()  # ids that only feed correlations and make no findings of their own
    filters: int = 0
    warnings: tuple[RuleError, ...] = ()  # what a filter names and is not there, while the rest of it works

    @property
    def complaints(self) -> tuple[RuleError, ...]:
        """Everything a person should be told: what is broken, then what is only warned of."""
        return (*self.broken, *self.warnings)

    @property
    def account(self) -> dict[str, int]:
        """How many rules there are of each state; aside documents by their reason."""
        counts = Counter(aside.reason for aside in self.asides)
        holding = sum(one.can_hold for one in self.correlations)
        return {
            "running": len(self.rules) + holding,
            "correlations among them": holding,
            "filters": self.filters,
            "not applicable here": len(self.not_applicable) + len(self.correlations) - holding,
            "broken": len(self.broken),
            **dict(sorted(counts.items())),
        }

    @property
    def asking(self) -> tuple[Asking, ...]:
        """Every rule and correlation that can make a finding."""
        return (*self.rules, *(one for one in self.correlations if one.can_hold))

    def about(self) -> tuple[About, ...]:
        """What is said of each rule and correlation that can make a finding of its own."""
        return tuple(one.about for one in self.asking if one.about.id not in self.silenced)


@dataclass(frozen=True, slots=True)
class RuleStatus:
    """How a rule stands with the evidence there is."""

    rule: Asking
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
    return tuple(
        _status(one, folded) if isinstance(one, Rule) else _linked_status(one, folded) for one in ruleset.asking
    )


def _status(rule: Rule, folded: Mapping[str, set[str]]) -> RuleStatus:
    present = _present(rule, folded)
    if not present:
        return RuleStatus(rule, no_events=True)
    return RuleStatus(rule, _missing([(variant, variant.fields) for variant in present], folded))


def _linked_status(linked: Linked, folded: Mapping[str, set[str]]) -> RuleStatus:
    """A correlation is blind to what none of its rules reads, and to fields it groups or counts by."""
    missing: set[str] = set()
    seen = 0
    for number, step in enumerate(linked.steps):
        if isinstance(step, Linked):
            below = _linked_status(step, folded)
            seen += not below.no_events
            missing.update(below.missing)
            continue
        present = _present(step, folded)
        seen += bool(present)
        asked = [(variant, frozenset().union(*linked.columns(number, variant))) for variant in present]
        missing.update(_missing(asked, folded))
    return RuleStatus(linked, tuple(sorted(missing)), no_events=not seen)


def _present(rule: Rule, folded: Mapping[str, set[str]]) -> list[Variant]:
    return [variant for variant in rule.variants if variant.route.view in folded]


def _missing(asked: Sequence[tuple[Variant, frozenset[str]]], folded: Mapping[str, set[str]]) -> tuple[str, ...]:
    """Fields that no view has which is asked for them."""
    absent = [{f for f in fields if f.lower() not in folded[variant.route.view]} for variant, fields in asked]
    return tuple(sorted(set.intersection(*absent))) if absent else ()


def load(
    paths: Sequence[Path] = (),
    builtin: bool = True,
    options: Options = Options(),  # noqa: B008 - immutable
) -> RuleSet:
    """Read the built-in rules, then every folder, file or archive of `paths`.

    A broken rule or file never stops the rest: it stands in `broken`. Raises RuleError only for a path that cannot
    be read at all, and InputError for a pipeline that is none.
    """
    return next(step for step in loading(paths, builtin, options) if isinstance(step, RuleSet))


def loading(
    paths: Sequence[Path] = (),
    builtin: bool = True,
    options: Options = Options(),  # noqa: B008 - immutable
) -> Iterator[Compiled | RuleSet]:
    """As `load`, with progress: how many files had to be compiled so far, and the rules at last.

    What was compiled once lies in the user's cache by content (`rulecache`): a second loading takes under a second.
    """
    pipelines.check(options.pipelines)
    shelf = _Shelf(options)
    compiled = told = 0
    for path, ours in ([(BUILTIN, True)] if builtin else []) + [(path, False) for path in paths]:
        for anew in shelf.take(path, builtin=ours):
            compiled += anew
            if compiled >= told + _TOLD_EVERY:
                told = compiled
                yield Compiled(compiled)
    yield shelf.ruleset()


class _Shelf:
    """Puts what files hold where it belongs."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._found: dict[str, Rule | Correlation] = {}
        self._filters: dict[str, Filter] = {}
        self._broken: list[RuleError] = []
        self._asides: list[Aside] = []

    def take(self, path: Path, *, builtin: bool) -> Iterator[int]:
        """Everything at a path; yields after each item how many files were compiled for it."""

        def compiled(file: RuleFile) -> list[Item]:
            return list(read_rules(file, builtin=builtin, options=self._options))

        cache = RuleCache("\0".join((str(path.resolve()), str(builtin), self._options.fingerprint)), _CACHED)
        before = 0
        for item in cache.items(rule_files(path), compiled):
            self._sort(item)
            yield cache.read_anew - before
            before = cache.read_anew

    def _sort(self, item: Item) -> None:
        match item:
            case RuleError():
                self._broken.append(item)
            case Aside():
                self._asides.append(item)
            case Filter():
                held_filter = self._filters.setdefault(item.id, item)
                if held_filter is not item:
                    self._broken.append(_taken(item.id, item.where, held_filter.where))
            case Rule() | Correlation():
                self._shelve(item)

    def _shelve(self, item: Rule | Correlation) -> None:
        held = self._found.get(item.about.id)
        if held is None or (held.meta.builtin and not item.meta.builtin):
            self._found[item.about.id] = item
        else:
            self._broken.append(_taken(item.about.id, item.where, held.where))

    def ruleset(self) -> RuleSet:
        """What runs, filtered and linked, and what does not."""
        rules, wrong, lacking = filters.apply(
            list(self._filters.values()), [one for one in self._found.values() if isinstance(one, Rule)]
        )
        links = link([one for one in self._found.values() if isinstance(one, Correlation)], rules, self._options)
        return RuleSet(
            rules=tuple(rule for rule in rules if rule.variants),
            broken=(*self._broken, *wrong, *links.errors),
            asides=tuple(self._asides),
            not_applicable=tuple(rule for rule in rules if not rule.variants),
            correlations=links.linked,
            silenced=links.silenced,
            filters=len(self._filters),
            warnings=tuple(lacking),
        )


def _taken(rule_id: str, where: str, first: str) -> RuleError:
    return RuleError(
        f"the id {rule_id} is already used by {first}",
        where=where,
        mend="give the rule an id of its own (a fresh UUID)",
    )
