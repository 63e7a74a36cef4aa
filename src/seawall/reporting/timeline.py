"""Where every mark of the timeline stands: stages as lanes, time to the right, long silences folded and said.

Only geometry is computed here; the template draws it. Lengths are in units of the drawing's `viewBox`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Final

from seawall.model.finding import UNTIMED, Finding
from seawall.model.incident import Incident
from seawall.reporting.text import length_text

WIDTH: Final = 1080
LEFT: Final = 150  # room for the names of lanes
RIGHT: Final = 24
TOP: Final = 34
LANE: Final = 34
BOTTOM: Final = 30
MARK: Final = 10  # radius
ROWS: Final = 2  # marks above each other in one lane before they merge
FOLD_SHARE: Final = 0.18  # a silence longer than this part of the whole is folded
FOLD_LEAST_S: Final = 900  # and longer than this
FOLD_WIDTH: Final = 92


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding, or several that would cover each other."""

    x: float
    y: float
    tail: float  # how far its end lies to the right
    severity: str
    label: str  # number of the finding in the table, or how many are merged
    title: str


@dataclass(frozen=True, slots=True)
class Tick:
    """One moment named on the axis."""

    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Fold:
    """A silence drawn shorter than it was."""

    x: float
    width: float
    text: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A drawing: `lanes` are (name, y of its middle)."""

    height: float
    lanes: tuple[tuple[str, float], ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    folds: tuple[Fold, ...]
    path: str  # `points` of the line through all marks in order of time
    day: str


class _Axis:
    """Maps moments to x, folding long silences."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        spans = _spans(findings)
        total = (spans[-1][1] - spans[0][0]).total_seconds()
        silences = [(a[1], b[0]) for a, b in pairwise(spans)]
        least = max(FOLD_SHARE * total, FOLD_LEAST_S)
        self.folded = [s for s in silences if (s[1] - s[0]).total_seconds() > least]
        edges = sorted([spans[0][0], spans[-1][1], *(t for s in self.folded for t in s)])
        self.pieces = [(edges[n], edges[n + 1]) for n in range(0, len(edges), 2)]
        seconds = sum((end - start).total_seconds() for start, end in self.pieces)
        room = WIDTH - LEFT - RIGHT - 2 * MARK - FOLD_WIDTH * len(self.folded)
        self._least = min(60.0, room / (2 * len(self.pieces)))  # width a piece gets however short it was
        self._scale = (room - self._least * len(self.pieces)) / seconds if seconds else 0.0

    def x(self, moment: datetime) -> float:
        """Where a moment stands."""
        x = float(LEFT + MARK)
        for number, (start, end) in enumerate(self.pieces):
            length = (end - start).total_seconds()
            width = length * self._scale + self._least
            if moment <= end or number == len(self.pieces) - 1:
                inside = min(max((moment - start).total_seconds(), 0.0), length)
                return round(x + (inside / length if length else 0.5) * width, 1)
            x += width + FOLD_WIDTH
        return x


def draw(incident: Incident, findings: Sequence[Finding], numbers: Mapping[str, int]) -> Timeline | None:
    """The timeline of an incident; None when fewer than two findings are at hand.

    `findings` in order of time; `numbers` gives each finding its number in the table.
    """
    findings = [finding for finding in findings if finding.first != UNTIMED]  # these stand in the table only
    if len(findings) < 2:
        return None
    axis = _Axis(findings)
    lane_of = {name: number for number, stage in enumerate(incident.stages) for name in stage.findings}
    lanes = tuple((s.name, TOP + LANE * (n + 0.5)) for n, s in enumerate(incident.stages))
    marks = [
        mark
        for number, (_, y) in enumerate(lanes)
        for mark in _lane_marks([f for f in findings if lane_of.get(f.id) == number], y, axis, numbers)
    ]
    bottom = TOP + LANE * len(lanes)
    folds = tuple(_fold(start, end, axis) for start, end in axis.folded)
    route = sorted(marks, key=lambda m: (m.x, m.y))
    return Timeline(
        height=bottom + BOTTOM,
        lanes=lanes,
        marks=tuple(marks),
        ticks=_ticks(axis),
        folds=folds,
        path=" ".join(f"{m.x},{m.y}" for m in route),
        day=f"{findings[0].first.astimezone(UTC):%Y-%m-%d}",
    )


def _lane_marks(findings: Sequence[Finding], y: float, axis: _Axis, numbers: Mapping[str, int]) -> list[Mark]:
    """Marks of one lane; what would cover an earlier mark moves to a second row, then merges."""
    rows: list[list[list[Finding]]] = [[] for _ in range(ROWS)]
    for finding in findings:
        x = axis.x(finding.first)
        for row in rows:
            if not row or x - axis.x(row[-1][0].first) >= 2 * MARK:
                row.append([finding])
                break
        else:
            max(rows, key=lambda row: axis.x(row[-1][0].first))[-1].append(finding)
    used = [row for row in rows if row]
    step = MARK * 1.5
    top = y - step * (len(used) - 1) / 2
    return [_mark(group, top + step * n, axis, numbers) for n, row in enumerate(used) for group in row]


def _mark(group: list[Finding], y: float, axis: _Axis, numbers: Mapping[str, int]) -> Mark:
    worst = max(group, key=lambda f: f.severity)
    x = axis.x(group[0].first)
    lines = [
        f"{numbers.get(f.id, '?')}. {f.first.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC {f.severity.word}: {f.title}"
        for f in group[:12]
    ]
    if len(group) > 12:
        lines.append(f"… and {len(group) - 12:,} more")
    label = str(numbers.get(group[0].id, "?")) if len(group) == 1 else f"{len(group)}x"
    tail = max(0.0, round(max(axis.x(f.last) for f in group) - x, 1))
    return Mark(x, y, tail, worst.severity.word, label, "; ".join(lines))


def _fold(start: datetime, end: datetime, axis: _Axis) -> Fold:
    left, right = axis.x(start), axis.x(end)
    return Fold(left + MARK + 4, right - left - 2 * MARK - 8, length_text((end - start).total_seconds()))


def _spans(findings: Sequence[Finding]) -> list[tuple[datetime, datetime]]:
    """Times of activity: findings that overlap are one span."""
    spans: list[tuple[datetime, datetime]] = []
    for finding in sorted(findings, key=lambda f: f.first):
        if spans and finding.first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], finding.last))
        else:
            spans.append((finding.first, finding.last))
    return spans


def _ticks(axis: _Axis) -> tuple[Tick, ...]:
    """The ends of each piece, and round moments between them where there is room."""
    start, end = axis.pieces[0][0], axis.pieces[-1][1]
    long = end - start > timedelta(days=3)
    span = end - start
    form = "%d %b" if long else "%H:%M" if span > timedelta(minutes=20) else "%H:%M:%S"
    ticks: list[Tick] = []
    for first, last in axis.pieces:
        step = (last - first) / 6
        moments = [first, *(first + step * n for n in range(1, 6)), last]
        for moment in moments:
            x = axis.x(moment)
            if all(abs(x - tick.x) >= 64 for tick in ticks):
                ticks.append(Tick(x, moment.astimezone(UTC).strftime(form)))
    return tuple(ticks)
