"""Whole intrusions: exactly the incidents expected, hops in order, and the same graph however the world is told."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from seawall.incidents import build
from seawall.model.entities import Entity
from seawall.model.finding import Finding, finding_id
from seawall.model.incident import Incident
from seawall.model.severity import Severity
from seawall.model.site import Device, Person, Site
from tests.incidents.stories import account, address, at, device, finding

LOW, MEDIUM = Severity.LOW, Severity.MEDIUM
SITE = Site(
    jump_hosts=("10.9.0.5",),
    people=(Person("adm1"), Person("ana")),
    devices=(
        Device("edge1", role="edge", addresses=("192.0.2.1",)),
        Device("pe2", role="pe", addresses=("192.0.2.2",)),
        Device("jump1", role="jump-host", addresses=("10.9.0.5",)),
        Device("lims1", role="mediation", addresses=("10.9.20.80",), crown_jewel=True),
        Device("cdr1", role="cdr-store", addresses=("10.9.20.81",), crown_jewel=True),
    ),
)


def wiretap() -> list[Finding]:
    """From the edge to the wiretap system, in one night."""
    way = address("203.0.113.9")
    return [
        finding(at("22:00:00"), "A-02", device("edge1"), account("vty_sys")),
        finding(at("22:00:01"), "P-01", device("edge1"), account("vty_sys"), account("helper", "object")),
        finding(at("22:02:00"), "A-03", device("edge1"), account("helper"), way),
        finding(at("22:10:00"), "C-01", device("edge1"), account("helper"), way),
        finding(at("23:40:00"), "L-01", device("pe2"), device("edge1", "via"), account("ana"), address("192.0.2.1")),
        finding(at("23:55:00"), "L-01", device("jump1"), account("ana"), address("192.0.2.2")),
        finding(at("23:59:00"), "L-07", device("lims1"), account("iyer"), address("10.9.0.5"), severity=LOW),
        finding(at("00:05:00", 1), "K-04", device("lims1"), account("iyer"), severity=MEDIUM),
        finding(at("00:30:00", 1), "X-04", address("10.9.20.80"), address("203.0.113.9", "target")),
    ]


def insider() -> list[Finding]:
    """An administrator, over nights, from a desk of their own: accounts laid down, call records taken."""
    desk = address("10.66.1.7")
    return [
        finding(at("21:00:00"), "P-04", device("pe2"), account("adm1"), desk),
        finding(at("21:30:00", 1), "D-04", device("pe2"), account("adm1"), desk),
        finding(at("22:10:00", 2), "K-11", device("cdr1"), account("adm1"), desk),
        finding(at("22:20:00", 2), "D-01", device("cdr1"), account("adm1")),
    ]


def scanner() -> list[Finding]:
    """Noise, for days, at every door."""
    return [
        finding(
            at("00:00:00", day) + timedelta(minutes=17 * n),
            ("R-02", "A-17", "A-13")[n % 3],
            device(("edge1", "pe2")[n % 2]),
            address("198.51.100.77"),
            severity=MEDIUM,
            detector=f"scan-{n % 3}",
        )
        for day in range(3)
        for n in range(80)
    ]


def whose(incidents: Sequence[Incident], some: Sequence[Finding]) -> list[int]:
    """How many of some findings each incident holds, those that hold none left out."""
    names = {f.id for f in some}
    return [count for i in incidents if (count := len(names & set(i.findings)))]


def test_from_the_edge_to_the_wiretap_system_is_one_critical_incident_hop_by_hop() -> None:
    (incident,) = build(wiretap(), site=SITE)
    assert incident.severity is Severity.CRITICAL
    assert len(incident.findings) == len(wiretap())
    assert [(h.source, h.target) for h in incident.hops] == [
        ("203.0.113.9", "edge1"),
        ("edge1", "pe2"),
        ("pe2", "jump1"),
        ("jump1", "lims1"),
    ]
    assert incident.foothold is not None
    assert (incident.foothold.device, incident.foothold.source) == ("edge1", "203.0.113.9")
    assert "lims1 (intercept mediation)" in incident.title


def test_an_insider_who_comes_back_every_night_is_one_incident_and_no_colleague_joins_it() -> None:
    colleague = finding(at("21:20:00", 1), "I-01", device("pe2"), account("ana"), address("10.9.0.5"), severity=MEDIUM)
    incidents = build([*insider(), colleague], site=SITE)
    assert whose(incidents, insider()) == [4]
    assert [i.severity for i in incidents] == [Severity.CRITICAL, MEDIUM]
    began = incidents[0].foothold
    assert began is not None
    assert (began.device, began.account, began.source) == ("pe2", "adm1", "")
    assert began.confidence < 70  # no way in was seen


def test_a_quiet_intruder_is_not_glued_to_a_noisy_scanner_of_the_same_days() -> None:
    incidents = build([*scanner(), *wiretap()], site=SITE)
    assert whose(incidents, wiretap()) == [len(wiretap())]
    assert all(set(i.findings) <= {f.id for f in wiretap()} for i in incidents if i.severity is Severity.CRITICAL)
    assert max((i.severity for i in incidents if whose([i], scanner())), default=LOW) <= MEDIUM


def renamed(findings: Sequence[Finding], names: dict[str, str]) -> list[Finding]:
    """The same world under other host names."""
    return [
        replace(
            f,
            id=finding_id(f.detector, entities, f.evidence[0].event_id),
            entities=entities,
            subject=names.get(f.subject, f.subject),
        )
        for f in findings
        for entities in [tuple(sorted(Entity(e.type, names.get(e.value, e.value), e.role) for e in f.entities))]
    ]


WORLDS: dict[str, Callable[[], list[Finding]]] = {
    "wiretap": wiretap,
    "insider": insider,
    "scanner and intruder": lambda: [*scanner(), *wiretap()],
}


def graph(incidents: Sequence[Incident], findings: Sequence[Finding]) -> set[tuple[frozenset[str], str, int]]:
    """Incidents by the events they rest on: what stays when names and times change."""
    event = {f.id: f.evidence[0].event_id for f in findings}
    return {(frozenset(event[name] for name in i.findings), i.severity.word, len(i.hops)) for i in incidents}


@pytest.mark.parametrize("world", WORLDS)
def test_order_of_arrival_names_of_hosts_and_shifted_time_change_no_graph(world: str) -> None:
    told = WORLDS[world]()
    expected = graph(build(told, site=SITE), told)
    mixed = random.Random(3).sample(told, len(told))
    assert build(mixed, site=SITE) == build(told, site=SITE)
    later = [replace(f, first=f.first + timedelta(days=41), last=f.last + timedelta(days=41)) for f in told]
    assert graph(build(later, site=SITE), later) == expected
    names = {"edge1": "vorn7", "pe2": "alk3", "jump1": "sprung", "lims1": "dritte", "cdr1": "konto"}
    site = replace(SITE, devices=tuple(replace(d, name=names[d.name]) for d in SITE.devices))
    other = renamed(told, names)
    assert graph(build(other, site=site), other) == expected


def test_one_host_under_three_names_is_one_place_where_the_site_says_so() -> None:
    site = Site(devices=(Device("edge1.example.net", aliases=("EDGE-01",), addresses=("192.0.2.1",)),))
    spelled = ("edge1", "EDGE-01", "192.0.2.1")
    told = [finding(at(f"22:0{n}:00"), b, device(name), account("eve")) for n, (b, name) in
            enumerate(zip(("A-02", "P-01", "D-01"), spelled, strict=True))]  # fmt: skip
    (incident,) = build(told, site=site)
    assert {hop.target for hop in incident.hops} <= {"edge1.example.net", "edge1"}
    assert len(incident.findings) == 3


def test_a_shared_nat_address_inside_glues_nobody_together() -> None:
    nat = address("10.0.0.1")
    told = [
        finding(at("09:00:00") + timedelta(minutes=n), "P-01", device(f"pe{n}"), account(f"user{n}"), nat)
        for n in range(12)
    ]
    assert len(build(told)) == 12


def test_clocks_that_contradict_each_other_still_tell_one_story() -> None:
    made = finding(at("22:05:00"), "P-01", device("pe1"), account("root"), account("eve", "object"))
    early = finding(at("22:01:00"), "D-01", device("pe9"), account("eve"))  # its clock stands four minutes back
    assert len(build([made, early])) == 1
    local = finding(at("23:00:02"), "P-04", device("pe1"), account("x"), lines=[("auth.log:1", "local time")])
    utc = finding(at("21:00:02"), "P-04", device("pe1"), account("y"), lines=[("audit.log:1", "epoch")])
    (incident,) = build([local, utc])
    assert incident.joins[0].because.startswith("both name the same act, told by two clocks 2 h apart")
