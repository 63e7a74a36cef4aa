from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.analytics.command_burst import ANALYTIC
from tests.detect.worlds import asked, findings, lines_of, typed, world

BURST = [
    (0, "terminal length 0"),
    (10, "show running-config"),
    (20, "show tacacs"),
    (30, "show cdp neighbors detail"),
    (40, "dir bootflash:"),
]


@pytest.mark.parametrize(
    ("commands", "found"),
    [
        pytest.param(typed(*BURST), 5, id="the published burst"),
        pytest.param(
            typed(
                (0, "show configuration"),
                (9, "show lldp neighbors"),
                (20, "file list /var/tmp"),
                (30, "show system users"),
            ),
            4,
            id="Junos",
        ),
        pytest.param(
            typed(
                (0, "screen-length 0 temporary"),
                (9, "display current-configuration"),
                (20, "display hwtacacs-server template"),
                (30, "display lldp neighbor brief"),
                (40, "dir cfcard:"),
            ),
            5,
            id="VRP",
        ),
        pytest.param(
            typed(
                (0, "environment no more"),
                (9, "admin display-config"),
                (20, "show system security user"),
                (30, "file dir cf3:"),
                (40, "show time"),
            ),
            5,
            id="SR OS",
        ),
        pytest.param(typed(*BURST[:4]), 0, id="three kinds and the page length"),
        pytest.param(
            typed(
                (0, "terminal length 0"),
                (1, "terminal width 132"),
                (2, "show version"),
                (3, "show redundancy secondary"),
                (4, "show install active"),
                (5, "show boot"),
                (6, "show flash"),
                (7, "dir /all nvram:"),
                (9, "dir /all bootflash:"),
                (12, "show controllers"),
                (13, "show diag"),
                (15, "show inventory raw"),
                (16, "show vlan"),
                (18, "more system:running-config"),
                (20, "show running-config"),
            ),
            0,
            id="the collector RANCID",
        ),
        pytest.param(
            typed(
                (0, "set cli screen-length 0"),
                (1, "set cli screen-width 0"),
                (2, "show version"),
                (3, "show chassis hardware"),
                (4, "show system license"),
                (5, "file list /var/tmp"),
                (6, "show configuration | display set"),
            ),
            0,
            id="the collector Oxidized on Junos",
        ),
        pytest.param(typed(*BURST[:3]), 0, id="an engineer's three show commands"),
        pytest.param(
            typed(
                (0, "show interfaces"), (5, "show ip route"), (9, "show ip bgp summary"), (12, "show mpls ldp neighbor")
            ),
            0,
            id="ordinary troubleshooting",
        ),
        pytest.param(
            typed((0, "terminal length 0"), (5, "show running-config"), (9, "show running-config")), 0, id="backup"
        ),
        pytest.param(typed(*((at * 20, c) for at, c in BURST)), 0, id="spread over a quarter of an hour"),
        pytest.param(typed(*BURST[:2]) + typed(*BURST[2:], user="ops2"), 0, id="two people"),
        pytest.param(typed(*BURST[:2]) + typed(*BURST[2:], device="pe2"), 0, id="two devices"),
        pytest.param([{**row, "user": None} for row in typed(*BURST)], 0, id="nobody is named"),
        pytest.param([], 0, id="no commands at all"),
    ],
)
def test_a_burst_is_told_from_daily_work(commands: list[dict[str, Any]], found: int) -> None:
    assert len(asked(ANALYTIC, world(commands))) == found


def test_the_evidence_is_every_command_of_the_burst_and_nothing_else() -> None:
    lone = typed((3600, "show running-config"), (15, "show interfaces"))
    assert lines_of(asked(ANALYTIC, world(typed(*BURST) + lone))) == [command for _, command in BURST]


def test_two_bursts_an_hour_apart_are_two_findings() -> None:
    later = typed(*((at + 8000, command) for at, command in BURST))
    assert [f.count for f in findings(ANALYTIC, world(typed(*BURST) + later))] == [5, 5]


def test_the_edge_of_five_minutes_still_counts() -> None:
    edge = typed((0, "show running-config"), (1, "show tacacs"), (2, "show clock"), (300, "dir flash:"))
    assert len(asked(ANALYTIC, world(edge))) == 4
    past = typed((0, "show running-config"), (1, "show tacacs"), (2, "show clock"), (303, "dir flash:"))
    assert asked(ANALYTIC, world(past)) == []


def test_the_finding_says_who_where_and_how_many() -> None:
    (finding,) = findings(ANALYTIC, world(typed(*BURST, src_ip="198.51.100.7")))
    assert finding.why == "ops1 ran 4 kinds of looking-around commands on pe1 within 5 minutes"
    assert [(e.type, e.value) for e in finding.entities] == [
        ("account", "ops1"),
        ("device", "pe1"),
        ("ip", "198.51.100.7"),
    ]
