"""A scenario told to people: what players may know, what the facilitator needs, what came of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall.drills import exercise, tabletop
from seawall.drills.run import Drilled
from seawall.drills.scenario import builtin
from seawall.errors import InputError
from seawall.ledger import open_ledger
from seawall.model.case import open_case
from seawall.model.clock import FixedClock

SCENARIO = builtin()
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


def test_players_learn_nothing_of_what_comes() -> None:
    handout = tabletop.players(SCENARIO)
    assert tabletop.EXERCISE in handout
    for stage in SCENARIO.stages:
        assert stage.name not in handout
    assert SCENARIO.title not in handout


def test_the_facilitator_has_every_inject_in_order_of_time() -> None:
    guide = tabletop.facilitator(SCENARIO, 90)
    minutes = [inject.at for inject in tabletop.injects(SCENARIO, 90)]
    assert minutes == sorted(minutes)
    assert max(minutes) < 90
    assert all(f"| {stage.id.replace('_', '')}" in guide for stage in SCENARIO.stages)


def test_a_decision_is_on_record_and_in_the_report_beside_what_the_system_saw(drilled: Drilled, tmp_path: Path) -> None:
    clock = FixedClock(NOW)
    case = open_case(tmp_path / "case", clock)
    exercise.keep(case, SCENARIO, tabletop.decision(SCENARIO, 2, "cut | it <b>off</b>", NOW, "S"), clock)
    seen = next(r.verdicts for r in drilled.results if r.scenario.id == SCENARIO.id)
    report = tabletop.after_action(SCENARIO, exercise.kept(case, SCENARIO), seen)
    row = next(line for line in report.splitlines() if line.startswith("| 2 |"))
    assert "10:00 cut \\| it \\<b\\>off\\</b\\> | S | detected after" in row
    assert "inject 1: no decision was logged" in report
    with open_ledger(case, clock=clock) as ledger:
        (entry,) = ledger.entries(kind="drill.decision")
    assert "cut" not in str(entry.body)


@pytest.mark.parametrize(
    ("number", "rating", "says"), [(0, "", "no inject 0"), (99, "", "no inject 99"), (1, "A", "no rating")]
)
def test_a_decision_on_nothing_is_refused(number: int, rating: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        tabletop.decision(SCENARIO, number, "x", NOW, rating)
