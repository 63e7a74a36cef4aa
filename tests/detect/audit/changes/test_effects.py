"""Changes on eleven platforms: what intruders do is told, and what operators do every day is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from seawall.model.severity import Severity
from tests.detect.audit.changes.bench import base, edited, found

MOVES = yaml.safe_load(Path(__file__).with_name("moves.yml").read_text(encoding="utf-8"))
_CASES = [
    (platform, kind, case) for platform, kinds in MOVES.items() for kind, cases in kinds.items() for case in cases
]


@pytest.mark.parametrize(
    ("platform", "case"),
    [pytest.param(p, c, id=f"{p}: {c['why']}") for p, kind, c in _CASES if kind == "intruder"],
)
def test_an_intruders_move_is_told_with_its_effect(platform: str, case: dict[str, Any]) -> None:
    told = found(base(platform), edited(base(platform), case["edit"]))
    assert [f for f in told if f.detector == f"change.{case['effect']}" and f.severity >= Severity.HIGH], told


@pytest.mark.parametrize(
    ("platform", "case"),
    [pytest.param(p, c, id=f"{p}: {c['why']}") for p, kind, c in _CASES if kind == "operator"],
)
def test_an_operators_work_is_nothing_of_medium_or_above(platform: str, case: dict[str, Any]) -> None:
    told = found(base(platform), edited(base(platform), case["edit"]))
    assert [f for f in told if f.severity >= Severity.MEDIUM] == []


def test_every_platform_has_moves_of_both_kinds() -> None:
    assert {p for p, kinds in MOVES.items() if kinds["intruder"] and kinds["operator"]} == {
        "ios", "iosxe", "iosxr", "nxos", "asa", "eos", "junos", "sros", "sros-md", "vrp", "fortios", "panos",
    }  # fmt: skip
