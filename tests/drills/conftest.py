from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from seawall.drills.conditions import Conditions
from seawall.drills.play import play
from seawall.drills.run import Drilled, run
from seawall.drills.scenario import Scenario, builtin, load_scenario, names
from seawall.drills.truth import Truth

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "drills.md"


@dataclass(frozen=True)
class Played:
    folder: Path
    truth: Truth


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The built-in scenario, played once for all tests."""
    folder = tmp_path_factory.mktemp("drill") / "evidence"
    return Played(folder, play(builtin(), folder, 7))


@pytest.fixture(scope="session")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the run of all scenarios leaves its evidence and its case."""
    return tmp_path_factory.mktemp("drills")


def documented(folder: Path) -> Scenario:
    """The five stages a new user is shown how to write, taken from the page itself."""
    (block,) = re.findall(r"```yaml\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    path = folder / "first.yml"
    path.write_text(block, encoding="utf-8")
    return load_scenario(path)


def variants(first: Scenario) -> list[Scenario]:
    """The same intrusion thrice: as written; three times as fast; elsewhere, under other names. Each on another day."""
    fast = [
        replace(stage, at=stage.at / 3, acts=tuple(replace(step, after=step.after / 3) for step in stage.acts))
        for stage in first.stages
    ]
    elsewhere = {name: replace(part, index=part.index + 1) for name, part in first.cast.items()}
    return [
        first,
        replace(first, id="first-fast", stages=tuple(fast)),
        replace(first, id="first-renamed", cast=elsewhere),
    ]


@pytest.fixture(scope="session")
def drilled(room: Path) -> Drilled:
    """Every scenario that comes with Seawall, and the documented one thrice: one carrier, one hunt for all tests."""
    chosen = [*(builtin(name) for name in names()), *variants(documented(room.parent))]
    return last(run(chosen, room, conditions=Conditions(cover=0.01)))


def last(steps: Iterable[object]) -> Drilled:
    """The result at the end of a run."""
    *_, result = steps
    assert isinstance(result, Drilled)
    return result
