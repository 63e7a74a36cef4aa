from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from seawall.model.case import Case, open_case
from seawall.model.clock import FixedClock
from seawall.people import sealed
from seawall.vault.client import VaultClient
from tests.vault.serving import served


@pytest.fixture
def case(tmp_path: Path, clock: FixedClock) -> Case:
    return open_case(tmp_path / "case", clock)


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passphrases that cost next to nothing."""
    monkeypatch.setattr(sealed, "COST", 16)


@pytest.fixture
def client(case: Case, clock: FixedClock, cheap: None) -> Iterator[VaultClient]:
    """A client of an unlocked vault."""
    with served(case, clock) as one:
        yield one
