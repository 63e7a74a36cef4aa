"""The whole statement: one sentence, edges, volume, integrity, what would settle it."""

from __future__ import annotations

from datetime import timedelta

from seawall.incidents.asked import Asked
from seawall.incidents.facts import Sent
from seawall.incidents.statement import sentence, state
from seawall.model.assessment import Assessment, Integrity, Statement
from tests.incidents.looked import END, START, looked, question
from tests.incidents.stories import account, address, at, device, finding

SOUND = Integrity("the case's ledger", True, "it holds")
WIPED = finding(at("01:57:00"), "D-01", device("lims1"), account("eve"), address("198.51.100.7"), title="Log cleared")


def stated(asked: Asked, *, earlier: timedelta = timedelta(0), later: timedelta = timedelta(0)) -> Statement:
    return state(
        asked,
        first=START - earlier,
        last=END + later,
        made=END,
        ledger=SOUND,
        retention="Nothing is removed by age.",
        privilege="Privileged",
    )


def test_the_sentence_leaves_nothing_out_that_could_not_be_looked_at() -> None:
    told = sentence([Assessment("a", "reached", 90, ""), Assessment("b", "cannot be known", 0, "")])
    assert told == "Reached: a. Cannot be known: b."
    assert sentence([]).startswith("Cannot be known")


def test_the_edges_of_the_evidence_are_gaps() -> None:
    told = stated(question(), earlier=timedelta(days=1), later=timedelta(hours=2))
    assert [gap.why for gap in told.blind] == ["older than the oldest evidence", "younger than the newest evidence"]
    assert "begins before it" in told.retention


def test_an_incident_that_begins_at_the_edge_may_be_older() -> None:
    assert "may be older than the evidence" in stated(question(WIPED)).retention


def test_volume_is_counted_or_said_to_be_unknown() -> None:
    sent = (
        Sent("10.9.20.80", "203.0.113.50", 700, 2, START, END),
        Sent("10.1.1.1", "198.51.100.7", 5, 1, START, END),
        Sent("10.1.1.1", "203.0.113.9", 9, 1, START, END),  # neither from a jewel nor to the incident's host
    )
    told = stated(question(WIPED, facts=looked(sent=sent)))
    assert [(out.device, out.bytes) for out in told.outflows] == [("lims1.example.net", 700), ("10.1.1.1", 5)]
    blind = stated(question(WIPED, facts=looked(flows=0)))
    assert not blind.flows_seen
    assert "cannot be counted" in next(gap.why for gap in blind.blind if gap.telemetry == "flows")
    assert any("flow records" in one.evidence for one in blind.settles)


def test_what_weakens_the_logs_is_said() -> None:
    told = stated(question(WIPED, facts=looked(rejected=3, untimed=2, doubts=("pe1 is 40 s behind",))))
    assert [(point.topic, point.sound) for point in told.integrity] == [
        ("the case's ledger", True),
        ("logs touched", False),
        ("records rejected", False),
        ("times", False),
        ("clocks", False),
    ]
    assert told.privilege == "Privileged"
