"""How bad, and how sure."""

from __future__ import annotations

import pytest

from seawall.incidents.scoring import confidence_of, confidence_sentence, graded
from seawall.model.incident import Join
from seawall.model.severity import Severity
from tests.incidents.stories import at, device, finding

HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW


@pytest.mark.parametrize(
    ("behaviours", "severity", "jewel", "expected"),
    [
        pytest.param("A-02 P-01 X-01", HIGH, False, Severity.CRITICAL, id="three stages with initial access"),
        pytest.param("P-01 D-01 X-01", HIGH, False, HIGH, id="three stages without initial access"),
        pytest.param("A-02 P-01", HIGH, False, HIGH, id="two stages"),
        pytest.param("A-02 A-03 A-04", HIGH, False, HIGH, id="one stage three times"),
        pytest.param("L-01", HIGH, True, Severity.CRITICAL, id="a crown jewel"),
        pytest.param("L-01", MEDIUM, True, MEDIUM, id="a crown jewel and a doubt"),
        pytest.param("A-11 P-01 X-01", MEDIUM, False, HIGH, id="three stages of medium"),
        pytest.param("A-11 P-01 X-01", LOW, True, LOW, id="only low"),
        pytest.param("R-01 P-01 X-01", Severity.INFORMATIONAL, False, Severity.INFORMATIONAL, id="only informational"),
    ],
)
def test_corroboration_raises_severity(behaviours: str, severity: Severity, jewel: bool, expected: Severity) -> None:
    findings = [finding(at("00:00:00"), b, device("pe1"), severity=severity) for b in behaviours.split()]
    assert graded(findings, crown_jewel=jewel).severity is expected


def test_agreement_makes_surer_and_never_certain() -> None:
    one = finding(at("00:00:00"), "P-01", device("pe1"), confidence=60)
    two = finding(at("00:01:00"), "D-01", device("pe1"), confidence=60)
    join = Join(one.id, two.id, "both name device pe1", 58)
    assert confidence_of([one], []) == 60 < confidence_of([one, two], [join]) < 99
    many = [finding(at("00:00:00"), f"P-{n:02}", device("pe1"), confidence=95) for n in range(1, 20)]
    assert confidence_of(many, []) == 99


def test_the_same_rule_twice_makes_nobody_surer() -> None:
    twice = [finding(at(f"00:0{n}:00"), "P-01", device("pe1"), confidence=60) for n in range(2)]
    assert confidence_of(twice, []) == 60


def test_what_is_only_learned_stays_below_85() -> None:
    learned = [finding(at("00:00:00"), f"P-{n:02}", device("pe1"), confidence=95, learned=True) for n in range(1, 20)]
    assert confidence_of(learned, []) == 85
    assert "learned, not from a site file: 19 findings" in confidence_sentence(learned, [], 85)
