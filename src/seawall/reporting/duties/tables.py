"""Duties, their board and their drafts on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from seawall.reporting.duties.board import QUIET as QUIET_STATES
from seawall.reporting.duties.board import Row
from seawall.reporting.duties.duty import STATUS_WORDS, Duties, Duty
from seawall.reporting.terminal import QUIET, Hanging
from seawall.reporting.text import length_text, safe_terminal

_STYLE: Final = {
    "overdue": "bold red",
    "sent late": "red",
    "sent too early": "red",
    "due": "bold yellow",
    "aim passed": "yellow",
    "may be sent": "yellow",
}


def duties_table(duties: Sequence[Duty]) -> RenderableType:
    """Duties one a row: who, by when, and how far the text is law."""
    if not duties:
        return Text("no duty of that jurisdiction")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("Duty", ratio=3, overflow="fold")
    table.add_column("Who is told", ratio=2, overflow="fold")
    table.add_column("Clock starts", ratio=2, overflow="fold")
    table.add_column("Time", ratio=2, overflow="fold")
    table.add_column("Status", ratio=2, overflow="fold")
    for duty in duties:
        unsure = Text("\nunsure: ask counsel", style="yellow") if duty.unsure else Text("")
        table.add_row(
            Text.assemble((safe_terminal(duty.id), "bold"), "\n", safe_terminal(duty.title)),
            safe_terminal(", ".join(duty.recipients)),
            safe_terminal(duty.start.replace("_", " ") if not duty.follows else duty.start),
            duty.time_text,
            Text.assemble(STATUS_WORDS[duty.status], unsure),
        )
    return table


def duty_card(duty: Duty, held: Duties) -> RenderableType:
    """One duty whole."""
    return Group(*_card(duty, held))


def _card(duty: Duty, held: Duties) -> Iterator[RenderableType]:
    yield Text.assemble((safe_terminal(duty.id), "bold"), "  ", safe_terminal(duty.title))
    start = f"when {duty.follows} is sent" if duty.follows else held.starts[duty.clock]
    dates = f", from {duty.since or 'open'}" + (f" until {duty.ends}" if duty.ends else "")
    lines = {
        "jurisdiction": duty.jurisdiction,
        "trigger": duty.trigger,
        "told": ", ".join(duty.recipients),
        "clock": start,
        "time": f"{duty.time_text}; {duty.zone}",
        "status": f"{STATUS_WORDS[duty.status]}{dates}, as of {duty.as_of}",
        "only if": duty.applies_if.replace("_", " "),
        "fields": ", ".join(held.fields[name].label.lower() for name in duty.fields),
        "source": duty.source,
        "note": duty.note,
    }
    for name, text in lines.items():
        if text:
            yield Hanging(safe_terminal(text), bullet=f"  {name:<13}")
    for text in duty.unsure:
        yield Hanging(safe_terminal(text), bullet=f"  {'unsure':<13}", style="yellow")


def board_table(rows: Sequence[Row], now: datetime, *, every: bool = False) -> RenderableType:
    """The board: clocks that run, then what waits; what does not apply only with `every`."""
    return Group(*_board(rows, now, every))


def _board(rows: Sequence[Row], now: datetime, every: bool) -> Iterator[RenderableType]:
    shown = [row for row in rows if every or (row.state not in QUIET_STATES and row.state != "waiting")]
    if shown:
        table = Table(box=None, pad_edge=False, show_header=False, expand=True)
        table.add_column(no_wrap=True, width=max(len(row.state) for row in shown))
        table.add_column(ratio=1, overflow="fold")
        for row in shown:
            style = _STYLE.get(row.state, "")
            when = f"{row.due_local}{_left(row, now)}" if row.due else "no time"
            table.add_row(
                Text(row.state, style=style),
                Text.assemble(
                    (when, style), f"  {safe_terminal(row.duty.title)} ", (f"({safe_terminal(row.duty.id)})", QUIET)
                ),
            )
            table.add_row("", Text(safe_terminal(row.said), style=QUIET))
        yield table
    else:
        yield Text("No clock runs.")
    if every:
        return
    waits: dict[str, list[str]] = {}
    for row in rows:
        if row.state == "waiting":
            waits.setdefault(row.duty.start, []).append(row.duty.id)
    for start, names in waits.items():
        yield Hanging(f"{start}: {', '.join(names)}", bullet="  waits for ", style=QUIET)
    hidden = sum(row.state in QUIET_STATES for row in rows)
    if hidden:
        yield Hanging(f"{hidden} more do not apply, or were not in force then: --all", style=QUIET)


def _left(row: Row, now: datetime) -> str:
    if row.due is None or row.state.startswith("sent"):
        return ""
    seconds = (row.due - now).total_seconds()
    return f", in {length_text(seconds)}" if seconds >= 0 else f", {length_text(-seconds)} ago"
