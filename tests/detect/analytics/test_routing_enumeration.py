from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.analytics.routing_enumeration import ANALYTIC
from tests.detect.worlds import asked, findings, typed, world

ROUND = [
    (0, "show ip bgp summary"),
    (10, "show ip route vrf *"),
    (20, "show mpls ldp neighbor"),
    (30, "show vrf"),
]
DAY = 86_400


@pytest.mark.parametrize(
    ("commands", "found"),
    [
        pytest.param(typed(*ROUND), 4, id="the published round"),
        pytest.param(
            typed((0, "show route instance detail"), (9, "show ldp neighbor"), (20, "show rsvp session")), 3, id="Junos"
        ),
        pytest.param(
            typed(
                (0, "display ip vpn-instance"), (9, "display mpls ldp session all"), (20, "display bgp vpnv4 all peer")
            ),
            3,
            id="VRP",
        ),
        pytest.param(
            typed(
                (0, "show router bgp summary all"),
                (9, "show service service-using vprn"),
                (20, "show router ldp session"),
                (30, "show router rsvp session"),
            ),
            4,
            id="SR OS",
        ),
        pytest.param(typed(*ROUND[:2]), 0, id="two lists"),
        pytest.param(
            typed((0, "show ip route 10.1.1.1"), (5, "show ip bgp 10.1.0.0/16"), (9, "show interfaces")),
            0,
            id="one route is followed",
        ),
        pytest.param(typed(*((at * 60, command) for at, command in ROUND)), 0, id="over the morning"),
        pytest.param(typed(*ROUND[:2]) + typed(*ROUND[2:], user="ops2"), 0, id="two people"),
        pytest.param([], 0, id="nothing"),
    ],
)
def test_a_map_is_told_from_a_fault(commands: list[dict[str, Any]], found: int) -> None:
    assert len(asked(ANALYTIC, world(commands))) == found


def test_who_does_so_every_day_falls_silent() -> None:
    days = [typed(*((at + day * DAY, command) for at, command in ROUND)) for day in range(3)]
    (finding,) = findings(ANALYTIC, world([row for day in days for row in day]))
    assert finding.count == 4
    assert finding.learned
