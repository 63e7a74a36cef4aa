"""Changes on the terminal: in the order they happened, each with its reason and the lines before and after."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import IO, Final

from rich.console import Console
from rich.text import Text

from seawall.model.finding import Finding, time_or_null
from seawall.reporting.terminal import COLOUR, console_for
from seawall.reporting.text import safe_terminal

MAX_SHOWN: Final = 8  # lines of each side


def changes_text(findings: Sequence[Finding], screen: IO[str]) -> str:
    """The findings of changes as text, coloured if `screen` is."""
    drawing = console_for(screen)
    said = io.StringIO()
    console = Console(
        file=said, width=drawing.width, force_terminal=drawing.is_terminal, no_color=drawing.no_color, highlight=False
    )
    for finding in findings:
        for part in _parts(finding):
            console.print(part, soft_wrap=False)
    if not findings:
        console.print(Text("nothing that changed looks like an intruder's move"))
    return said.getvalue()


def _parts(finding: Finding) -> Iterator[Text]:
    head = Text(f"{finding.severity.word:13} ", style=COLOUR[finding.severity])
    head.append(safe_terminal(f"{finding.subject}  {finding.title}"), style="bold")
    yield head
    first, last = (_minute(time_or_null(moment)) for moment in (finding.first, finding.last))
    when = "at an unknown time" if last is None else f"by {last}" if first in (None, last) else f"{first} to {last}"
    who = next((f", {k.replace('_', ' ')} {finding.details[k]}" for k in ("last_changed_by", "committed_by")
                if finding.details.get(k)), "")  # fmt: skip
    yield Text(safe_terminal(f"    {when}{who}; {finding.details.get('after_file', '')}"), style="bright_black")
    yield Text(safe_terminal(f"    {finding.why}"))
    for sign, key in (("-", "before"), ("+", "after")):
        lines = finding.details.get(key, [])
        for line in lines[:MAX_SHOWN]:
            yield Text(safe_terminal(f"    {sign} {line}"), style="red" if sign == "-" else "green")
        if len(lines) > MAX_SHOWN:
            yield Text(f"    {sign} … and {len(lines) - MAX_SHOWN} more")


def _minute(moment: str | None) -> str | None:
    return None if moment is None else moment[:16].replace("T", " ") + "Z"
