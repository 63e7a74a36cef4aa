"""Orders go through the vault and come back as rows without the people they name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seawall.drills.render.warrants import Order, write
from seawall.model.case import open_case
from seawall.model.clock import FixedClock
from seawall.people import sealed
from seawall.sources import recognise, warrants
from seawall.sources.opening import evidence_from_bytes
from seawall.vault.client import VaultClient
from tests.sources.reading import READING
from tests.vault.serving import served

AT = datetime(2026, 11, 9, 3, 14, 5, tzinfo=UTC)


@pytest.fixture
def vault(tmp_path: Path, clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> Iterator[VaultClient]:
    monkeypatch.setattr(sealed, "COST", 16)
    with served(open_case(tmp_path / "case", clock), clock) as client:
        yield client


@pytest.mark.parametrize("by_line", [False, True])
def test_every_order_is_read_back_and_no_target_with_it(vault: VaultClient, by_line: bool) -> None:
    targets = [("InternationalE164", "64218096792"), ("IMSI", "530019081003390")]
    orders = [Order(f"W-{n}", f"NZ{n}", AT, AT + timedelta(days=90), targets[n:]) for n in range(2)]
    evidence = evidence_from_bytes(write(orders, AT, by_line=by_line).encode(), "registry.json")
    assert recognise(evidence) is warrants.SOURCE
    chunks = list(warrants.SOURCE.read(evidence, replace(READING, vault=vault)))
    assert not sum(chunk.rejected for chunk in chunks)
    rows = [row for chunk in chunks for table in chunk.tables.values() for row in table.to_pylist()]
    assert [(row["warrant_id"], row["liid"], row["valid_from"], row["valid_to"]) for row in rows] == [
        (order.number, order.liid, order.begins, order.ends) for order in orders
    ]
    assert [len(json.loads(row["targets"])) for row in rows] == [2, 1]
    assert not any(value in str(rows) for _, value in targets)
