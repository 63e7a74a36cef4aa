"""Findings in the Open Cybersecurity Schema Framework: class Detection Finding (2004), schema version 1.3.0.

Source: the OCSF schema repository (events/findings/detection_finding, finding, base_event; objects finding_info,
attack, evidences, observable, metadata). `time` is when the finding's last event happened: a finding here has no other
moment that a second run would repeat.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from seawall import __version__
from seawall.model.attack import TACTIC_IDS, tactic_of, technique_id, technique_name
from seawall.model.behaviours import stage_of_behaviour
from seawall.model.compartment import refuse_compartmented
from seawall.model.entities import Entity
from seawall.model.finding import Finding
from seawall.model.severity import Severity

OCSF_VERSION: Final = "1.3.0"
CLASS_UID: Final = 2004
ACTIVITY_CREATE: Final = 1
_SEVERITY: Final[dict[Severity, tuple[int, str]]] = {
    Severity.INFORMATIONAL: (1, "Informational"),
    Severity.LOW: (2, "Low"),
    Severity.MEDIUM: (3, "Medium"),
    Severity.HIGH: (4, "High"),
    Severity.CRITICAL: (5, "Critical"),
}
# OCSF observable types; what it has no type for is Other (99) with our own word.
_OBSERVABLE: Final[dict[str, tuple[int, str]]] = {
    "device": (1, "Hostname"),
    "ip": (2, "IP Address"),
    "account": (4, "User Name"),
    "mailbox": (5, "Email Address"),
    "url": (6, "URL String"),
    "hash": (8, "Hash"),
    "domain": (1, "Hostname"),
    "system": (1, "Hostname"),
}
_OUR_SPELLING: Final = {"defence evasion": "Defense Evasion"}


def finding_to_ocsf(finding: Finding) -> dict[str, Any]:
    """The finding as one OCSF event, ready for JSON. Times are milliseconds since 1970, UTC.

    Raises:
        InputError: it belongs to the intercept case, and never leaves it.
    """
    refuse_compartmented(finding)
    severity_id, severity = _SEVERITY[finding.severity]
    confidence_id, confidence = _confidence(finding.confidence)
    return {
        "activity_id": ACTIVITY_CREATE,
        "activity_name": "Create",
        "category_uid": 2,
        "category_name": "Findings",
        "class_uid": CLASS_UID,
        "class_name": "Detection Finding",
        "type_uid": CLASS_UID * 100 + ACTIVITY_CREATE,
        "type_name": "Detection Finding: Create",
        "time": _ms(finding.last),
        "start_time": _ms(finding.first),
        "end_time": _ms(finding.last),
        "count": finding.count,
        "severity_id": severity_id,
        "severity": severity,
        "confidence_id": confidence_id,
        "confidence": confidence,
        "confidence_score": finding.confidence,
        "status_id": 1,
        "status": "New",
        "message": finding.why,
        "metadata": {
            "version": OCSF_VERSION,
            "uid": finding.id,
            "product": {"name": "Seawall", "vendor_name": "Seawall", "version": __version__},
            "labels": [*finding.tags, *([f"exercise:{finding.exercise}"] if finding.exercise else [])],
        },
        "finding_info": _finding_info(finding),
        "evidences": [{"data": {"event_id": e.event_id, "origin": e.origin, "excerpt": e.excerpt}}
                      for e in finding.evidence],
        "observables": [_observable(entity, number) for number, entity in enumerate(finding.entities)],
        "unmapped": {
            "details": dict(finding.details),
            "entities": [{"type": e.type, "value": e.value, "role": e.role} for e in finding.entities],
            "evidence_total": finding.evidence_total,
            "learned": finding.learned,
            "replaces": finding.replaces,
        },
    }  # fmt: skip


def _finding_info(finding: Finding) -> dict[str, Any]:
    return {
        "uid": finding.id,
        "title": finding.title,
        "desc": finding.why,
        "first_seen_time": _ms(finding.first),
        "last_seen_time": _ms(finding.last),
        "related_events_count": finding.evidence_total,
        "types": list(finding.behaviours),
        "analytic": {"uid": finding.detector, "name": finding.title, "type_id": 1, "type": "Rule"},
        "attacks": [_attack(attack, finding) for attack in finding.attack],
    }


def _attack(attack: str, finding: Finding) -> dict[str, Any]:
    """An ATT&CK technique; a sub-technique stands beside its parent."""
    identity = technique_id(attack)
    parent, dot, _ = identity.partition(".")
    stage = next((s for b in finding.behaviours if (s := stage_of_behaviour(b))), None) or tactic_of(attack)
    found: dict[str, Any] = {"technique": _named(parent)}
    if dot:
        found["sub_technique"] = _named(identity)
    if stage in TACTIC_IDS:
        found["tactic"] = {"uid": TACTIC_IDS[stage], "name": _OUR_SPELLING.get(stage, stage.title())}
    version = attack.partition("@")[2]
    if version:
        found["version"] = version
    return found


def _named(identity: str) -> dict[str, str]:
    name = technique_name(identity)
    return {"uid": identity, "name": name} if name else {"uid": identity}


def _observable(entity: Entity, number: int) -> dict[str, Any]:
    """An entity as a pivot; `name` points at where it stands in this event."""
    type_id, type_name = _OBSERVABLE.get(entity.type, (99, entity.type))
    return {"name": f"unmapped.entities[{number}].value", "type_id": type_id, "type": type_name, "value": entity.value}


def _confidence(score: int) -> tuple[int, str]:
    if score >= 75:
        return 3, "High"
    return (2, "Medium") if score >= 40 else (1, "Low")


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
