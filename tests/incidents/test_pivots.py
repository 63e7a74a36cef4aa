"""From machine to machine: the chain is one story, and a busy jump host is not the world's glue."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.incidents import build
from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.severity import Severity
from seawall.model.site import Device, Site
from tests.incidents.stories import account, address, at, device, finding

LOW = Severity.LOW
SITE = Site(
    devices=(
        Device("edge1", role="edge", addresses=("10.9.255.1",)),
        Device("core2", role="core", addresses=("10.9.255.2",)),
        Device("jump1", role="jump-host", addresses=("10.9.20.15",)),
        Device("pe5", role="pe", addresses=("10.9.255.5",)),
        Device("lims1", role="mediation", addresses=("10.9.20.80",), crown_jewel=True),
    ),
    jump_hosts=("10.9.20.15",),
)
JUMP = address("10.9.20.15")


def edge() -> list[Finding]:
    """The edge router is taken over from outside; the intruder stays until 01:30."""
    who = (device("edge1"), account("helper"), address("203.0.113.9"))
    return [finding(at("00:01:00"), "P-01", *who), finding(at("01:30:00"), "D-01", *who)]


def onward(user: str, clock: str, where: str, **more: object) -> Finding:
    """A router's address logs in elsewhere, as the analytic for it tells."""
    names = (device(where), device("edge1", "via"), account(user), address("10.9.255.1"))
    return finding(at(clock), "L-01", *names, **more)  # type: ignore[arg-type]


def over_the_jump_host(clock: str = "00:23:00", user: str = "j.novak") -> Finding:
    """A login that looks like every working day's: low."""
    return finding(at(clock), "L-07", device("lims1"), account(user), JUMP, severity=LOW)


def wiped(clock: str = "01:57:00", user: str = "j.novak") -> Finding:
    return finding(at(clock), "D-01", device("lims1"), account(user))


def sizes(*findings: Finding, site: Site | None = SITE) -> list[int]:
    return sorted((len(i.findings) for i in build(findings, site=site)), reverse=True)


def because(incident: Incident, left: Finding, right: Finding) -> tuple[str, int]:
    found = next(j for j in incident.joins if {j.left, j.right} == {left.id, right.id})
    return found.because, found.strength


def chain() -> list[Finding]:
    """Edge router, core router, jump host, wiretap mediation: four accounts, one intruder."""
    return [*edge(), onward("p.lind", "00:05:00", "core2"), onward("p.lind", "00:21:00", "jump1"),
            over_the_jump_host(), wiped()]  # fmt: skip


def test_a_chain_over_router_and_jump_host_is_one_incident() -> None:
    assert sizes(*chain()) == [6]


def test_each_step_of_the_chain_is_explained_and_the_jump_host_counts_less() -> None:
    taken, _, core, jump, low, wipe = chain()
    incident = build(chain(), site=SITE)[0]
    said, sure = because(incident, taken, core)
    assert said == (
        "the later finding comes from device edge1 (address 10.9.255.1), where the earlier one took place, 4 min apart"
    )
    weaker, strength = because(incident, jump, low)
    assert weaker.startswith("the later finding comes from device jump1 (address 10.9.20.15)")
    assert "others use that host too" in weaker
    assert strength < sure
    assert "account j.novak" in because(incident, low, wipe)[0]


@given(st.randoms(use_true_random=False))
def test_the_chain_is_the_same_in_any_order_of_arrival(shuffle: random.Random) -> None:
    findings = chain()
    expected = build(findings, site=SITE)
    shuffle.shuffle(findings)
    assert build(findings, site=SITE) == expected


def test_a_machine_that_was_entered_and_calls_out_by_its_address_is_one_story() -> None:
    calls = finding(at("00:31:00"), "N-12", address("10.9.20.80"), address("198.51.100.7", "target"))
    assert sizes(wiped("00:30:00"), calls) == [2]
    assert sizes(wiped("00:40:00"), calls) == [2]
    assert sizes(wiped("04:40:00"), calls) == [1, 1]


def test_what_the_evidence_says_of_addresses_does_without_a_site_file() -> None:
    arrival = finding(
        at("00:21:00"), "L-01", device("jump1"), account("p.lind"), address("10.9.255.1"),
        details={"dst_ip": "10.9.20.15"},
    )  # fmt: skip
    assert sizes(arrival, over_the_jump_host(), wiped(), site=None) == [3]


def test_a_login_from_a_device_left_long_ago_is_its_own_story() -> None:
    late = replace(onward("p.lind", "06:00:00", "core2"), first=at("06:00:00", 4), last=at("06:00:00", 4))
    assert sizes(*edge(), late) == [2, 1]


def test_a_device_that_logs_in_elsewhere_and_is_then_tampered_with_is_one_story() -> None:
    assert sizes(onward("p.lind", "00:00:10", "core2"), *edge()) == [3]


def test_honest_logins_over_the_same_jump_host_are_not_swallowed() -> None:
    honest = [over_the_jump_host(f"00:{minute}:00", f"user{minute}") for minute in range(22, 36)]
    names = {f.id for f in honest}
    for world in (chain(), edge()):
        assert not any(names & set(i.findings) for i in build([*world, *honest], site=SITE))


def test_the_jump_host_joins_only_what_follows_within_minutes() -> None:
    later = (over_the_jump_host("00:50:00"), wiped())
    assert sizes(*edge(), onward("p.lind", "00:21:00", "jump1"), *later) == [3, 2]


def test_an_account_with_a_login_of_its_own_on_the_jump_host_is_explained() -> None:
    own = finding(at("00:10:00"), "A-11", device("jump1"), account("j.novak"), address("10.9.30.4"), severity=LOW)
    assert sizes(*chain(), own) == [4, 3]


def test_two_intrusions_that_share_a_jump_host_at_different_hours_stay_two() -> None:
    second = [
        finding(at("06:00:00"), "L-07", device("jump1"), account("mallory"), address("198.51.100.9")),
        finding(at("06:05:00"), "P-01", device("pe5"), account("mallory"), JUMP),
    ]
    assert sizes(*chain(), *second) == [6, 2]


def test_two_intrusions_over_one_jump_host_in_the_same_minutes_are_told_apart_by_their_own_logins() -> None:
    second = [
        finding(at("00:18:00"), "L-07", device("jump1"), account("mallory"), address("198.51.100.9")),
        finding(at("00:24:00"), "P-01", device("pe5"), account("mallory"), JUMP),
    ]
    assert sizes(*chain(), *second) == [6, 2]


@pytest.mark.parametrize("user", ["o.iyer", "j.novak"])
def test_a_low_login_ties_stories_only_where_its_own_account_did_harm(user: str) -> None:
    found = sizes(*edge(), onward("p.lind", "00:21:00", "jump1"), over_the_jump_host(), wiped(user=user))
    assert found[0] == (5 if user == "j.novak" else 3)


def test_accounts_every_windows_machine_has_join_nothing() -> None:
    service = (account("LocalSystem"),)
    here = finding(at("00:01:00"), "E-10", device("files1"), *service)
    there = finding(at("00:02:00"), "E-10", device("files2"), *service)
    assert sizes(here, there) == [1, 1]


def test_expected_work_is_never_more_than_low() -> None:
    work = [finding(at("09:00:00"), b, device("pe5"), account("anna")) for b in ("P-10", "C-01")]
    expected = [replace(f, tags=(*f.tags, "expected")) for f in work]
    assert build(expected) == []
