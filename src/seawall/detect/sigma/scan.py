"""All literals of a field looked for in one pass over its values.

The trick is to look at few places. A text of seven bytes or more covers, wherever it stands, one whole four-byte word
of those at 0, 4, 8 …, so a literal is entered under four words (one for each way it may lie across them), and only a
quarter of all places is looked up, in a table of flags that fits the cache. A literal bound to a value's end is looked
up once per value, by that value's last bytes. Which of its words a literal is entered under is chosen from a sample of
the data: the rarest. What the flags let through is compared byte by byte, eight at a time. Everything is whole-array
work: no Python per match.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from seawall.detect.sigma.columns import ranges
from seawall.detect.sigma.literals import Literal
from seawall.detect.sigma.values import Ids

Words = npt.NDArray[np.uint32]
Bytes = npt.NDArray[np.uint8]

LONG: Final = 7  # bytes from which on a literal covers a whole word wherever it stands
_FRONT: Final = 8  # bytes of padding before the data, so that a value's last eight can always be read
_BACK: Final = 16
_BLOCK: Final = 32_768  # words looked up at once: what is worked on stays in the cache
_PAIRS: Final = 262_144  # candidates compared at once; bounds memory for hostile values
_COUNT_BITS: Final = 16
_MIX: Final = np.uint32(2_654_435_761)  # Knuth's multiplicative hash
_MIX_WIDE: Final = np.uint64(0x9E3779B97F4A7C15)
_NOTHING: Final = np.empty(0, dtype=np.int64)


def word_counts(sample: Bytes) -> npt.NDArray[np.int64]:
    """How often four-byte words stand in a sample at any place, by their hash."""
    if len(sample) < 4:
        return np.zeros(1 << _COUNT_BITS, dtype=np.int64)
    return np.bincount(_hashed(words_at_every_byte(sample), _COUNT_BITS), minlength=1 << _COUNT_BITS)


def words_at_every_byte(data: Bytes) -> Words:
    """The four-byte words at 0, 1, 2 …"""
    wide = data.astype(np.uint32)
    return np.asarray(
        wide[:-3] | (wide[1:-2] << np.uint32(8)) | (wide[2:-1] << np.uint32(16)) | (wide[3:] << np.uint32(24))
    )


def word_hashes(data: Bytes) -> npt.NDArray[np.uint32]:
    """The hashes `word_counts` counts, of the words at 0, 1, 2 …"""
    return _hashed(words_at_every_byte(data), _COUNT_BITS)


def _hashed(words: Words, bits: int) -> npt.NDArray[np.uint32]:
    mixed = words * _MIX
    mixed >>= np.uint32(32 - bits)
    return mixed


class Texts:
    """Values laid out for the scan: their bytes with padding on both sides, and where each starts and ends."""

    def __init__(self, data: Bytes, offsets: npt.NDArray[np.int32]) -> None:
        self.room = np.zeros(_FRONT + (len(data) + 3) // 4 * 4 + _BACK, dtype=np.uint8)
        self.room[_FRONT : _FRONT + len(data)] = data
        self.starts = offsets[:-1].astype(np.int64) + _FRONT
        self.ends = offsets[1:].astype(np.int64) + _FRONT
        self.used = _FRONT + len(data)

    @property
    def wide(self) -> npt.NDArray[np.uint64]:
        """The eight bytes from every place on."""
        return np.ndarray((len(self.room) - 7,), np.dtype("<u8"), self.room, 0, (1,))

    @property
    def narrow(self) -> Words:
        """The four bytes from every place on."""
        return np.ndarray((len(self.room) - 3,), np.dtype("<u4"), self.room, 0, (1,))

    @property
    def aligned(self) -> Words:
        """The four-byte words at 0, 4, 8 … of the data."""
        return self.room[_FRONT : len(self.room) - _BACK].view(np.dtype("<u4"))


class Table:
    """Keys under which literals are entered, and the flags that let a place through."""

    def __init__(self, keys: npt.NDArray[np.uint32], owners: Ids, shifts: Ids) -> None:
        self._bits = int(np.clip(np.ceil(np.log2(max(len(keys), 1) * 16)), 10, 20))
        slots = _hashed(keys, self._bits).astype(np.int64)
        order = np.argsort(slots, kind="stable")
        self._keys, self._owners, self._shifts = keys[order], owners[order], shifts[order]
        self._first = np.zeros((1 << self._bits) + 1, dtype=np.int32)
        np.cumsum(np.bincount(slots, minlength=1 << self._bits), out=self._first[1:])
        self._flags = np.diff(self._first) > 0

    def __len__(self) -> int:
        return len(self._keys)

    def let_through(self, words: Words) -> Ids:
        """The places of words that may be keys."""
        found = []
        for start in range(0, len(words), _BLOCK):
            at = np.flatnonzero(self._flags[_hashed(words[start : start + _BLOCK], self._bits)])
            found.append(at + start)
        return np.concatenate(found) if found else _NOTHING

    def entered(self, words: Words) -> tuple[Ids, Ids, Ids]:
        """For each word that is a key and each literal under it: the word's place, the literal, and its shift."""
        slots = _hashed(words, self._bits).astype(np.int64)
        firsts = self._first[slots].astype(np.int64)
        counts = self._first[slots + 1] - firsts
        entries = ranges(firsts, counts)
        places = np.repeat(np.arange(len(words)), counts)
        same = np.flatnonzero(self._keys[entries] == words[places])
        entries, places = entries[same], places[same]
        return places, self._owners[entries], self._shifts[entries]


