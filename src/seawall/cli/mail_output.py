"""What `seawall mail triage` shows to people."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Sequence
from typing import Any

import click


def table(lines: Sequence[dict[str, Any]]) -> None:
    """One row a message."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from seawall.reporting.text import safe_terminal

    shown = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("file", "verdict", "score", "campaign", "from", "subject", "why"):
        shown.add_column(name, justify="right" if name == "score" else "left", overflow="fold")
    for line in lines:
        campaign = f"{line['campaign']} ({line['campaign_size']})" if line["campaign_size"] > 1 else ""
        cells = [line["file"], line["verdict"], f"{line['score']:.2f}", campaign, line["from"] or "", line["subject"]]
        shown.add_row(*(Text(safe_terminal(str(cell))) for cell in [*cells, line["why"]]))
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 200
    Console(width=width, highlight=False).print(shown)


def explained(lines: Sequence[dict[str, Any]]) -> None:
    """Every cue of each message, and what its reporter may be told."""
    from seawall.reporting.text import safe_terminal

    for line in lines:
        click.echo(safe_terminal(f"{line['file']}: {line['verdict']} ({line['score']:.2f})"))
        for cue in line["cues"]:
            told = f" “{' '.join(cue['text'].split())[:100]}”" if cue["text"] else ""
            click.echo(
                safe_terminal(
                    f"  {cue['toward']:6} {cue['weight']:4.1f}  {cue['cue']} in {cue['where']}: {cue['reason']}{told}"
                )
            )
        auth = line["authentication"]
        said = ", ".join(f"{name.upper()} {auth[name]}" for name in ("spf", "dkim", "dmarc", "arc") if auth[name])
        click.echo(safe_terminal(f"  authentication: {said or 'nothing known'} ({auth['basis']})"))
        for name in ("got", "clicked"):
            for row in (line.get("who") or {}).get(name, []):
                click.echo(safe_terminal(f"  {name}: {row['who']} {row['when'] or ''} {row['what']} ({row['log']})"))
        click.echo("  answer to the reporter:")
        for text in line["reply"].split("\n"):
            click.echo(safe_terminal(f"    {text}"))
