"""Findings in, incidents out."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.incidents import build
from seawall.model.behaviours import BEHAVIOURS
from seawall.model.incident import incident_id
from seawall.model.severity import Severity
from seawall.model.site import Device, Site
from tests.incidents.stories import account, address, at, device, finding, intrusion, noise


def test_the_whole_intrusion_is_one_critical_incident() -> None:
    incidents = build([*intrusion(), *noise()])
    assert [i.severity for i in incidents] == [Severity.CRITICAL, Severity.MEDIUM]
    assert len(incidents[0].findings) == len(intrusion())


def test_every_finding_of_an_incident_is_held_by_a_join() -> None:
    incident = build(intrusion())[0]
    assert len(incident.joins) == len(incident.findings) - 1
    assert {name for j in incident.joins for name in (j.left, j.right)} == set(incident.findings)


@given(st.randoms(use_true_random=False))
def test_the_order_findings_arrive_in_changes_nothing(shuffle: random.Random) -> None:
    findings = [*intrusion(), *noise()]
    expected = build(findings)
    shuffle.shuffle(findings)
    assert build(findings) == expected


@given(st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_no_order_matters_in_any_small_world(seed: int, shuffle: random.Random) -> None:
    chance = random.Random(seed)
    behaviours = sorted(BEHAVIOURS)
    findings = [
        finding(
            at("00:00:00") + timedelta(minutes=chance.randrange(2_000)),
            chance.choice(behaviours),
            device(chance.choice(("pe1", "pe1.example.net", "pe2", "192.0.2.1"))),
            account(chance.choice("abc"), chance.choice(("actor", "object"))),
            address(f"203.0.113.{chance.randrange(4)}", chance.choice(("source", "object", "target"))),
            severity=chance.choice(list(Severity)),
            lasting=timedelta(minutes=chance.randrange(60)),
        )
        for _ in range(25)
    ]
    expected = build(findings)
    assert len({i.id for i in expected}) == len(expected)
    shuffle.shuffle(findings)
    assert build(findings) == expected


def test_an_incident_keeps_its_name_when_an_earlier_low_finding_turns_up() -> None:
    late = [f for f in intrusion() if f.severity > Severity.LOW]
    assert build(late)[0].id == build(intrusion())[0].id == incident_id(late[0].id)


def test_a_single_low_finding_is_no_incident() -> None:
    assert build([finding(at("09:00:00"), "A-11", device("core2"), severity=Severity.LOW)]) == []


def test_low_findings_alone_are_no_incident_however_many_agree() -> None:
    same = (device("core2"), account("guest7"), address("203.0.113.5"))
    lows = [finding(at("09:00:00"), b, *same, severity=Severity.LOW) for b in ("A-11", "I-02", "I-01", "C-09")]
    assert build(lows) == []


@pytest.mark.parametrize(
    ("tries", "worst"),
    [
        (["R-01"] * 3, None),
        (["A-13"], None),
        (["R-02", "A-13"], None),
        (["A-13", "A-22"], Severity.MEDIUM),
    ],
)
def test_tries_alone_never_make_a_grave_incident(tries: list[str], worst: Severity | None) -> None:
    """A scan, a person who forgot a password: each was a high incident in a live drill."""
    same = (device("core2"), address("10.20.0.5"))
    found = [
        finding(at("09:00:00") + timedelta(minutes=n), b, *same, severity=Severity.MEDIUM, detector=f"{b}{n}")
        for n, b in enumerate(tries)
    ]
    assert [i.severity for i in build(found)] == ([worst] if worst else [])
    assert build([replace(f, severity=Severity.HIGH) for f in found])[0].severity is Severity.MEDIUM


def test_a_low_finding_never_ties_two_stories_together() -> None:
    first = finding(at("09:00:00"), "P-01", device("pe1"), account("eve"))
    second = finding(at("09:30:00"), "P-01", device("pe9"), account("mallory"))
    between = finding(at("09:15:00"), "I-02", device("pe1"), device("pe9"), severity=Severity.LOW)
    assert sorted(len(i.findings) for i in build([first, second, between])) == [1, 2]


def test_a_replaced_finding_is_left_out() -> None:
    old = finding(at("09:00:00"), "P-01", device("pe1"), account("eve"))
    new = finding(at("08:59:00"), "P-01", device("pe1"), account("eve"), replaces=old.id)
    assert [i.findings for i in build([old, new])] == [(new.id,)]


def test_an_exercise_never_mixes_with_the_real_world() -> None:
    real = finding(at("09:00:00"), "P-01", device("pe1"), account("eve"))
    drill = finding(at("09:01:00"), "D-01", device("pe1"), account("eve"), exercise="spring-drill")
    incidents = build([real, drill])
    assert len(incidents) == 2
    assert [i.title.startswith("Exercise: ") for i in incidents] == [False, True]


def test_a_crown_jewel_makes_a_high_finding_critical() -> None:
    seen = [finding(at("09:00:00"), "L-01", device("med1"), account("eve"))]
    site = Site(devices=(Device(name="med1", crown_jewel=True),))
    assert build(seen)[0].severity is Severity.HIGH
    assert build(seen, site=site)[0].severity is Severity.CRITICAL


def test_thousands_of_findings_over_a_year_from_one_jump_host_stay_apart_by_story() -> None:
    chance = random.Random(7)
    findings = []
    for story in range(1_000):
        start = at("00:00:00", day=story % 365) + timedelta(seconds=chance.randrange(80_000))
        for step, behaviour in enumerate(("A-11", "I-01", "P-01", "D-01", "X-01")):
            names = (device(f"pe{story}"), account(f"user{story}"), address("192.0.2.9"))
            findings.append(finding(start + timedelta(minutes=step), behaviour, *names))
    incidents = build(findings)
    assert len(incidents) == 1_000
    assert all(len(i.findings) == 5 for i in incidents)


def test_an_intruder_who_stays_for_days_is_one_incident_even_if_most_findings_are_theirs() -> None:
    who = (account("net_support"), address("203.0.113.91"))
    start = finding(at("00:10:00"), "P-01", device("pe0"), account("vty_sys"), account("net_support", "object"))
    stay = [
        finding(at(f"{hour:02}:00:00", day), "I-01", device(f"pe{hour % 5}"), *who)
        for day in range(6)
        for hour in range(1, 20, 2)
    ]
    assert len(build([start, *stay])) == 1
