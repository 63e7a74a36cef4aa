"""Why two findings are one story: strength, and the words for it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from seawall.incidents import build
from seawall.incidents.joining import THRESHOLD
from seawall.model.finding import Finding
from seawall.model.incident import Join
from seawall.model.site import Person, Site
from tests.incidents.stories import Name, account, address, at, device, finding


def join(left: Finding, right: Finding, *others: Finding, site: Site | None = None) -> Join | None:
    """The join between two findings, if any, in a case that also holds `others`."""
    incidents = build([left, right, *others], site=site)
    pair = {left.id, right.id}
    return next((j for i in incidents for j in i.joins if {j.left, j.right} == pair), None)


def two(names: tuple[Name, ...], more: tuple[Name, ...], apart: timedelta) -> tuple[Finding, Finding]:
    start = at("09:00:00")
    return finding(start, "I-01", *names), finding(start + apart, "D-01", *more)


SAME_ACCOUNT = ((account("eve"), device("pe1")), (account("eve"), device("pe2")))


def test_a_shared_account_joins_and_says_so() -> None:
    found = join(*two(*SAME_ACCOUNT, timedelta(minutes=14)))
    assert found is not None
    assert found.because == "both name account eve, 14 min apart"


def test_a_join_fades_with_time() -> None:
    strengths = [join(*two(*SAME_ACCOUNT, timedelta(hours=h))) for h in (0, 1, 3, 5)]
    values = [j.strength for j in strengths if j]
    assert len(values) == 4
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == 4


def test_beyond_the_join_hours_a_shared_account_joins_nothing() -> None:
    assert join(*two(*SAME_ACCOUNT, timedelta(hours=6, minutes=1))) is None


def test_a_shared_device_alone_holds_for_less_time_than_an_account() -> None:
    names = ((device("pe1"),), (device("pe1"),))
    assert join(*two(*names, timedelta(minutes=30))) is not None
    assert join(*two(*names, timedelta(hours=2))) is None


def test_a_shared_device_with_different_people_does_not_join() -> None:
    names = ((device("pe1"), account("eve")), (device("pe1"), account("anna")))
    assert join(*two(*names, timedelta(minutes=5))) is None


def test_an_object_speaks_more_softly_than_an_actor() -> None:
    acting = join(*two((address("203.0.113.9"),), (address("203.0.113.9"),), timedelta(minutes=5)))
    named = join(*two((address("203.0.113.9", "object"),), (address("203.0.113.9", "object"),), timedelta(minutes=5)))
    assert acting is not None
    assert named is not None
    assert named.strength < acting.strength


def test_an_account_created_acts_days_later() -> None:
    made = finding(at("09:00:00"), "P-01", device("pe1"), account("vty_sys"), account("cisco_help", "object"))
    used = finding(at("09:00:00", day=4), "A-11", device("pe9"), account("cisco_help"))
    found = join(made, used)
    assert found is not None
    assert found.because == "account cisco_help, created by the earlier finding, acts in the later one, 4 d apart"


def test_an_address_let_in_logs_in_days_later() -> None:
    opened = finding(at("09:00:00"), "P-08", device("pe1"), account("eve"), address("203.0.113.9", "object"))
    login = finding(at("09:00:00", day=2), "A-11", device("pe1"), account("anna"), address("203.0.113.9"))
    found = join(opened, login)
    assert found is not None
    assert "prepared by the earlier finding" in found.because


def test_acting_before_being_created_is_no_follow_on() -> None:
    used = finding(at("09:00:00"), "A-11", device("pe9"), account("cisco_help"))
    made = finding(at("09:00:00", day=4), "P-01", device("pe1"), account("cisco_help", "object"))
    assert join(used, made) is None


def test_a_short_name_joins_its_full_name_and_says_both() -> None:
    found = join(*two((device("pe01"),), (device("pe01.chi.example.net"),), timedelta(minutes=5)))
    assert found is not None
    assert found.because == "both name device pe01.chi.example.net (also written pe01), 5 min apart"


def test_a_jump_host_joins_nobody() -> None:
    users = [
        finding(at("09:00:00") + timedelta(minutes=n), "I-01", device(f"pe{n}"), account(f"u{n}"), address("10.20.0.9"))
        for n in range(12)
    ]
    assert all(len(i.findings) == 1 for i in build(users))


def test_an_outside_host_with_many_accounts_is_one_intruder_not_a_jump_host() -> None:
    walks = [
        finding(
            at("09:00:00") + timedelta(minutes=n), "A-11", device(f"pe{n}"), account(f"u{n}"), address("203.0.113.9")
        )
        for n in range(6)
    ]
    assert [len(i.findings) for i in build(walks)] == [6]


def test_the_backup_account_joins_nobody() -> None:
    rounds = [
        finding(at(f"{hour:02}:00:00"), "C-09", device(f"pe{n}"), account("backup"), address("192.0.2.77"))
        for hour in range(0, 24, 6)
        for n in range(40)
    ]
    assert max(len(i.findings) for i in build(rounds)) == 1


def test_automation_the_site_knows_joins_nobody() -> None:
    pair = two(*SAME_ACCOUNT, timedelta(minutes=5))
    assert join(*pair) is not None
    assert join(*pair, site=Site(people=(Person("eve", kind="automation"),))) is None


def test_everyday_names_join_nobody() -> None:
    pair = two(*SAME_ACCOUNT, timedelta(minutes=5))
    assert len(build(pair)) == 1
    assert len(build(pair, prevalence={("account", "eve"): 0.3})) == 2


@pytest.mark.parametrize("hours", [0.5, 6.0, 48.0])
def test_strengths_are_between_the_threshold_and_99(hours: float) -> None:
    pair = two(*SAME_ACCOUNT, timedelta(minutes=20))
    for incident in build(pair, join_hours=hours):
        assert all(THRESHOLD <= j.strength <= 99 for j in incident.joins)
