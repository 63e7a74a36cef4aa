from __future__ import annotations

from typing import Any

import pytest

from seawall.detect.analytics.device_to_device import ANALYTIC
from seawall.model.site import Device, Site
from tests.detect.worlds import asked, findings, login, typed, world

LOOPBACK = typed((0, "ip address 192.0.2.14 255.255.255.255"))


@pytest.mark.parametrize(
    ("commands", "logins", "found"),
    [
        pytest.param(LOOPBACK, [login(60, "pe2", "192.0.2.14")], 1, id="from an address set on another router"),
        pytest.param(typed((0, "ipv4 address 192.0.2.14/32")), [login(60, "pe2", "192.0.2.14")], 1, id="XR"),
        pytest.param(
            typed((0, "set interfaces lo0 unit 0 family inet address 192.0.2.14/32")),
            [login(60, "pe2", "192.0.2.14")],
            1,
            id="Junos",
        ),
        pytest.param(typed((0, "ipv6 address 2001:db8::e/128")), [login(60, "pe2", "2001:db8::e")], 1, id="IPv6"),
        pytest.param(
            typed((0, "show version"), device="192.0.2.14"),
            [login(60, "pe2", "192.0.2.14")],
            1,
            id="known to AAA by it",
        ),
        pytest.param(LOOPBACK, [login(60, "pe1", "192.0.2.14")], 0, id="from itself"),
        pytest.param(LOOPBACK, [login(60, "pe2", "192.0.2.15")], 0, id="from a jump host"),
        pytest.param(LOOPBACK, [login(-60, "pe2", "192.0.2.14")], 0, id="before the address was set"),
        pytest.param(LOOPBACK, [login(60, "pe2", "192.0.2.14", outcome="failure")], 0, id="it failed"),
        pytest.param(LOOPBACK, [login(60, "pe2", "192.0.2.14", activity="logout")], 0, id="a logout"),
        pytest.param(
            typed((0, "address ipv4 192.0.2.14")), [login(60, "pe2", "192.0.2.14")], 0, id="address of an AAA server"
        ),
    ],
)
def test_walking_from_device_to_device_is_found(
    commands: list[dict[str, Any]], logins: list[dict[str, Any]], found: int
) -> None:
    assert len(asked(ANALYTIC, world(commands, logins))) == found


def test_addresses_of_configurations_count() -> None:
    lines = [
        {"device": "pe1", "text": "ip address 192.0.2.14 255.255.255.255", "section": "interface Loopback0"},
        {"device": "pe5", "text": "address 192.0.2.15/32;", "section": "interfaces / lo0 / unit 0 / family inet"},
        {"device": "pe5", "text": "address 192.0.2.16/32;", "section": "policy-options / prefix-list mgmt"},
    ]
    logins = [login(n, "pe2", f"192.0.2.{n}") for n in (14, 15, 16)]
    lake = world((), logins, config_lines=lines)
    assert sorted(f.details["owner"] for f in findings(ANALYTIC, lake)) == ["pe1", "pe5"]


def test_a_site_names_its_devices_and_its_jump_hosts() -> None:
    site = Site(
        devices=(
            Device("pe1", addresses=("192.0.2.14",)),
            Device("jump1", role="jump-host", addresses=("192.0.2.15",)),
        ),
        jump_hosts=("192.0.2.15/32",),
        management_networks=("192.0.2.0/24",),
    )
    lake = world((), [login(1, "pe2", "192.0.2.14"), login(2, "pe2", "192.0.2.15"), login(3, "pe1", "192.0.2.14")])
    (finding,) = findings(ANALYTIC, lake, site)
    assert finding.why == "ops1 logged in to pe2 from 192.0.2.14, an address of pe1"
    assert [(e.value, e.role) for e in finding.entities if e.type == "device"] == [("pe1", "via"), ("pe2", "target")]


def test_an_address_of_the_management_network_that_a_router_gave_itself_is_not_trusted() -> None:
    site = Site(devices=(Device("pe1"), Device("pe2")), management_networks=("192.0.2.0/24",))
    logins = [login(60, "pe2", "192.0.2.14"), login(70, "pe2", "192.0.2.15")]
    (finding,) = findings(ANALYTIC, world(LOOPBACK, logins), site)
    assert finding.details["src_ip"] == "192.0.2.14"
