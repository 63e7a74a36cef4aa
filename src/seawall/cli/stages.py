"""The table a drill ends with: stage by stage, what was caught, by what, and when."""

from __future__ import annotations

from collections.abc import Iterator

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from seawall.drills.score import Score, StageScore
from seawall.reporting.text import count_text, length_text, moment_text, safe_terminal


def stage_table(score: Score) -> RenderableType:
    """What was caught and what was missed, then what honest work was accused of."""
    return Group(*_parts(score))


def _parts(score: Score) -> Iterator[RenderableType]:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True, title="Stage by stage", title_justify="left")
    table.add_column("Began (UTC)", no_wrap=True, width=16)
    table.add_column("Stage", ratio=2, overflow="fold")
    table.add_column("Caught", no_wrap=True, width=7)
    table.add_column("By", ratio=3, overflow="fold")
    table.add_column("After", justify="right", no_wrap=True, width=8)
    for stage in score.stages:
        table.add_row(*_row(stage))
    yield table
    yield Text(
        f"{score.caught} of {score.tested} stages caught, {score.attack_lines_found} of {score.attack_lines} lines of "
        f"the intrusion found; {count_text(len(score.false_alarms), 'false alarm')} in {score.benign_lines:,} honest "
        "lines.",
        style="bold",
    )
    for alarm in score.false_alarms:
        twin = f" (a look-alike: {alarm.twin})" if alarm.twin else ""
        yield Text(safe_terminal(f"  false alarm: {alarm.finding.title}: {alarm.finding.why}{twin}"), style="yellow")


def _row(stage: StageScore) -> tuple[Text, ...]:
    names = f"{stage.stage.name} ({', '.join(stage.stage.behaviours)})"
    began = Text(moment_text(stage.began, seconds=False) if stage.began else "")
    if stage.began is None:
        return began, Text(names), Text("untried", style="yellow"), Text("it left no evidence"), Text("")
    if not stage.caught:
        return began, Text(names), Text("missed", style="bold red"), Text(""), Text("")
    delay = stage.delay.total_seconds() if stage.delay else 0.0
    after = "at once" if delay < 1 else length_text(delay)
    return began, Text(names), Text("caught", style="green"), Text(safe_terminal(stage.by)), Text(after)
