"""Draws what the pipeline yields: bars on a terminal, one plain line per stage elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from seawall.detect import Judged
from seawall.detect.remembering import Spared
from seawall.detect.rules import Compiled
from seawall.pipeline import Sized
from seawall.reporting.text import safe_terminal
from seawall.sources.intake import FileReport, Reached

T = TypeVar("T")

ROOMY: Final = 100  # columns from which a bar, a rate and a long name fit on one line
NAME_WIDTHS: Final = (12, 34)  # narrow and roomy; a longer file name is shown by its end


def console() -> Console:
    """Standard error, where everything goes that is not a result."""
    return Console(stderr=True, highlight=False)


def drawn(steps: Iterable[T]) -> Iterator[T]:
    """Pass every step on, drawing those that tell of progress if a person watches."""
    if not sys.stderr.isatty():
        yield from steps
        return
    with _bars(console()) as bars:
        drawing = _Drawing(bars)
        for step in steps:
            drawing.show(step)
            yield step


def _bars(console: Console) -> Progress:
    """Bars that show file names as they are: a name with `[/red]` in it is no markup, and must not end a hunt."""
    roomy = console.width >= ROOMY
    columns: list[ProgressColumn] = [
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24 if roomy else 8),
        TextColumn("{task.fields[figure]}", markup=False),
    ]
    if roomy:
        columns.append(TransferSpeedColumn())
    columns.append(TimeRemainingColumn(compact=True))
    return Progress(*columns, console=console, transient=True)


class _Drawing:
    """Bars: compiling counts rule files, reading stored bytes, asking detectors."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._width = NAME_WIDTHS[bars.console.width >= ROOMY]
        self._reading: TaskID | None = None
        self._asking: TaskID | None = None
        self._compiling: TaskID | None = None
        self._stored = 0
        self._events = 0
        self._began = time.monotonic()  # of the reading, for its rate

    def show(self, step: object) -> None:
        """Draw one step; steps of other kinds are none of ours."""
        match step:
            case Compiled():
                self._compile(step)
            case Sized():
                self._began = time.monotonic()
                self._reading = self._bars.add_task("reading", total=max(1, step.stored_bytes), figure="")
            case Reached():
                self._advance(step.origin, self._stored + step.read_bytes, self._events + step.events)
            case FileReport():
                self._stored += step.stored_bytes
                self._events += step.events
                self._advance(step.origin, self._stored, self._events)
            case Judged():
                self._ask(step.of, f"{step.events:,} events")
            case Spared():
                self._ask(step.view, f"{step.parts:,} parts asked before" if step.known else step.why)
            case _:
                pass

    def _advance(self, origin: str, done: int, events: int) -> None:
        if self._reading is None:
            return
        name = safe_terminal(origin)
        shown = name if len(name) <= self._width else "…" + name[1 - self._width :]
        took = time.monotonic() - self._began
        rate = f", {events / took:,.0f}/s" if took > 1 and self._bars.console.width >= ROOMY else ""
        figure = f"{events:,} events{rate}"
        self._bars.update(self._reading, completed=done, description=f"reading {shown:{self._width}}", figure=figure)

    def _compile(self, step: Compiled) -> None:
        if self._compiling is None:
            self._compiling = self._bars.add_task("reading rules for the first time", total=None, figure="")
        self._bars.update(self._compiling, figure=f"{step.files:,} files")

    def _ask(self, of: str, figure: str) -> None:
        if self._asking is None:
            self._asking = self._bars.add_task("asking", total=None, figure="")
        name = of[: self._width]
        self._bars.update(self._asking, description=f"asking  {name:{self._width}}", figure=figure)
