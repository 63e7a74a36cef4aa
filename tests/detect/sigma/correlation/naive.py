"""Correlations read word for word: every window of a group looked at whole, in the plainest way, at any cost.

Written from the Sigma specification and docs/how-to/correlations.md, not from the code it judges.
"""

from __future__ import annotations

import statistics
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, product
from typing import Any


@dataclass(frozen=True)
class Row:
    """A match: at this time, of this rule, by this event, with this value."""

    t: int
    step: int
    event: int
    value: Any = None


def percentile(values: list[Fraction], share: Fraction) -> Fraction:
    ordered = sorted(values)
    place = share / 100 * (len(ordered) - 1)
    low = int(place)
    if place == low:
        return ordered[low]
    return ordered[low] * (low + 1 - place) + ordered[low + 1] * (place - low)


def figure(kind: str, rows: list[Row], share: Fraction) -> Fraction:
    """What a window comes to."""
    match kind:
        case "event_count":
            return Fraction(len({row.event for row in rows}))
        case "value_count":
            return Fraction(len({row.value for row in rows}))
        case "temporal":
            return Fraction(len({row.step for row in rows}))
        case "value_sum":
            return sum((row.value for row in rows), Fraction(0))
        case "value_avg":
            return Fraction(statistics.mean([row.value for row in rows]))
        case "value_median":
            return Fraction(statistics.median([row.value for row in rows]))
        case _:
            return percentile([row.value for row in rows], share)


def holds(bounds: dict[str, Fraction], number: Fraction) -> bool:
    tests = {
        "gt": lambda bound: number > bound,
        "gte": lambda bound: number >= bound,
        "lt": lambda bound: number < bound,
        "lte": lambda bound: number <= bound,
        "eq": lambda bound: number == bound,
        "neq": lambda bound: number != bound,
    }
    return all(tests[op](bound) for op, bound in bounds.items())


Answer = tuple[int, int, Fraction]  # time of the first match, of the last, and the figure


def windows(kind: str, span: int, bounds: dict[str, Fraction], share: Fraction, rows: list[Row]) -> list[Answer]:
    """Windows that answer: those that look back from a moment, or whole ones where a growing figure is bounded."""
    upper = kind in ("event_count", "value_count", "value_sum", "temporal") and set(bounds) - {"gt", "gte"}
    moments = sorted({row.t for row in rows})
    looked_at: list[list[Row]] = []
    if upper:
        free_from = -(10**30)
        for opened in moments:
            if opened >= free_from:
                looked_at.append([row for row in rows if opened <= row.t <= opened + span])
                free_from = opened + span + 1
    else:
        looked_at = [[row for row in rows if now - span <= row.t <= now] for now in moments]
    answers = []
    for inside in looked_at:
        number = figure(kind, inside, share)
        if holds(bounds, number):
            times = [row.t for row in inside]
            answers.append((min(times), max(times), number))
    return answers


def ordered(span: int, steps: int, rows: list[Row]) -> list[Answer]:
    """Sequences: for each moment the latest beginning of one that this moment completes."""
    by_step = [[row for row in rows if row.step == step] for step in range(steps)]
    best: dict[int, int] = {}
    for chosen in product(*by_step):
        times = [row.t for row in chosen]
        separate = len({row.event for row in chosen}) == steps
        if separate and times == sorted(times) and times[-1] - times[0] <= span:
            best[times[-1]] = max(best.get(times[-1], times[0]), times[0])
    return [(start, end, Fraction(steps)) for end, start in sorted(best.items())]


def ordered_in_words(span: int, told: Any, steps: int, rows: list[Row]) -> list[tuple[int, int]]:
    """Sequences of any rules that together satisfy the condition; `not` looks at both sides of the last moment."""
    best: dict[int, int] = {}
    for size in range(1, steps + 1):
        for chosen_steps in combinations(range(steps), size):
            for chosen in product(*([row for row in rows if row.step == step] for step in chosen_steps)):
                times = [row.t for row in chosen]
                now = times[-1]
                if len({row.event for row in chosen}) < size or times != sorted(times) or now - times[0] > span:
                    continue
                around = {row.step for row in rows if now - span <= row.t <= now + span}
                if needed(told, set(chosen_steps), around, steps):
                    best[now] = max(best.get(now, times[0]), times[0])
    return [(start, end) for end, start in sorted(best.items())]


def needed(told: Any, chosen: set[int], around: set[int], steps: int) -> bool:
    """Whether the condition holds by these rules, and by no fewer whatever else might have matched."""
    others = sorted(set(range(steps)) - around)
    for size in range(len(others) + 1):
        for more in combinations(others, size):
            there = around | set(more)
            fewer = (set(some) for count in range(len(chosen)) for some in combinations(sorted(chosen), count))
            if says(told, chosen, there) and not any(says(told, some, there) for some in fewer):
                return True
    return False


def expressed(span: int, told: Any, steps: int, rows: list[Row]) -> list[Answer]:
    """A condition in words; `not` also looks ahead."""
    answers = []
    for now in sorted({row.t for row in rows}):
        behind = [row for row in rows if now - span <= row.t <= now]
        around = [row for row in rows if now - span <= row.t <= now + span]
        here, there = ({row.step for row in part} for part in (behind, around))
        if says(told, here, there):
            times = [row.t for row in behind]
            answers.append((min(times), max(times), Fraction(len(here & set(range(steps))))))
    return answers


def says(told: Any, here: set[int], there: set[int]) -> bool:
    match told:
        case int():
            return told in here
        case ("not", part):
            return not says(part, there, here)
        case ("and", *parts):
            return all(says(part, here, there) for part in parts)
        case (_, *parts):
            return any(says(part, here, there) for part in parts)
    raise AssertionError(told)
