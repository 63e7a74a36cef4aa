from __future__ import annotations

import random

import pytest

from seawall.detect.analytics.hop_chain import ANALYTIC
from tests.detect.worlds import asked, findings, login, typed, world

LOOPBACK = typed((0, "ip address 10.20.0.14 255.255.255.255"), section="interface loopback9", device="pe1")


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        pytest.param(10, 600, 2, id="within the half hour"),
        pytest.param(10, 1_810, 2, id="at its edge"),
        pytest.param(10, 1_811, 0, id="a second later"),
        pytest.param(700, 610, 2, id="clocks ninety seconds apart"),
        pytest.param(701, 610, 0, id="the other way round"),
    ],
)
def test_a_login_on_the_way_makes_a_path(first: float, last: float, found: int) -> None:
    logins = [login(first, "pe1", "10.0.0.5"), login(last, "pe2", "10.20.0.14")]
    assert len(asked(ANALYTIC, world(LOOPBACK, logins))) == found


def test_one_path_is_one_finding_however_the_lines_arrive() -> None:
    logins = [login(10, "pe1", "203.0.113.9", "ann"), login(300, "pe2", "10.20.0.14", "bob")]
    told = set()
    for seed in range(5):
        random.Random(seed).shuffle(logins)
        (finding,) = findings(ANALYTIC, world(LOOPBACK, logins))
        told.add((finding.why, finding.count))
    assert told == {("somebody came to pe2 by the path 203.0.113.9 > pe1 > pe2", 2)}


def test_a_login_from_no_device_is_no_hop() -> None:
    assert asked(ANALYTIC, world(LOOPBACK, [login(10, "pe1", "10.0.0.5"), login(20, "pe2", "10.0.0.5")])) == []
