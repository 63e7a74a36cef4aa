"""Checks are data: every one says all of it, and brings for each platform what fails and what passes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from seawall.detect.audit import load
from seawall.detect.audit.base import Check, Rule
from seawall.detect.audit.judge import judge
from seawall.detect.audit.predicates import FUNCTIONS
from seawall.errors import RuleError
from seawall.model.audit import Status
from tests.detect.audit.devices import sample_device

CHECKS = load.builtin()


def _samples(check: Check, wanted: str) -> Iterator[tuple[str, Rule, str]]:
    for platform, rule in check.rules.items():
        for text in rule.bad if wanted == "bad" else rule.good:
            yield platform, rule, text


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_samples_that_should_fail_fail_and_those_that_should_pass_pass(check: Check) -> None:
    for platform, rule, text in _samples(check, "bad"):
        outcome = judge(rule, sample_device(platform, text), FUNCTIONS)
        assert outcome.status is Status.FAIL, f"{platform}: said {outcome.status} ({outcome.say}): {text}"
    for platform, rule, text in _samples(check, "good"):
        if rule.call == "fleet_only":
            continue  # see test_fleet
        outcome = judge(rule, sample_device(platform, text), FUNCTIONS)
        assert outcome.status in (Status.PASS, Status.NA), f"{platform}: said {outcome.status} ({outcome.say}): {text}"


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_rule_has_samples_both_ways_and_tells_how_to_mend(check: Check) -> None:
    for platform, rule in check.rules.items():
        assert rule.good, f"{platform}: show what passes"
        assert rule.bad or rule.call in ("changed_by", "fleet_only"), (
            f"{platform}: show what fails"
        )  # a stranger needs a site file
        assert rule.mend, f"{platform}: say what mends it"


def test_named_functions_exist_and_each_is_called() -> None:
    called = {rule.call for check in CHECKS for rule in check.rules.values()} - {""}
    assert called == FUNCTIONS.keys()


def test_a_word_nobody_reads_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("X-1: {title: t, severity: low, why: w, platforms: {ios: {fial: x}}}")
    with pytest.raises(RuleError, match="fial") as caught:
        load.load([path])
    assert "X-1 on ios" in (caught.value.where or "")


def test_a_broken_pattern_is_refused_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("X-1: {title: t, severity: low, why: w, platforms: {ios: {fail: '(x'}}}")
    with pytest.raises(RuleError, match="pattern"):
        load.load([path])
