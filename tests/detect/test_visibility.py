"""Nothing seen is not nothing there: the three answers, and what would change the third."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from seawall.detect import vocabulary
from seawall.detect.analytics import beacon, covert_tunnel, long_connection, password_guessing
from seawall.detect.base import About, Need
from seawall.detect.tables import InMemory
from seawall.detect.visibility import NETWORK, coverage, undetected
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


EXEC = "aaa accounting commands 15 default start-stop group tacacs+"


def test_configuration_lines_without_exec_commands_are_half_a_view() -> None:
    lines = {"commands": [{**PE1, "command": "interface gi0/1"}, {"device": "pe2", "command": "show clock"}]}
    found = told(lines, [about("commands", "I-01", setting=EXEC)])
    assert found["pe1", "I-01"].observable == "partly"
    assert "only configuration lines" in found["pe1", "I-01"].why
    assert found["pe2", "I-01"].observable == "observable"


def test_what_would_fix_it_is_in_the_words_of_the_device_s_own_platform_with_its_price() -> None:
    site = Site(devices=(Device("r1", platform="junos"), Device("r2", platform="iosxe"), Device("r3")))
    found = told({"commands": []}, [about("commands", "I-01", setting=EXEC)], site=site)
    assert "set system syslog host 192.0.2.5 interactive-commands any" in found["r1", "I-01"].fix
    assert found["r2", "I-01"].fix[0].startswith("aaa accounting commands 1 ")
    assert all("CPU:" in found[name, "I-01"].price for name in ("r1", "r2"))
    assert (found["r3", "I-01"].fix, found["r3", "I-01"].price) == ((), "platform not known")
    assert {entry.observable for entry in found.values()} == {"not observable"}


def test_some_of_what_the_detectors_need_is_partly() -> None:
    found = told({"logins": [PE1], "syslog": []}, [about("logins", "A-11"), about("syslog", "A-11")])
    assert (found["pe1", "A-11"].visibility, found["pe1", "A-11"].observable) == ("not seen", "partly")
    assert found["pe1", "A-11"].setting


def test_behaviours_nobody_looks_for_are_told_with_where_they_show() -> None:
    missing = undetected([about("commands", "D-01")])
    assert {entry.behaviour for entry in missing} == set(vocabulary.behaviours()) - {"D-01"}
    assert all(entry.why.endswith(vocabulary.behaviours()[entry.behaviour].telemetry) for entry in missing)
    assert not any(entry.looked_for for entry in missing)


def test_ten_thousand_devices_share_their_words() -> None:
    site = Site(devices=tuple(Device(f"pe{n}", platform="ios") for n in range(10_000)))
    found = told({"commands": []}, [about("commands", "D-01", setting=EXEC)], site=site)
    assert len(found) == 10_000
    assert len({id(entry.why) for entry in found.values()}) == 1


def test_what_cannot_happen_on_a_platform_is_not_asked_of_it() -> None:
    site = Site(
        devices=(Device("xr", platform="iosxr"), Device("qfx", platform="junos"), Device("srv", platform="linux"))
    )
    asked = [about("commands", "P-05", "C-06", "A-11"), about("windows", "E-10")]
    found = told({"commands": []}, asked, site=site)
    assert {key for key in found if key[1] == "P-05"} == {("xr", "P-05")}  # operator SSH is IOS XR's alone
    assert {key for key in found if key[1] == "C-06"} == {("xr", "C-06"), ("qfx", "C-06")}
    assert {key for key in found if key[1] == "A-11"} == {(name, "A-11") for name in ("xr", "qfx", "srv")}
    assert not [key for key in found if key[1] == "E-10"]


def test_a_log_without_a_change_is_no_blindness_for_changes() -> None:
    found = told({"syslog": [PE1], "config_changes": []}, [about("config_changes", "L-03")])
    assert found["pe1", "L-03"].observable == "observable"


@pytest.mark.parametrize("sampling", [1_000, 4_096])
def test_what_needs_a_clock_of_flows_could_not_be_seen_where_all_of_them_are_sampled(sampling: int) -> None:
    ends = {"time": at("09:00:00"), "src_ip": "10.1.1.1", "dst_ip": "203.0.113.9", "dst_port": 443}
    timed = [one.about for one in (beacon.ANALYTIC, long_connection.ANALYTIC, password_guessing.ANALYTIC)]
    for given in timed:
        (behaviour, *_) = given.behaviours
        found = told({"flows": [{**ends, "kind": "flow_records", "sampling": sampling}]}, [given])[NETWORK, behaviour]
        assert found.visibility == "could not be seen"
        assert "sampled" in found.why
        assert "unsampled" in found.setting
        whole = told({"flows": [{**ends, "kind": "flow_records", "sampling": 1}]}, [given])[NETWORK, behaviour]
        assert whole.visibility == "not seen"


def test_a_tunnel_can_be_seen_in_sampled_flows() -> None:
    ends = {"time": at("09:00:00"), "src_ip": "10.1.1.1", "dst_ip": "203.0.113.9", "dst_port": 0}
    rows = [{**ends, "kind": "flow_records", "proto": "gre", "sampling": 4_096}]
    found = told({"flows": rows}, [covert_tunnel.ANALYTIC.about])[NETWORK, "N-02"]
    assert found.visibility == "not seen"
