"""The different values a column had in earlier batches, and what is known of each: none is judged twice.

Evidence repeats itself from batch to batch. A value keeps its number as long as it is remembered; a new batch is
encoded against the values remembered (which is quicker than encoding it anew), and only new values are looked at. A
column that brings mostly new values is left alone for a while. What is remembered changes speed, never the result.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detect.sigma.plan import Atom
from seawall.detect.sigma.values import Ids, Mask, Values

Codes: TypeAlias = npt.NDArray[np.int32]
Found: TypeAlias = dict[int, Ids]

MAX_BYTES: Final = 96 << 20  # of everything remembered for one plan by one thread; past it all is forgotten
MAX_COLUMN_BYTES: Final = 16 << 20
_FEW_ROWS: Final = 4  # a column shorter than one row for so many values remembered is encoded by itself
_STALE: Final = 6  # times as many values remembered as a batch holds: most of them do not come back
_REST: Final = 15  # batches for which a column of mostly new values is left alone
_UNASKED: Final = np.int8(-1)


class _Pairs:
    """Which atoms accept which values, as far as they were looked for."""

    def __init__(self, version: int) -> None:
        self.version = version  # of the questions asked
        self.upto = 0  # values asked so far
        self.atoms: Ids = np.empty(0, dtype=np.int64)
        self.values: Ids = np.empty(0, dtype=np.int64)

    def add(self, found: Found) -> None:
        """More values were asked; `found` numbers them from `upto` on."""
        if found:
            atoms = np.repeat(np.fromiter(found, np.int64, len(found)), [len(which) for which in found.values()])
            atoms = np.concatenate([self.atoms, atoms])
            values = np.concatenate([self.values, np.concatenate(list(found.values())) + self.upto])
            order = np.lexsort((values, atoms))
            self.atoms, self.values = atoms[order], values[order]


class Known:
    """One column's values."""

    def __init__(self) -> None:
        self._resting = 0
        self.forget()

    def forget(self) -> None:
        """Start anew."""
        self.values = Values(pa.array([], pa.string()))
        self._text_bytes = 0
        self._pairs: dict[object, _Pairs] = {}
        self._late: dict[tuple[int, ...], npt.NDArray[np.int8]] = {}
        self._present = 0

    @property
    def nbytes(self) -> int:
        """Bytes of everything remembered, about."""
        late = sum(map(len, self._late.values()))
        return 2 * self._text_bytes + late + 16 * sum(len(pairs.atoms) for pairs in self._pairs.values())

    def numbers(self, texts: pa.Array, is_mostly_new: Callable[[pa.Array], bool]) -> Codes | None:
        """The number of each text (none of them null); None if they are better encoded by themselves."""
        size = self.values.size
        if len(texts) * _FEW_ROWS < size:
            return None
        if self._resting:
            self._resting -= 1
            return None
        if size and (size > _STALE * self._present + 1_024 or self.nbytes > MAX_COLUMN_BYTES):
            self.forget()
        if not self.values.size:
            return None if self._rests(is_mostly_new(texts)) else self._start(texts)
        at = pc.index_in(texts, value_set=self.values.texts)
        if not at.null_count:
            codes: Codes = at.to_numpy(zero_copy_only=False)
        elif self._rests(at.null_count * 2 > len(texts) and len(texts) > 1_024):
            return None
        else:
            codes = self._grown(texts, at)
        return codes

    def _rests(self, much_is_new: bool) -> bool:
        if much_is_new:
            self.forget()
            self._resting = _REST
        return much_is_new

    def _start(self, texts: pa.Array) -> Codes:
        encoded = texts.dictionary_encode()
        self.values = Values(encoded.dictionary)
        self._text_bytes = int(encoded.dictionary.nbytes)
        self._present = self.values.size
        codes: Codes = encoded.indices.to_numpy(zero_copy_only=False)
        return codes

    def _grown(self, texts: pa.Array, at: pa.Array) -> Codes:
        """Number the texts that are new behind those remembered."""
        size = self.values.size
        codes: Codes = np.array(pc.fill_null(at, -1))
        rows = np.flatnonzero(codes < 0)
        encoded = texts.take(pa.array(rows)).dictionary_encode()
        codes[rows] = encoded.indices.to_numpy(zero_copy_only=False) + np.int32(size)
        more = Values(encoded.dictionary)
        self.values = Values(
            pa.concat_arrays([self.values.texts, more.texts]),
            lowered=pa.concat_arrays([self.values.folded, more.folded]),
        )
        self._text_bytes += int(more.texts.nbytes)
        return codes

    def present(self, codes: Codes) -> Mask:
        """Which of the values a batch holds."""
        mask = np.zeros(self.values.size, dtype=bool)
        mask[codes] = True
        self._present = int(np.count_nonzero(mask))
        return mask

    def recall(self, asked: object, version: int, find: Callable[[Values], Found], present: Mask) -> _Pairs:
        """The pairs of atom and value that `find` says of the values present, by atom, then value.

        Values it was not asked of yet are asked now. `version` tells the questions apart from those `asked` earlier.
        """
        pairs = self._pairs.get(asked)
        if pairs is None or pairs.version != version:
            pairs = self._pairs[asked] = _Pairs(version)
        if pairs.upto < self.values.size:
            pairs.add(find(self.values.since(pairs.upto)))
            pairs.upto = self.values.size
        here = _Pairs(version)
        kept = present[pairs.values]
        here.atoms, here.values = pairs.atoms[kept], pairs.values[kept]
        return here

    def accepts(self, numbers: tuple[int, ...], atoms: Sequence[Atom], codes: Codes) -> Mask:
        """Which of these values one of the atoms accepts; values asked before are not judged again."""
        verdicts = self._late.get(numbers)
        if verdicts is None or len(verdicts) < self.values.size:
            fresh = np.full(self.values.size, _UNASKED, dtype=np.int8)
            if verdicts is not None:
                fresh[: len(verdicts)] = verdicts
            verdicts = self._late[numbers] = fresh
        said = verdicts[codes]
        unasked = said < 0
        if unasked.any():
            which = np.unique(codes[unasked]).astype(np.int64)
            values = self.values.take(which)
            accepted = np.zeros(len(which), dtype=bool)
            for number in numbers:
                accepted |= values.judge(atoms[number])
            verdicts[which] = accepted
            said = verdicts[codes]
        return np.asarray(said > 0)


class Memory:
    """What is known of every column of the batches a plan is asked of."""

    def __init__(self) -> None:
        self._columns: dict[str, Known] = {}

    def of(self, name: str) -> Known:
        """What is known of a column."""
        known = self._columns.get(name)
        if known is None:
            known = self._columns[name] = Known()
        return known

    def trim(self) -> None:
        """Forget everything if it has become too much. Only between batches."""
        if sum(known.nbytes for known in self._columns.values()) > MAX_BYTES:
            self._columns = {}
