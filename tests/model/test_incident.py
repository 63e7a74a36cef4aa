from datetime import UTC, datetime, timedelta

import orjson

from seawall.model.entities import Entity
from seawall.model.incident import Incident, Join, Stage, incident_from_dict, incident_id, incident_to_dict
from seawall.model.severity import Severity

START = datetime(2026, 11, 21, 22, 1, tzinfo=UTC)


def test_an_incident_survives_its_own_json() -> None:
    incident = Incident(
        id=incident_id("a" * 32),
        title="Intruder on pe01",
        severity=Severity.CRITICAL,
        confidence=90,
        first=START,
        last=START + timedelta(hours=2),
        entities=(Entity("device", "pe01", "target"),),
        findings=("a" * 32, "b" * 32),
        stages=(Stage("persistence", START, START, ("a" * 32,)),),
        joins=(Join("a" * 32, "b" * 32, "both name account cisco_support", 80),),
        storyline=("22:01 UTC pe01: …",),
    )
    assert incident_from_dict(orjson.loads(orjson.dumps(incident_to_dict(incident)))) == incident


def test_an_incident_is_not_named_like_its_finding() -> None:
    assert incident_id("a" * 32) != "a" * 32
