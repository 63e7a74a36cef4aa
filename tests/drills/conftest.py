from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from seawall.drills.play import play
from seawall.drills.scenario import builtin
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
