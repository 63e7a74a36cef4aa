from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.analytics.many_devices import ANALYTIC
from seawall.model.site import Site
from tests.detect.worlds import asked, findings, login, world

DEVICES = ["pe1", "pe2", "pe3", "pe4"]
KNOWN = [login(n * 60, device, "10.1.1.5", "noc") for device in DEVICES for n in range(25)]
LATER = 10_000


def round_of(*devices: str, every: float = 300, source: str = "192.0.2.9") -> list[dict[str, Any]]:
    return [login(LATER + place * every, device, source, "thief") for place, device in enumerate(devices)]


@pytest.mark.parametrize(
    ("logins", "found"),
    [
        pytest.param(KNOWN + round_of(*DEVICES), 4, id="door after door"),
        pytest.param(KNOWN + round_of(*DEVICES[:3]), 0, id="three devices"),
        pytest.param(KNOWN + round_of(*DEVICES, every=3_000), 0, id="over the afternoon"),
        pytest.param(
            KNOWN + round_of(*DEVICES[:2]) + round_of(*DEVICES[2:], source="192.0.2.10"), 0, id="from two places"
        ),
        pytest.param(round_of(*DEVICES), 0, id="the evidence only begins"),
        pytest.param(
            KNOWN + [login(30, d, "10.1.1.5", "thief") for d in DEVICES] + round_of(*DEVICES), 0, id="known there"
        ),
        pytest.param([], 0, id="nothing"),
    ],
)
def test_new_doors_in_a_row_are_told(logins: list[dict[str, Any]], found: int) -> None:
    assert len(asked(ANALYTIC, world(logins=logins))) == found


def test_a_jump_host_of_the_site_is_left_out() -> None:
    logins = KNOWN + round_of(*DEVICES)
    assert asked(ANALYTIC, world(logins=logins), Site(jump_hosts=("192.0.2.9",))) == []


def test_the_finding_is_about_one_device_each() -> None:
    found = findings(ANALYTIC, world(logins=KNOWN + round_of(*DEVICES)))
    assert {f.subject for f in found} == set(DEVICES)
