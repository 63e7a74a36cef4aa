from dataclasses import replace
from datetime import UTC, datetime

import orjson
from hypothesis import given
from hypothesis import strategies as st

from seawall.model.entities import Entity
from seawall.model.finding import (
    UNTIMED,
    Evidence,
    Finding,
    finding_from_dict,
    finding_id,
    finding_to_dict,
    span_of,
)
from seawall.model.severity import Severity

ENTITIES = (Entity("account", "cisco_support", "actor"), Entity("device", "pe01", "target"))

FINDING = Finding(
    id=finding_id("rule", ENTITIES, "00" * 16),
    detector="rule",
    title="Local account created",
    severity=Severity.HIGH,
    confidence=80,
    first=datetime(2026, 11, 21, 22, 1, 6, 350_000, tzinfo=UTC),
    last=datetime(2026, 11, 21, 22, 1, 6, 350_000, tzinfo=UTC),
    count=1,
    entities=ENTITIES,
    why="cisco_support was created",
    subject="pe01",
    evidence=(Evidence("00" * 16, "syslog.log:7", "…"),),
    evidence_total=1,
    attack=("T1136.001@18",),
    tags=("behaviour:P-01",),
)


def test_the_order_of_entities_does_not_change_the_id() -> None:
    assert finding_id("rule", reversed(ENTITIES), "00" * 16) == FINDING.id


def test_detector_entity_and_first_event_each_change_the_id() -> None:
    others = {
        finding_id("other", ENTITIES, "00" * 16),
        finding_id("rule", ENTITIES[:1], "00" * 16),
        finding_id("rule", ENTITIES, "01" * 16),
    }
    assert len(others | {FINDING.id}) == 4


@given(st.text(), st.text(min_size=1))
def test_parts_cannot_be_shifted_into_each_other(left: str, right: str) -> None:
    assert finding_id(left + right, (), "") != finding_id(left, (), right)


def test_the_json_line_has_exactly_the_documented_fields() -> None:
    documented = (
        "id schema detector title severity confidence learned first last count entities details subject why evidence"
        " evidence_total attack tags exercise replaces"
    )
    assert list(finding_to_dict(FINDING)) == documented.split()
    assert finding_to_dict(FINDING)["first"] == "2026-11-21T22:01:06.350000Z"


def test_a_finding_survives_its_own_json() -> None:
    assert finding_from_dict(orjson.loads(orjson.dumps(finding_to_dict(FINDING)))) == FINDING


def test_behaviours_are_read_from_the_tags() -> None:
    assert FINDING.behaviours == ("P-01",)


def test_a_time_nobody_knows_is_null_and_comes_back_unknown() -> None:
    untimed = replace(FINDING, first=UNTIMED, last=UNTIMED)
    document = finding_to_dict(untimed)
    assert (document["first"], document["last"]) == (None, None)
    assert finding_from_dict(document) == untimed


def test_a_span_leaves_out_what_is_not_known_unless_nothing_is() -> None:
    known = (FINDING.first, FINDING.last)
    assert span_of([(UNTIMED, UNTIMED), known]) == known
    assert span_of([(UNTIMED, UNTIMED)]) == (UNTIMED, UNTIMED)
