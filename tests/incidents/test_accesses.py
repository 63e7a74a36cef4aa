"""Who was at a crown jewel, explained or not, and why."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from seawall.incidents.accesses import explained, suspects
from seawall.model.finding import Finding
from seawall.model.site import ChangeWindow, Site
from tests.incidents.looked import SEAT, SITE, looked
from tests.incidents.stories import account, address, at, device, finding

JEWEL = SITE.devices[1]
WORK = ChangeWindow(SEAT.time, SEAT.time + timedelta(hours=1), ticket="CHG-7")


@pytest.mark.parametrize(
    ("change", "site", "story", "because"),
    [
        ({}, SITE, [], "known person, from its usual place"),
        ({"source": "10.66.0.1"}, SITE, [], "10.66.0.1 is no usual place of this account"),
        ({"source": ""}, SITE, [], "the record names no address it came from"),
        ({"account": "svc-bill", "source": ""}, SITE, [], "known automation; the record names no address"),
        ({"account": "zoe"}, SITE, [], "the site file names no such account"),
        ({}, replace(SITE, people=()), [], "no site file names the people"),
        ({"source": "10.66.0.1"}, replace(SITE, change_windows=(WORK,)), [], "announced work CHG-7"),
        ({"source": "10.66.0.1"}, SITE, [finding(at("08:00:00"), "C-15", account("DBA1"))],
         "the account acts in the incident"),
        ({"source": "10.9.20.80"}, SITE, [finding(at("08:00:00"), "P-01", device("lims1"))],
         "it comes from a machine of the incident, no usual place of this account"),
        ({"source": "203.0.113.9"}, SITE, [finding(at("08:00:00"), "P-01", address("203.0.113.9"))],
         "it comes from an address of the incident"),
    ],
)  # fmt: skip
def test_an_access_says_why_it_is_or_is_not_explained(
    change: dict[str, str], site: Site, story: list[Finding], because: str
) -> None:
    (access,) = explained(JEWEL, looked(seats=[replace(SEAT, **change)]), site, suspects(story, site)).shown
    assert access.because == because
    assert access.explained == because.startswith(("known", "announced"))


def test_an_event_a_finding_rests_on_is_never_explained() -> None:
    found = finding(at("09:00:00"), "K-11", device("cdr1"))
    seat = replace(SEAT, event_id=found.evidence[0].event_id)
    (access,) = explained(JEWEL, looked(seats=[seat]), SITE, suspects([found], SITE)).shown
    assert access.because == "a finding of the incident rests on it"


def test_refused_logins_are_no_accesses_and_those_beyond_the_limit_are_not_explained() -> None:
    facts = looked(seats=[SEAT, replace(SEAT, outcome="failure", event_id="e2")], seats_total={"cdr1.example.net": 5})
    seats = explained(JEWEL, facts, SITE, suspects([], SITE))
    assert (seats.explained, seats.unexplained) == (1, 3)
    assert seats.strangers == ("others not looked at",)
