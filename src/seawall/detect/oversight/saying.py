"""How a finding of the guard is made: one shape for all kinds, entities and details alike, no identifier in clear."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from seawall.detect.oversight.facts import Row
from seawall.detect.oversight.kinds import KINDS
from seawall.model.entities import Entity, EntityType, Role
from seawall.model.finding import MAX_EVIDENCE, UNTIMED, Evidence, Finding, finding_id, utc_text

NAMED: Final = 200  # entities of one type in a finding; the rest are counted
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ROLES: Final[dict[str, tuple[EntityType, Role]]] = {
    "system": ("system", "target"),
    "tap": ("tap", "object"),
    "warrant": ("warrant", "object"),
    "actor": ("account", "actor"),
    "agency": ("agency", "target"),
}


def moment(micros: int | None) -> datetime | None:
    """UTC microseconds as a time; None where there is none, or none a calendar has."""
    if micros is None or not -(1 << 55) < micros < 1 << 57:
        return None
    try:
        return _EPOCH + timedelta(microseconds=micros)
    except OverflowError:
        return None


def said(micros: int | None) -> str | None:
    """The same as RFC 3339 text."""
    made = moment(micros)
    return utc_text(made) if made else None


def found(
    kind: str,
    why: str,
    rows: Sequence[Row],
    *,
    system: str | Sequence[str] = (),
    tap: str | Sequence[str] = (),
    warrant: str | Sequence[str] = (),
    actor: str | Sequence[str] = (),
    agency: str | Sequence[str] = (),
    at: int | None = None,
    last: int | None = None,
    count: int | None = None,
    confidence: int = 90,
    subject: str = "",
    inferred: bool = False,
    details: Mapping[str, Any] | None = None,
) -> Finding:
    """One finding.

    `system`, `tap`, `warrant`, `actor` and `agency` become entities and stand in `details` under the same names (a text
    where there is one, a list where there are several). `at` to `last` is when it happened, UTC microseconds; without
    it the times of `rows` stand in. `inferred` marks an actor nobody named in so many words.
    """
    about = KINDS[kind]
    given = {"system": system, "tap": tap, "warrant": warrant, "actor": actor, "agency": agency}
    named = {name: [v for v in ([value] if isinstance(value, str) else value) if v] for name, value in given.items()}
    entities: list[Entity] = []
    told: dict[str, Any] = {}
    for name, values in named.items():
        distinct = list(dict.fromkeys(values))
        if not distinct:
            continue
        type_, role = _ROLES[name]
        entities += [Entity(type_, value, role) for value in distinct[:NAMED]]
        told[name] = distinct[0] if len(distinct) == 1 else distinct[:NAMED]
        if len(distinct) > NAMED:
            told[f"{name}s_total"] = len(distinct)
    if at is not None:
        told["at"] = said(at)
    if inferred:
        told["actor_inferred"] = True
    told |= {name: value for name, value in (details or {}).items() if value not in (None, "", [], ())}
    times = [row.time for row in rows if row.time is not None]
    first = moment(at if at is not None else min(times, default=None)) or UNTIMED
    end = moment(last if last is not None else at if at is not None else max(times, default=None)) or first
    ordered = tuple(sorted(set(entities)))
    evidence = tuple(Evidence(row.event_id, row.origin, "") for row in rows[:MAX_EVIDENCE])
    anchor = min(((row.time or 0, row.event_id) for row in rows), default=(0, ""))[1]
    name = subject or next((v for key in ("system", "warrant", "actor", "agency") for v in named[key]), kind)
    return Finding(
        id=finding_id(kind, ordered, anchor),
        detector=kind,
        title=about.title,
        severity=about.severity,
        confidence=confidence,
        first=first,
        last=max(first, end),
        count=count if count is not None else max(1, len(rows)),
        entities=ordered,
        why=why,
        subject=name,
        evidence=evidence,
        evidence_total=len(rows),
        details=told,
        tags=("oversight.intercept",),
    )


def joined(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Worst first; what two families say of one thing (kind, system, agency, tap, warrant) is said once."""
    kept: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        key = _thing(finding)
        kept[key] = _both(kept[key], finding) if key in kept else finding
    order = sorted(kept.values(), key=lambda f: (-f.severity, f.detector, f.subject, f.first, f.id))
    yield from order


def _thing(finding: Finding) -> tuple[object, ...]:
    if finding.detector == "AGENCY_DELIVERY_CHANGED":  # the log and the state of now tell of one change
        return (finding.detector, *(e.value for e in finding.entities if e.type == "agency"))
    return (finding.id,)


def _both(one: Finding, other: Finding) -> Finding:
    """Two tellings as one finding: the one that names an actor leads."""
    lead, rest = (one, other) if any(e.role == "actor" for e in one.entities) else (other, one)
    evidence = tuple(dict.fromkeys((*lead.evidence, *rest.evidence)))[:MAX_EVIDENCE]
    return replace(
        lead,
        entities=tuple(sorted({*lead.entities, *rest.entities})),
        details={**rest.details, **lead.details},
        evidence=evidence,
        evidence_total=lead.evidence_total + rest.evidence_total,
        count=lead.count + rest.count,
    )
