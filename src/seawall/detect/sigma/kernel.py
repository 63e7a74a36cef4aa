"""The kernel: one function from Arrow batch to Arrow batch.

`match` keeps no state and touches nothing but its arguments, so the same function runs in a thread here, in a
process pool, or under `mapInArrow` on a cluster.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detect.sigma.plan import ANY_TEXT, And, Atom, Condition, Group, Not, Op, Or, Plan, atoms_of
from seawall.detect.sigma.values import Mask, Sieve, Values

MATCHES: Final = pa.schema([("rule", pa.int32()), ("row", pa.int64())])

# Columns that describe the record's journey, not the event: a keyword is never looked for in them.
BOOKKEEPING: Final[frozenset[str]] = frozenset(
    {"event_id", "time", "time_quality", "received", "origin", "trust", "tenant", "scope"}
    | {"device_method", "device_confidence", "kind"}
)

Verdict: TypeAlias = Mask | bool  # per row, or the same for all rows
_AGREES: Final[dict[Op, Callable[[str, str], bool]]] = {
    Op.SAME: lambda mine, other: mine == other,
    Op.SAME_START: lambda mine, other: mine.startswith(other),
    Op.SAME_END: lambda mine, other: mine.endswith(other),
    Op.SAME_INSIDE: lambda mine, other: other in mine,
}
_PAIRS: Final = frozenset(_AGREES)


def match(batch: pa.RecordBatch, plan: Plan) -> pa.RecordBatch:
    """Which rule matches which row.

    Returns columns `rule` (the number the plan gives it) and `row` (0 = first of the batch), ordered by rule, then
    row, each pair once. A field the batch has no column for is a field without a value.
    """
    rules: list[npt.NDArray[np.int32]] = []
    rows: list[npt.NDArray[np.int64]] = []
    for group in plan.groups:
        for number, found in _match_group(batch, group):
            rules.append(np.full(len(found), number, dtype=np.int32))
            rows.append(found)
    if not rules:
        return pa.RecordBatch.from_pylist([], schema=MATCHES)
    pairs = np.unique(np.stack([np.concatenate(rules).astype(np.int64), np.concatenate(rows)]), axis=1)
    return pa.RecordBatch.from_arrays([pa.array(pairs[0].astype(np.int32)), pa.array(pairs[1])], schema=MATCHES)


def _match_group(batch: pa.RecordBatch, group: Group) -> list[tuple[int, npt.NDArray[np.int64]]]:
    """The rows each rule of a group matches; rules without a match are left out."""
    chosen: npt.NDArray[np.int64] | None = None
    if group.guard is not None:
        verdict = Judge(batch, {}).judge(group.guard)
        if verdict is False:
            return []
        if verdict is not True:
            chosen = np.flatnonzero(verdict)
            if not len(chosen):
                return []
            batch = batch.take(pa.array(chosen))
    judge = Judge(batch, _sieves(group))
    found = []
    for number, condition in group.rules:
        verdict = judge.judge(condition)
        if verdict is False:
            continue
        hits = np.arange(batch.num_rows) if verdict is True else np.flatnonzero(verdict)
        if len(hits):
            found.append((number, chosen[hits] if chosen is not None else hits))
    return found


@lru_cache(maxsize=1_024)
def _sieves(group: Group) -> dict[str, Sieve]:
    """One sieve per field, over all atoms of the group. Keyword atoms are sieved in every text field."""
    by_field: dict[str, dict[Atom, None]] = {}
    for _, condition in group.rules:
        for atom in atoms_of(condition):
            by_field.setdefault(atom.field, {})[atom] = None
    return {field: Sieve(tuple(atoms)) for field, atoms in by_field.items()}


class Judge:
    """Judges conditions over the rows of one batch."""

    def __init__(self, batch: pa.RecordBatch, sieves: dict[str, Sieve]) -> None:
        self._batch = batch
        self._sieves = sieves
        # Lakes do not tell columns apart by case, so neither does a rule.
        self._names = {name.lower(): name for name in batch.schema.names} | {name: name for name in batch.schema.names}
        self._values: dict[tuple[str, bool], Values] = {}
        self._keywords: dict[Atom, Verdict] = {}

    def judge(self, condition: Condition) -> Verdict:
        """The verdict on every row; plain True or False where all rows agree without a look at them."""
        if isinstance(condition, Atom):
            return self._atom(condition)
        if isinstance(condition, Not):
            verdict = self.judge(condition.part)
            return (not verdict) if isinstance(verdict, bool) else ~verdict
        return self._joined(condition)

    def _joined(self, node: And | Or) -> Verdict:
        """`And` and `Or`. Atoms of one field are joined over its distinct values first, then spread to rows."""
        stop = isinstance(node, Or)  # the verdict that settles the matter
        total: Verdict = not stop
        by_field: dict[str, list[Atom]] = {}
        rest: list[Condition] = []
        for part in node.parts:
            if isinstance(part, Atom) and part.field != ANY_TEXT and part.op not in _PAIRS:
                by_field.setdefault(part.field, []).append(part)
            else:
                rest.append(part)
        for field, atoms in by_field.items():
            total = _join(total, self._field(field, atoms, either=stop), either=stop)
            if total is stop:
                return stop
        for part in rest:
            total = _join(total, self.judge(part), either=stop)
            if total is stop:
                return stop
        return total

    def _field(self, field: str, atoms: list[Atom], *, either: bool) -> Verdict:
        """Atoms of one field, joined over its distinct values."""
        if self._named(field) is None:
            answers = [atom.op is Op.ABSENT for atom in atoms]
            return any(answers) if either else all(answers)
        values = self._column(field)
        total: Mask | None = None
        for atom in atoms:
            mask = values.judge(atom)
            if mask is None:
                if not either:
                    return False
                continue
            total = mask if total is None else (total | mask if either else total & mask)
        if total is None or not total.any():
            return False
        return np.asarray(total[values.codes])

    def _atom(self, atom: Atom) -> Verdict:
        if atom.field == ANY_TEXT:
            if atom not in self._keywords:
                self._keywords[atom] = self._keyword(atom)
            return self._keywords[atom]
        if atom.op in _PAIRS:
            return self._pair(atom)
        return self._field(atom.field, [atom], either=True)

    def _keyword(self, atom: Atom) -> Verdict:
        total: Verdict = False
        for field in self._batch.schema:
            if field.name not in BOOKKEEPING and pa.types.is_string(field.type):
                values = self._column(field.name, keywords=True)
                mask = values.judge(atom) if values.size else None
                if mask is not None:
                    total = _join(total, mask[values.codes], either=True)
        return total

    def _pair(self, atom: Atom) -> Verdict:
        """A field against another one, row by row; rows without both do not match."""
        if self._named(atom.field) is None or self._named(atom.value) is None:
            return False
        mine, other = (self._column(name) for name in (atom.field, atom.value))
        both = np.flatnonzero((mine.codes < mine.size) & (other.codes < other.size))
        left = (mine.distinct if atom.cased else mine.folded).take(pa.array(mine.codes[both])).to_pylist()
        right = (other.distinct if atom.cased else other.folded).take(pa.array(other.codes[both])).to_pylist()
        agrees = _AGREES[atom.op]
        verdict = np.zeros(self._batch.num_rows, dtype=bool)
        verdict[both] = [agrees(a, b) for a, b in zip(left, right, strict=True)]
        return verdict

    def _named(self, field: str) -> str | None:
        """The column a field means: of this spelling if there is one, else of another case."""
        return self._names.get(field) or self._names.get(field.lower())

    def _column(self, name: str, *, keywords: bool = False) -> Values:
        key = (name, keywords)
        if key not in self._values:
            column = self._batch.column(self._named(name))
            sieve = self._sieves.get(ANY_TEXT if keywords else name, Sieve(()))
            self._values[key] = Values(pc.cast(column, pa.string()) if pa.types.is_null(column.type) else column, sieve)
        return self._values[key]


def _join(left: Verdict, right: Verdict, *, either: bool) -> Verdict:
    """`or` or `and` of two verdicts; the settling value swallows everything."""
    for one, other in ((left, right), (right, left)):
        if isinstance(one, bool):
            return one if one is either else other
    joined: Mask = np.logical_or(left, right) if either else np.logical_and(left, right)
    return joined
