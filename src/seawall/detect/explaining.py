"""Why a rule noticed an event: each of its patterns that the event satisfies, and the value that does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from seawall.detect.rules import RuleSet
from seawall.detect.sigma import kernel
from seawall.detect.sigma.correlation.linking import Linked, rules_of
from seawall.detect.sigma.plan import ANY_TEXT, Atom, Condition, Group, Not, Op, Plan, fields_of
from seawall.detect.sigma.rule import Rule, Variant
from seawall.detect.tables import Tables, view_columns
from seawall.errors import InputError
from seawall.model.finding import Finding

MAX_EVENTS: Final = 20  # of a finding, explained one by one
MAX_ROWS: Final = 50_000_000  # looked through for them; it ends as soon as all are found
MAX_VALUE: Final = 300  # characters of a value shown
_WORDS: Final[dict[Op, str]] = {
    Op.EQUALS: "is",
    Op.NUMBER: "is",
    Op.STARTS: "starts with",
    Op.ENDS: "ends with",
    Op.CONTAINS: "contains",
    Op.GLOB: "has the form",
    Op.REGEX: "matches",
    Op.CIDR: "lies in",
    Op.GT: "is more than",
    Op.GTE: "is at least",
    Op.LT: "is less than",
    Op.LTE: "is at most",
    Op.PRESENT: "has a value",
    Op.ABSENT: "has no value",
    Op.SAME: "is the same as field",
    Op.SAME_START: "starts with the value of field",
    Op.SAME_END: "ends with the value of field",
    Op.SAME_INSIDE: "holds the value of field",
    Op.TIME: "has a time with",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One pattern that spoke for a match. `excluded`: it did not hold, and the rule asks that it does not."""

    field: str  # column, or "any text" for a keyword
    says: str  # e.g. "ends with"
    pattern: str
    value: str  # the event's value; empty if it has none
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class ExplainedEvent:
    """One event behind a finding, and why a rule noticed it."""

    event_id: str
    origin: str
    rule: str
    title: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A finding of a rule or correlation, event by event."""

    finding: Finding
    author: str
    licence: str
    events: tuple[ExplainedEvent, ...]
    not_found: int = 0  # events behind it that no given rule notices, or not among the first `MAX_ROWS` rows looked at


def explain(finding: Finding, ruleset: RuleSet, lake: Tables) -> Explained:
    """Which patterns matched which fields of the first events behind a finding.

    Raises:
        InputError: no rule given made it.
    """
    asking = next((one for one in ruleset.asking if one.about.id == finding.detector), None)
    if asking is None:
        raise InputError(
            f"{finding.detector} is no rule that was given",
            where=finding.id,
            mend="give its rules with --rules; analytics and indicators say why by themselves",
        )
    meta = asking.correlation.meta if isinstance(asking, Linked) else asking.meta
    wanted = [item.event_id for item in finding.evidence[:MAX_EVENTS]]
    events = tuple(_events(lake, rules_of(asking), wanted))
    missing = set(wanted) - {event.event_id for event in events}
    return Explained(finding, meta.author, meta.licence, events, len(missing))


def _events(lake: Tables, rules: Sequence[Rule], wanted: Sequence[str]) -> Iterator[ExplainedEvent]:
    ids = pa.array([bytes.fromhex(one) for one in wanted], pa.binary())
    present = view_columns(lake.ibis())
    told: set[tuple[str, str]] = set()
    looked_at = 0
    for view in sorted({variant.route.view for rule in rules for variant in rule.variants} & set(present)):
        for batch in lake.batches(view, columns=_columns(rules, view, present[view])):
            if looked_at > MAX_ROWS or {name for name, _ in told} >= set(wanted):
                return
            looked_at += batch.num_rows
            rows = batch.filter(pc.is_in(batch.column("event_id").cast(pa.binary()), value_set=ids))
            for at, rule in ((at, rule) for at in range(rows.num_rows) for rule in rules):
                event = rows.slice(at, 1)
                name = event.column("event_id")[0].as_py().hex()
                found = reasons(rule, view, event)
                if found and (name, rule.about.id) not in told:
                    told.add((name, rule.about.id))
                    origin = event.column("origin")[0].as_py() or ""
                    yield ExplainedEvent(name, origin, rule.about.id, rule.about.title, found)


def _columns(rules: Sequence[Rule], view: str, present: Sequence[str]) -> list[str]:
    """Of a view's columns, those the rules read."""
    read = [variant for rule in rules for variant in rule.variants if variant.route.view == view]
    if any(variant.reads_any_text for variant in read):
        return list(present)
    guards = (fields_of(variant.route.guard) for variant in read if variant.route.guard is not None)
    asked = {"event_id", "origin"}.union(*guards, *(variant.fields for variant in read))
    folded = {name.lower() for name in asked}
    return [name for name in present if name.lower() in folded]


def reasons(rule: Rule, view: str, event: pa.RecordBatch) -> tuple[Reason, ...]:
    """Why `event`, a batch of one row of `view`, is noticed by the rule; empty if it is not."""
    for variant in rule.variants:
        if variant.route.view == view and _holds(event, variant.route.guard) and _holds(event, variant.condition):
            return tuple(dict.fromkeys(_reasons(variant, event)))
    return ()


def _holds(event: pa.RecordBatch, condition: Condition | None) -> bool:
    return condition is None or kernel.match(event, Plan((Group(None, ((0, condition),)),))).num_rows > 0


def _reasons(variant: Variant, event: pa.RecordBatch) -> Iterator[Reason]:
    guard = [] if variant.route.guard is None else list(_signed(variant.route.guard, wanted=True))
    signed = [*guard, *_signed(variant.condition, wanted=True)]
    plan = Plan((Group(None, tuple(enumerate(atom for atom, _ in signed))),))
    true = set(kernel.match(event, plan)["rule"].to_pylist())
    for number, (atom, wanted) in enumerate(signed):
        if (number in true) is wanted:
            yield _told(atom, event, excluded=not wanted)


def _signed(condition: Condition, *, wanted: bool) -> Iterator[tuple[Atom, bool]]:
    """Every pattern, and whether the rule wants it to hold."""
    match condition:
        case Atom():
            yield condition, wanted
        case Not(part):
            yield from _signed(part, wanted=not wanted)
        case _:
            for part in condition.parts:
                yield from _signed(part, wanted=wanted)


def _told(atom: Atom, event: pa.RecordBatch, *, excluded: bool) -> Reason:
    spelled = {name.lower(): name for name in event.schema.names}
    name = spelled.get(atom.field.lower())
    value = event.column(name)[0].as_py() if name is not None else None
    return Reason(
        field="any text" if atom.field == ANY_TEXT else atom.field,
        says=_WORDS[atom.op],
        pattern=atom.value,
        value=_shown(value),
        excluded=excluded,
    )


def _shown(value: Any) -> str:
    text = "" if value is None else value.hex() if isinstance(value, bytes) else str(value)
    return text if len(text) <= MAX_VALUE else f"{text[:MAX_VALUE]}…"
