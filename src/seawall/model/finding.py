"""A finding: what a detector noticed, with its evidence and its reason.

`FINDING_SCHEMA` counts the shape of the JSON line; a change of shape is a new number
and a line in the changelog.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from seawall.model.entities import Entity
from seawall.model.severity import Severity

FINDING_SCHEMA: Final = 1
MAX_EVIDENCE: Final = 1_000  # beyond that, `evidence_total` says how many there were


@dataclass(frozen=True, slots=True)
class Evidence:
    """One event behind a finding."""

    event_id: str  # 32 hex digits
    origin: str  # path relative to the PATH given, `/` separators, with `:line` or `#record`
    excerpt: str  # masked text of the event, at most 500 characters


@dataclass(frozen=True, slots=True)
class Finding:
    """What a detector noticed. Times are UTC; confidence is 0 to 100."""

    id: str  # 32 hex digits; the same wherever and in whatever order the evidence is read
    detector: str  # Sigma rule id; analytic `area.name`; check id; oversight kind
    title: str  # what the detector looks for
    severity: Severity  # how bad it is if true
    confidence: int  # 0 to 100: how sure that it is true
    first: datetime  # earliest event
    last: datetime  # latest event
    count: int  # events that matched
    entities: tuple[Entity, ...]  # who and what it is about, sorted
    why: str  # the reason, as a sentence
    subject: str  # the one thing to name it by on a screen
    evidence: tuple[Evidence, ...]  # the events behind it, at most 1,000
    evidence_total: int  # how many events there were
    learned: bool = False  # rests on a learned baseline, not on a site file
    details: Mapping[str, Any] = field(default_factory=dict)  # figures the detector found
    attack: tuple[str, ...] = ()  # e.g. "T1136.001@18"
    tags: tuple[str, ...] = ()  # e.g. "behaviour:P-01"
    exercise: str | None = None  # the drill session it belongs to
    replaces: str | None = None  # id of the finding an earlier, late event made obsolete
    schema: int = FINDING_SCHEMA  # shape of the JSON line

    @property
    def whose(self) -> tuple[object, ...]:
        """What stays the same when late events arrive: the detector, and a correlation's group, else the entities."""
        group = self.details.get("group")
        return (self.detector, *(sorted(group.items()) if isinstance(group, Mapping) else self.entities))

    @property
    def behaviours(self) -> tuple[str, ...]:
        """Behaviour ids among the tags, e.g. `A-01`."""
        return tuple(tag.partition(":")[2] for tag in self.tags if tag.startswith("behaviour:"))


def finding_id(
    detector: str, entities: Iterable[Entity], first_event_id: str, *, group: Mapping[str, str] | None = None
) -> str:
    """The name a finding keeps: 32 hex digits.

    Depends only on the detector, the entities and the first event by (time, event_id), so that a moved
    folder, a second run or another order of arrival gives the same id. A correlation stands for its `group` (values of
    the fields it groups by) instead of entities: those of its events may change with every late one.
    """
    digest = hashlib.sha256()
    named = sorted(f"{e.type}\x1f{e.value}\x1f{e.role}" for e in set(entities))
    grouped = sorted(f"{name}\x1f{value}" for name, value in (group or {}).items())
    for part in (detector, *named, *grouped, first_event_id):
        raw = part.encode("utf-8", "surrogatepass")
        digest.update(len(raw).to_bytes(8, "big"))
        digest.update(raw)
    return digest.hexdigest()[:32]


UNTIMED: Final = datetime(1970, 1, 1, tzinfo=UTC)  # `first` and `last` where no event has a time; printed as null


def time_or_null(moment: datetime) -> str | None:
    """`utc_text`, or null where the time is not known."""
    return None if moment == UNTIMED else utc_text(moment)


def time_of(text: str | None) -> datetime:
    """The time behind what `time_or_null` wrote."""
    return UNTIMED if text is None else datetime.fromisoformat(text)


def span_of(moments: Iterable[tuple[datetime, datetime]]) -> tuple[datetime, datetime]:
    """From the first to the last of several times, those not known left out unless none is."""
    spans = list(moments)
    timed = [span for span in spans if span[0] != UNTIMED] or spans
    return min(first for first, _ in timed), max(last for _, last in timed)


def utc_text(moment: datetime) -> str:
    """RFC 3339 text in UTC with microseconds, as every JSON line prints times."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def finding_to_dict(finding: Finding) -> dict[str, Any]:
    """The JSON line of a finding: exactly the fields docs/reference/findings names, in that order."""
    return {
        "id": finding.id,
        "schema": finding.schema,
        "detector": finding.detector,
        "title": finding.title,
        "severity": finding.severity.word,
        "confidence": finding.confidence,
        "learned": finding.learned,
        "first": time_or_null(finding.first),
        "last": time_or_null(finding.last),
        "count": finding.count,
        "entities": [{"type": e.type, "value": e.value, "role": e.role} for e in finding.entities],
        "details": dict(finding.details),
        "subject": finding.subject,
        "why": finding.why,
        "evidence": [{"event_id": e.event_id, "origin": e.origin, "excerpt": e.excerpt} for e in finding.evidence],
        "evidence_total": finding.evidence_total,
        "attack": list(finding.attack),
        "tags": list(finding.tags),
        "exercise": finding.exercise,
        "replaces": finding.replaces,
    }


def finding_from_dict(raw: Mapping[str, Any]) -> Finding:
    """A finding read back from its JSON line. Raises KeyError or ValueError if it is not one."""
    return Finding(
        id=raw["id"],
        schema=raw["schema"],
        detector=raw["detector"],
        title=raw["title"],
        severity=Severity.from_word(raw["severity"]),
        confidence=raw["confidence"],
        learned=raw["learned"],
        first=time_of(raw["first"]),
        last=time_of(raw["last"]),
        count=raw["count"],
        entities=tuple(Entity(**e) for e in raw["entities"]),
        details=raw["details"],
        subject=raw["subject"],
        why=raw["why"],
        evidence=tuple(Evidence(**e) for e in raw["evidence"]),
        evidence_total=raw["evidence_total"],
        attack=tuple(raw["attack"]),
        tags=tuple(raw["tags"]),
        exercise=raw["exercise"],
        replaces=raw["replaces"],
    )
