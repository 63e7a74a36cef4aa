"""What `seawall serve --status` prints: each process, and each source with what it gave and lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click


def write_status_lines(case_folder: Path) -> bool:
    """A line per process and per source; whether all is well. Raises InputError if no service ran in this case."""
    from seawall.errors import InputError
    from seawall.reporting.text import safe_terminal
    from seawall.service.status import read_status

    found = read_status(case_folder)
    if not found:
        raise InputError("no service ran in this case", where=str(case_folder), mend="start one: seawall serve")
    well = True
    for name, said in found.items():
        health = "silent" if said["stale"] and said.get("health") != "stopped" else said.get("health", "unknown")
        well = well and health == "ok"
        click.echo(safe_terminal(f"{name:8} {health:9} process {said.get('pid')}, {said['age_s']:.0f} s ago"))
        for why in said.get("why", ()):
            click.echo(safe_terminal(f"         {why}"))
        for source, counted in sorted(said.get("sources", {}).items()):
            click.echo(safe_terminal(f"         {source:40} {_counts(counted)}"))
    return well


def _counts(counted: dict[str, Any]) -> str:
    return ", ".join(f"{value:,} {name}" for name, value in counted.items() if isinstance(value, int) and value)
