"""The account a drill ends with: per scenario its stages, then how far ahead the defence was, and the noise."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from seawall.drills.run import Drilled, Result
from seawall.drills.verdicts import StageVerdict
from seawall.reporting.terminal import QUIET, Hanging
from seawall.reporting.text import count_text, length_text, moment_text, safe_terminal

_INDENT = " " * 18
_COLOURS = {"detected": "green", "late": "yellow", "missed": "bold red", "not observable": "yellow"}


def account(drilled: Drilled) -> RenderableType:
    """What was seen of each stage, and when."""
    return Group(*_parts(drilled))


def _parts(drilled: Drilled) -> Iterator[RenderableType]:
    for result in drilled.results:
        yield Text(f"\n{safe_terminal(result.scenario.title)} ({result.scenario.id})", style="bold")
        for verdict in result.verdicts:
            yield from _stage(verdict)
        yield Hanging(_ahead(result), bullet="  ")
        for alarm in result.alarms:
            yield Hanging(
                f"{alarm.finding.title}: {alarm.finding.why} (honest: {alarm.twin})", "  on a twin: ", "yellow"
            )
    yield Text()
    yield Hanging(_sum(drilled), style="bold")
    if drilled.conditions.said:
        yield Hanging(f"Played with: {drilled.conditions.said}.", style=QUIET)
    for alarm in drilled.noise.false_alarms:
        yield Hanging(
            f"{alarm.finding.severity.word}: {alarm.finding.title}: {alarm.finding.why}", "  false alarm: ", "yellow"
        )


def _stage(verdict: StageVerdict) -> Iterator[RenderableType]:
    head = Text.assemble((f"  {verdict.verdict:<16}", _COLOURS[verdict.verdict]))
    head.append(safe_terminal(f"{verdict.name} ({', '.join(verdict.behaviours)})"))
    if verdict.breach:
        head.append("  [crown jewel]", style="bold")
    yield head
    if verdict.seconds is None:
        yield Hanging(verdict.why, _INDENT, QUIET)
        return
    after = "at once" if verdict.seconds < 1 else f"after {length_text(verdict.seconds)}"
    when = f"{moment_text(verdict.began, seconds=False)}, {after}, as {verdict.category}: {verdict.by}"
    waits = {"flow": " (from the flow's end)", "nightly": " (from the nightly copy)"}.get(verdict.shows, "")
    yield Hanging(f"{when}{waits}{'; ' + verdict.why if verdict.why else ''}", _INDENT, QUIET)


def _ahead(result: Result) -> str:
    ahead = result.ahead
    if ahead.breach_at is None:
        return "No crown jewel is touched in this scenario." if not any(v.breach for v in result.verdicts) else (
            "The stage that touches the crown jewel left no line.")  # fmt: skip
    if ahead.incident_at is None:
        return "No right incident stood at all."
    count = ahead.stages_before_breach or 0
    saved = length_text(abs(ahead.dwell_saved.total_seconds())) if ahead.dwell_saved else ""
    if count > 0:
        return f"The first right incident stood {count_text(count, 'stage')} before the breach ({saved} ahead)."
    return f"The first right incident stood {'at' if not count else saved + ' after'} the breach."


def _sum(drilled: Drilled) -> str:
    verdicts = drilled.verdicts
    tested = [v for v in verdicts if v.verdict != "not observable"]
    words = [f"{sum(v.verdict == 'detected' for v in verdicts)} of {len(tested)} observable stages detected in time"]
    words += [
        f"{n} {word}"
        for word in ("late", "missed", "not observable")
        if (n := sum(v.verdict == word for v in verdicts))
    ]
    for shows, name in (
        ("at once", "shown at once"),
        ("flow", "shown by flows"),
        ("nightly", "shown by nightly copies"),
    ):
        middle = drilled.median_s(shows)
        if middle is not None:
            words.append(f"median {length_text(middle) if middle >= 1 else '0 s'} where {name}")
    alarms = count_text(len(drilled.noise.false_alarms), "false alarm")
    return f"{', '.join(words)}; {alarms} in {drilled.noise.benign_lines:,} honest lines."
