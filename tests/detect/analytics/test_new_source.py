from __future__ import annotations

from seawall.detect.analytics.new_source import ANALYTIC, BASELINE_LOGINS, ROAMING_SOURCES
from seawall.model.site import Device, Person, Site
from tests.detect.worlds import findings, login, world

DAILY = [login(n, "pe1", "10.1.1.5") for n in range(BASELINE_LOGINS)]


def test_a_new_pair_on_a_known_device_is_found_and_marked_learned() -> None:
    (finding,) = findings(
        ANALYTIC, world((), [*DAILY, login(99, "pe1", "198.51.100.7"), login(200, "pe1", "198.51.100.7")])
    )
    assert (finding.learned, finding.count) == (True, 1)
    assert finding.why == (
        "ops1 logged in to pe1 from 198.51.100.7 for the first time in 20 logins. "
        "Learned from only 20 records over 2 minutes, which is little."
    )
    assert finding.confidence < ANALYTIC.about.confidence


def test_without_a_baseline_nothing_is_new() -> None:
    assert findings(ANALYTIC, world((), [*DAILY[1:], login(99, "pe1", "198.51.100.7")])) == []


def test_another_device_s_baseline_does_not_count() -> None:
    assert findings(ANALYTIC, world((), [*DAILY, login(99, "pe2", "198.51.100.7")])) == []


def test_jump_hosts_of_the_site_are_never_new() -> None:
    lake = world((), [*DAILY, login(99, "pe1", "10.1.1.9")])
    assert len(findings(ANALYTIC, lake)) == 1
    assert findings(ANALYTIC, lake, Site(jump_hosts=("10.1.1.0/24",))) == []


def test_where_the_site_file_says_where_an_account_works_the_answer_is_exact() -> None:
    site = Site(people=(Person("ops1", from_addresses=("10.9.0.0/16",)),))
    (finding,) = findings(ANALYTIC, world((), [login(0, "pe1", "10.9.1.1"), login(9, "pe1", "10.1.1.5")]), site)
    assert (finding.learned, finding.confidence) == (False, ANALYTIC.about.confidence)
    assert "Learned" not in finding.why


def test_people_come_to_a_jump_host_from_their_desks() -> None:
    site = Site(devices=(Device("jump1", role="jump-host"),), people=(Person("ops1", from_addresses=("10.9.0.0/16",)),))
    assert findings(ANALYTIC, world((), [login(0, "jump1", "10.5.1.1")]), site) == []
    assert len(findings(ANALYTIC, world((), [login(0, "pe1", "10.5.1.1")]), site)) == 1


def test_an_account_that_comes_from_everywhere_has_no_place_of_its_own() -> None:
    roaming = [login(n, "pe1", f"10.2.{n}.5") for n in range(ROAMING_SOURCES + 5)]
    told = findings(ANALYTIC, world((), roaming))
    assert len(told) == ROAMING_SOURCES - BASELINE_LOGINS
    site = Site(people=(Person("ops1", from_addresses=("10.9.0.0/16",)),))
    assert len(findings(ANALYTIC, world((), roaming), site)) == len(roaming)
