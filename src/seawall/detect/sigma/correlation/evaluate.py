"""From the matches of one group to the windows that answer a correlation's question.

Pure and engine-free: numbers in, row ranges out. A window reaches back `span` from the moment of an event, both
ends included, and is looked at when all events of that moment are in it. Nothing is cut into buckets. Conditions
that bound a growing figure from above are asked of whole windows instead (`Question.wants_whole_windows`).

Sums, means and percentiles are exact: values are decimal fractions as written, never binary approximations.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from typing import Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from seawall.detect.sigma.correlation.ordered import sequences
from seawall.detect.sigma.correlation.rule import TEMPORAL, Expression, Kind, Lacking, Question, Seen, Some
from seawall.detect.sigma.correlation.ways import alternatives

Times = npt.NDArray[np.int64]
Steps = npt.NDArray[np.int32]

_STRETCH: Final = 65_536  # windows laid out at a time


class Window(NamedTuple):
    """Rows `start` to `end` (exclusive) of the group answer the question; `figure` is what was counted or summed."""

    start: int
    end: int
    figure: Fraction


@dataclass(frozen=True)
class Matches:
    """The matches of one group, sorted by time.

    `units` number the events of one moment (the same event under two steps has one number); `values` stand for what
    is counted (`VALUE_COUNT`), or are the decimals of the other kinds.
    """

    times: Times  # microseconds
    steps: Steps
    units: npt.NDArray[np.int64]
    values: Sequence[Any] = ()

    def __len__(self) -> int:
        return len(self.times)

    def part(self, start: int, end: int) -> Matches:
        """Some rows of it."""
        rows = slice(start, end)
        return Matches(self.times[rows], self.steps[rows], self.units[rows], self.values[rows])


def windows(question: Question, matches: Matches) -> Iterator[Window]:
    """Every window that answers, by the time it ends; at most one for each moment.

    Matches further apart than the span cannot share a window, so each run of matches is judged by itself.
    """
    if not len(matches):
        return
    cuts = np.flatnonzero(np.diff(matches.times) > question.span) + 1
    for start, end in zip([0, *cuts.tolist()], [*cuts.tolist(), len(matches)], strict=True):
        for found in _run(question, matches.part(start, end)):
            yield Window(found.start + start, found.end + start, found.figure)


def _run(question: Question, matches: Matches) -> Iterator[Window]:
    """The windows of one run of matches."""
    if question.kind is Kind.TEMPORAL_ORDERED:
        yield from _in_order(question, matches)
    elif question.kind is Kind.TEMPORAL and question.expression is not None:
        yield from _expressed(question, question.expression, matches)
    else:
        spans = _whole(question, matches.times) if question.wants_whole_windows else _sliding(question, matches.times)
        for start, end, figure in _figures(question, matches, spans):
            if all(bound.holds(figure) for bound in question.bounds):
                yield Window(start, end, Fraction(figure))


def _sliding(question: Question, times: Times) -> Iterator[tuple[int, int]]:
    """For each moment, the rows no older than the span; told a stretch at a time, for there may be millions."""
    ends = np.flatnonzero(np.append(np.diff(times) != 0, True)) + 1
    for low in range(0, len(ends), _STRETCH):
        some = ends[low : low + _STRETCH]
        starts = np.searchsorted(times, times[some - 1] - question.span, side="left")
        yield from zip(starts.tolist(), some.tolist(), strict=True)


def _whole(question: Question, times: Times) -> Iterator[tuple[int, int]]:
    """Windows one after another, each opened by the first event after the last one."""
    start = 0
    while start < len(times):
        end = int(np.searchsorted(times, times[start] + question.span, side="right"))
        yield start, end
        start = end


Figure = tuple[int, int, "Fraction | int"]
Spans = Iterable[tuple[int, int]]


def _figures(question: Question, matches: Matches, spans: Spans) -> Iterator[Figure]:
    """Each span with its figure. Spans only move forward."""
    match question.kind:
        case Kind.EVENT_COUNT:
            yield from ((start, end, end - start) for start, end in spans)
        case Kind.TEMPORAL:
            yield from _distinct(matches.steps, spans)
        case Kind.VALUE_COUNT:
            yield from _distinct(matches.values, spans)
        case Kind.VALUE_SUM:
            yield from _sums(matches.values, spans)
        case Kind.VALUE_AVG:
            yield from ((start, end, total / (end - start)) for start, end, total in _sums(matches.values, spans))
        case _:
            yield from _ranked(matches.values, spans, question.percentile / 100)


def _distinct(values: Any, spans: Spans) -> Iterator[Figure]:
    """How many different values each span holds."""
    numbers: dict[Any, int] = {}
    if not isinstance(values, np.ndarray):
        values = np.fromiter((numbers.setdefault(one, len(numbers)) for one in values), np.int64, len(values))
    counts = [0] * (int(values.max()) + 1)
    distinct = low = high = 0
    for start, end in spans:
        for value in values[high:end].tolist():
            distinct += not counts[value]
            counts[value] += 1
        for value in values[low:start].tolist():
            counts[value] -= 1
            distinct -= not counts[value]
        low, high = start, end
        yield start, end, distinct


def _sums(values: Sequence[Fraction], spans: Spans) -> Iterator[tuple[int, int, Fraction]]:
    """The sum of each span, exactly: as whole numbers of the smallest part all values share."""
    place = math.lcm(*{value.denominator for value in values})
    totals = list(accumulate((value.numerator * (place // value.denominator) for value in values), initial=0))
    yield from ((start, end, Fraction(totals[end] - totals[start], place)) for start, end in spans)


def _ranked(values: Sequence[Fraction], spans: Spans, share: Fraction) -> Iterator[Figure]:
    """The value below which `share` of each span lies, between neighbours in a straight line."""
    held: list[Fraction] = []
    low = high = 0
    for start, end in spans:
        for value in values[high:end]:
            insort(held, value)
        for value in values[low:start]:
            del held[bisect_left(held, value)]
        low, high = start, end
        place = share * (len(held) - 1)
        below = int(place)
        above = min(below + 1, len(held) - 1)
        yield start, end, held[below] + (held[above] - held[below]) * (place - below)


def _expressed(question: Question, expression: Expression, matches: Matches) -> Iterator[Window]:
    """Windows of a condition such as `a and b and not c`.

    `not c` asks that no `c` lies within the span on either side of the moment: what follows at once excuses as
    what came before does.
    """
    spans = list(_sliding(question, matches.times))
    ends = np.asarray([end for _, end in spans], dtype=np.int64)
    moments = matches.times[ends - 1]
    before: dict[int, Times] = {}
    around: dict[int, npt.NDArray[np.bool_]] = {}
    for step in range(question.steps):
        own = matches.times[matches.steps == step]
        low = np.searchsorted(own, moments - question.span, side="left")
        before[step] = np.searchsorted(own, moments, side="right") - low
        around[step] = np.searchsorted(own, moments + question.span, side="right") > low
    verdict = _judged(expression, lambda step: before[step] > 0, lambda step: around[step])
    for at in np.flatnonzero(verdict).tolist():
        start, end = spans[at]
        yield Window(start, end, Fraction(sum(1 for step in before.values() if step[at])))


def _in_order(question: Question, matches: Matches) -> Iterator[Window]:
    """Sequences; with a condition in words, those of every way it can hold: the shortest that each moment completes."""
    if question.expression is None:
        for start, end in sequences(question.span, question.steps, matches.times, matches.steps, matches.units):
            yield Window(start, end, Fraction(question.steps))
        return
    found: dict[int, Window] = {}
    for way in alternatives(question.expression):
        places = np.full(question.steps, -1, dtype=np.int32)
        places[sorted(way.seen)] = np.arange(len(way.seen))
        rows = np.flatnonzero(places[matches.steps] >= 0)
        own = matches.times[rows]
        disturbing = matches.times[np.isin(matches.steps, list(way.lacking))]
        for low, high in sequences(question.span, len(way.seen), own, places[matches.steps[rows]], matches.units[rows]):
            began, now = own[low], own[high - 1]
            first = np.searchsorted(disturbing, now - question.span, side="left")
            if np.searchsorted(disturbing, now + question.span, side="right") > first:
                continue
            start = int(np.searchsorted(matches.times, began, side="left"))
            end = int(np.searchsorted(matches.times, now, side="right"))
            window = Window(start, end, Fraction(len(way.seen)))
            held = found.get(end)
            if held is None or (window.start, window.figure) > (held.start, held.figure):
                found[end] = window
    yield from (found[end] for end in sorted(found))


Look = Callable[[int], npt.NDArray[np.bool_]]


def _judged(expression: Expression, here: Look, there: Look) -> npt.NDArray[np.bool_]:
    """The verdict at every moment; a `not` swaps what is asked of the window and of its surroundings."""
    match expression:
        case Seen(step):
            return here(step)
        case Lacking(part):
            return ~_judged(part, there, here)
        case _:
            verdicts = [_judged(part, here, there) for part in expression.parts]
            joined = np.logical_or if isinstance(expression, Some) else np.logical_and
            return np.asarray(joined.reduce(verdicts), dtype=bool)


class Episode(NamedTuple):
    """Windows that share matches, told as one: rows `start` to `end`, the highest figure, the first, and how many."""

    start: int
    end: int
    figure: Fraction
    opened: Window
    moments: int


def episodes(found: Iterable[Window], *, low: bool = False) -> Iterator[Episode]:
    """Windows joined where the later one begins before the earlier one ends. `low`: tell the lowest figure."""
    pick = min if low else max
    held: Episode | None = None
    for window in found:
        if held is None or window.start >= held.end:
            if held is not None:
                yield held
            held = Episode(window.start, window.end, window.figure, window, 1)
        else:
            start, end = min(held.start, window.start), max(held.end, window.end)
            held = Episode(start, end, pick(held.figure, window.figure), held.opened, held.moments + 1)
    if held is not None:
        yield held


def counts_events(question: Question) -> bool:
    """Whether an event that several of the rules match counts once."""
    return question.kind not in TEMPORAL
