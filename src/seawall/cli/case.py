"""`seawall init`, `seawall doctor`, `seawall completion`: before the first hunt."""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path

import click

from seawall.cli.options import case_option


@click.command()
@case_option
def init(case_folder: Path) -> None:
    """Make a case folder with commented settings.

    Writes `site.toml` (your devices, jump hosts, people) and `seawall.toml` (run settings) as examples in which
    every key is explained. Files that are there already are left alone.

    \b
    Example:
      seawall init --case cases/chicago
    """
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock

    case = open_case(case_folder, SystemClock())
    for target in (case.site_file, case.settings_file):
        if target.exists():
            click.echo(f"{target}: kept as it is", err=True)
            continue
        example = resources.files("seawall").joinpath("content", "examples", target.name)
        target.write_bytes(example.read_bytes())
        click.echo(f"{target}: written; every line is a comment until you change it", err=True)
    click.echo(str(case.folder))


@click.command()
def doctor() -> None:
    """Say what is installed, and what each missing part would enable."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from seawall.cli import installed

    table = Table(box=None, pad_edge=False, show_header=False)
    missing = 0
    for part in installed.parts():
        missing += part.required and not part.found
        mark, style = ("yes", "green") if part.found else ("NO", "red") if part.required else ("no", "yellow")
        table.add_row(Text(mark, style=style), part.name, part.version, part.enables if part.found else part.mend)
    Console(highlight=False, width=None if sys.stdout.isatty() else 120).print(table)
    if missing:
        raise click.exceptions.Exit(1)


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script for your shell.

    \b
    Example:
      seawall completion bash > ~/.local/share/bash-completion/completions/seawall
    """
    from click.shell_completion import get_completion_class

    from seawall.cli.main import cli

    kind = get_completion_class(shell)
    assert kind is not None, "click knows bash, zsh and fish"
    click.echo(kind(cli, {}, "seawall", "_SEAWALL_COMPLETE").source())
