"""Reached, tried, no evidence, cannot be known: said with its ground, and never more than was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.incidents import assess
from seawall.incidents.asked import Asked
from seawall.model.assessment import Answer, Assessment
from seawall.model.severity import Severity
from seawall.model.site import Device, Site
from tests.incidents.looked import NAMES, SEAT, SITE, VIEWS, covered, looked, present, question
from tests.incidents.stories import account, address, at, device, finding

WIPED = finding(at("01:57:00"), "D-01", device("lims1"), account("eve"), title="Log cleared")
PROBED = finding(at("01:00:00"), "R-02", device("cdr1"), address("203.0.113.9"), severity=Severity.MEDIUM)


def told(asked: Asked) -> dict[str, Assessment]:
    return {a.subject.partition(" ")[0]: a for a in assess(asked)}


def test_what_was_found_there_is_named_and_what_was_read_is_not_guessed() -> None:
    found = told(question(WIPED, facts=looked(without=[("lims1.example.net", "accesses")])))["lims1"]
    assert (found.answer, found.findings) == ("reached", (WIPED.id,))
    assert found.subject == "lims1 (intercept mediation)"
    assert found.why == "seen there: Log cleared; what was read there cannot be known: no intercept audit was given"


def test_a_login_of_the_same_story_is_named_too() -> None:
    low = Severity.LOW
    login = finding(at("01:50:00"), "L-07", device("lims1"), account("eve"), severity=low, title="Remote logon")
    assert told(question(login, WIPED))["lims1"].why.startswith("seen there: Remote logon and Log cleared; ")


def test_its_address_acting_is_reaching() -> None:
    calls = finding(at("00:31:00"), "N-12", address("10.9.20.80"), address("198.51.100.7", "target"))
    assert told(question(calls))["lims1"].answer == "reached"


def test_expected_and_low_work_does_not_reach() -> None:
    expected = replace(WIPED, tags=(*WIPED.tags, "expected"))
    low = finding(at("01:50:00"), "L-07", device("lims1"), account("eve"), severity=Severity.LOW)
    assert told(question(expected, low))["lims1"].answer == "no evidence"


def test_tries_are_tries_only_where_a_success_would_have_shown() -> None:
    assert told(question(PROBED))["cdr1"].answer == "tried"
    blind = told(question(PROBED, facts=looked(without=[("cdr1.example.net", "logins")])))["cdr1"]
    assert (blind.answer, blind.confidence) == ("tried", 0)
    assert "whether one succeeded cannot be known: no logins of it in the period" in blind.why
    refused = finding(at("01:00:00"), "L-01", device("cdr1"), details={"outcome": "failure"})
    assert told(question(refused))["cdr1"].answer == "tried"


def test_refused_accesses_are_tries_and_accesses_from_a_machine_of_the_incident_are_reaching() -> None:
    way = replace(SEAT, source="10.9.20.80", event_id="e2")
    refused = told(question(facts=looked(seats=(SEAT, replace(way, outcome="failure")))))["cdr1"]
    assert (refused.answer, refused.unexplained) == ("tried", 0)
    read = told(question(WIPED, facts=looked(seats=(SEAT, way))))["cdr1"]
    assert read.answer == "reached"
    assert read.why.startswith("1 access, first by dba1 from 10.9.20.80 (read cdr), belongs to the incident")


def test_a_clean_carrier_with_one_blind_crown_jewel_gets_exactly_that() -> None:
    found = told(question(facts=looked(without=[("lims1.example.net", "accesses")])))
    assert {name: a.answer for name, a in found.items()} == {
        "lims1": "cannot be known",
        "hss1": "cannot be known",  # signalling is never read
        "cdr1": "no evidence",
        "credentials": "no evidence",
        "device": "no evidence",
    }
    assert any("intercept management" in one.evidence for one in found["lims1"].settles)
    assert found["cdr1"].settles == ()


PIECES = [(name, view) for name in ("cdr1.example.net",) for view in ("heard", "logins", "accesses")]


@given(st.sets(st.sampled_from(PIECES), min_size=1))
def test_whatever_is_taken_away_the_answer_becomes_that_it_cannot_be_known(missing: set[tuple[str, str]]) -> None:
    assert told(question(facts=looked(without=missing)))["cdr1"].answer == "cannot be known"


@pytest.mark.parametrize("view", ["heard", "logins", "accesses"])
@pytest.mark.parametrize("cut", ["the beginning", "the end"])
def test_a_part_of_the_period_without_records_is_enough(view: str, cut: str) -> None:
    facts = looked()
    span = (at("00:00:00", 2), at("00:00:00", 5)) if cut == "the beginning" else (at("00:00:00"), at("00:00:00", 3))
    short = replace(facts, presence={**facts.presence, ("cdr1.example.net", view): present(*span)})
    found = told(question(facts=short))["cdr1"]
    assert found.answer == "cannot be known"
    assert [gap.telemetry for gap in found.blind] == [
        {"heard": "any record", "logins": "logins", "accesses": "accesses to its data"}[view]
    ]


def test_a_hole_in_the_middle_is_enough() -> None:
    facts = looked()
    hole = (at("03:00:00", 1), at("09:00:00", 1))
    holed = {**facts.presence, ("cdr1.example.net", "heard"): present(at("00:00:00"), at("00:00:00", 5), hole)}
    found = told(question(facts=replace(facts, presence=holed)))["cdr1"]
    assert (found.answer, found.blind[0].first) == ("cannot be known", hole[0])


def test_few_behaviours_that_could_be_seen_or_logs_that_were_touched_leave_it_open() -> None:
    assert told(question(coverage=covered(hidden=6)))["cdr1"].answer == "cannot be known"
    assert told(question(coverage=[]))["cdr1"].answer == "cannot be known"
    stopped = finding(at("02:00:00"), "D-02", device("cdr1"), title="Sending of logs stopped")
    assert told(question(stopped))["cdr1"].answer == "reached"


def test_an_access_nobody_explains_leaves_it_open() -> None:
    stranger = replace(SEAT, account="sysdba", event_id="e2")
    found = told(question(facts=looked(seats=(SEAT, stranger))))["cdr1"]
    assert (found.answer, found.explained, found.unexplained) == ("cannot be known", 1, 1)
    assert "nobody has explained 1 access by sysdba from 10.9.0.5" in found.why


def test_data_no_site_file_places_cannot_be_known() -> None:
    found = assess(question(site=Site(devices=(Device("pe1"),)), claim="customer-data"))
    assert [(a.subject, a.answer) for a in found] == [("customer data", "cannot be known")]


def test_a_claim_asks_only_for_what_holds_its_data() -> None:
    assert [a.device for a in assess(question(claim="intercept-data"))] == ["lims1.example.net"]
    assert {a.device for a in assess(question(claim="customer-data"))} == {"cdr1.example.net", "hss1.example.net"}
    assert [a.subject for a in assess(question(claim="configurations"))] == ["device configurations"]


def test_configurations_are_reached_where_they_were_shown_and_open_where_a_device_is_silent() -> None:
    shown = finding(at("02:00:00"), "C-09", device("pe1"), account("eve"))
    assert told(question(shown, claim="configurations"))["device"].answer == "reached"
    silent = told(question(facts=looked(without=[("pe1", "commands")]), claim="configurations"))["device"]
    assert (silent.answer, silent.blind[0].device) == ("cannot be known", "pe1")


def test_the_worst_answer_comes_first() -> None:
    answers = [a.answer for a in assess(question(WIPED))]
    assert answers == ["reached", "cannot be known", "no evidence", "no evidence", "no evidence"]


@given(
    st.sets(st.sampled_from([(name, view) for name in NAMES for view in VIEWS])),
    st.booleans(),
    st.booleans(),
    st.integers(0, 10),
)
def test_no_evidence_is_said_of_less_only_where_it_was_said_of_more(
    missing: set[tuple[str, str]], wiped: bool, probed: bool, hidden: int
) -> None:
    found = [f for f, there in ((WIPED, wiped), (PROBED, probed)) if there]
    full = told(question(*found, coverage=covered(hidden=0)))
    less = told(question(*found, facts=looked(without=missing), coverage=covered(hidden=hidden)))
    for name, answer in less.items():
        assert answer.answer in get_args(Answer)
        if answer.answer == "no evidence":
            assert full[name].answer == "no evidence"
            assert hidden <= 5 or not answer.device


def test_a_finding_outside_the_period_is_not_looked_at() -> None:
    before = finding(at("01:57:00") - timedelta(days=9), "D-01", device("lims1"), account("eve"))
    assert told(question(before))["lims1"].answer == "no evidence"


def test_a_jewel_without_logins_of_people_the_site_knows_is_still_one_answer() -> None:
    assert len(assess(question(site=replace(SITE, people=()), claim="intercept-data"))) == 1
