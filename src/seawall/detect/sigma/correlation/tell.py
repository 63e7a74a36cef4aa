"""What a correlation found, told as a finding: who, how much, of what, in how long."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from seawall.detect.group import sentence, subject_line
from seawall.detect.sigma.correlation.linking import Linked, Step
from seawall.detect.sigma.correlation.rule import Correlation, Kind
from seawall.model.entities import Entity
from seawall.model.finding import UNTIMED, Evidence, Finding, finding_id

MAX_ENTITIES: Final = 50  # a finding names; those of most events first
_OPS: Final = {
    "gt": "more than",
    "gte": "at least",
    "lt": "fewer than",
    "lte": "at most",
    "eq": "exactly",
    "neq": "not",
}


@dataclass(frozen=True, slots=True)
class Told:
    """What the windows of a finding came to."""

    group: Mapping[str, str]  # group-by field → value
    figure: str  # the highest of its windows
    moments: int  # how many windows answered


def finding_of(linked: Linked, told: Told, rows: Sequence[Mapping[str, Any]], every: Sequence[Linked]) -> Finding:
    """The finding of one episode. `rows` are its events in order, the first thousand, each with `total` of all."""
    correlation, about = linked.correlation, linked.correlation.about
    head = rows[0]
    entities, named = _entities(rows)
    titles = Counter(title_of(every[row["correlation"]].steps[row["step"]]) for row in rows)
    details: dict[str, Any] = {
        **told.group,
        "group": dict(told.group),
        "figure": told.figure,
        "measure": measure(correlation),
        "asked": asked(correlation),
        "timespan_s": correlation.question.span // 1_000_000,
        "windows": told.moments,
        "rules": dict(titles) if head["total"] == len(rows) else sorted(titles),
    }
    if named > len(entities):
        details["entities_total"] = named
    if correlation.meta.author and not correlation.meta.builtin:
        details["rule_author"] = correlation.meta.author
    if correlation.meta.licence and not correlation.meta.builtin:
        details["rule_licence"] = correlation.meta.licence
    why = sentence(about, {**details, "count": head["total"]}) if about.why else _why(correlation, told)
    return Finding(
        id=finding_id(about.id, (), head["event"].hex(), group=told.group),
        detector=about.id,
        title=about.title,
        severity=about.severity,
        confidence=about.confidence,
        first=UNTIMED + timedelta(microseconds=head["first_t"]),
        last=UNTIMED + timedelta(microseconds=head["last_t"]),
        count=head["total"],
        entities=entities,
        why=why,
        subject=subject_line(entities),
        evidence=tuple(Evidence(row["event"].hex(), row["origin"] or "", row["excerpt"] or "") for row in rows),
        evidence_total=head["total"],
        learned=about.learned,
        details=details,
        attack=about.attack,
        tags=about.tags,
    )


def _entities(rows: Sequence[Mapping[str, Any]]) -> tuple[tuple[Entity, ...], int]:
    """The entities of most events, sorted as findings sort them, and how many there were."""
    counts = Counter(Entity(*parts) for row in rows for parts in json.loads(row["entities"]))
    ranked = sorted(counts, key=lambda entity: (-counts[entity], entity))
    return tuple(sorted(ranked[:MAX_ENTITIES])), len(counts)


def title_of(step: Step) -> str:
    """The title of a rule or correlation."""
    return step.about.title


def measure(correlation: Correlation) -> str:
    """What the figure counts, in words."""
    fields = ", ".join(correlation.fields)
    share = correlation.question.percentile
    return {
        Kind.EVENT_COUNT: "events",
        Kind.VALUE_COUNT: f"different values of {fields}",
        Kind.TEMPORAL: "rules met",
        Kind.TEMPORAL_ORDERED: "rules met in order",
        Kind.VALUE_SUM: f"sum of {fields}",
        Kind.VALUE_AVG: f"mean of {fields}",
        Kind.VALUE_PERCENTILE: f"percentile {float(share):g} of {fields}",
        Kind.VALUE_MEDIAN: f"median of {fields}",
    }[correlation.question.kind]


def asked(correlation: Correlation) -> str:
    """The condition in words, e.g. `at least 5`."""
    if correlation.question.expression is not None:
        return "a condition of several rules"
    return " and ".join(f"{_OPS[bound.op]} {float(bound.number):g}" for bound in correlation.question.bounds)


def _why(correlation: Correlation, told: Told) -> str:
    span = timedelta(seconds=correlation.question.span // 1_000_000)
    of = ", ".join(f"{name} {value}" for name, value in told.group.items())
    return (
        f"{correlation.about.title}: {measure(correlation)} {told.figure} within {span}"
        f"{f' for {of}' if of else ''} (asked: {asked(correlation)})"
    )
