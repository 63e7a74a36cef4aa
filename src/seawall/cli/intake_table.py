"""What each file was, and what became of it: the list `seawall ingest` ends with.

A person with a hundred files wants to know which formats there were and what was left over, so a long list is summed
by format and by reason; `every` shows it whole.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from seawall.reporting.handovers import Custody, sentences
from seawall.reporting.text import count_text, safe_terminal
from seawall.sources.intake import FileReport

LONG: Final = 60  # rows from which files are summed
_NAMED: Final = 5  # files named for each reason, and files with rejects
PROPOSALS_SHOWN: Final = 3
_COLUMNS: Final = ("events", "new", "rejects", "first (UTC)", "last (UTC)")


def show(reports: Sequence[FileReport], *, written: bool, every: bool = False) -> None:
    """Print what became of the files, rejects and doubts below, and one closing line."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 160
    out = Console(width=width, highlight=False)
    if every or len(reports) <= LONG:
        out.print(_table(("file", "format"), [_file_cells(report, written) for report in reports]))
        for report in reports:
            _below(out, report)
    else:
        rows = [_format_cells(name, group, written) for name, group in _by_format(reports).items()]
        out.print(_table(("format", "files"), rows))
        _left_over(out, reports)
    if not written:
        _proposals(out, reports)
    events, new = sum(r.events for r in reports), sum(r.new for r in reports)
    refused = sum(1 for r in reports if r.skipped)
    rejected = sum(r.rejected for r in reports)
    verdict = f"{new:,} of them new to the case" if written else "nothing written"
    if not written and events:
        told = (
            "clocks: each was watched by itself; clocks of different sources are compared by ingest, which keeps rows"
        )
        out.print(Text(told, style="dim"))
    out.print(
        Text(
            f"{count_text(len(reports), 'file')}: {count_text(events, 'event')} ({verdict}), "
            f"{count_text(rejected, 'reject')}, {refused} not read"
        ),
        style="bold",
    )


def show_custody(custody: Custody) -> None:
    """Print who handed over what, of the whole case."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 160
    out = Console(width=width, highlight=False)
    for sentence in sentences(custody):
        out.print(Text(f"custody: {safe_terminal(sentence)}", style="dim"))


def show_clocks(doubts: Sequence[str]) -> None:
    """Print how clocks of different sources stand to each other, of the whole case."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 160
    out = Console(width=width, highlight=False)
    for sentence in doubts:
        out.print(Text(f"clocks: {safe_terminal(sentence)}", style="yellow"))


def as_documents(reports: Iterable[FileReport]) -> Iterator[dict[str, Any]]:
    """Each file as a document for programs."""
    for report in reports:
        yield {
            "file": report.origin,
            "format": report.format or None,
            "kinds": dict(report.kinds),
            "events": report.events,
            "new": report.new,
            "rejected": report.rejected,
            "rejects": [{"where": reject.where, "what": reject.what} for reject in report.rejects],
            "first": report.first,
            "last": report.last,
            "notes": list(report.notes),
            "not_read": report.skipped or None,
            "on_purpose": report.meant,
            "bytes": report.read_bytes,
        }


def _table(firsts: tuple[str, str], rows: list[list[Text]]) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in (*firsts, *_COLUMNS):
        right = name in ("files", "events", "new", "rejects")
        table.add_column(name, justify="right" if right else "left", overflow="fold", no_wrap=right)
    for row in rows:
        table.add_row(*row)
    return table


def _file_cells(report: FileReport, written: bool) -> list[Text]:
    name = Text(safe_terminal(report.origin))
    if report.skipped:
        return [name, Text(report.format or "unknown", style="yellow"), *(Text("-") for _ in range(3)), Text(), Text()]
    form = f"{report.format} ({', '.join(k for k, _ in report.kinds)})" if report.kinds else report.format
    return [name, Text(form), *_figures([report], written)]


def _format_cells(name: str, group: list[FileReport], written: bool) -> list[Text]:
    kinds = sorted({kind for report in group for kind, _ in report.kinds})
    form = f"{name} ({', '.join(kinds)})" if kinds else name
    return [
        Text(form, style="" if kinds else "yellow"),
        Text(f"{len(group):,}"),
        *_figures(group, written),
    ]


def _figures(group: list[FileReport], written: bool) -> list[Text]:
    rejected = sum(report.rejected for report in group)
    return [
        Text(f"{sum(report.events for report in group):,}"),
        Text(f"{sum(report.new for report in group):,}" if written else "-"),
        Text(f"{rejected:,}", style="yellow" if rejected else ""),
        _moment(min((report.first for report in group if report.first), default=None)),
        _moment(max((report.last for report in group if report.last), default=None)),
    ]


def _moment(moment: datetime | None) -> Text:
    return Text(f"{moment:%Y-%m-%d %H:%M:%S}" if moment else "")


def _by_format(reports: Sequence[FileReport]) -> dict[str, list[FileReport]]:
    """Files by format, the most frequent first, what was not read last."""
    groups: dict[str, list[FileReport]] = {}
    for report in reports:
        name = report.format or "unknown"
        groups.setdefault(f"{name}: not read" if report.skipped else name, []).append(report)
    order = sorted(groups.items(), key=lambda pair: (bool(pair[1][0].skipped), -len(pair[1]), pair[0]))
    return dict(order)


def _left_over(out: Console, reports: Sequence[FileReport]) -> None:
    """What was not read, by reason; then the files with rejects, the worst first; a few names of each."""
    reasons: dict[str, list[FileReport]] = {}
    for report in reports:
        if report.skipped:
            reasons.setdefault(report.skipped, []).append(report)
    for why, group in sorted(reasons.items(), key=lambda pair: -len(pair[1])):
        named = ", ".join(safe_terminal(report.origin) for report in group[:_NAMED])
        more = f" and {len(group) - _NAMED:,} more" if len(group) > _NAMED else ""
        text = f"{count_text(len(group), 'file')} not read: {safe_terminal(why)}: {named}{more}"
        out.print(Text(text, style="yellow"))
    faulty = sorted((r for r in reports if r.rejected and not r.skipped), key=lambda r: -r.rejected)
    for report in faulty[:_NAMED]:
        first = f": {safe_terminal(report.rejects[0].what)}" if report.rejects else ""
        text = f"{safe_terminal(report.origin)}: {count_text(report.rejected, 'reject')}{first}"
        out.print(Text(text, style="yellow"))
    if len(faulty) > _NAMED:
        out.print(Text(f"… and {len(faulty) - _NAMED:,} more files with rejects", style="yellow"))
    doubted = sum(1 for report in reports if any("clock" in note for note in report.notes))
    if doubted:
        out.print(Text(f"{count_text(doubted, 'file')} with clock doubts", style="dim"))
    out.print(Text("every file: --every, or --format jsonl for programs", style="dim"))


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
