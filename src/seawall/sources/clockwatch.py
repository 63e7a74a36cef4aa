"""How the clocks of a file's devices behave: jumps back, jumps ahead, and how they stand against the relay's clock.

A line that a relay passed on carries two times, the device's and the relay's: the same message seen twice. Their
difference, taken as medians of small groups of lines, tells a constant error (a zone written nowhere), a drift, and the
moment a clock was set. Memory is bounded: so many devices, so many groups for each; devices beyond are counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

import numpy as np

from seawall.sources.times import EARLIEST_YEAR, Flags, Ints

MAX_DEVICES: Final = 2_000  # watched in one file; a flood of invented names must not cost memory
MAX_GROUPS: Final = 64  # medians kept for each device; every second goes when there are more
GROUP_LINES: Final = 8  # at least, for a median of a long block
BACK_S: Final = 300  # lines of one device may overtake each other by less
SKEW_S: Final = 30  # relays and networks may take that long
STEP_S: Final = 60  # a difference that changes by more was somebody setting a clock
DRIFT_S_A_DAY: Final = 1.0
NOTES: Final = 20  # per file; the others are counted
_SECOND: Final = 1_000_000
_SET: Final = int(datetime(EARLIEST_YEAR, 1, 1, tzinfo=UTC).timestamp()) * _SECOND


@dataclass(slots=True)
class _Group:
    """Some lines of a device one after another: their middle time and their median skew, microseconds."""

    at: int
    skew: int
    lines: int
    line: int  # number of the first


@dataclass(slots=True)
class _Clock:
    """What is known of one device's clock."""

    last: int  # time of its latest line
    backs: int = 0
    worst: int = 0  # the largest jump back, microseconds
    back_line: int = 0
    set_line: int = 0  # where it came to know the year
    was: int = 0  # what it said before
    zoned: int = 0  # lines whose zone is written
    groups: list[_Group] = field(default_factory=list)


