"""Hops in order, patient zero, and what speaks against it."""

from __future__ import annotations

from seawall.incidents import build
from seawall.model.severity import Severity
from seawall.model.site import Device, Site
from tests.incidents.stories import account, address, at, device, finding

SITE = Site(
    jump_hosts=("10.9.0.5",),
    devices=(
        Device("edge1", role="edge", addresses=("192.0.2.1",)),
        Device("pe2", role="pe", addresses=("192.0.2.2",)),
        Device("jump1", role="jump-host", addresses=("10.9.0.5",)),
        Device("lims1", role="mediation", addresses=("10.9.20.80",), crown_jewel=True),
    ),
)
WALK = [
    finding(at("22:00:00"), "A-02", device("edge1"), account("vty_sys")),
    finding(at("22:01:00"), "A-03", device("edge1"), account("helper"), address("203.0.113.9")),
    finding(at("22:40:00"), "L-01", device("pe2"), device("edge1", "via"), account("ana"), address("192.0.2.1")),
    finding(at("23:10:00"), "L-01", device("jump1"), account("ana"), address("192.0.2.2")),
    finding(at("23:15:00"), "L-07", device("lims1"), account("iyer"), address("10.9.0.5"), severity=Severity.LOW),
    finding(at("23:20:00"), "D-01", device("lims1"), account("iyer")),
]


def test_the_way_is_told_hop_by_hop_in_order() -> None:
    (incident,) = build(WALK, site=SITE)
    assert [(hop.source, hop.target, hop.account) for hop in incident.hops] == [
        ("203.0.113.9", "edge1", "helper"),
        ("edge1", "pe2", "ana"),
        ("pe2", "jump1", "ana"),
        ("jump1", "lims1", "iyer"),
    ]


def test_patient_zero_is_the_machine_of_the_first_act_with_its_way_in() -> None:
    (incident,) = build(WALK, site=SITE)
    began = incident.foothold
    assert began is not None
    assert (began.device, began.time, began.source) == ("edge1", at("22:00:00"), "203.0.113.9")
    assert began.confidence == 85


def test_without_a_way_in_patient_zero_is_less_sure_and_says_so() -> None:
    (incident,) = build(WALK[2:], site=SITE)
    began = incident.foothold
    assert began is not None
    assert (began.device, began.source) == ("pe2", "")
    assert began.confidence < 60
    assert "it may have begun elsewhere or earlier" in began.because


def test_tries_and_snapshots_days_apart_date_nothing() -> None:
    probe = finding(at("20:00:00"), "R-02", device("edge1"), address("203.0.113.9"), severity=Severity.MEDIUM)
    left = finding(
        at("00:00:00", -4),
        "P-01",
        device("edge1"),
        account("helper", "object"),
        lasting=at("00:00:00", 2) - at("00:00:00", -4),
        details={"before_file": "a", "after_file": "b"},
    )
    (incident,) = build([*WALK, left], site=SITE)
    assert incident.foothold is not None
    assert incident.foothold.time == incident.first == at("22:00:00")
    assert build([probe], site=SITE) == []
