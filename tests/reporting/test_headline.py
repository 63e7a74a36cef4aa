"""The answer first, then how far it can be trusted, then what to do."""

from __future__ import annotations

import pytest

from seawall.model.assessment import Assessment
from seawall.model.coverage import Coverage
from seawall.reporting.headline import answer, basis, behaviour_text, doubt, next_steps, places, touched
from tests.incidents.stories import at, device, finding
from tests.reporting.cases import case


def test_the_answer_counts_incidents_by_severity() -> None:
    assert answer(case()) == "2 incidents: 1 critical and 1 medium."
    assert answer(case([finding(at("00:00:00"), "P-01", device("pe1"))])) == "1 incident, high."
    assert answer(case([])) == "No incident was found."


def test_doubt_is_said_even_where_everything_could_be_seen() -> None:
    assert doubt(case()).startswith("27 of 34 pairs of device and behaviour could not be seen, on 5 devices.")
    assert "could have been seen" in doubt(case(coverage=[Coverage("pe1", "P-01", "seen", "found")]))
    assert "silence means nothing" in doubt(case(coverage=[]))


@pytest.mark.parametrize(("known", "words"), [(True, "A site file says"), (False, "No site file was given: 1 finding")])
def test_the_basis_says_exact_or_learned(known: bool, words: str) -> None:
    assert basis(case(site_known=known)).startswith(words)


def test_a_learned_baseline_says_how_much_it_was_learned_from() -> None:
    said = basis(case(site_known=False))
    assert "1 finding rests on a learned baseline: " in said
    assert "record" in said
    assert "which is little" in said


def test_whether_data_was_touched_is_answered_or_said_to_be_unknown() -> None:
    assert touched(case())[0].startswith("Not known: no site file names the crown jewels")
    answers = (
        Assessment("lims1 (intercept mediation)", "reached", 90, "seen there: a cleared log"),
        Assessment("cdr1 (call records)", "cannot be known", 0, "no events of it"),
    )
    assert touched(case(assessments=answers)) == [
        "lims1 (intercept mediation): this machine was reached; seen there: a cleared log.",
        "cdr1 (call records): cannot be known; no events of it.",
    ]


def test_steps_follow_from_what_was_seen() -> None:
    grave = next_steps(case())
    assert grave[0].startswith("Talk about this out of band")
    assert any("Treat every secret" in s for s in grave)
    quiet = next_steps(case([], coverage=[], site_known=True, rejected_total=0, refused=(), broken_rules=()))
    assert quiet == []


def test_places_are_named_once_and_bare_addresses_come_last() -> None:
    assert places(case().incidents[0]) == "edge7.ams.example.net, edge8.ams.example.net and 192.0.2.11"


def test_an_unknown_behaviour_keeps_its_id() -> None:
    assert behaviour_text("C-01") == "C-01 Embedded packet capture of TACACS+"
    assert behaviour_text("Z-99") == "Z-99"
