"""Matches laid down in any order → the runs a correlation judges: one group's, in order of time.

A run is cut where the group is silent for longer than a window. It is held as numbers alone, and of those only what
the question asks for: for counts of events eight bytes a match.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.detect.sigma.correlation.evaluate import Matches
from seawall.detect.sigma.correlation.rule import NUMERIC, TEMPORAL, Kind, Question, number_of
from seawall.detect.spool import Spool

_ROWS: Final = 50_000
# An event that several steps match counts once, except where it is asked which of them match.
_ORDERED: Final = """
SELECT key, t, step, unit{value} FROM parts WHERE correlation = ?
QUALIFY row_number() OVER (PARTITION BY key, unit{per_step} ORDER BY t, step) = 1
ORDER BY key, t, unit, step
"""


@dataclass
class _Run:
    """The pieces of one run, as they come."""

    key: str
    last: int = 0  # time of its last match
    times: list[Any] = field(default_factory=list)
    steps: list[Any] = field(default_factory=list)
    units: list[Any] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)


def runs_of(spool: Spool, number: int, question: Question) -> Iterator[tuple[str, Matches]]:
    """The runs of the correlation with this number, each with its group (the values of `group-by`, JSON)."""
    valued = question.kind is Kind.VALUE_COUNT or question.kind in NUMERIC
    sql = _ORDERED.format(value=", value" if valued else "", per_step=", step" if question.kind in TEMPORAL else "")
    held: _Run | None = None
    for batch in spool.batches(sql, number, rows=_ROWS, apart=True):
        times = batch["t"].to_numpy()
        keys = batch["key"]
        silent = np.diff(times) > question.span
        cuts = np.flatnonzero(silent | np.asarray(pc.not_equal(keys[1:], keys[:-1]).to_numpy(zero_copy_only=False))) + 1
        for low, high in zip([0, *cuts.tolist()], [*cuts.tolist(), len(times)], strict=True):
            key = keys[low].as_py()
            if held is None or held.key != key or int(times[low]) - held.last > question.span:
                if held is not None:
                    yield held.key, _matches(question.kind, held)
                held = _Run(key)
            _take(question.kind, held, batch.slice(low, high - low))
    if held is not None:
        yield held.key, _matches(question.kind, held)


def _take(kind: Kind, run: _Run, rows: pa.RecordBatch) -> None:
    """Add rows to a run: of each only what the question asks for."""
    times = rows["t"].to_numpy()
    run.times.append(times)
    run.last = int(times[-1])
    if kind in TEMPORAL:
        run.steps.append(rows["step"].to_numpy())
    if kind is Kind.TEMPORAL_ORDERED:
        run.units.append(rows["unit"])
    if kind is Kind.VALUE_COUNT:
        run.values.append(rows["value"])
    elif kind in NUMERIC:
        run.values += [number_of(text) for text in rows["value"].to_pylist()]


def _matches(kind: Kind, run: _Run) -> Matches:
    times = np.concatenate(run.times)
    steps = np.concatenate(run.steps) if run.steps else np.broadcast_to(np.int32(0), times.shape)
    units = _numbered(run.units) if run.units else np.broadcast_to(np.int64(0), times.shape)
    values = _numbered(run.values) if kind is Kind.VALUE_COUNT else run.values
    return Matches(times, steps, units, values)


def _numbered(pieces: Sequence[pa.Array]) -> Any:
    """A number for each different value."""
    encoded = pa.chunked_array(pieces).combine_chunks().dictionary_encode()
    return encoded.indices.to_numpy(zero_copy_only=False)


def joined(values: Sequence[str]) -> str:
    """Values of several fields as one, for counting."""
    return values[0] if len(values) == 1 else json.dumps(list(values))
