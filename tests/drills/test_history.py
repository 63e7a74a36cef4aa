"""Runs kept in the case: compared, gated, and in the ledger."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from seawall.drills import history
from seawall.drills.history import Run, compare, refusals
from seawall.drills.run import Drilled
from seawall.errors import InputError
from seawall.ledger import open_ledger
from seawall.model.case import open_case
from seawall.model.clock import SystemClock


def a_run(**verdicts: str) -> Run:
    return Run(
        "x", {}, tuple({"scenario": "s", "stage": k, "verdict": v.replace("_", " ")} for k, v in verdicts.items())
    )


def test_what_changed_for_the_worse_comes_first() -> None:
    before = a_run(a="missed", b="detected", c="detected", gone="detected")
    changes = compare(before, a_run(a="detected", b="missed", c="detected", new="missed"))
    assert [(c.stage, c.worse) for c in changes] == [("b", True), ("a", False), ("gone", False), ("new", False)]


def test_a_gate_asks_for_a_share_of_what_could_be_seen() -> None:
    run = a_run(a="detected", b="late", c="not_observable")
    assert refusals(run, 0.5) == []
    assert "50% of the observable stages" in refusals(run, 0.6)[0]


def test_a_gate_refuses_what_was_seen_before_and_is_not_now() -> None:
    refused = refusals(a_run(a="late", b="detected"), 0, a_run(a="detected", b="missed"))
    assert refused == ["s a: detected before, late now"]


def test_a_run_is_kept_in_the_case_and_its_digest_in_the_ledger(drilled: Drilled, tmp_path: Path) -> None:
    case, clock = open_case(tmp_path / "case", SystemClock()), SystemClock()
    path = history.keep(case, drilled, clock)
    (run,) = history.kept(case)
    assert run.verdicts() == {(v.scenario, v.stage): v.verdict for v in drilled.verdicts}
    assert {row["scenario"] for row in history.trend([run])} == {r.scenario.id for r in drilled.results}
    with open_ledger(case, clock=clock) as ledger:
        (entry,) = ledger.find("run", path.stem, kind="drill.run")
    assert entry.body["stages"] == len(drilled.verdicts)


@pytest.mark.parametrize(
    "text", ["", "{}\n", "[1]\n", "nonsense", json.dumps({"scenario": "a", "stage": "b", "verdict": "fine"})]
)
def test_what_is_no_result_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(text)
    with pytest.raises(InputError, match="not a drill's result"):
        history.read(path)
