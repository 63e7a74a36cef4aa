"""Conditions judged on sets of rows, the most selective part first.

What the scan found is looked up; what it did not look for is judged on the values the rows at hand hold, and once for
all values of the batch as soon as rules have asked for it often enough to make that cheaper.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import pyarrow as pa

from seawall.detect.sigma.batches import Batch
from seawall.detect.sigma.columns import AnyColumn, Column
from seawall.detect.sigma.fields import Found
from seawall.detect.sigma.nodes import All, AnyOf, No, Node, Nothing, One, Pair
from seawall.detect.sigma.plan import ANY_TEXT, Atom, Op
from seawall.detect.sigma.prepared import Prepared
from seawall.detect.sigma.values import Ids, Mask

_AGREES: Final[dict[Op, Callable[[str, str], bool]]] = {
    Op.SAME: lambda mine, other: mine == other,
    Op.SAME_START: lambda mine, other: mine.startswith(other),
    Op.SAME_END: lambda mine, other: mine.endswith(other),
    Op.SAME_INSIDE: lambda mine, other: other in mine,
}


class Judge:
    """Judges nodes over rows of one batch.

    `found` are the values of the atoms that were looked for (None: nothing was). `texts` is the column of keywords,
    if any rule has some.
    """

    def __init__(self, batch: Batch, ready: Prepared, found: Found | None, texts: AnyColumn | None = None) -> None:
        self._batch = batch
        self._atoms = ready.atoms
        self._foreign = ready.foreign
        self._known = frozenset[int]() if found is None else ready.known
        self._found = {} if found is None else found
        self._texts = texts
        self._spent: dict[int, int] = {}

    def column(self, field: str) -> Column | None:
        """A field's column, that of the keywords for `ANY_TEXT`."""
        return self._texts if field == ANY_TEXT else self._batch.column(field)

    def holds(self, node: Node, rows: Ids) -> Mask:
        """On which of these rows the node holds."""
        match node:
            case AnyOf(field, atoms):
                return self._any_of(field, atoms, rows)
            case Nothing(field):
                column = self.column(field)
                return np.ones(len(rows), dtype=bool) if column is None else column.codes[rows] == column.size
            case No(part):
                return ~self.holds(part, rows)
            case All(parts):
                return self._joined(parts, rows, stop=False)
            case One(parts):
                return self._joined(parts, rows, stop=True)
            case Pair(atom):
                return self._pair(atom, rows)

    def _joined(self, parts: tuple[Node, ...], rows: Ids, *, stop: bool) -> Mask:
        """All of the parts, or one of them: each is asked only of rows the earlier ones left open."""
        verdict = np.full(len(rows), not stop)
        open_rows: Ids | None = None  # None: all of them
        for part in parts:
            here = rows if open_rows is None else rows[open_rows]
            held = self.holds(part, here)
            settled = held if stop else ~held
            if not settled.any():
                continue
            at = settled.nonzero()[0]
            verdict[at if open_rows is None else open_rows[at]] = stop
            if len(at) == len(here):
                break
            at = (~settled).nonzero()[0]
            open_rows = at if open_rows is None else open_rows[at]
        return verdict

    def rows_of(self, atoms: frozenset[int]) -> list[Ids]:
        """The rows of each of the atoms that were found."""
        found = []
        for atom in atoms & self._found.keys():
            column = self.column(self._atoms[atom].field)
            if column is not None:
                found.append(column.rows_of(self._found[atom]))
        return found

    def _any_of(self, field: str, atoms: tuple[int, ...], rows: Ids) -> Mask:
        column = self.column(field)
        if column is None or not column.size:
            return np.zeros(len(rows), dtype=bool)
        which = [self._found[atom] for atom in atoms if atom in self._found]
        late = [atom for atom in atoms if atom not in self._known and atom not in self._found]
        if late and not len(column.values.odd):
            late = [atom for atom in late if atom not in self._foreign]
        if late and column.known is None:
            late = self._judge_late(column, late, rows, which)
        if not which and not late:
            return np.zeros(len(rows), dtype=bool)
        verdict = (
            column.holds(which[0] if len(which) == 1 else np.concatenate(which), rows)
            if which
            else np.zeros(len(rows), dtype=bool)
        )
        return self._on_their_values(column, late, rows, verdict) if late else verdict

    def _judge_late(self, column: Column, late: list[int], rows: Ids, which: list[Ids]) -> list[int]:
        """Judge atoms over all values if that pays; returns those better judged on the rows' own values."""
        left = []
        for atom in late:
            spent = self._spent[atom] = self._spent.get(atom, 0) + len(rows)
            if spent < column.size and not isinstance(column, AnyColumn):
                left.append(atom)
                continue
            accepted = column.values.judge(self._atoms[atom]).nonzero()[0]
            self._found[atom] = accepted
            which.append(accepted)
        return left

    def _on_their_values(self, column: Column, late: list[int], rows: Ids, verdict: Mask) -> Mask:
        open_rows = (~verdict & (column.codes[rows] < column.size)).nonzero()[0]
        if not len(open_rows):
            return verdict
        if column.known is not None:
            verdict[open_rows] = column.known.accepts(tuple(late), self._atoms, column.codes[rows[open_rows]])
            return verdict
        distinct, back = np.unique(column.codes[rows[open_rows]], return_inverse=True)
        values = column.values.take(distinct.astype(np.int64))
        accepted = np.zeros(len(distinct), dtype=bool)
        for atom in late:
            accepted |= values.judge(self._atoms[atom])
        verdict[open_rows] = accepted[back]
        return verdict

    def _pair(self, atom: Atom, rows: Ids) -> Mask:
        """A field against another one, row by row; rows without both do not match."""
        verdict = np.zeros(len(rows), dtype=bool)
        mine, other = self._batch.column(atom.field), self._batch.column(atom.value)
        if mine is None or other is None:
            return verdict
        both = ((mine.codes[rows] < mine.size) & (other.codes[rows] < other.size)).nonzero()[0]
        left, right = (
            (column.values.texts if atom.cased else column.values.folded)
            .take(pa.array(column.codes[rows[both]]))
            .to_pylist()
            for column in (mine, other)
        )
        agrees = _AGREES[atom.op]
        verdict[both] = [agrees(a, b) for a, b in zip(left, right, strict=True)]
        return verdict


def in_order(parts: list[Ids], allowed: Mask | None, length: int) -> Ids:
    """The rows of several lists, each once, ascending; only those allowed."""
    if sum(map(len, parts)) * 16 < length:
        rows = np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)
        return rows if allowed is None else rows[allowed[rows]]
    marks = np.zeros(length, dtype=bool)
    for part in parts:
        marks[part] = True
    return (marks if allowed is None else marks & allowed).nonzero()[0]
