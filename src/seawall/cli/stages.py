"""The account a drill ends with: stage by stage, what was caught, by what, and when."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from seawall.drills.score import Score, StageScore
from seawall.reporting.terminal import QUIET, Hanging
from seawall.reporting.text import count_text, length_text, moment_text, safe_terminal

_INDENT = " " * 11  # below the verdict, so that the eye can run down it


def stage_account(score: Score) -> RenderableType:
    """What was caught and what was missed, in order of time; then what honest work was accused of."""
    return Group(*_parts(score))


def _parts(score: Score) -> Iterator[RenderableType]:
    yield Text("\nStage by stage", style="bold")
    for stage in score.stages:
        yield from _stage(stage)
    alarms = count_text(len(score.false_alarms), "false alarm")
    yield Text()
    yield Hanging(
        f"{score.caught} of {score.tested} stages caught; {score.attack_lines_found} of {score.attack_lines} lines of "
        f"the intrusion found; {alarms} in {score.benign_lines:,} honest lines.",
        style="bold",
    )
    for alarm in score.false_alarms:
        twin = f" (a look-alike: {alarm.twin})" if alarm.twin else ""
        yield Hanging(f"{alarm.finding.title}: {alarm.finding.why}{twin}", bullet="  false alarm: ", style="yellow")


def _stage(stage: StageScore) -> Iterator[RenderableType]:
    word, style = verdict(stage)
    head = Text.assemble((f"  {word:<9}", style))
    head.append(safe_terminal(f"{stage.stage.name} ({', '.join(stage.stage.behaviours)})"))
    yield head
    began = moment_text(stage.began, seconds=False) if stage.began else ""
    if stage.caught:
        seconds = stage.delay.total_seconds() if stage.delay else 0.0
        after = "at its first line" if seconds < 1 else f"{length_text(seconds)} after its first line"
        yield Hanging(f"{began}, {after}: {stage.by}", bullet=_INDENT, style=QUIET)
    else:
        yield Hanging(f"{began}: no finding rests on it" if began else "it left no evidence", _INDENT, QUIET)


def verdict(stage: StageScore) -> tuple[str, str]:
    """The word for how a stage fared, and its colour."""
    if stage.began is None:
        return "untried", "yellow"
    return ("caught", "green") if stage.caught else ("missed", "bold red")
