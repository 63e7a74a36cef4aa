"""Plots of the pages, in the reports' hand: bars over days or over the times of an answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from seawall.reporting.flow_plots import Bar
from seawall.reporting.text import count_text

WIDTH: Final = 1080.0
_LEFT, _FLOOR, _TOP = 8.0, 124.0, 22.0
_MOST_DAYS: Final = 120
_BINS: Final = 90


@dataclass(frozen=True, slots=True)
class Drawn:
    """A plot: bars, the labels of its axis (x, anchor, text), and its highest bar in words."""

    bars: tuple[Bar, ...]
    labels: tuple[tuple[float, str, str], ...]
    most: str


def days(counted: Mapping[str, int], noun: str) -> Drawn | None:
    """Bars per day (`2026-11-20` → number), days without any between them; None where there is nothing to draw."""
    known = {day: n for text, n in counted.items() if n > 0 and (day := _day(text)) is not None}
    if not known:
        return None
    last = max(known)
    first = max(min(known), last - timedelta(days=_MOST_DAYS - 1))
    line = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    values = [known.get(day, 0) for day in line]
    names = [f"{day}: {count_text(n, noun)}" for day, n in zip(line, values, strict=True)]
    return _drawn(values, names, str(first), str(last), noun)


def times(moments: Sequence[datetime], noun: str) -> Drawn | None:
    """Bars of moments in equal pieces of time; None where they are all one."""
    if len(moments) < 2 or (span := max(moments) - min(moments)) <= timedelta(0):
        return None
    first = min(moments)
    counts = [0] * _BINS
    for moment in moments:
        counts[min(int((moment - first) / span * _BINS), _BINS - 1)] += 1
    names = [f"from {first + span / _BINS * n:%Y-%m-%d %H:%M}: {count_text(c, noun)}" for n, c in enumerate(counts)]
    return _drawn(counts, names, f"{first:%Y-%m-%d %H:%M}", f"{max(moments):%Y-%m-%d %H:%M}", noun)


def _drawn(values: Sequence[int], names: Sequence[str], first: str, last: str, noun: str) -> Drawn:
    room, most = (WIDTH - 2 * _LEFT) / max(len(values), 7), max(values)
    bars = []
    for number, value in enumerate(values):
        if value > 0:
            height = max(2.0, round((_FLOOR - _TOP) * value / most, 1))
            x = round(_LEFT + room * number + 1, 1)
            bars.append(Bar(x, round(_FLOOR - height, 1), round(max(room - 2, 1), 1), height, names[number]))
    end = round(_LEFT + room * len(values), 1)
    labels: tuple[tuple[float, str, str], ...] = ((_LEFT, "start", first),)
    if last != first:
        labels += ((max(end, 220.0), "end", last),)
    return Drawn(tuple(bars), labels, f"most: {count_text(most, noun)}")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
