"""The summary on the terminal: what happened, where, in what order, how sure, what could not be seen, what to do.

Fits 80 columns and is good at 120. Every text from evidence passes `safe_terminal` before rich sees it, and is never
read as rich markup.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, Final

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.model.severity import Severity
from seawall.reporting import headline
from seawall.reporting.text import (
    and_list,
    count_text,
    length_text,
    moment_text,
    safe_terminal,
    short_host,
    size_text,
)
from seawall.reporting.view import CaseView, Note, RejectLike

MAX_INCIDENTS: Final = 5  # told with their story; the rest are one line each
MAX_LINES: Final = 30  # one-line incidents
MAX_NOTES: Final = 5  # rejects, refused inputs, blind spots
MAX_CELL: Final = 300  # characters of one title or cell
MAX_SENTENCE: Final = 1_200  # characters of one sentence
WIDEST: Final = 120  # lines longer than this tire the eye
QUIET: Final = "bright_black"

COLOUR: Final[dict[Severity, str]] = {
    Severity.CRITICAL: "bold magenta",
    Severity.HIGH: "bold red",
    Severity.MEDIUM: "yellow",
    Severity.LOW: "cyan",
    Severity.INFORMATIONAL: "bright_black",
}


@dataclass(frozen=True, slots=True)
class Hanging:
    """A text whose later lines stand under its first word, without the trailing blanks a table would leave."""

    value: str
    bullet: str = ""
    style: str = ""
    bullet_style: str = ""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = _text(self.value, MAX_SENTENCE).wrap(console, max(20, options.max_width - len(self.bullet)))
        for number, line in enumerate(lines):
            line.rstrip()
            line.stylize(self.style)
            yield Text(self.bullet if number == 0 else " " * len(self.bullet), style=self.bullet_style) + line


def console_for(stream: IO[str], *, color: bool | None = None, width: int | None = None) -> Console:
    """A console on `stream`: colour where it is a terminal, never with NO_COLOR or `color=False`.

    `width` in columns; by default that of the terminal, at most WIDEST, and 80 where there is no terminal.
    """
    plain = color is False or (color is None and bool(os.environ.get("NO_COLOR")))
    console = Console(
        file=stream, no_color=plain, color_system=None if plain else "auto", highlight=False, markup=False
    )
    columns = width or (min(console.width, WIDEST) if stream.isatty() else 80)
    console.width = columns
    return console


def summary(case: CaseView) -> Group:
    """The whole summary, to be printed on a console of at least 60 columns."""
    return Group(*_parts(case))


def findings_table(findings: Sequence[Finding], *, limit: int | None = None) -> Table:
    """Findings one a row, in the order given; `limit` rows at most, and the caption says how many more there are."""
    shown = findings if limit is None else findings[:limit]
    more = f"… and {len(findings) - len(shown):,} more" if len(shown) < len(findings) else None
    table = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1, 0, 0),
        expand=True,
        caption=more,
        caption_justify="left",
    )
    table.add_column("Time (UTC)", no_wrap=True, width=19)
    table.add_column("Severity", no_wrap=True, width=8)
    table.add_column("Where", max_width=18, overflow="fold")
    table.add_column("What", ratio=1, overflow="fold")
    table.add_column("Sure", justify="right", no_wrap=True, width=4)
    for finding in shown:
        ids = f" ({', '.join(finding.behaviours)})" if finding.behaviours else ""
        table.add_row(
            moment_text(finding.first),
            Text(_short(finding.severity), style=COLOUR[finding.severity]),
            _text(finding.subject, 60),
            _text(finding.title + ids),
            str(finding.confidence),
        )
    return table


def _parts(case: CaseView) -> Iterator[RenderableType]:
    worst = max((i.severity for i in case.incidents), default=Severity.INFORMATIONAL)
    yield Rule(_text(case.title), style=QUIET, align="left")
    if case.exercise:
        yield Text.assemble(("EXERCISE  ", "bold yellow"), _text(f"session {case.exercise}"))
    yield Text(headline.answer(case), style=COLOUR[worst] if case.incidents else "bold")
    yield _figures(case)
    yield from _section(headline.TOUCHED, headline.touched(case)[:MAX_LINES])
    loud = [incident for incident in case.incidents if incident.severity > Severity.LOW]
    for incident in loud[:MAX_INCIDENTS]:
        yield Text()
        yield from _incident(incident)
    yield from _further(loud[MAX_INCIDENTS:], "further incident")
    yield from _further(
        [i for i in case.incidents if i.severity <= Severity.LOW], "quiet incident", ", low or explained"
    )
    if case.loose:
        yield Text()
        yield _text(f"In no incident: {_by_severity(case.loose)}.")
    yield from _section("What we could not see", _unseen(case))
    yield from _section("Rejected and refused", _refused(case))
    yield from _section("What to do now", [f"{n}. {s}" for n, s in enumerate(headline.next_steps(case), start=1)])


def _figures(case: CaseView) -> RenderableType:
    ends = [moment_text(moment, seconds=False) for moment in case.span or ()]
    span = f", {ends[0]} to {ends[1]} UTC" if ends else ""
    files = f"{count_text(len(case.files), 'file')} ({size_text(case.bytes)})"
    read = f"Read {count_text(case.events, 'event')} in {files}{span}; {count_text(len(case.findings), 'finding')}."
    return Hanging(read, style=QUIET)


def _incident(incident: Incident) -> Iterator[RenderableType]:
    badge = f"{incident.severity.word.upper()}  "
    yield Hanging(incident.title, bullet=badge, style="bold", bullet_style=COLOUR[incident.severity])
    length = length_text((incident.last - incident.first).total_seconds())
    yield Hanging(
        f"{moment_text(incident.first, seconds=False)} to {moment_text(incident.last, seconds=False)} UTC ({length}); "
        f"{count_text(len(incident.findings), 'finding')}; on {headline.places(incident)}",
        bullet="    ",
        style=QUIET,
    )
    for sentence in incident.storyline:
        quiet = sentence.startswith(("Between ", "How sure: ", "Not known: ", "… and "))
        yield Hanging(sentence, bullet="    " if quiet else "  • ", style=QUIET if quiet else "")
    yield Hanging(f"Stages: {', '.join(stage.name for stage in incident.stages)}", bullet="    ", style=QUIET)


def _further(rest: Sequence[Incident], noun: str, note: str = "") -> Iterator[RenderableType]:
    if not rest:
        return
    yield Text()
    yield Text(f"{count_text(len(rest), noun)}{note}:", style=QUIET if note else "bold")
    for incident in rest[:MAX_LINES]:
        when = moment_text(incident.first, seconds=False)
        line = Hanging(f"{when}  {incident.title}", bullet=f"  {_short(incident.severity):<9}")
        yield replace(line, style=QUIET) if note else replace(line, bullet_style=COLOUR[incident.severity])
    if len(rest) > MAX_LINES:
        yield Text(f"  … and {len(rest) - MAX_LINES:,} more; the report and `incidents list` show them")


def _unseen(case: CaseView) -> list[str]:
    lines = [f"{headline.doubt(case)} {headline.basis(case)}"]
    for blind in case.blind[:MAX_NOTES]:
        behaviours = and_list(list(blind.behaviours), 6)
        lines.append(f"{blind.why}: {behaviours} on {and_list([short_host(d) for d in blind.devices], 4)}")
        if blind.setting:
            lines.append(f"  would change it: {blind.setting}")
    if len(case.blind) > MAX_NOTES:
        lines.append(f"… and {count_text(len(case.blind) - MAX_NOTES, 'more reason')}, in the report")
    return lines


def _refused(case: CaseView) -> list[str]:
    lines: list[str] = []
    if case.rejected_total:
        lines.append(f"{count_text(case.rejected_total, 'record')} rejected:")
        lines += _notes(case.rejects, case.rejected_total)
    for title, notes in (
        ("refused", case.refused),
        ("broken", case.broken_rules),
        ("naming unknown fields", case.rules_with_unknown_fields),
    ):
        if notes:
            noun = "input" if title == "refused" else "rule"
            lines.append(f"{count_text(len(notes), noun)} {title}:")
            lines += _notes(notes, len(notes))
    lines += [f"clock: {doubt}" for doubt in case.clock_doubts[:MAX_NOTES]]
    if len(case.clock_doubts) > MAX_NOTES:
        lines.append(f"  … and {len(case.clock_doubts) - MAX_NOTES:,} more doubts about clocks, in the report")
    return lines or ["Nothing: every record was read and every rule could be asked."]


def _notes(notes: Sequence[RejectLike | Note], total: int) -> list[str]:
    lines = []
    for note in notes[:MAX_NOTES]:
        mend = f" (try: {note.mend})" if isinstance(note, Note) and note.mend else ""
        lines.append(f"  {note.where}: {note.what}{mend}")
    if total > len(lines):
        lines.append(f"  … and {total - len(lines):,} more")
    return lines


def _section(title: str, lines: list[str]) -> Iterator[RenderableType]:
    if lines:
        yield Text()
        yield Text(title, style="bold")
        for line in lines:
            number, dot, rest = line.partition(". ")
            if dot and number.isdigit():
                yield Hanging(rest, bullet=f"{number:>3}. ")
            else:
                yield Hanging(line.strip(), bullet="  " + " " * (len(line) - len(line.lstrip())))


def _by_severity(findings: Sequence[Finding]) -> str:
    counts = {s: sum(f.severity is s for f in findings) for s in sorted(Severity, reverse=True)}
    return and_list([f"{n:,} {s.word}" for s, n in counts.items() if n]) + (
        " finding" if len(findings) == 1 else " findings"
    )


def _text(value: str, limit: int = MAX_CELL, *, style: str = "") -> Text:
    return Text(safe_terminal(value, limit), style=style, overflow="fold")


def _short(severity: Severity) -> str:
    return "info" if severity is Severity.INFORMATIONAL else severity.word
