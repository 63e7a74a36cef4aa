"""What is asked of one field by all rules together, and the finding of it in one batch."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detect.sigma.columns import Column, gathered
from seawall.detect.sigma.covers import Costs
from seawall.detect.sigma.folding import bytes_of, fold
from seawall.detect.sigma.literals import MIN_BYTES, Literal, literal_of
from seawall.detect.sigma.plan import Atom, Op
from seawall.detect.sigma.scan import LONG, Scan, Texts, word_counts, word_hashes
from seawall.detect.sigma.values import Ids, Values

Found: TypeAlias = dict[
    int, Ids
]  # atom → the values it accepts, ascending; an atom looked for and not here accepts none

_NONE: Final = np.empty(0, dtype=np.int64)
_SAMPLE_BYTES: Final = 131_072
_OFTEN: Final = 0.05  # share of values from which on a literal is not looked for: it would only stand in the way
_SHORT_DEAR: Final = 0.01  # what a pass over every byte is worth, as a share of values
_EQUAL_CHARS: Final = 24  # longer values equal no short text and no number


class FieldQuestions:
    """All atoms of one field.

    Three ways lead to the values an atom accepts: its literal is looked for (`Scan`); it asks for a short text or a
    number as a whole, and one hash table answers all of those; or it is judged when a rule comes to need it.
    """

    def __init__(self, atoms: dict[int, Atom]) -> None:
        self.atoms = atoms
        literals = {number: literal_of(atom) for number, atom in atoms.items()}
        self._literals: dict[int, Literal] = {n: one for n, one in literals.items() if one is not None}
        self._equal = {n: atom for n, atom in atoms.items() if n not in self._literals and _asks_whole(atom)}
        self._wanted: set[int] = set()  # short literals that some rule has nothing better than
        self._scan: Scan | None = None
        self._version = 0  # of the scan
        self._scanned: tuple[int, ...] = ()
        self._counts: npt.NDArray[np.int64] | None = None
        self._often: frozenset[int] = frozenset()

    @property
    def is_tuned(self) -> bool:
        """Whether a sample of the field's values has been seen."""
        return self._counts is not None

    @property
    def searchable(self) -> Iterable[int]:
        """The atoms that can be looked for at all."""
        return (*self._literals, *self._equal)

    @property
    def known(self) -> Iterable[int]:
        """The atoms `find` answers for."""
        return (*self._scanned, *self._equal)

    def tune(self, column: Column, costs: Costs) -> None:
        """Learn from a sample which literals are rare; writes what each atom is expected to name into `costs`."""
        sample, share = _sample(column.values)
        self._counts = word_counts(sample)
        often = set()
        for number, rate in zip(self._literals, self._rates(share), strict=True):
            is_short = self._needs_every_byte(self._literals[number])
            if rate > _OFTEN:
                often.add(number)
                costs[number] = np.inf
            else:
                costs[number] = (rate + (_SHORT_DEAR if is_short else 0)) * column.filled
        for number in self._equal:
            costs[number] = 0.02 * column.filled
        self._often = frozenset(often)
        self._scan = None

    def _rates(self, per_value: float) -> npt.NDArray[np.float64]:
        """For each literal how many of its rarest word a value is expected to hold."""
        assert self._counts is not None
        if not self._literals:
            return np.empty(0)
        texts = [one.text for one in self._literals.values()]
        hashes = word_hashes(np.frombuffer(b"".join(texts) + bytes(3), dtype=np.uint8))
        lengths = np.array([len(text) for text in texts])
        starts = np.cumsum(lengths) - lengths
        inside = np.ones(len(hashes), dtype=bool)
        for over in (1, 2, 3):  # the last three places of a literal reach into the next one
            inside[starts + lengths - over] = False
        seen = np.where(inside, self._counts[hashes], np.iinfo(np.int64).max)
        return np.asarray(np.minimum.reduceat(seen, starts) * per_value, dtype=np.float64)

    @staticmethod
    def _needs_every_byte(literal: Literal) -> bool:
        return len(literal.text) < LONG and not literal.closes

    def want(self, atoms: Iterable[int]) -> None:
        """Have short literals looked for as well: a rule's cover rests on them."""
        short = {n for n in atoms if n in self._literals and self._needs_every_byte(self._literals[n])}
        if short - self._wanted:
            self._wanted |= short
            self._scan = None

    def ready(self) -> bool:
        """Enter the literals if they are not; whether `known` changed by that."""
        if self._scan is not None or self._counts is None:
            return False
        chosen = {
            n: one
            for n, one in self._literals.items()
            if n not in self._often and (n in self._wanted or not self._needs_every_byte(one))
        }
        self._scanned = tuple(chosen)
        self._version += 1
        self._scan = Scan(tuple(chosen.values()), self._counts)
        return True

    def find(self, column: Column) -> Found:
        """The values each atom looked for accepts."""
        if column.known is None:
            return self._find(column.values)
        pairs = column.known.recall(self, self._version, self._find, column.present)
        return dict(gathered(pairs.atoms, pairs.values))

    def _find(self, values: Values) -> Found:
        found = self._find_equal(values) if self._equal else {}
        if self._scan is not None and self._scanned:
            data, offsets = bytes_of(values.folded)
            literals, places = self._scan.find(Texts(data, offsets))
            numbers = np.array(self._scanned, dtype=np.int64)[literals]
            self._settle(found, values, numbers, places)
        return found

    def _settle(self, found: Found, values: Values, numbers: Ids, places: Ids) -> None:
        """Sort pairs of atom and value by atom; judge what its literal alone does not decide."""
        odd = values.odd
        pairs = np.unique(numbers * max(values.size, 1) + places)
        numbers, places = np.divmod(pairs, max(values.size, 1))
        found |= gathered(numbers, places)
        for number in self._scanned:
            literal = self._literals[number]
            if literal.exact:
                continue
            which = found.pop(number, _NONE)
            if literal.ascii_only and len(odd):
                which = np.union1d(which, odd)
            if len(which):
                which = which[values.take(which).judge(self.atoms[number])]
            if len(which):
                found[number] = which

    def _find_equal(self, values: Values) -> Found:
        """Short texts and numbers as whole values: one look at each value answers for all of them."""
        by_text: dict[str, list[int]] = {}
        found: Found = {}
        for number, atom in self._equal.items():
            if atom.op is Op.NUMBER and values.numeric:
                which = np.flatnonzero(values.judge(atom))
                if len(which):
                    found[number] = which
            else:
                by_text.setdefault(fold(atom.value), []).append(number)
        if by_text and values.size:
            short = np.flatnonzero(pc.less_equal(pc.binary_length(values.texts), _EQUAL_CHARS).to_numpy(False))
            lowered = values.folded.take(pa.array(short)) if len(short) < values.size else values.folded
            at = pc.index_in(lowered, value_set=pa.array(list(by_text), pa.string()))
            at = np.asarray(pc.fill_null(at, -1).to_numpy(zero_copy_only=False))
            hits = np.flatnonzero(at >= 0)
            order = hits[np.argsort(at[hits], kind="stable")]
            numbers = list(by_text.values())
            for text, which in gathered(at[order], short[order]):
                found |= dict.fromkeys(numbers[text], which)
        return found


def _asks_whole(atom: Atom) -> bool:
    if atom.op is Op.NUMBER:
        return len(atom.value) <= _EQUAL_CHARS
    return atom.op is Op.EQUALS and not atom.cased and len(fold(atom.value).encode()) < MIN_BYTES


def _sample(values: Values) -> tuple[npt.NDArray[np.uint8], float]:
    """The folded bytes of some of the values, spread over all, and one over their number."""
    if not values.size:
        return np.empty(0, dtype=np.uint8), 0.0
    data, _ = bytes_of(values.texts)
    share = min(1.0, _SAMPLE_BYTES / max(len(data), 1))
    count = max(1, int(values.size * share))
    which = np.linspace(0, values.size - 1, count, dtype=np.int64)
    sample, _ = bytes_of(values.take(which).folded)
    return sample[: 4 * _SAMPLE_BYTES], 1 / count
