"""The filter never says "certainly not" of an id it holds, and seldom "perhaps" of one it does not."""

from __future__ import annotations

import numpy as np
import pytest

from seawall.engine.bloom import Bloom


def pairs(seed: int, count: int) -> tuple[np.ndarray, np.ndarray]:
    words = np.random.default_rng(seed).integers(0, 2**64, (2, count), dtype=np.uint64)
    words[0].sort()
    return words[0], words[1]


@pytest.mark.parametrize("count", [1, 1_000, 200_000])
def test_what_it_holds_it_admits(count: int) -> None:
    bloom = Bloom()
    bloom.grow(count)
    bloom.add(*pairs(1, count))
    assert bloom.may_hold(*pairs(1, count)).all()
    assert bloom.may_hold(*pairs(2, 10_000)).mean() < 0.05


def test_it_asks_to_grow_before_it_is_too_full() -> None:
    bloom = Bloom()
    assert not bloom.wants(1_000)
    assert bloom.wants(50_000)
    bloom.grow(50_000)
    assert not bloom.wants(190_000)
    assert bloom.wants(210_000)
