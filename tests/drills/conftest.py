from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

from seawall.drills.conditions import Conditions
from seawall.drills.play import play
from seawall.drills.run import Drilled, run
from seawall.drills.scenario import builtin, names
from seawall.drills.truth import Truth


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


@pytest.fixture(scope="session")
def drilled(room: Path) -> Drilled:
    """Every scenario that comes with Seawall, compressed: one carrier, few everyday lines, one hunt for all tests."""
    chosen = [builtin(name) for name in names()]
    return last(run(chosen, room, conditions=Conditions(cover=0.01)))


def last(steps: Iterable[object]) -> Drilled:
    """The result at the end of a run."""
    *_, result = steps
    assert isinstance(result, Drilled)
    return result
