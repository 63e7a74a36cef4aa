"""`seawall custody`: which stored files a case was given, by whom, and whether they are still what they were."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from seawall.cli.options import case_option, lines_option


@click.command()
@case_option
@click.option("--verify", is_flag=True, help="Hash each file again where it was read from; exit 3 if one changed.")
@lines_option
def custody(case_folder: Path, verify: bool, form: str) -> None:
    """List the stored files a case was given, or hash them again.

    Each file's SHA-256 was taken before anything in it was opened. `seawall query` knows the same as table `custody`.

    \b
    Examples:
      seawall custody --case cases/chicago
      seawall custody --verify            are the originals still what they were?
    """
    from seawall import pipeline
    from seawall.cli import output
    from seawall.engine.lake import Lake
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.model.custody import to_entry
    from seawall.sources.custody import check

    case = open_case(case_folder, SystemClock(), create=False)
    records = pipeline.custody(Lake(case.lake, memory_mb=pipeline.case_settings(case).lake.memory_mb))
    checks = [check(record) for record in records] if verify else []
    states = [{"state": one.state, "what": one.what} for one in checks] or [{} for _ in records]
    rows = [to_entry(record) | state for record, state in zip(records, states, strict=True)]
    if form == "jsonl":
        output.write_lines(rows)
    else:
        _show(rows, verify)
    if any(one.faulty for one in checks):
        raise click.exceptions.Exit(3)


_STYLES: Final = {"unchanged": "", "not kept": "dim"}  # of the states that are no fault


def _show(rows: list[dict[str, Any]], verify: bool) -> None:
    import shutil
    import sys

    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from seawall.reporting.text import count_text, safe_terminal

    names = ("origin", "sha256", "bytes", "received", "collected_by", "collected_at", "note")
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in (*names, "state") if verify else names:
        table.add_column(name.replace("_", " "), overflow="fold")
    for row in rows:
        state = row.get("state", "")
        cells = [Text(safe_terminal("" if row[name] is None else str(row[name]))) for name in names]
        table.add_row(*cells, *([Text(state, style=_STYLES.get(state, "bold red"))] if verify else []))
    out = Console(width=shutil.get_terminal_size().columns if sys.stdout.isatty() else 200, highlight=False)
    if rows:
        out.print(table)
    for row in rows:
        if row.get("state", "unchanged") not in _STYLES:
            out.print(Text(safe_terminal(f"{row['origin']}: {row['what']}"), style="bold red"))
    changed = sum(row.get("state", "unchanged") not in _STYLES for row in rows)
    verdict = f": {changed or 'none'} changed, missing or unreadable" if verify else ""
    out.print(Text(f"{count_text(len(rows), 'stored file')}{verdict}", style="bold"))
