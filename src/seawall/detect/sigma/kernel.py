"""The kernel: one function from Arrow batch to Arrow batch.

`match` keeps nothing that changes its answer and touches nothing but its arguments, so the same function runs in a
thread here, in a process pool, or under `mapInArrow` on a cluster.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from seawall.detect.sigma.batches import BOOKKEEPING, Batch, every_row
from seawall.detect.sigma.columns import AnyColumn
from seawall.detect.sigma.combine import Judge, in_order
from seawall.detect.sigma.fields import Found
from seawall.detect.sigma.plan import ANY_TEXT, Plan
from seawall.detect.sigma.prepared import Prepared, Rules, columns_for, prepared
from seawall.detect.sigma.values import Ids, Mask
from seawall.engine.gathered import Gathered

__all__ = ["BOOKKEEPING", "MATCHES", "match"]

MATCHES: Final = pa.schema([("rule", pa.int32()), ("row", pa.int64())])


def match(batch: pa.RecordBatch | Gathered, plan: Plan) -> pa.RecordBatch:
    """Which rule matches which row.

    Returns columns `rule` (the number the plan gives it) and `row` (0 = first of the batch), ordered by rule, then
    row, each pair once. A field the batch has no column for is a field without a value.
    """
    pairs: list[Ids] = []
    if batch.num_rows:
        ready = prepared(plan)
        world = Batch(batch, ready.memory)
        chosen = _chosen(world, ready)
        if chosen:
            for numbers, rows in _matches(world, ready, chosen):
                pairs += [number * world.length + rows for number in numbers]
    if not pairs:
        return pa.RecordBatch.from_pylist([], schema=MATCHES)
    rules, rows = np.divmod(np.unique(np.concatenate(pairs)), batch.num_rows)
    return pa.RecordBatch.from_arrays([pa.array(rules.astype(np.int32)), pa.array(rows)], schema=MATCHES)


def _chosen(world: Batch, ready: Prepared) -> dict[int, Mask | None]:
    """The groups whose log source has events here, each with the rows of it (None: all).

    Guards are judged once per combination of the values they read: there are few.
    """
    first, back = _combinations(world, ready.guard_fields)
    judge = Judge(world, ready, None)
    chosen: dict[int, Mask | None] = {}
    for at, group in enumerate(ready.groups):
        if group.guard is None:
            chosen[at] = None
            continue
        held = judge.holds(group.guard, first)
        if held.any():
            chosen[at] = None if held.all() else held[back]
    return chosen


def _combinations(world: Batch, fields: list[str]) -> tuple[Ids, Ids]:
    """The first row of each combination of the fields' values, and for every row the number of its combination."""
    back = np.zeros(world.length, dtype=np.int64)
    for field in fields:
        column = world.column(field)
        if column is not None:
            back = _renumbered(back * (column.size + 1) + column.codes)
    first = np.zeros(int(back.max()) + 1, dtype=np.int64)
    first[back[::-1]] = np.arange(world.length - 1, -1, -1)
    return first, back


def _renumbered(codes: Ids) -> Ids:
    """The same codes without gaps."""
    top = int(codes.max()) + 1
    if top > 4 * len(codes) + 65_536:
        return np.unique(codes, return_inverse=True)[1]
    used = np.zeros(top, dtype=np.int64)
    used[codes] = 1
    return (np.cumsum(used) - 1)[codes]


def _matches(world: Batch, ready: Prepared, chosen: dict[int, Mask | None]) -> list[tuple[tuple[int, ...], Ids]]:
    """Numbers of rules that ask the same, and the rows they match."""
    texts = _texts(world, ready, chosen)
    columns = columns_for(ready, chosen, world, texts)
    ready.learn(list(chosen), columns)
    found: Found = {}
    for name, column in columns.items():
        found |= ready.fields[name].find(column)
    judge = Judge(world, ready, found, texts)
    seen = set(found)
    matches = []
    for at, allowed in chosen.items():
        matches += _match_group(ready.groups[at], allowed, judge, seen, world.length)
    return matches


def _match_group(
    group: Rules, allowed: Mask | None, judge: Judge, seen: set[int], length: int
) -> list[tuple[tuple[int, ...], Ids]]:
    """The rows each rule of a group matches; rules without a match are left out."""
    everything = every_row(length) if allowed is None else np.flatnonzero(allowed)
    at_hand: dict[frozenset[int], Ids] = {}
    matches = []
    for at, cover in group.candidates(seen):
        rows = everything
        if cover is not None:
            known = at_hand.get(cover.atoms)
            if known is None:
                known = at_hand[cover.atoms] = in_order(judge.rows_of(cover.atoms), allowed, length)
            rows = known
        if len(rows):
            rows = rows[judge.holds(group.nodes[at], rows)]
            if len(rows):
                matches.append((group.numbers[at], rows))
    return matches


def _texts(world: Batch, ready: Prepared, chosen: dict[int, Mask | None]) -> AnyColumn | None:
    """All columns a keyword may stand in as one, over the rows of the groups that hold keywords."""
    masks = [allowed for at, allowed in chosen.items() if ANY_TEXT in ready.groups[at].fields]
    if not masks:
        return None
    union = np.zeros(world.length, dtype=bool)
    for mask in masks:
        union |= True if mask is None else mask
    return world.any_text(np.flatnonzero(union), numbers=ready.keywords_of_numbers)
