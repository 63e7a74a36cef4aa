"""What a fleet agrees on is proposed; what one of many states is told."""

from __future__ import annotations

import pytest

from seawall.detect.audit.facts import Fact, Facts
from seawall.model.severity import Severity
from tests.detect.audit.changes.bench import BASES, base, snapshot

ODD = ("tacacs-server host 10.20.0.11", "tacacs-server host 198.51.100.77")


def facts(**changed: tuple[str, str]) -> Facts:
    found = Facts()
    for platform in sorted(path.stem for path in BASES.iterdir()):
        text = base(platform)
        found.add(snapshot(text.replace(*changed[platform]) if platform in changed else text, f"{platform}.cfg"))
    return found


def values(found: Facts, key: str) -> dict[str, Fact]:
    return {fact.value: fact for fact in found.all() if fact.key == key}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("management_networks", "10.20.0.0/24"),
        ("aaa_servers", "10.20.0.10"),
        ("syslog_servers", "10.20.0.31"),
        ("nms_servers", "10.20.0.40"),
        ("ntp_servers", "10.20.0.20"),
        ("dns_servers", "10.20.0.53"),
    ],
)
def test_what_most_devices_state_is_proposed_with_how_many_do(key: str, value: str) -> None:
    fact = values(facts(), key)[value]
    assert fact.proposed
    assert fact.devices >= 9
    assert not list(facts().outliers({}))


def test_a_login_server_of_one_device_is_an_outlier_unless_the_site_file_lists_it() -> None:
    found = facts(eos=ODD)
    (finding,) = found.outliers({})
    assert (finding.detector, finding.subject, finding.severity) == ("fleet.aaa-servers", "leaf1", Severity.HIGH)
    assert finding.learned
    assert "1 of 12 devices" in finding.why
    assert not values(found, "aaa_servers")["198.51.100.77"].proposed
    assert not list(found.outliers({"aaa_servers": ("198.51.100.77",)}))


def test_two_devices_cannot_outvote_each_other() -> None:
    found = Facts()
    found.add(snapshot(base("eos"), "eos.cfg"))
    found.add(snapshot(base("nxos").replace("10.20.0.11", "198.51.100.77"), "nxos.cfg"))
    assert not list(found.outliers({}))
    assert not values(found, "aaa_servers")["198.51.100.77"].proposed
