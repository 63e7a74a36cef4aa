from __future__ import annotations

import random
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pytest

from seawall.model.clock import FixedClock
from seawall.model.settings import Settings
from seawall.sources import worker
from seawall.sources.base import Chunk
from seawall.sources.intake import reading_for
from seawall.sources.worker import Sent, Setup

CLOCK = FixedClock(datetime(2026, 11, 22, tzinfo=UTC))
_NOISE = random.Random(7)
TABLE = pa.table({"raw": pa.array([_NOISE.randbytes(1000) for _ in range(1000)])})  # does not compress


class Slow:
    """The other side of a worker, which takes a table only when the worker waits for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.waiting: deque[Sent] = deque()
        self.taken = self.peak = 0

    def send(self, sent: Sent) -> None:
        self.waiting.append(sent)
        self.peak = max(self.peak, sum(path.stat().st_size for path in self.folder.iterdir()))

    def poll(self) -> bool:
        return False

    def recv(self) -> int:
        sent = self.waiting.popleft()
        whole = sent.whole()
        assert isinstance(whole, Chunk)
        assert whole.tables["syslog"].equals(TABLE)
        self.taken += 1
        return sent.cost


@pytest.fixture
def working(tmp_path: Path) -> Callable[[Slow], Any]:
    return lambda peer: worker._Worker(
        cast("Any", peer), Setup(reading_for([], Settings(), CLOCK), frozenset(), tmp_path)
    )


def test_a_worker_whose_tables_nobody_takes_stops_making_them(
    working: Callable[[Slow], Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "CREDIT_BYTES", 5 * TABLE.nbytes)
    peer = Slow(tmp_path)
    one = working(peer)
    for _ in range(60):
        one._send(0, Chunk({"syslog": TABLE}))
    assert peer.taken >= 50, "it waited for us again and again"
    assert 3 * TABLE.nbytes < peer.peak < 8 * TABLE.nbytes, "what lies in the spool stays within the credit"
    while peer.waiting:
        one.credit(peer.recv())
    assert list(tmp_path.iterdir()) == []
    assert one._owed == 0


def test_small_tables_travel_in_the_message_and_cost_no_credit(working: Callable[[Slow], Any], tmp_path: Path) -> None:
    peer = Slow(tmp_path)
    working(peer)._send(0, Chunk({"syslog": TABLE.slice(0, 5)}))
    (sent,) = peer.waiting
    assert sent.cost == 0
    assert list(tmp_path.iterdir()) == []
