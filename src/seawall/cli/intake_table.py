"""What each file was, and what became of it: the list `seawall ingest` ends with."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from seawall.reporting.text import count_text, safe_terminal
from seawall.sources.intake import FileReport


def show(reports: Sequence[FileReport], *, written: bool) -> None:
    """Print one row per file, its rejects and doubts below, and one closing line."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 160
    out = Console(width=width, highlight=False)
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("file", "format", "events", "new", "rejects", "first (UTC)", "last (UTC)"):
        right = name in ("events", "new", "rejects")
        table.add_column(name, justify="right" if right else "left", overflow="fold", no_wrap=right)
    for report in reports:
        table.add_row(*_cells(report, written))
    out.print(table)
    for report in reports:
        _below(out, report)
    if not written:
        _proposals(out, reports)
    events, new = sum(r.events for r in reports), sum(r.new for r in reports)
    refused = sum(1 for r in reports if r.skipped)
    rejected = sum(r.rejected for r in reports)
    verdict = f"{new:,} of them new to the case" if written else "nothing written"
    out.print(
        Text(
            f"{count_text(len(reports), 'file')}: {count_text(events, 'event')} ({verdict}), "
            f"{count_text(rejected, 'reject')}, {refused} not read"
        ),
        style="bold",
    )


PROPOSALS_SHOWN: Final = 3


def _proposals(out: Console, reports: Sequence[FileReport]) -> None:
    """Mapping files to start from, for tables and JSON nobody knows: the same one only once."""
    first: dict[str, str] = {}
    for report in reports:
        if report.proposal:
            first.setdefault(report.proposal.partition("[map.time]")[2], report.origin)
    made = {report.origin: report.proposal for report in reports}
    for origin in list(first.values())[:PROPOSALS_SHOWN]:
        out.print(
            Text(f"\n# A mapping for {safe_terminal(origin)}: save it, mend it, give it with --map", style="bold")
        )
        out.print(Text("\n".join(safe_terminal(line) for line in made[origin].splitlines())))
    if len(first) > PROPOSALS_SHOWN:
        out.print(Text(f"\n… and {len(first) - PROPOSALS_SHOWN} more: name those files alone", style="bold"))


def _cells(report: FileReport, written: bool) -> list[Text]:
    name = Text(safe_terminal(report.origin))
    if report.skipped:
        return [
            name,
            Text(report.format or "unknown", style="yellow"),
            Text("-"),
            Text("-"),
            Text("-"),
            Text(""),
            Text(""),
        ]
    form = f"{report.format} ({', '.join(k for k, _ in report.kinds)})" if report.kinds else report.format
    return [
        name,
        Text(form),
        Text(f"{report.events:,}"),
        Text(f"{report.new:,}" if written else "-"),
        Text(f"{report.rejected:,}", style="yellow" if report.rejected else ""),
        Text(f"{report.first:%Y-%m-%d %H:%M:%S}" if report.first else ""),
        Text(f"{report.last:%Y-%m-%d %H:%M:%S}" if report.last else ""),
    ]


def _below(out: Console, report: FileReport) -> None:
    if report.skipped:
        out.print(Text(f"{safe_terminal(report.origin)}: not read: {safe_terminal(report.skipped)}", style="yellow"))
    for reject in report.rejects[:3]:
        out.print(Text(f"{safe_terminal(reject.where)}: {safe_terminal(reject.what)}", style="yellow"))
    if report.rejected > len(report.rejects[:3]):
        more = report.rejected - len(report.rejects[:3])
        out.print(Text(f"{safe_terminal(report.origin)}: … and {more:,} more rejects", style="yellow"))
    for note in report.notes:
        out.print(Text(f"{safe_terminal(report.origin)}: {safe_terminal(note)}", style="dim"))
