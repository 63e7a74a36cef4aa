"""The story: plain sentences in order of time, claiming no more than was seen."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from seawall.incidents import build
from seawall.incidents.phrases import CLAUSES, clause
from seawall.incidents.stages import stages
from seawall.incidents.story import MAX_SENTENCES, title
from seawall.model.behaviours import BEHAVIOURS
from seawall.model.finding import UNTIMED, Finding
from seawall.model.severity import Severity
from seawall.model.site import Device, Site
from tests.incidents.stories import account, address, at, device, finding, intrusion


def story(*findings: Finding) -> tuple[str, ...]:
    return build(findings)[0].storyline


def test_the_title_says_who_where_and_how_far() -> None:
    assert build(intrusion())[0].title == (
        "Intruder on edge7 and edge8: account net_support from 203.0.113.91, 9 stages in 2 h"
    )


def test_steps_within_a_minute_share_a_sentence() -> None:
    sentences = story(*intrusion())
    assert sentences[1] == (
        "22:01 UTC edge7: the WebUI process changed the configuration as vty_sys (A-02); at once account net_support "
        "was created by vty_sys (P-01); 14 s later net_support logged in over the web interface from 203.0.113.91 "
        "(A-03)."
    )


def test_a_silence_is_said_and_not_explained_away() -> None:
    assert any("whether it paused or could not be seen is unknown" in s for s in story(*intrusion()))


def test_a_device_known_by_address_alone_is_said_to_be_unknown() -> None:
    assert any(s.startswith("Not known: which device 192.0.2.11 is") for s in story(*intrusion()))


def test_a_new_day_is_named() -> None:
    who = (device("pe1"), account("eve"), address("203.0.113.9"))
    sentences = story(finding(at("23:50:00"), "I-01", *who), finding(at("00:05:00", day=1), "D-01", *who))
    assert sentences[0].startswith("2026-11-21 23:50 UTC pe1: ")
    assert sentences[1].startswith("2026-11-22 00:05 UTC pe1: ")


def test_an_act_without_a_time_is_not_dated_1970() -> None:
    who = (device("pe1"), account("eve"), address("203.0.113.9"))
    sentences = story(finding(UNTIMED, "I-01", *who), finding(at("00:05:00"), "D-01", *who))
    assert not any("1970" in sentence or "paused" in sentence for sentence in sentences)
    assert sentences[0].startswith("At an unknown time pe1: ")


def test_what_nobody_is_named_for_is_told_without_a_name() -> None:
    assert clause(finding(at("00:00:00"), "D-01", device("pe1"))) == "the device's log was cleared (D-01)"
    assert "an unknown account" in clause(finding(at("00:00:00"), "A-03", device("pe1")))


def test_a_behaviour_without_a_clause_is_told_by_its_title() -> None:
    found = finding(at("00:00:00"), "N-09", device("pe1"), title="BPF magic packet seen")
    assert clause(found) == "BPF magic packet seen (N-09)"
    assert clause(finding(at("00:00:00"), "N-09", device("pe1"), title="Odd packet")) == "odd packet (N-09)"


def test_braces_in_evidence_are_only_braces() -> None:
    found = finding(at("00:00:00"), "P-01", device("{by}"), account("{made}", "object"), account("{0.__class__}"))
    assert clause(found) == "account {made} was created by {0.__class__} (P-01)"
    assert len(build([found, finding(at("00:01:00"), "D-01", account("{0.__class__}"))])) == 1


@pytest.mark.parametrize("behaviour", sorted(CLAUSES))
def test_every_clause_belongs_to_a_behaviour_and_fills_in(behaviour: str) -> None:
    assert behaviour in BEHAVIOURS
    bare = clause(finding(at("00:00:00"), behaviour))
    full = clause(
        finding(
            at("00:00:00"),
            behaviour,
            device("pe1"),
            account("eve"),
            account("made", "object"),
            address("203.0.113.9"),
            address("198.51.100.7", "object"),
        )
    )
    for sentence in (bare, full):
        assert not re.search(r"[{}]|  | ,|None", sentence)


def test_a_long_story_is_cut_and_counts_the_rest() -> None:
    who = (account("eve"), address("203.0.113.9"))
    many = [finding(at("00:00:00") + timedelta(minutes=2 * n), "I-01", device(f"pe{n}"), *who) for n in range(100)]
    sentences = story(*many)
    assert len(sentences) == MAX_SENTENCES + 2
    assert sentences[-2].startswith("… and 75 more acts until 2026-11-21 03:18 UTC")


def test_what_repeats_is_said_once_and_counted() -> None:
    who = (device("pe1"), account("eve"), address("203.0.113.9"))
    many = [finding(at("00:00:00") + timedelta(minutes=2 * n), "I-01", *who) for n in range(100)]
    assert story(*many)[0].endswith("by eve, 100 times until 2026-11-21 03:18 UTC (I-01).")


def test_forty_acts_at_one_place_fit_a_page_with_a_time_on_every_line() -> None:
    who = (device("pe1"), account("eve"), address("203.0.113.9"))
    codes = sorted(CLAUSES)[:40]
    many = [finding(at("00:00:00") + timedelta(minutes=3 * n), code, *who) for n, code in enumerate(codes)]
    sentences = [s for s in story(*many) if not s.startswith(("Between", "How sure"))]
    assert len(sentences) <= MAX_SENTENCES
    assert all(re.match(r"(2026-11-2\d )?\d\d:\d\d UTC pe1: ", s) for s in sentences)
    assert all(f"({code})" in " ".join(sentences) for code in codes)


def test_one_act_in_two_logs_is_one_clause() -> None:
    names = (device("pe1.ams.example.net"), account("eve"))
    more: dict[str, Any] = {
        "why": "eve cleared the log of pe1.ams.example.net: clear logging",
        "details": {"command_raw": "clear logging"},
    }
    told = finding(at("22:00:00"), "D-01", *names, lines=[("a.log:1", "<189>1: pe1: %PARSER-5-CFG: x")], **more)
    again = finding(
        at("22:00:02"), "D-01", *names, address("203.0.113.9"), lines=[("t.acct:1", "x\tcmd=clear logging")], **more
    )
    assert story(told, again)[0] == (
        "2026-11-21 22:00 UTC pe1: eve cleared the log: `clear logging` (D-01; seen in syslog and accounting)."
    )


def test_the_same_person_is_named_once_in_a_sentence() -> None:
    who = (device("pe1"), account("eve"))
    sentence = story(
        finding(at("22:00:00"), "I-01", *who, why="eve looked round on pe1"),
        finding(at("22:00:09"), "D-01", *who, why="eve cleared the log of pe1"),
    )[0]
    assert sentence == "2026-11-21 22:00 UTC pe1: eve looked round (I-01); 9 s later cleared the log (D-01)."


def test_a_crown_jewel_is_said_in_the_title() -> None:
    found = [finding(at("22:00:00"), "D-01", device("lims1.example.net"), account("eve"), title="Log cleared")]
    site = Site(devices=(Device("lims1.example.net", role="mediation", crown_jewel=True),))
    assert build(found, site=site)[0].title == "Log cleared; reached lims1 (intercept mediation)"


def test_work_that_is_expected_is_not_called_suspicious() -> None:
    who = (device("pe1"), account("anna"))
    work = [
        finding(at("09:00:00"), "P-10", *who, tags=("behaviour:P-10", "expected"), severity=Severity.LOW),
        finding(at("09:01:00"), "D-01", *who, severity=Severity.INFORMATIONAL),
    ]
    assert title(work, stages(work), Severity.LOW).startswith("Expected work on pe1: account anna")
    small = [finding(f.first, f.behaviours[0], *who, severity=Severity.LOW) for f in work]
    assert title(small, stages(small), Severity.LOW).startswith("Minor activity on pe1: account anna")
