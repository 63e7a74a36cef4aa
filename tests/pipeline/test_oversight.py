"""A folder of exports, reconciled without any set-up: every true problem, no false alarm, no identifier in clear."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from seawall.model.clock import SystemClock
from seawall.model.finding import finding_to_dict
from seawall.pipeline.oversight import reconcile
from tests.corpus import corpus_path


def found_in(folder: Path) -> list[dict[str, Any]]:
    return [finding_to_dict(one) for one in reconcile([folder], SystemClock()).findings]


def is_same(expected: dict[str, Any], finding: dict[str, Any]) -> bool:
    """Kind, and system or warrant or tap or actor."""
    if finding["detector"] not in (expected["finding"], *expected.get("also_accepted", ())):
        return False
    text = json.dumps(finding)
    named = [expected[k] for k in ("tap", "warrant", "system", "actor", "src") if expected.get(k)]
    return named[0] in text if named else True


@pytest.fixture(scope="module")
def scenario() -> list[dict[str, Any]]:
    return found_in(corpus_path("lawful-intercept", "scenario-s1"))


def test_all_28_problems_are_found_and_nothing_else(scenario: list[dict[str, Any]]) -> None:
    told = json.loads(corpus_path("lawful-intercept", "scenario-s1", "expected.json").read_text(encoding="utf-8"))
    assert [one for one in told["findings"] if not any(is_same(one, f) for f in scenario)] == []
    assert len(scenario) == len(told["findings"]) == 28


def test_benign_cases_stay_silent(scenario: list[dict[str, Any]]) -> None:
    told = json.loads(corpus_path("lawful-intercept", "scenario-s1", "expected.json").read_text(encoding="utf-8"))
    text = json.dumps(scenario)
    assert [trap for trap in told["benign_traps"] if (trap.get("warrant") or f'{trap["tap"]}"') in text] == []
