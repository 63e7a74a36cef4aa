from __future__ import annotations

import pytest

from seawall.detect.analytics.loopback_walk import ANALYTIC
from tests.detect.worlds import asked, findings, login, typed, world

SET = typed((600, "ip address 10.20.0.14 255.255.255.255"), section="interface loopback9", device="pe1")


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        pytest.param(700, 7_800, 2, id="two hours"),
        pytest.param(700, 7_801, 0, id="a second more"),
        pytest.param(510, 700, 2, id="clocks ninety seconds apart"),
        pytest.param(509, 700, 0, id="before the address was there"),
    ],
)
def test_two_devices_reached_from_an_address_just_set_are_a_walk(first: float, last: float, found: int) -> None:
    logins = [login(first, "pe2", "10.20.0.14"), login(last, "pe3", "10.20.0.14")]
    assert len(asked(ANALYTIC, world(SET, logins))) == found


def test_one_device_or_the_device_itself_is_no_walk() -> None:
    logins = [login(700, "pe2", "10.20.0.14"), login(710, "pe2", "10.20.0.14"), login(720, "pe1", "10.20.0.14")]
    assert asked(ANALYTIC, world(SET, logins)) == []


def test_the_walk_is_one_finding() -> None:
    logins = [login(n * 60 + 700, f"pe{n + 2}", "10.20.0.14") for n in range(3)]
    (finding,) = findings(ANALYTIC, world(SET, logins))
    assert finding.why == "from 10.20.0.14, an address just given to pe1, somebody logged in to 3 devices"
