"""Correlations from rule file to finding: groups, order of arrival, chains, evidence, and who keeps quiet."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from seawall.detect.runner import steps
from seawall.detect.tables import InMemory
from seawall.model.entities import Entity
from seawall.model.finding import MAX_EVIDENCE, Finding
from seawall.pipeline import mark_replaced
from tests.detect.events import START, table
from tests.detect.sigma.correlation.stories import CHANGED, FAILED, WORKED, correlation, login, ruleset, told

BRUTE = correlation("brute", "type: event_count, rules: failed, group-by: src_ip, timespan: 1m, condition: {gte: 3}")
CHAIN = correlation("broken_in", "type: temporal_ordered, rules: [brute, worked], group-by: src_ip, timespan: 10m")


def test_a_burst_is_one_finding_with_the_whole_window_as_evidence(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, FAILED, BRUTE)
    fails = [login(at, "failure", user=f"user{at}") for at in (0, 20, 40, 60, 80)]
    (finding,) = told(rules, [*fails, login(400, "failure"), login(10, "failure", src_ip="192.0.2.8")])
    assert (finding.title, finding.count, finding.evidence_total) == ("brute", 5, 5)
    assert (finding.first, finding.last) == (START, START + timedelta(seconds=80))
    assert finding.details["figure"] == "4"
    assert finding.details["group"] == {"src_ip": "192.0.2.7"}
    assert Entity("ip", "192.0.2.7", "source") in finding.entities
    assert Entity("account", "user40", "actor") in finding.entities
    assert "at least 3" in finding.why
    assert "192.0.2.7" in finding.why


@pytest.mark.parametrize("seed", range(5))
def test_the_order_of_arrival_changes_nothing(tmp_path: Path, seed: int) -> None:
    rules = ruleset(tmp_path, FAILED, WORKED, BRUTE, CHAIN)
    logins = [login(at, "failure") for at in range(0, 90, 10)] + [login(95, "success")]
    assert told(rules, logins, seed=seed) == told(rules, logins, seed=99)


def test_a_group_by_field_an_event_lacks_is_no_match(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, FAILED, BRUTE)
    assert told(rules, [login(at, "failure", src_ip=None) for at in range(5)]) == []


def test_events_without_a_time_lie_in_no_window(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, FAILED, BRUTE)
    assert told(rules, [{**login(at, "failure"), "time": None} for at in range(5)]) == []


@pytest.mark.parametrize(("generate", "titles"), [(False, {"brute"}), (True, {"brute", "Login failed"})])
def test_rules_of_a_correlation_speak_only_if_it_lets_them(tmp_path: Path, generate: bool, titles: set[str]) -> None:
    body = "type: event_count, rules: failed, group-by: src_ip, timespan: 1m, condition: {gte: 3}, generate: "
    rules = ruleset(tmp_path, FAILED, correlation("brute", body + str(generate).lower()))
    assert {f.title for f in told(rules, [login(at, "failure") for at in range(3)])} == titles
    assert {about.title for about in rules.about()} == titles


def test_a_chain_sees_the_last_moment_of_a_long_burst(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, CHAIN, BRUTE, FAILED, WORKED)  # in any order in the file
    fails = [login(at, "failure") for at in range(0, 7_200, 15)]
    (finding,) = told(rules, [*fails, login(7_210, "success")])
    assert finding.title == "broken_in"
    assert finding.last == START + timedelta(seconds=7_210)
    assert set(finding.details["rules"]) == {"Login failed", "Login worked"}
    assert told(rules, [login(0, "success"), *(login(at, "failure") for at in range(10, 40, 10))]) == []


def test_the_evidence_of_a_chain_is_the_events_at_its_bottom(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, CHAIN, BRUTE, FAILED, WORKED)
    (finding,) = told(rules, [*(login(at, "failure") for at in (0, 10, 20)), login(30, "success")])
    assert (finding.count, len(finding.evidence)) == (4, 4)
    assert finding.first == START


def test_episodes_of_one_correlation_are_counted_by_another(tmp_path: Path) -> None:
    often = correlation("often", "type: value_count, rules: brute, timespan: 1d, condition: {field: src_ip, gte: 2}")
    rules = ruleset(tmp_path, FAILED, BRUTE, often)
    two = [
        login(at, "failure", src_ip=f"192.0.2.{host}")
        for host in (1, 2)
        for at in range(host * 1_000, host * 1_000 + 5)
    ]
    (finding,) = told(rules, two)
    assert (finding.title, finding.details["figure"], finding.count) == ("often", "2", 10)
    assert told(rules, two[:5]) == []


def test_aliases_join_fields_of_other_names(tmp_path: Path) -> None:
    body = (
        "type: temporal, rules: [failed, changed], group-by: who, timespan: 5m, "
        "aliases: {who: {failed: src_ip, changed: user}}"
    )
    rules = ruleset(tmp_path, FAILED, CHANGED, correlation("joined", body))
    change = {"at": 60, "device": "pe9", "user": "192.0.2.7", "mnemonic": "SYS-5-CONFIG_I"}
    (finding,) = told(rules, [login(0, "failure")], [change])
    assert finding.details["group"] == {"who": "192.0.2.7"}
    assert told(rules, [login(0, "failure")], [{**change, "user": "ops1"}]) == []


def test_several_group_by_fields_make_one_group_of_equal_values_only(tmp_path: Path) -> None:
    body = "type: event_count, rules: failed, group-by: [user, src_ip], timespan: 1m, condition: {gte: 2}"
    rules = ruleset(tmp_path, FAILED, correlation("pairs", body))
    logins = [login(0, "failure", user="a"), login(1, "failure", user="b"), login(2, "failure", user="a")]
    (finding,) = told(rules, logins)
    assert finding.details["group"] == {"user": "a", "src_ip": "192.0.2.7"}


def test_evidence_is_bounded_and_its_total_said(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, FAILED, BRUTE)
    (finding,) = told(rules, [login(at / 50, "failure") for at in range(MAX_EVIDENCE + 50)])
    assert (len(finding.evidence), finding.evidence_total, finding.count) == (MAX_EVIDENCE, 1_050, 1_050)


def test_findings_of_rules_and_correlations_come_in_one_order(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, FAILED, WORKED, BRUTE)
    logins = [login(at, "success", user=f"u{at}") for at in range(0, 900, 100)]
    logins += [login(at, "failure") for at in (205, 206, 207)]
    lake = InMemory({"logins": table("logins", logins)})
    found = [step for step in steps(lake, rules) if isinstance(step, Finding)]
    assert [f.first for f in found] == sorted(f.first for f in found)
    assert {f.title for f in found if "." not in f.detector} == {"brute", "Login worked"}  # analytics left out


def test_values_are_summed_of_what_flows_say(tmp_path: Path) -> None:
    flows = "title: Flow\nname: flow\nlogsource: {category: firewall}\ndetection: {s: {src_ip: '*'}, condition: s}\n"
    body = "type: value_sum, rules: flow, group-by: src_ip, timespan: 1h, condition: {field: src_bytes, gt: 1000}"
    rules = ruleset(tmp_path, flows, correlation("heavy", body))
    rows = [{"at": at, "src_ip": "192.0.2.7", "src_bytes": size} for at, size in ((0, 600), (10, 401), (20, None))]
    lake = InMemory({"flows": table("flows", rows)})
    (finding,) = [step for step in steps(lake, rules) if isinstance(step, Finding)]
    assert (finding.details["figure"], finding.count) == ("1001", 2)


@pytest.mark.parametrize("seed", range(3))
def test_a_late_earlier_event_gives_a_finding_that_replaces_the_one_told_before(tmp_path: Path, seed: int) -> None:
    rules = ruleset(tmp_path, FAILED, BRUTE)
    fails = [login(at, "failure", user=f"user{at}", device=f"pe{at}") for at in range(20, 26)]
    before = told(rules, fails, seed=seed)
    late = [login(0, "failure", user="early", device="pe0"), login(22.5, "failure", user="between", device="pe9")]
    (now,) = mark_replaced(told(rules, [*fails, *late], seed=seed), before)
    assert now.entities != before[0].entities
    assert (now.replaces, now.id != before[0].id) == (before[0].id, True)
    (more,) = mark_replaced(told(rules, [*fails, late[1]], seed=seed), before)
    assert (more.id, more.replaces) == (before[0].id, None)  # whoever else took part, it is the same story


def test_groups_that_name_no_entity_are_told_apart(tmp_path: Path) -> None:
    body = "type: event_count, rules: failed, group-by: line, timespan: 1m, condition: {gte: 2}"
    rules = ruleset(tmp_path, FAILED, correlation("lines", body))
    found = told(rules, [login(at, "failure", line=line) for line in ("vty0", "vty1") for at in (0, 1)])
    assert len({finding.id for finding in found}) == 2


SINCE = START + timedelta(seconds=25)


def test_what_began_before_since_and_ended_after_it_is_told_whole(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, FAILED, WORKED, BRUTE, CHAIN)
    logins = [*(login(at, "failure") for at in (0, 10, 20)), login(30, "success")]
    assert told(rules, logins, since=SINCE) == told(rules, logins) != []
    body = "type: event_count, rules: failed, timespan: 1m, generate: true, condition: {gte: 4}"
    loud = ruleset(tmp_path, FAILED, correlation("brute", body))
    found = told(loud, [login(at, "failure") for at in (0, 10, 20, 30)], since=SINCE)
    assert {(f.title, f.count) for f in found} == {("brute", 4), ("Login failed", 1)}


def test_what_ended_before_since_is_not_told(tmp_path: Path) -> None:
    rules = ruleset(tmp_path, FAILED, WORKED, BRUTE, CHAIN)
    logins = [*(login(at, "failure") for at in (0, 5, 10)), login(20, "success"), login(900, "failure")]
    assert told(rules, logins) != []
    assert told(rules, logins, since=SINCE) == []


def test_a_sequence_takes_a_condition_in_words(tmp_path: Path) -> None:
    asked = "condition: failed and (worked or changed)"
    body = f"type: temporal_ordered, rules: [changed, failed, worked], timespan: 1m, {asked}"
    rules = ruleset(tmp_path, FAILED, WORKED, CHANGED, correlation("seq", body))
    assert told(rules, [login(0, "failure"), login(10, "success")]) != []
    assert told(rules, [login(0, "success"), login(10, "failure")]) == []
