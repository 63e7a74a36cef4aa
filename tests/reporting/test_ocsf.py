"""Findings as OCSF Detection Findings: what the schema requires is there, and what we know is not lost."""

from __future__ import annotations

import orjson
import pytest

from seawall.model.severity import Severity
from seawall.reporting.ocsf import finding_to_ocsf
from tests.incidents.stories import at, device, finding, intrusion
from tests.reporting.hostile import ATTACKS

REQUIRED = {"activity_id", "category_uid", "class_uid", "finding_info", "metadata", "severity_id", "time", "type_uid"}


@pytest.mark.parametrize("found", intrusion(), ids=lambda f: f.detector)
def test_every_required_attribute_is_there(found: object) -> None:
    event = finding_to_ocsf(found)  # type: ignore[arg-type]
    assert event.keys() >= REQUIRED
    assert (event["category_uid"], event["class_uid"], event["activity_id"], event["type_uid"]) == (2, 2004, 1, 200401)
    assert event["metadata"].keys() >= {"version", "product"}
    assert event["metadata"]["product"].keys() >= {"name", "vendor_name"}
    assert event["finding_info"].keys() >= {"uid", "title"}
    assert event["finding_info"]["analytic"]["type_id"] == 1
    assert all(o.keys() >= {"name", "type_id"} for o in event["observables"])
    assert all(e["data"] for e in event["evidences"])


@pytest.mark.parametrize(
    ("severity", "number"),
    [(Severity.INFORMATIONAL, 1), (Severity.LOW, 2), (Severity.MEDIUM, 3), (Severity.HIGH, 4), (Severity.CRITICAL, 5)],
)
def test_severities_map_one_to_one(severity: Severity, number: int) -> None:
    event = finding_to_ocsf(finding(at("00:00:00"), "P-01", device("pe1"), severity=severity))
    assert event["severity_id"] == number


def test_a_sub_technique_stands_beside_its_parent_with_tactic_and_version() -> None:
    event = finding_to_ocsf(finding(at("00:00:00"), "P-01", device("pe1")))
    assert event["finding_info"]["attacks"] == [
        {
            "technique": {"uid": "T1136", "name": "Create Account"},
            "sub_technique": {"uid": "T1136.001", "name": "Local Account"},
            "tactic": {"uid": "TA0003", "name": "Persistence"},
            "version": "18",
        }
    ]


def test_times_are_milliseconds_since_1970() -> None:
    event = finding_to_ocsf(finding(at("00:00:01.5"), "P-01", device("pe1")))
    assert event["time"] == event["start_time"] == 1_795_219_201_500


def test_what_the_schema_has_no_place_for_is_kept() -> None:
    found = finding(at("00:00:00"), "P-01", device("pe1"), details={"command": "username x"}, exercise="spring")
    event = finding_to_ocsf(found)
    assert event["unmapped"]["details"] == {"command": "username x"}
    assert event["metadata"]["labels"] == ["behaviour:P-01", "exercise:spring"]


def test_hostile_text_stays_text_in_json() -> None:
    harmless = [text for text in ATTACKS if "\ud800" not in text]
    found = finding(at("00:00:00"), "P-01", device("pe1"), title=" ".join(harmless))
    assert orjson.loads(orjson.dumps(finding_to_ocsf(found)))["finding_info"]["title"] == found.title
