"""What the site file explains although the rule could not, and whose log a file is."""

from __future__ import annotations

import pytest

from seawall.incidents.expected import device_of_file, explained
from seawall.model.finding import Finding
from seawall.model.severity import Severity
from seawall.model.site import Agency, Device, Person, Site
from tests.incidents.stories import account, address, at, device, finding

SITE = Site(
    people=(Person("svc-bill", kind="automation", from_addresses=("10.9.30.7",)), Person("ana")),
    agencies=(Agency("police", ("198.51.100.60",)),),
    devices=(Device("lims1.example.net", addresses=("10.9.20.80",)), Device("jump1")),
)
M = Severity.MEDIUM


@pytest.mark.parametrize(
    ("found", "quiet"),
    [
        (finding(at("01:00:00"), "K-11", account("svc-bill"), address("10.9.30.7"), severity=M), True),
        (finding(at("01:00:00"), "K-11", account("svc-bill"), address("10.66.0.1"), severity=M), False),
        (finding(at("01:00:00"), "K-11", account("ana"), address("10.9.30.7"), severity=M), False),
        (finding(at("01:00:00"), "P-01", account("svc-bill"), address("10.9.30.7"), severity=M), False),
        (finding(at("03:00:00"), "N-01", address("10.9.20.80"), address("198.51.100.60", "target")), True),
        (finding(at("03:00:00"), "N-01", address("10.9.20.80"), address("198.51.100.61", "target")), False),
        (finding(at("03:00:00"), "A-17", address("198.51.100.60"), address("10.9.20.80", "target")), False),
        (finding(at("03:00:00"), "D-01", device("jump1"), severity=Severity.LOW), True),
    ],
)
def test_work_of_automation_and_delivery_to_agencies_are_explained(found: Finding, quiet: bool) -> None:
    assert explained(found, SITE) is quiet


@pytest.mark.parametrize(
    ("origin", "name"),
    [
        ("hosts/jump1-audit.log:3", "jump1"),
        ("jump1/audit.log:3", "jump1"),
        ("jump1/lims1.log:3", "lims1.example.net"),
        ("logs/lims1.example.net.log:9", "lims1.example.net"),
        ("hosts/jump1-lims1.log:3", ""),
        ("hosts/jump10-audit.log:3", ""),
        ("syslog.log:3", ""),
    ],
)
def test_a_log_of_one_machine_is_known_by_its_file(origin: str, name: str) -> None:
    assert device_of_file(origin, SITE) == name
