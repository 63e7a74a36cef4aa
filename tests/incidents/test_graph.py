"""Findings joined in later give what joining all at once gives, and names that are everywhere join nothing."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from seawall.incidents import build, rarity
from seawall.incidents.build import Incidents
from seawall.model.decision import Decision
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.severity import Severity
from tests.incidents.stories import account, address, at, device, finding, intrusion, noise


def stories(count: int, seed: int) -> list[Finding]:
    """Small intrusions over days, some quiet findings around them."""
    chance = random.Random(seed)
    found = []
    for n in range(count):
        start = at("00:00:00") + timedelta(hours=chance.uniform(0, 24 * 9))
        who = (device(f"pe{n}"), account(f"eve{n}"), address(f"203.0.113.{n % 250}"))
        for step, behaviour in enumerate(("A-02", "P-01", "D-01", "I-02")):
            severity = Severity.LOW if behaviour == "I-02" else Severity.HIGH
            found.append(finding(start + timedelta(minutes=9 * step), behaviour, *who, severity=severity))
    return found


def shape(incidents: list[Incident]) -> set[tuple[str, frozenset[str]]]:
    return {(incident.id, frozenset(incident.findings)) for incident in incidents}


@pytest.mark.parametrize("seed", range(4))
def test_piece_by_piece_is_as_all_at_once(seed: int) -> None:
    found = [*stories(40, seed), *intrusion(), *noise()]
    random.Random(seed).shuffle(found)
    growing = Incidents()
    told: list[Incident] = []
    for start in range(0, len(found), 9):
        told = growing.add(found[start : start + 9])
    assert shape(told) == shape(build(found))


def test_a_late_finding_that_replaces_an_earlier_one_takes_its_place() -> None:
    old = finding(at("09:00:00"), "P-01", device("pe1"), account("eve"))
    growing = Incidents()
    growing.add([old, *stories(20, 1)])
    new = finding(at("08:59:00"), "P-01", device("pe1"), account("eve"), replaces=old.id)
    (incident,) = [i for i in growing.add([new]) if new.id in i.findings]
    assert incident.findings == (new.id,)


def test_a_name_in_thousands_of_findings_joins_nothing_and_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """An indicator that matches half the internet."""
    monkeypatch.setattr(rarity, "MOST_OF_A_NAME", 30)
    everywhere = address("198.51.100.9", "target")
    found = [finding(at("00:00:00") + timedelta(minutes=n), "N-01", device(f"pe{n}"), everywhere) for n in range(31)]
    incidents = build(found)
    assert len(incidents) == len(found)
    assert incidents[0].notes == (f"198.51.100.9 it is in {len(found):,} findings, and joins nothing",)


def decided(kind: str, *findings: str) -> Decision:
    return Decision(f"incident.{kind}:1", kind, findings, "a.lind", at("00:00:00"), at("00:00:00", 9), "0")  # type: ignore[arg-type]


def test_people_merge_split_and_suppress() -> None:
    one = finding(at("09:00:00"), "P-01", device("pe1"), account("eve"))
    other = finding(at("09:00:00", 3), "D-01", device("pe9"), account("mal"))
    assert len(build([one, other])) == 2
    (merged,) = build([one, other], decisions=[decided("merge", one.id, other.id)])
    assert "a.lind" in merged.joins[0].because
    assert merged.notes == ("merged by a.lind until 2026-11-30 00:00 UTC",)
    (whole,) = build(intrusion())
    parts = build(intrusion(), decisions=[decided("split", *whole.findings[-3:])])
    assert sum(len(part.findings) for part in parts) == len(whole.findings)
    leaving = set(whole.findings[-3:])
    assert all(set(part.findings) <= leaving or not set(part.findings) & leaving for part in parts)
    (hidden,) = build([one], decisions=[decided("suppress", one.id)])
    assert hidden.suppressed_until == at("00:00:00", 9)
