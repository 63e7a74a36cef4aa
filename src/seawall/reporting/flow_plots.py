"""Two small drawings of a finding about flows: octets over time, and how long the waits between calls were.

Only geometry is computed here; the template draws it. Lengths are in units of the drawing's `viewBox`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

from seawall.reporting.text import length_text, size_text

WIDTH: Final = 500
HEIGHT: Final = 150
LEFT: Final = 8
TOP: Final = 24
BOTTOM: Final = 26
WAIT_BINS: Final = 25


@dataclass(frozen=True, slots=True)
class Shape:
    """What is drawn of one finding: octets in equal pieces of time, and the waits between calls."""

    begin: datetime  # UTC, of the record the octets are from
    end: datetime
    octets: tuple[int, ...]
    waits: tuple[int, ...] = ()  # seconds, in any order


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar; `title` says its figure."""

    x: float
    y: float
    width: float
    height: float
    title: str


@dataclass(frozen=True, slots=True)
class Plot:
    """A drawing with its axis: `labels` are (x, anchor, text)."""

    caption: str
    most: str
    bars: tuple[Bar, ...]
    labels: tuple[tuple[float, str, str], ...]


def plots(shape: Shape) -> tuple[Plot, ...]:
    """The drawings that say something: none for a single wait, none without octets."""
    made = []
    if len(shape.waits) >= 4:
        made.append(_waits(shape.waits))
    if any(shape.octets):
        made.append(_octets(shape))
    return tuple(made)


def _octets(shape: Shape) -> Plot:
    step = (shape.end - shape.begin) / len(shape.octets)
    names = [f"from {shape.begin + step * n:%Y-%m-%d %H:%M}: {size_text(v)}" for n, v in enumerate(shape.octets)]
    return Plot(
        "Octets over time, both ways (UTC)",
        f"most: {size_text(max(shape.octets))}",
        _bars(shape.octets, names),
        _ends(f"{shape.begin:%Y-%m-%d %H:%M}", f"{shape.end:%Y-%m-%d %H:%M}"),
    )


def _waits(waits: Sequence[int]) -> Plot:
    """Waits up to three times their median; longer ones stand in the last bar."""
    ordered = sorted(waits)
    middle = max(ordered[len(ordered) // 2], 1)
    edges = [3 * middle * n / WAIT_BINS for n in range(WAIT_BINS + 1)]
    counts = [0] * WAIT_BINS
    for wait in ordered:
        counts[min(int(wait / edges[-1] * WAIT_BINS), WAIT_BINS - 1)] += 1
    names = [f"{length_text(a)} to {length_text(b)}: {n}" for (a, b), n in zip(pairwise(edges), counts, strict=True)]
    last, rest = length_text(edges[-1]), sum(wait > edges[-1] for wait in ordered)
    return Plot(
        f"Waits between calls: {len(waits):,}, the middle one {length_text(middle)}",
        f"most: {max(counts):,}",
        _bars(counts, names),
        _ends("0 s", f"{last} and more ({rest:,})" if rest else last),
    )


def _ends(first: str, last: str) -> tuple[tuple[float, str, str], ...]:
    return ((LEFT, "start", first), (WIDTH - LEFT, "end", last))


def _bars(values: Sequence[int], names: Sequence[str]) -> tuple[Bar, ...]:
    room, floor = (WIDTH - 2 * LEFT) / len(values), HEIGHT - BOTTOM
    most = max(values)
    bars = []
    for number, value in enumerate(values):
        if value <= 0:
            continue
        height = max(2.0, round((floor - TOP) * value / most, 1))  # small ones stay visible
        x = round(LEFT + room * number + 1, 1)
        bars.append(Bar(x, round(floor - height, 1), round(room - 2, 1), height, names[number]))
    return tuple(bars)
