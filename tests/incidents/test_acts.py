"""Each act once, in words for people."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.incidents.acts import acts, place_of
from seawall.model.finding import Finding
from seawall.model.severity import Severity
from tests.incidents.stories import account, address, at, device, finding

SHORTS = {"pe1.ams.example.net": "pe1"}


def text(why: str, *names: Any, **details: Any) -> str:
    return acts([finding(at("00:00:00"), "D-01", *(names or (device("pe1"),)), why=why, details=details)], SHORTS, {})[
        0
    ].text


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("eve cleared the log of pe1.ams.example.net", "eve cleared the log"),
        ("eve told pe1 to stop", "eve told pe1 to stop"),
        ("pe1 stopped sending its log", "the device stopped sending its log"),
        ("eve read pe1's table", "eve read pe1's table"),
        ("eve logged in to pe1 from 192.0.2.9", "eve logged in from 192.0.2.9"),
        ("eve walked to pe10", "eve walked to pe10"),
        ("unknown SubjectUserName cleared a log", "somebody cleared a log"),
        ("unknown src_ip asked", "an unknown address asked"),
        ("an unknown account logged in", "an unknown account logged in"),
        ("eve dug a tunnel. Expected: ticket 7.", "eve dug a tunnel (expected: ticket 7)"),
        ("192.0.2.9 is on the list of friends", "asked for or reached 192.0.2.9, on the list of friends"),
    ],
)
def test_a_rules_words_become_words_for_people(why: str, said: str) -> None:
    assert text(why) == said


def test_a_column_nobody_filled_is_the_person_the_finding_names() -> None:
    assert text("unknown SubjectUserName cleared a log", device("pe1"), account("eve")) == "eve cleared a log"


def test_commands_stand_in_quotes_and_stay_as_they_were() -> None:
    assert text("eve ran on pe1: ping pe1.ams.example.net", command_raw="ping pe1.ams.example.net") == (
        "eve ran: `ping pe1.ams.example.net`"
    )
    assert text("eve ran: echo `id`", command_raw="echo `id`") == "eve ran: `echo 'id'`"


def test_an_address_is_placed_at_home() -> None:
    found = finding(at("00:00:00"), "N-12", address("192.0.2.80"))
    assert place_of(found, {"192.0.2.80": "lims1"}) == "lims1"
    assert place_of(found, {}) == "unknown"


def test_two_rules_on_one_event_are_one_act_told_by_the_graver() -> None:
    line = [("a.log:1", "login")]
    low = finding(at("00:00:00"), "A-11", device("pe1"), severity=Severity.LOW, why="first time", lines=line)
    high = finding(at("00:00:00"), "A-03", device("pe1"), why="odd name", lines=line)
    (act,) = acts([low, high], {}, {})
    assert (act.text, act.ids) == ("odd name", ("A-03", "A-11"))


def test_a_person_is_no_place() -> None:
    found = finding(at("00:00:00"), "P-09", account("eve"), why="eve lifted the list of an unknown device")
    assert place_of(replace(found, subject="eve"), {}) == "unknown device"
    assert acts([replace(found, subject="eve")], {}, {})[0].text == "eve lifted the list"


def test_one_act_told_by_name_and_by_address_is_told_at_the_name() -> None:
    def seen(place: str, clock: str, excerpt: str) -> Finding:
        names = (device(place), account("eve"))
        return finding(at(clock), "D-01", *names, why=f"eve cleared the log of {place}", lines=[("x:1", excerpt)])

    named = seen("pe1", "00:00:00", "<189>1: %SYS-5-X: cleared")
    by_address = seen("192.0.2.1", "00:00:01", "eve\tcmd=clear logging")
    later = seen("192.0.2.1", "00:01:00", "eve\tcmd=clear logging")
    assert [(a.place, a.logs) for a in acts([named, by_address], {}, {})] == [("pe1", ("syslog", "accounting"))]
    assert len(acts([named, later], {}, {})) == 2


def test_two_people_doing_the_same_are_two_acts() -> None:
    told = [
        finding(at(f"00:00:0{n}"), "D-01", device("pe1"), account(who), why="log cleared")
        for n, who in enumerate(("eve", "bob"))
    ]
    assert len(acts(told, {}, {})) == 2


@given(st.text(max_size=80), st.text(max_size=40), st.text(max_size=20))
def test_any_words_are_survived(why: str, command: str, name: str) -> None:
    text(why, device(name), account(name), command_raw=command)
