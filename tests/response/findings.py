"""Findings and incidents for response's tests."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from seawall.model.entities import Entity
from seawall.model.finding import Evidence, Finding
from seawall.model.incident import Incident
from seawall.model.severity import Severity

AT = datetime(2026, 11, 20, 22, tzinfo=UTC)


def finding(
    id_: str = "f" * 32,
    *,
    entities: tuple[Entity, ...] = (),
    details: dict[str, Any] | None = None,
    severity: Severity = Severity.CRITICAL,
    events: tuple[str, ...] = ("a" * 32,),
    exercise: str | None = None,
) -> Finding:
    """A finding of something bad."""
    evidence = tuple(Evidence(event, "log:1", "…") for event in events)
    return Finding(
        id_, "change.x", "t", severity, 90, AT, AT, 1, entities, "because", "edge1", evidence, len(evidence),
        details=details or {}, exercise=exercise,
    )  # fmt: skip


def incident(*findings: Finding) -> Incident:
    """An incident of findings."""
    return Incident(
        "c" * 32, "Intruder on edge1", Severity.CRITICAL, 90, AT, AT, (), tuple(f.id for f in findings), (), (), ()
    )