class ClockWatch:
    """Watches the lines of one file block by block; says at the end what it saw."""

    def __init__(self, origin: str) -> None:
        self._origin = origin
        self._clocks: dict[str, _Clock] = {}
        self._unwatched = 0

    def see(
        self,
        hosts: Ints,
        names: Sequence[str],
        micros: Ints,
        own: Flags,
        received: Ints,
        relayed: Flags,
        zoned: Flags,
        lines: Ints,
    ) -> None:
        """Take a block: who said each line (a number into `names`), its own time where it has one (`own`), the relay's
        time where it has one (`relayed`), whether the zone of its own stands there too, and the line's number. Times in
        UTC microseconds.
        """
        rows = np.flatnonzero(own)
        small = hosts.astype(np.int16) if len(names) < 1 << 15 else hosts  # 16 bits are sorted several times as fast
        rows = rows[np.argsort(small[rows], kind="stable")]
        if not len(rows):
            return
        codes = hosts[rows]
        starts = np.flatnonzero(np.concatenate((np.ones(1, np.bool_), codes[1:] != codes[:-1])))
        for start, end in zip(starts.tolist(), [*starts[1:].tolist(), len(rows)], strict=True):
            name = names[int(codes[start])]
            clock = self._clocks.get(name)
            if clock is None and name:
                if len(self._clocks) >= MAX_DEVICES:
                    self._unwatched += 1
                    continue
                clock = self._clocks[name] = _Clock(int(micros[rows[start]]))
            if clock is not None:
                clock.zoned += int(zoned[rows[start:end]].sum())
                self._take(clock, rows[start:end], micros, received, relayed, lines)

    def _take(self, clock: _Clock, rows: Ints, micros: Ints, received: Ints, relayed: Flags, lines: Ints) -> None:
        times = micros[rows]
        steps = np.diff(times, prepend=clock.last)
        clock.last = int(times[-1])
        back = np.flatnonzero(steps < -BACK_S * _SECOND)
        back = back[times[back] - steps[back] >= _SET]  # what an unset clock says is no time to go back from
        if len(back):
            clock.back_line = clock.back_line or int(lines[rows[back[0]]])
            clock.backs += len(back)
            clock.worst = max(clock.worst, int(-steps[back].min()))
        came = np.flatnonzero((times >= _SET) & (times - steps < _SET))
        if len(came) and not clock.set_line:
            clock.set_line, clock.was = int(lines[rows[came[0]]]), int(times[came[0]] - steps[came[0]])
        twice = rows[relayed[rows] & (times >= _SET)]
        if len(twice):
            self._group(clock, twice, micros, received, lines)

    def _group(self, clock: _Clock, rows: Ints, micros: Ints, received: Ints, lines: Ints) -> None:
        count = min(max(1, len(rows) // GROUP_LINES), 16)
        skews = micros[rows] - received[rows]
        for part in np.array_split(np.arange(len(rows)), count):
            middle = part[len(part) // 2]
            skew = int(np.median(skews[part]))
            clock.groups.append(_Group(int(received[rows[middle]]), skew, len(part), int(lines[rows[part[0]]])))
        while len(clock.groups) > MAX_GROUPS:
            clock.groups = clock.groups[::2]

    def notes(self) -> tuple[str, ...]:
        """What is to be said of the clocks, one line each, the most lines wrong first."""
        said: list[tuple[int, str]] = []
        for name, clock in self._clocks.items():
            shown = "".join(c if c.isprintable() else "·" for c in name[:80])
            for weight, line, text in (*_jumps(clock), *_skews(clock)):
                said.append((weight, f"{self._origin}:{line}: clock of {shown} {text}"))
        said.sort(key=lambda one: -one[0])
        notes = [text for _, text in said[:NOTES]]
        if len(said) > NOTES:
            notes.append(f"{self._origin}: {len(said) - NOTES:,} more clock doubts of this kind")
        if self._unwatched:
            notes.append(
                f"{self._origin}: more than {MAX_DEVICES:,} device names; the clocks of the others were not watched"
            )
        return tuple(notes)


_Said = tuple[int, int, str]  # weight, line, text


def _jumps(clock: _Clock) -> list[_Said]:
    said: list[_Said] = []
    if clock.backs:
        times = "once" if clock.backs == 1 else f"{clock.backs:,} times"
        text = f"goes back {times}, by up to {length_text(clock.worst)} (or files were joined out of order)"
        said.append((clock.backs, clock.back_line, text))
    if clock.set_line:
        text = f"was set here: until then it said {_moment(clock.was)}; times before it are not to be trusted"
        said.append((2, clock.set_line, text))
    return said


def _skews(clock: _Clock) -> list[_Said]:
    """How the clock stands against the relay's: steps first, for an average over a step says nothing."""
    groups = clock.groups
    lines = sum(group.lines for group in groups)
    if lines < 3:
        return []
    said: list[_Said] = []
    pieces = _pieces(groups)
    for before, after in pairwise(pieces):
        by = _median(after) - _median(before)
        text = f"jumps {'ahead' if by > 0 else 'back'} by {length_text(abs(by))} against the relay's"
        said.append((after[0].lines, after[0].line, text))
    longest = max(pieces, key=len)
    if drift := _drift(longest):
        way = "gains" if drift > 0 else "loses"
        said.append((lines, longest[0].line, f"{way} {abs(drift):.1f} s a day against the relay's"))
    skew = _median(max(pieces, key=lambda piece: sum(group.lines for group in piece)))
    if abs(skew) >= SKEW_S * _SECOND:
        said.append((lines, longest[0].line, _standing(skew, lines, zoned=clock.zoned * 2 > lines)))
    return said


def _standing(skew: int, lines: int, *, zoned: bool) -> str:
    way = "ahead of" if skew > 0 else "behind"
    text = f"stands {length_text(abs(skew))} {way} the relay's (median of {lines:,} lines seen twice)"
    quarters = round(skew / (900 * _SECOND))
    if abs(skew) >= 1_800 * _SECOND and abs(skew - quarters * 900 * _SECOND) <= 90 * _SECOND and abs(quarters) <= 56:
        hours, minutes = divmod(abs(quarters) * 15, 60)
        sign = "+" if (quarters > 0) != zoned else "-"
        who = "the relay" if zoned else "one of them"
        perhaps = "" if zoned else "the device "
        text += f": {who} is in a zone it does not write, {perhaps}perhaps UTC{sign}{hours}:{minutes:02d}"
    return text


def _pieces(groups: list[_Group]) -> list[list[_Group]]:
    """Stretches between steps: a step is a change that lasts, one late line is none."""
    pieces, piece = [], [groups[0]]
    for number, group in enumerate(groups[1:], 2):
        after = groups[min(number, len(groups) - 1)]
        level = piece[-1].skew
        if abs(group.skew - level) > STEP_S * _SECOND and abs(after.skew - level) > STEP_S * _SECOND:
            pieces.append(piece)
            piece = [group]
        elif abs(group.skew - level) <= STEP_S * _SECOND:
            piece.append(group)
    return [*pieces, piece]


def _drift(piece: list[_Group]) -> float:
    """Seconds a day by which the clock runs off; 0 where that is not plain: a slope over half a day or more."""
    if len(piece) < 6 or piece[-1].at - piece[0].at < 43_200 * _SECOND:
        return 0.0
    at = np.array([group.at for group in piece], np.float64) / _SECOND / 86_400
    skew = np.array([group.skew for group in piece], np.float64) / _SECOND
    slope, level = np.polyfit(at - at[0], skew, 1)
    rest = np.abs(skew - (slope * (at - at[0]) + level))
    change = abs(slope) * (at[-1] - at[0])
    return float(slope) if abs(slope) >= DRIFT_S_A_DAY and change >= 3 and np.median(rest) * 4 < change else 0.0


def _median(piece: list[_Group]) -> int:
    return int(np.median([group.skew for group in piece]))


def length_text(micros: int) -> str:
    """A length of time given in microseconds: `95 s`, `12 min`, `2 h 0 min`, `3 d 4 h`."""
    seconds = micros / _SECOND
    if seconds < 120:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours < 48 else f"{hours // 24:,} d {hours % 24} h"


def _moment(micros: int) -> str:
    return f"{datetime.fromtimestamp(micros // _SECOND, UTC):%Y-%m-%d %H:%M}"
