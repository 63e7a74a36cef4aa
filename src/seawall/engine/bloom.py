"""A Bloom filter that looks at one 64-bit word per id, so that a sorted batch walks through memory in order."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint64]

BITS_PER_ID: Final = 32  # when just grown; a quarter of it before it grows again
MAX_WORDS: Final = 8 << 20  # 64 MiB; beyond some 60 million ids it lets more through, and stays right
_ONE: Final = np.uint64(1)
_SIX_BITS: Final = np.uint64(63)
_HALF: Final = np.uint64(32)


class Bloom:
    """Says "certainly not" or "perhaps". The word comes from an id's high half, three bits from its low half."""

    def __init__(self) -> None:
        self._words: Words = np.zeros(1 << 10, np.uint64)

    def wants(self, count: int) -> bool:
        """Whether it should grow before it holds `count` ids."""
        return len(self._words) < MAX_WORDS and count * BITS_PER_ID // 4 > len(self._words) * 64

    def grow(self, count: int) -> None:
        """Become empty, and large enough for `count` ids; the caller adds them again."""
        self._words = np.zeros(max(1 << 10, min(count * BITS_PER_ID // 64, MAX_WORDS)), np.uint64)

    def _places(self, high: Words, low: Words) -> tuple[Words, Words]:
        place = ((high >> _HALF) * np.uint64(len(self._words))) >> _HALF
        mask = _ONE << (low & _SIX_BITS)
        mask |= _ONE << ((low >> np.uint64(6)) & _SIX_BITS)
        mask |= _ONE << ((low >> np.uint64(12)) & _SIX_BITS)
        return place, mask

    def may_hold(self, high: Words, low: Words) -> npt.NDArray[np.bool_]:
        """False where the id was certainly never added."""
        place, mask = self._places(high, low)
        found: npt.NDArray[np.bool_] = (self._words[place] & mask) == mask
        return found

    def add(self, high: Words, low: Words) -> None:
        """Add ids, sorted by their high half."""
        place, mask = self._places(high, low)
        starts = np.flatnonzero(np.concatenate(([True], place[1:] != place[:-1])))
        self._words[place[starts]] |= np.bitwise_or.reduceat(mask, starts)
