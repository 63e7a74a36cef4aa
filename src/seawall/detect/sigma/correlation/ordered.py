"""Sequences: the matches of several rules one after another, within a span.

One pass, and memory only for as many numbers as there are steps: for each prefix of the sequence the latest moment at
which a complete one began. A later beginning is never worse, so no sequence is lost. Events of one moment have no
order among them (most logs write whole seconds), so any order will do; but each step needs an event of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

_NEVER = np.iinfo(np.int64).min // 2


def sequences(
    span: int, goal: int, times: npt.NDArray[np.int64], steps: npt.NDArray[np.int32], units: npt.NDArray[np.int64]
) -> Iterator[tuple[int, int]]:
    """Row ranges (end exclusive) from the beginning of a sequence to the moment that completes it.

    `span` is in microseconds, `goal` the number of steps. Rows are sorted by time. Of the sequences complete at one
    moment the shortest is told.
    """
    begun = [_NEVER] * (goal + 1)  # per length of prefix, the latest beginning
    edges = [0, *(np.flatnonzero(np.diff(times)) + 1).tolist(), len(times)]
    at = times.tolist()
    for low, high in pairwise(edges):
        if low == high:
            continue
        now = at[low]
        complete = _step(begun, now, steps[low:high].tolist(), units[low:high].tolist(), now - span)
        if complete is not None:
            yield int(np.searchsorted(times, complete, side="left")), high


def _step(begun: list[int], now: int, steps: list[int], units: list[int], oldest: int) -> int | None:
    """Take in the events of one moment; the beginning of a sequence complete now, or None."""
    goal = len(begun) - 1
    if len(steps) == 1:  # the usual case, without the search below
        step = steps[0]
        start = now if step == 0 else begun[step]
        if start < oldest:
            return None
        begun[step + 1] = max(begun[step + 1], start)
        return start if step + 1 == goal else None
    candidates: dict[int, list[int]] = {}
    for step, unit in zip(steps, units, strict=True):
        held = candidates.setdefault(step, [])
        if len(held) < goal and unit not in held:  # more than there are steps cannot be needed
            held.append(unit)
    before = begun[:]
    best: int | None = None
    for done in range(goal):
        start = now if done == 0 else before[done]
        if start < oldest:
            continue
        for length in range(done + 1, _reach(done, goal, candidates) + 1):
            begun[length] = max(begun[length], start)
            if length == goal:
                best = start if best is None else max(best, start)
    return best


def _reach(done: int, goal: int, candidates: dict[int, list[int]]) -> int:
    """How long a prefix of `done` steps becomes by events of one moment, an event of its own for each step."""
    taken: dict[int, int] = {}  # event → step

    def place(step: int, tried: set[int]) -> bool:
        for unit in candidates.get(step, ()):
            if unit not in tried:
                tried.add(unit)
                if unit not in taken or place(taken[unit], tried):
                    taken[unit] = step
                    return True
        return False

    reached = done
    while reached < goal and place(reached, set()):
        reached += 1
    return reached
