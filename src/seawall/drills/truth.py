"""The truth of a drill: which line was which act. It lives outside the evidence, where the pipeline cannot read it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Literal

from seawall.drills.acts import Label
from seawall.errors import InputError

TRUTH_SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Landed:
    """A labelled line and where it stands."""

    label: Label
    time: datetime  # UTC
    file: str  # below the evidence folder, `/` separators
    line: int  # from 1, in the decompressed file
    digest: str  # SHA-256 of the line without its end, hex
    seen: datetime | None = None  # when the carrier could read it, where that is later: a flow's end, a nightly copy

    @property
    def readable(self) -> datetime:
        """When the carrier could read it."""
        return self.seen or self.time


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the intrusion."""

    id: str
    name: str
    behaviours: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Truth:
    """What a drill played."""

    scenario: str
    title: str
    seed: int
    lines: int  # lines of evidence in all
    stages: tuple[Stage, ...]
    landed: tuple[Landed, ...]

    def attacks(self) -> tuple[Landed, ...]:
        """Lines of the intrusion."""
        return tuple(landed for landed in self.landed if landed.label.kind == "attack")

    def twins(self) -> tuple[Landed, ...]:
        """Honest lines that look like it."""
        return tuple(landed for landed in self.landed if landed.label.kind == "twin")


def write_truth(path: Path, truth: Truth) -> None:
    """Write `truth.jsonl`: a first line about the drill, then one line per labelled event."""
    first = {
        "schema": TRUTH_SCHEMA,
        "scenario": truth.scenario,
        "title": truth.title,
        "seed": truth.seed,
        "lines": truth.lines,
        "stages": [asdict(stage) for stage in truth.stages],
    }
    rows = [first, *(_row(landed) for landed in truth.landed)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _row(landed: Landed) -> dict[str, object]:
    label = landed.label
    return {
        "kind": label.kind,
        "stage": label.stage,
        "name": label.name,
        "behaviours": list(label.behaviours),
        "time": landed.time.isoformat(),
        "file": landed.file,
        "line": landed.line,
        "digest": landed.digest,
        "scenario": label.scenario,
        "seen": landed.seen.isoformat() if landed.seen else None,
    }


def read_truth(path: Path) -> Truth:
    """Read `truth.jsonl` back. Raises InputError if it cannot be read or is not one."""
    mend = "give the truth.jsonl that `drills.play` wrote"
    try:
        with path.open(encoding="utf-8") as file:
            first, *rows = [json.loads(line) for line in file]
        return Truth(
            scenario=first["scenario"],
            title=first["title"],
            seed=first["seed"],
            lines=first["lines"],
            stages=tuple(Stage(s["id"], s["name"], tuple(s["behaviours"])) for s in first["stages"]),
            landed=tuple(_landed(row) for row in rows),
        )
    except OSError as error:
        raise InputError(error.strerror or str(error), where=str(path), mend=mend) from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"not a drill's truth: {error}", where=str(path), mend=mend) from error


def _landed(row: dict[str, object]) -> Landed:
    kind: Literal["attack", "twin"] = "attack" if row["kind"] == "attack" else "twin"
    behaviours = row["behaviours"]
    if not isinstance(behaviours, list):
        raise TypeError("behaviours must be a list")
    label = Label(
        str(row["stage"]), str(row["name"]), kind, tuple(str(b) for b in behaviours), str(row.get("scenario", ""))
    )
    seen = row.get("seen")
    return Landed(
        label,
        datetime.fromisoformat(str(row["time"])),
        str(row["file"]),
        int(str(row["line"])),
        str(row["digest"]),
        datetime.fromisoformat(str(seen)) if seen else None,
    )
