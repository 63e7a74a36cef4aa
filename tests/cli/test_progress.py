"""Progress never changes what passes through, and adds up stored bytes over files."""

from __future__ import annotations

import io

import pytest
from rich.console import Console
from rich.progress import Progress

from seawall.cli.progress import NAME_WIDTHS, _bars, _Drawing, drawn
from seawall.detect import Judged
from seawall.pipeline import Sized
from seawall.sources.intake import FileReport, Reached

STEPS = [
    Sized(files=2, stored_bytes=100),
    Reached("a.log", "syslog", read_bytes=30, events=7),
    FileReport("a.log", "syslog", events=10, stored_bytes=40),
    Reached("b.log", "syslog", read_bytes=20, events=5),
    Judged("commands", 15),
    object(),
]


def drawing() -> tuple[Progress, _Drawing]:
    bars = _bars(Console(file=io.StringIO(), width=120))
    return bars, _Drawing(bars)


def test_where_nobody_watches_every_step_passes_and_nothing_is_drawn(capsys: pytest.CaptureFixture[str]) -> None:
    assert list(drawn(STEPS)) == STEPS
    assert capsys.readouterr() == ("", "")


def test_a_file_half_read_counts_beside_those_that_are_done() -> None:
    bars, draw = drawing()
    reached = []
    for step in STEPS[:4]:
        draw.show(step)
        reached.append(bars.tasks[0].completed)
    assert reached == [0, 30, 40, 60]
    assert bars.tasks[0].total == 100
    assert bars.tasks[0].fields["figure"] == "15 events"


def test_an_empty_folder_has_a_bar_all_the_same() -> None:
    bars, draw = drawing()
    draw.show(Sized(files=0, stored_bytes=0))
    assert bars.tasks[0].total == 1


def test_steps_before_anything_was_sized_are_not_drawn() -> None:
    bars, draw = drawing()
    draw.show(STEPS[1])
    assert bars.tasks == []


def test_a_long_or_hostile_name_is_shown_by_its_end_without_control_characters() -> None:
    bars, draw = drawing()
    draw.show(STEPS[0])
    draw.show(Reached("\x1b[2J" + "deep/" * 40 + "last.log", "syslog", 1, 1))
    description = bars.tasks[0].description
    assert description.startswith("reading \u2026")
    assert description.endswith("last.log")
    assert len(description) == len("reading ") + NAME_WIDTHS[1]
    assert "\x1b" not in description


def test_markup_in_a_name_cannot_break_the_drawing() -> None:
    out = io.StringIO()
    with _bars(Console(file=out, force_terminal=True, width=120)) as bars:
        draw = _Drawing(bars)
        draw.show(STEPS[0])
        draw.show(Reached("logs[/red]/[bold]x.log", "syslog", 1, 1))
        bars.refresh()
    assert "[bold]x.log" in out.getvalue()
