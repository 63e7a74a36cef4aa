"""Nothing seen is not nothing there: the three answers, and what would change the third."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from seawall.detect.base import About, Need
from seawall.detect.tables import InMemory
from seawall.detect.visibility import NETWORK, coverage
from seawall.model.coverage import Coverage
from seawall.model.finding import Finding
from seawall.model.severity import Severity
from seawall.model.site import Device, Site
from tests.detect.events import table
from tests.incidents.stories import at, device, finding

NOBODY = Site()


def about(view: str, *behaviours: str, setting: str = "") -> About:
    tags = tuple(f"behaviour:{b}" for b in behaviours)
    return About("x", "x", Severity.LOW, 50, (Need(view, ("user",), setting),), tags=tags)


def told(
    views: dict[str, list[dict[str, Any]]],
    abouts: Sequence[About],
    findings: Sequence[Finding] = (),
    site: Site = NOBODY,
) -> dict[tuple[str, str], Coverage]:
    lake = InMemory({view: table(view, rows) for view, rows in views.items()})
    return {(c.device, c.behaviour): c for c in coverage(lake, abouts, findings, site)}


PE1 = {"device": "pe1", "observer": "pe1"}


def test_a_device_with_events_to_look_at_was_not_seen_and_one_without_could_not_be() -> None:
    views = {"commands": [PE1], "logins": [{"device": "pe2", "observer": "pe2"}]}
    found = told(views, [about("commands", "D-01", setting="aaa accounting commands 15")])
    assert found["pe1", "D-01"].visibility == "not seen"
    assert found["pe2", "D-01"].visibility == "could not be seen"
    assert found["pe2", "D-01"].setting == "aaa accounting commands 15"
    assert "it sends logins" in found["pe2", "D-01"].why


def test_a_finding_makes_its_device_seen_whatever_the_case_of_its_name() -> None:
    found = told({"commands": [PE1]}, [about("commands", "D-01")], [finding(at("09:00:00"), "D-01", device("PE1"))])
    assert found["pe1", "D-01"].visibility == "seen"


def test_a_device_only_the_site_file_knows_is_told_too_with_a_setting() -> None:
    site = Site(devices=(Device("silent1"),))
    found = told({"commands": []}, [about("commands", "D-01")], site=site)["silent1", "D-01"]
    assert found.visibility == "could not be seen"
    assert "nothing from this device was read" in found.why
    assert found.setting


def test_another_spelling_of_a_device_is_not_another_device() -> None:
    site = Site(devices=(Device("pe1", aliases=("PE1-oob",)),))
    found = told({"syslog": [{"observer": "pe1-oob"}]}, [about("syslog", "D-01")], site=site)
    assert {name for name, _ in found} == {"pe1"}
    assert found["pe1", "D-01"].visibility == "not seen"


def test_what_shows_only_in_traffic_is_told_once_for_the_network() -> None:
    for flows, visibility in (([], "could not be seen"), ([{"src_ip": "192.0.2.1"}], "not seen")):
        found = told({"commands": [PE1], "flows": flows}, [about("flows", "N-01")])
        assert {key: c.visibility for key, c in found.items()} == {(NETWORK, "N-01"): visibility}


def test_a_detector_without_behaviours_claims_nothing() -> None:
    assert told({"commands": [PE1]}, [about("commands")]) == {}
