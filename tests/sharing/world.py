"""A small incident of invented names: a router of ours, an administrator, a target, and somebody outside."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from seawall.model.action import Action
from seawall.model.entities import Entity
from seawall.model.finding import Evidence, Finding
from seawall.model.incident import Incident, Stage
from seawall.model.severity import Severity
from seawall.model.site import Device, Person, Site
from seawall.model.tlp import Light
from seawall.sharing.objects import Author

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
THEN = NOW - timedelta(days=2)
OUTSIDE = "198.51.100.7"
SECRETS = ("northfen-pe1", "j.novak", "10.20.0.5", "203.0.113.9", "491701234567", "Northfen", "raw-line-of-evidence")
SITE = Site(
    name="Northfen",
    devices=(Device("northfen-pe1", role="pe", addresses=("10.20.0.5",)),),
    people=(Person("j.novak"),),
    own_networks=("203.0.113.0/24",),
)


def finding(number: int = 1, **more: object) -> Finding:
    fields: dict[str, object] = {
        "id": f"{number:032x}",
        "detector": "sessions.odd",
        "title": "Account logs in from a place it never came from",
        "severity": Severity.HIGH,
        "confidence": 80,
        "first": THEN,
        "last": THEN + timedelta(hours=1),
        "count": 3,
        "entities": (
            Entity("account", "j.novak", "actor"),
            Entity("device", "northfen-pe1", "target"),
            Entity("ip", "10.20.0.5", "target"),
            Entity("ip", OUTSIDE, "source"),
            Entity("ip", "203.0.113.9", "via"),
        ),
        "why": (
            f"j.novak came from {OUTSIDE} to northfen-pe1 (10.20.0.5) over GigabitEthernet0/0/1, by 203.0.113.9, "
            "and asked for MSISDN 491701234567 of Northfen"
        ),
        "subject": "northfen-pe1",
        "evidence": (Evidence("ab" * 16, "pe1.log:3", "raw-line-of-evidence"),),
        "evidence_total": 1,
        "attack": ("T1078@18",),
        "tags": ("behaviour:L-01",),
    }
    return Finding(**{**fields, **more})  # type: ignore[arg-type]


def incident(*findings: Finding) -> Incident:
    ids = tuple(one.id for one in findings)
    return Incident(
        id="c" * 32,
        title="Intruder reached northfen-pe1 by j.novak",
        severity=Severity.HIGH,
        confidence=80,
        first=THEN,
        last=THEN + timedelta(hours=1),
        entities=findings[0].entities,
        findings=ids,
        stages=(Stage("lateral movement", THEN, THEN, ids),),
        joins=(),
        storyline=("2026-11-22 12:00 UTC northfen-pe1: j.novak logged in from 198.51.100.7",),
    )


ACTION = Action(
    id="d" * 32,
    kind="rtbh",
    target="northfen-pe1",
    lasting="block",
    do="announce route 198.51.100.7/32 next-hop 10.20.0.5",
    undo="withdraw",
    reason="northfen-pe1 was reached by j.novak from 198.51.100.7",
    values={"address": OUTSIDE},
)


def author(light: Light = Light.AMBER) -> Author:
    return Author(uuid.UUID(int=7), light, NOW)