class Scan:
    """The literals of one field, ready to be looked for. `counts` is what `word_counts` says of a sample."""

    def __init__(self, literals: Sequence[Literal], counts: npt.NDArray[np.int64]) -> None:
        self._lengths = np.array([len(one.text) for one in literals], dtype=np.int64)
        self._opens = np.array([one.opens for one in literals], dtype=bool)
        self._closes = np.array([one.closes for one in literals], dtype=bool)
        self._lay_out(literals)
        inside = ~self._closes
        self._aligned = self._enter_aligned(np.flatnonzero(inside & (self._lengths >= LONG)), counts)
        self._anywhere = self._enter_short(np.flatnonzero(inside & (self._lengths < LONG)), closes=False)
        self._last_short = self._enter_short(np.flatnonzero(self._closes & (self._lengths < 8)), closes=True)
        self._last_long = self._enter_last(np.flatnonzero(self._closes & (self._lengths >= 8)))

    def _lay_out(self, literals: Sequence[Literal]) -> None:
        """The literals as eight-byte words, the last one of each with a mask."""
        counts = (self._lengths + 7) // 8
        self._first_word = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
        room = b"".join(one.text.ljust(int(n) * 8, b"\0") for one, n in zip(literals, counts, strict=True))
        self._words = np.frombuffer(room, dtype=np.dtype("<u8"))
        self._bytes = np.frombuffer(room + bytes(8), dtype=np.uint8)
        self._masks = np.full(len(self._words), ~np.uint64(0), dtype=np.uint64)
        over = (counts * 8 - self._lengths) * 8
        self._masks[self._first_word[1:] - 1] >>= over.astype(np.uint64)
        self._word_counts = counts

    def _enter_aligned(self, which: Ids, counts: npt.NDArray[np.int64]) -> Table:
        """Each literal under the four words in a row that stand least often in the sample."""
        places = self._lengths[which] - LONG + 1  # where the four words may start
        at = ranges(np.zeros_like(places), places)
        owner = np.repeat(which, places)
        here = self._first_word[owner] * 8 + at
        often = counts[_hashed(words_at_every_byte(self._bytes), _COUNT_BITS)]
        often = often[here] + often[here + 1] + often[here + 2] + often[here + 3]
        if not len(which):
            return Table(np.empty(0, dtype=np.uint32), _NOTHING, _NOTHING)
        starts = np.concatenate([[0], np.cumsum(places)[:-1]])
        best = np.minimum.reduceat(often * (1 << 24) + at, starts) & ((1 << 24) - 1)
        shifts = (best[:, None] + np.arange(4)).ravel()
        owners = np.repeat(which, 4)
        return Table(self._key(owners, shifts), owners, shifts)

    def _enter_short(self, which: Ids, *, closes: bool) -> Table:
        shifts = self._lengths[which] - 4 if closes else np.zeros(len(which), dtype=np.int64)
        return Table(self._key(which, shifts), which, shifts)

    def _enter_last(self, which: Ids) -> Table:
        """Literals of eight bytes or more at a value's end, under a hash of the last eight."""
        shifts = self._lengths[which] - 8
        at = np.ndarray((len(self._bytes) - 7,), np.dtype("<u8"), self._bytes, 0, (1,))
        return Table(_mixed(at[self._first_word[which] * 8 + shifts]), which, shifts)

    def _key(self, owners: Ids, shifts: Ids) -> Words:
        at = np.ndarray((len(self._bytes) - 3,), np.dtype("<u4"), self._bytes, 0, (1,))
        return np.asarray(at[self._first_word[owners] * 8 + shifts])

    def find(self, texts: Texts) -> tuple[Ids, Ids]:
        """Which literal (by number) stands in which value (by number): pairs, each at least once."""
        literals: list[Ids] = []
        values: list[Ids] = []
        for table, words, where in self._passes(texts):
            let = table.let_through(words)
            for block in range(0, len(let), _BLOCK):
                some = let[block : block + _BLOCK]
                places, owners, shifts = table.entered(words[some])
                at = where(some[places]) - shifts
                for low in range(0, len(at), _PAIRS):
                    pair = self._confirm(owners[low : low + _PAIRS], at[low : low + _PAIRS], texts)
                    literals.append(pair[0])
                    values.append(pair[1])
        if not literals:
            return _NOTHING, _NOTHING
        return np.concatenate(literals), np.concatenate(values)

    def _passes(self, texts: Texts) -> Iterator[tuple[Table, Words, Callable[[Ids], Ids]]]:
        """Each table in use, the words to look up in it, and where in the texts the n-th of them stands."""
        if len(self._aligned):
            yield self._aligned, texts.aligned, lambda n: n * 4 + _FRONT
        if len(self._anywhere):
            yield self._anywhere, texts.narrow, lambda n: n
        if len(self._last_short):
            yield self._last_short, texts.narrow[texts.ends - 4], lambda n: texts.ends[n] - 4
        if len(self._last_long):
            yield self._last_long, _mixed(texts.wide[texts.ends - 8]), lambda n: texts.ends[n] - 8

    def _confirm(self, literals: Ids, at: Ids, texts: Texts) -> tuple[Ids, Ids]:
        """Of literals that may start at places, those that do, and the value each stands in."""
        ends = at + self._lengths[literals]
        kept = np.flatnonzero((at >= _FRONT) & (ends <= texts.used))
        literals, at, ends = literals[kept], at[kept], ends[kept]
        values = np.searchsorted(texts.ends, at, side="right")  # the first value that ends behind the place
        kept = np.flatnonzero(
            (ends <= texts.ends[values])
            & (~self._opens[literals] | (at == texts.starts[values]))
            & (~self._closes[literals] | (ends == texts.ends[values]))
        )
        literals, at, values = literals[kept], at[kept], values[kept]
        kept = self._same(literals, at, texts.wide)
        return literals[kept], values[kept]

    def _same(self, literals: Ids, at: Ids, wide: npt.NDArray[np.uint64]) -> Ids:
        """Which literals stand at their places, compared eight bytes at a time."""
        first, counts = self._first_word[literals], self._word_counts[literals]
        alive = np.arange(len(literals))
        done: list[Ids] = []
        step = 0
        while len(alive):
            word = first[alive] + step
            alive = alive[(wide[at[alive] + 8 * step] ^ self._words[word]) & self._masks[word] == 0]
            step += 1
            over = counts[alive] <= step
            done.append(alive[over])
            alive = alive[~over]
        return np.concatenate(done) if done else _NOTHING


def _mixed(wide: npt.NDArray[np.uint64]) -> Words:
    """Eight bytes as a key of four."""
    return np.asarray((wide * _MIX_WIDE) >> np.uint64(32)).astype(np.uint32)
