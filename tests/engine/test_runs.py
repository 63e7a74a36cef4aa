"""Runs are sorted, looked up and merged without losing an id."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from seawall.disk.durable import Disk
from seawall.engine import runs
from seawall.engine.runs import Run, from_batch, merge


def batch(*pairs: tuple[int, int]) -> np.ndarray:
    return np.array(pairs, np.uint64).reshape(-1, 2)


def test_a_batch_is_sorted_and_its_repeats_marked() -> None:
    run, order, first = from_batch(batch((5, 1), (3, 9), (5, 1), (5, 0)))
    assert run.high.tolist() == [3, 5, 5, 5]
    assert run.low.tolist() == [9, 0, 1, 1]
    assert order.tolist() == [1, 3, 0, 2]
    assert first.tolist() == [True, True, True, False]


def test_ids_with_equal_high_halves_are_told_apart() -> None:
    run = Run(np.array([1, 5, 5, 5, 9], np.uint64), np.array([0, 7, 3, 8, 0], np.uint64))
    asked = from_batch(batch((5, 8), (5, 4), (9, 0), (10, 0), (0, 0)))[0]
    assert run.holds(asked.high, asked.low).tolist() == [False, False, True, True, False]


@pytest.mark.parametrize("on_disk", [True, False])
def test_merging_in_small_pieces_keeps_order_and_every_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_disk: bool
) -> None:
    monkeypatch.setattr(runs, "_BLOCK", 7)
    numbers = np.random.default_rng(3).permutation(np.arange(400, dtype=np.uint64))
    parts = [from_batch(np.stack([piece // 3, piece], axis=1))[0] for piece in np.split(numbers, [10, 11, 200])]
    merged = merge(parts, Disk(), tmp_path / "1.ids" if on_disk else None)
    assert sorted(merged.low.tolist()) == list(range(400))
    assert merged.high.tolist() == sorted(n // 3 for n in range(400))
    assert (merged.low // 3 == merged.high).all()
    assert (merged.path is not None) == on_disk


def test_a_file_that_is_no_run_is_none(tmp_path: Path) -> None:
    (tmp_path / "x.ids").write_bytes(b"")
    assert Run.load(tmp_path / "x.ids") is None
    assert Run.load(tmp_path / "nowhere.ids") is None
