"""Decisions of a tabletop, kept: their words in the case, their digest in the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from seawall.disk.durable import Disk
from seawall.drills import history
from seawall.drills.scenario import Scenario
from seawall.drills.tabletop import Decision, decision_line, read_decisions
from seawall.drills.verdicts import StageVerdict
from seawall.errors import InputError
from seawall.ledger import open_ledger
from seawall.model.case import Case
from seawall.model.clock import Clock

MAX_BYTES: Final = 4 << 20


def _path(case: Case, scenario: Scenario) -> Path:
    return case.folder / "drills" / "decisions" / f"{hashlib.sha256(scenario.id.encode()).hexdigest()[:16]}.jsonl"


def keep(case: Case, scenario: Scenario, made: Decision, clock: Clock) -> Path:
    """Add a decision to the case's exercise of a scenario; returns the file."""
    path = _path(case, scenario)
    Disk().make_folder(path.parent)
    line = json.dumps(decision_line(made), sort_keys=True) + "\n"
    with Disk().extend(path) as file:
        file.write(line.encode())
        file.sync()
    with open_ledger(case, clock=clock) as ledger:
        digest = hashlib.sha256(line.encode()).hexdigest()
        ledger.append("drill.decision", {"inject": made.inject, "rating": made.rating, "sha256": digest})
        ledger.publish()
    return path


def kept(case: Case, scenario: Scenario) -> list[Decision]:
    """The decisions on record. Raises InputError if the file is damaged."""
    path = _path(case, scenario)
    if not path.exists():
        return []
    if path.stat().st_size > MAX_BYTES:
        raise InputError("too large for decisions", where=str(path), mend="move it away, and begin anew")
    return read_decisions(path.read_text(encoding="utf-8").splitlines(), str(path))


def seen(case: Case, scenario: Scenario, run_file: Path | None) -> Sequence[StageVerdict]:
    """What the system saw of the scenario in a run's file, else in the last run the case keeps; none if never run."""
    runs = [history.read(run_file)] if run_file else history.kept(case)
    for run in reversed(runs):
        rows = [row for row in run.stages if row["scenario"] == scenario.id]
        if rows:
            return [
                StageVerdict(
                    scenario=scenario.id, stage=str(row["stage"]), name=str(row.get("name", row["stage"])),
                    behaviours=tuple(map(str, row.get("behaviours", ()))), verdict=row["verdict"],
                    category=row.get("category", "none"), shows=row.get("shows", "at once"), seconds=row.get("seconds"),
                    by=str(row.get("by", "")), why=str(row.get("why", "")),
                )
                for row in rows
            ]  # fmt: skip
    return []
