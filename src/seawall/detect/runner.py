"""The hunt itself: rules over batches, analytics over views, indicators over values, then findings.

One pass per view, whatever the number of rules; only the columns somebody reads are asked for.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

import pyarrow as pa

from seawall.detect import analytics, subjects
from seawall.detect.base import About, Match
from seawall.detect.chains import Chains, owners_of
from seawall.detect.context import Sessions, in_context, sessions_of
from seawall.detect.group import Grouping
from seawall.detect.indicators import matching
from seawall.detect.noticing import RULE, Noticing
from seawall.detect.rules import RuleSet
from seawall.detect.sigma.correlation.feeding import Feed, feeds_of
from seawall.detect.sigma.correlation.gather import Gathered, Part
from seawall.detect.sigma.correlation.linking import Linked
from seawall.detect.sigma.kernel import BOOKKEEPING
from seawall.detect.sigma.plan import Condition, Group, Plan
from seawall.detect.sigma.rule import Rule, Variant
from seawall.detect.tables import Tables, view_columns
from seawall.model.finding import Finding
from seawall.model.site import Site

ALWAYS: Final = ("event_id", "time", "origin")  # what every match needs
ROWS: Final = 60_000  # rows judged at once: bounds memory with hundreds of columns


@dataclass(frozen=True, slots=True)
class Judged:
    """Progress: so many events of a view, or one analytic, have been judged."""

    of: str
    events: int


@dataclass(frozen=True)
class Asked:
    """One view with all rules that read it."""

    view: str
    rules: tuple[tuple[Rule, Variant], ...]
    plan: Plan
    feeds: tuple[tuple[Feed, ...], ...]  # per rule, the correlations its matches go to

    @property
    def fed_columns(self) -> frozenset[str]:
        """Columns that correlations group or count by."""
        return frozenset(name for feeds in self.feeds for feed in feeds for name in feed.columns)

    @property
    def before(self) -> Plan | None:
        """The rules that correlations rest on: those look at events before `since` as well."""
        fed = {number for number, feeds in enumerate(self.feeds) if feeds}
        groups = (Group(one.guard, tuple(rule for rule in one.rules if rule[0] in fed)) for one in self.plan.groups)
        kept = tuple(group for group in groups if group.rules)
        return Plan(kept) if kept else None

    def columns(self, present: Sequence[str]) -> list[str]:
        """Of the columns present, those to ask for."""
        if any(variant.reads_any_text for _, variant in self.rules):
            kept = self.plan.fields | self.fed_columns | set(ALWAYS)
            return [name for name in present if name in kept or name not in BOOKKEEPING]
        wanted = self.plan.fields | self.fed_columns | subjects.BY_VIEW[self.view].columns | set(ALWAYS)
        folded = {name.lower() for name in wanted}  # lakes do not tell columns apart by case
        return [name for name in present if name.lower() in folded]


def run(
    lake: Tables,
    ruleset: RuleSet,
    *,
    site: Site = Site(),  # noqa: B008 - immutable
    indicators: pa.Table | None = None,
    since: datetime | None = None,
) -> Iterator[Finding]:
    """Everything noticed, as findings sorted by (first, id).

    `indicators` are rows of the `indicators` kind beside those in the lake. `since` (UTC) leaves out earlier events,
    except what a correlation rests on that goes on after it; events without a time are always read.
    """
    for step in steps(lake, ruleset, site=site, indicators=indicators, since=since):
        if isinstance(step, Finding):
            yield step


def steps(
    lake: Tables,
    ruleset: RuleSet,
    *,
    site: Site = Site(),  # noqa: B008 - immutable
    indicators: pa.Table | None = None,
    since: datetime | None = None,
) -> Iterator[Judged | Finding]:
    """As `run`, with progress: first how far judging got, then the findings."""
    backend = lake.ibis(site)
    views = view_columns(backend)
    asked: dict[str, Any] = {name: backend.table(name) for name in _ASKED_OFTEN if name in views}
    with (
        backend.held(asked) as shared,
        Grouping() as grouping,
        Gathered(ruleset.correlations, ruleset.silenced) as gathered,
    ):
        asked |= shared
        chains = Chains(owners_of(asked, site))
        for found in _matches(lake, {name: backend.table(name) for name in views} | asked, views, ruleset, site, since):
            if isinstance(found, Judged):
                yield found
            elif isinstance(found, Part):
                gathered.add(found)
            else:
                grouping.add(found)
                chains.add(found)
        for part in chains.matches():
            grouping.add(part)
        known_bad = matching.gather(lake, views, indicators, site)
        for found in matching.search(lake, views, known_bad, site, since):
            grouping.add(found)
        sessions = sessions_of(asked)
        for finding in heapq.merge(grouping.findings(), gathered.findings(since), key=lambda f: (f.first, f.id)):
            yield in_context(matching.supported(finding, known_bad), site, sessions)


def glance(
    fresh: Tables,
    whole: Tables,
    ruleset: RuleSet,
    kinds: Collection[str],
    *,
    site: Site = Site(),  # noqa: B008 - immutable
    indicators: pa.Table | None = None,
) -> Iterator[Finding]:
    """What single events of `fresh`, a portion of `whole`, make rules and indicators notice, sorted by (first, id).

    `fresh` holds events of `kinds` that are asked about, and all the lake's indicators.

    A first look for alarms: correlations, chains and analytics are not asked, and what a row owes to earlier rows (the
    section a command stands in) is not known. `steps` over the whole says what holds.
    """
    backend = fresh.ibis(site)
    views = view_columns(backend, kinds)
    with Grouping() as grouping:
        for asked in asked_of(ruleset.rules):
            if asked.view in views:
                for found in _match_view(fresh, asked, views[asked.view], site, None):
                    if isinstance(found, Match) and found.about.id not in ruleset.silenced:
                        grouping.add(found)
        known_bad = matching.gather(fresh, view_columns(backend, {"indicators"}), indicators, site)
        for match in matching.search(fresh, views, known_bad, site, None):
            grouping.add(match)
        sessions: Sessions | None = None
        for finding in grouping.findings():
            if sessions is None:
                behind = whole.ibis(site) if site.change_windows else backend
                there = behind.list_tables() if site.change_windows else ()
                sessions = sessions_of({name: behind.table(name) for name in _ASKED_OFTEN if name in there})
            yield in_context(matching.supported(finding, known_bad), site, sessions)


def _matches(
    lake: Tables,
    tables: Mapping[str, Any],
    views: Mapping[str, Sequence[str]],
    ruleset: RuleSet,
    site: Site,
    since: datetime | None,
) -> Iterator[Judged | Match | Part]:
    """Matches of rules, for findings and for correlations, then of analytics."""
    for asked in asked_of(ruleset.rules, ruleset.correlations):
        if asked.view in views:
            for found in _match_view(lake, asked, views[asked.view], site, since):
                if not (isinstance(found, Match) and found.about.id in ruleset.silenced):
                    yield found
    silent = {name for name in (*_TRAFFIC, *_ACTS) if name in views and not _holds_rows(tables[name])}
    for analytic in analytics.ALL:
        if _can_answer({need.view for need in analytic.about.needs}, views, silent):
            yield Judged(analytic.about.id, 0)
            yield from analytic.matches(tables, site, since)


# Many questions each: one look spares them all where there is nothing to ask.
_ASKED_OFTEN: Final = ("logins", "commands")  # by some thirty analytics, where working the view out costs most
_TRAFFIC: Final = ("flows", "dns")
_ACTS: Final = ("commands", "logins")


def _can_answer(needed: set[str], views: Mapping[str, Sequence[str]], silent: set[str]) -> bool:
    """Whether an analytic that needs these views can find an event: not without traffic, nor where all are empty."""
    return needed <= views.keys() and not needed & silent & set(_TRAFFIC) and not needed <= silent


def _holds_rows(table: Any) -> bool:
    return bool(table.limit(1).count().to_pyarrow().as_py())


def asked_of(rules: Iterable[Rule], correlations: Sequence[Linked] = ()) -> tuple[Asked, ...]:
    """Rules by the view they read, one guard per log source; what they feed beside them."""
    by_view: dict[str, list[tuple[Rule, Variant]]] = {}
    for rule in rules:
        for variant in rule.variants:
            by_view.setdefault(variant.route.view, []).append((rule, variant))
    return tuple(
        Asked(view, tuple(pairs), _plan(pairs), tuple(feeds_of(correlations, *pair) for pair in pairs))
        for view, pairs in sorted(by_view.items())
    )


def _plan(pairs: Sequence[tuple[Rule, Variant]]) -> Plan:
    by_guard: dict[Condition | None, list[tuple[int, Condition]]] = {}
    for number, (_, variant) in enumerate(pairs):
        by_guard.setdefault(variant.route.guard, []).append((number, variant.condition))
    return Plan(tuple(Group(guard, tuple(rules)) for guard, rules in by_guard.items()))


def _match_view(
    lake: Tables, asked: Asked, present: Sequence[str], site: Site, since: datetime | None
) -> Iterator[Judged | Match | Part]:
    done = 0
    told = [told_about(rule, asked.view) for rule, _ in asked.rules]
    subject = subjects.BY_VIEW[asked.view]
    columns = asked.columns(present)
    fed = {name.lower() for name in asked.fed_columns}
    kept = tuple(name for name in columns if name in ALWAYS or name in subject.columns or name.lower() in fed)
    noticing = Noticing(asked.plan, kept, since, asked.before)
    for count, noticed in lake.mapped(asked.view, noticing, columns=columns, site=site, rows=ROWS):
        for found in matches_of(noticed, asked, told, site):
            if isinstance(found, Part) or since is None or found.time is None or found.time >= since:
                yield found
        done += count
        if done:  # an empty view may come as no batch or as an empty one: nothing was judged either way
            yield Judged(asked.view, done)


def told_about(rule: Rule, view: str) -> About:
    """What is said of a rule's matches in a view; the view's own sentence where the rule brings none."""
    return rule.about if rule.about.why else replace(rule.about, why=subjects.BY_VIEW[view].why)


def matches_of(noticed: pa.RecordBatch, asked: Asked, told: Sequence[About], site: Site) -> Iterator[Match | Part]:
    """The rows noticed (`Noticing`), as matches, and as parts of correlations."""
    subject = subjects.BY_VIEW[asked.view]
    spelled = {name.lower(): name for name in noticed.schema.names}
    for row in noticed.to_pylist():
        number = row.pop(RULE)
        rule, _ = asked.rules[number]
        details = subjects.details_of(subject, row)
        if rule.meta.author and not rule.meta.builtin:  # the Detection Rule License asks for it
            details["rule_author"] = rule.meta.author
        found = Match(
            about=told[number],
            event_id=row["event_id"],
            time=row["time"],
            origin=row["origin"] or "",
            excerpt=subjects.excerpt_of(subject, row),
            entities=subjects.entities_of(subject, row, site.device_names),
            details=details,
        )
        yield found
        for feed in asked.feeds[number]:
            part = feed.part(row, spelled, found, subject)
            if part is not None:
                yield part
