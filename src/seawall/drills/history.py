"""What earlier drills came to, kept in the case: one file of lines per run, and its digest in the ledger.

`CASE/drills/<time>-<seed>.jsonl`: a first line about the run, then one per stage. Two runs can be compared, the last
ones make a trend, and a gate refuses what became worse.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from seawall import __version__
from seawall.disk.durable import Disk
from seawall.drills.run import Drilled
from seawall.errors import InputError
from seawall.ledger import open_ledger
from seawall.model.case import Case
from seawall.model.clock import Clock
from seawall.model.finding import utc_text

SCHEMA: Final = 1
MAX_BYTES: Final = 32 << 20
GOOD: Final = ("detected", "late", "missed", "not observable")  # from best to worst; the last is no fault of a rule


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it was kept."""

    name: str
    about: dict[str, Any]
    stages: tuple[dict[str, Any], ...]

    def verdicts(self) -> dict[tuple[str, str], str]:
        """The verdict per scenario and stage."""
        return {(str(row["scenario"]), str(row["stage"])): str(row["verdict"]) for row in self.stages}

    def share(self) -> float:
        """Share of the observable stages that were detected in time, 0 to 1."""
        tested = [v for v in self.verdicts().values() if v != "not observable"]
        return sum(v == "detected" for v in tested) / len(tested) if tested else 1.0


@dataclass(frozen=True, slots=True)
class Change:
    """A stage whose verdict differs between two runs."""

    scenario: str
    stage: str
    before: str  # empty: it was not there
    after: str  # empty: it is gone

    @property
    def worse(self) -> bool:
        """Whether it was seen better before. A stage that is gone is not worse, but said."""
        if not self.before or not self.after:
            return False
        return GOOD.index(self.after) > GOOD.index(self.before)


def lines_of(drilled: Drilled, at: datetime) -> list[dict[str, Any]]:
    """A run as lines: first what it was, then a line per stage."""
    about: dict[str, Any] = {
        "schema": SCHEMA,
        "kind": "run",
        "at": utc_text(at),
        "version": __version__,
        "seed": drilled.seed,
        "cover": drilled.conditions.cover,
        "conditions": drilled.conditions.said,
        "days": drilled.days,
        "lines": drilled.played.whole.lines,
        "median_s": drilled.median_s(),
        "false_alarms": len(drilled.noise.false_alarms),
        "scenarios": [result.summary() for result in drilled.results],
    }
    return [about, *(verdict.row() for verdict in drilled.verdicts)]


def keep(case: Case, drilled: Drilled, clock: Clock) -> Path:
    """Write a run into the case and its digest into the ledger; returns the file."""
    now = clock.now()
    raw = "".join(json.dumps(line, sort_keys=True) + "\n" for line in lines_of(drilled, now)).encode()
    folder = case.folder / "drills"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{now:%Y%m%dT%H%M%S.%fZ}-{drilled.seed}.jsonl"
    Disk().write_file(path, raw)
    names = ",".join(result.scenario.id for result in drilled.results)
    with open_ledger(case, clock=clock) as ledger:
        body = {
            "sha256": hashlib.sha256(raw).hexdigest(),
            "seed": drilled.seed,
            "scenarios": names[:1000],
            "detected": sum(v.verdict == "detected" for v in drilled.verdicts),
            "stages": len(drilled.verdicts),
        }
        ledger.append("drill.run", body, keys={"run": path.stem})
        ledger.publish()
    return path


def read(path: Path) -> Run:
    """A run from its file: what `drill run --format jsonl` printed will do. Raises InputError."""
    mend = "give a file that `seawall drill run --format jsonl` printed, or one below CASE/drills"
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError("too large to be a drill's result", where=str(path), mend=mend)
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
        stages = tuple(row for row in rows if row.get("kind") != "run")
        about: dict[str, Any] = next((row for row in rows if row.get("kind") == "run"), {})
        run = Run(path.name, about, stages)
        if not stages or any(v not in GOOD for v in run.verdicts().values()):
            raise ValueError("no line of a stage, or an unknown verdict")
    except OSError as error:
        raise InputError(error.strerror or str(error), where=str(path), mend=mend) from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise InputError(f"not a drill's result: {error}", where=str(path), mend=mend) from error
    return run


def kept(case: Case) -> list[Run]:
    """The runs a case keeps, the oldest first."""
    return [read(path) for path in sorted((case.folder / "drills").glob("*.jsonl"))]


def compare(before: Run, after: Run) -> list[Change]:
    """The stages whose verdict changed, the worse ones first."""
    old, new = before.verdicts(), after.verdicts()
    made = [
        Change(*key, old.get(key, ""), new.get(key, ""))
        for key in sorted({*old, *new})
        if old.get(key, "") != new.get(key, "")
    ]
    return sorted(made, key=lambda change: not change.worse)


def refusals(run: Run, least: float, before: Run | None = None) -> list[str]:
    """Why a gate does not open for a run: too little detected, or something seen before and not now."""
    found = []
    if run.share() < least:
        found.append(f"{run.share():.0%} of the observable stages were detected in time; {least:.0%} are asked for")
    for change in compare(before, run) if before else ():
        if change.worse:
            found.append(f"{change.scenario} {change.stage}: {change.before} before, {change.after} now")
    return found


def trend(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """One line per run and scenario, the oldest first."""
    return [
        {"run": run.name, "at": run.about.get("at"), **scenario}
        for run in runs
        for scenario in run.about.get("scenarios", [])
    ]
