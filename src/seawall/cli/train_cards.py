"""`seawall train card`: desk cards to read and print; they are practised with `train play card-NAME`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seawall.cli.options import case_option, lines_option

if TYPE_CHECKING:
    from seawall.training.cards import Card


@click.group()
def card() -> None:
    """Desk cards: what to check, step by step, before a SIM, data or access is given.

    Practise one with `seawall train play card-sim-swap`.
    """


def _cards(case_folder: Path) -> dict[str, Card]:
    from seawall.model.case import is_case
    from seawall.training.cards import load_cards

    return load_cards(case_folder / "cards" if is_case(case_folder) else None)


@card.command("list")
@lines_option
@case_option
def list_cards(form: str, case_folder: Path) -> None:
    """List the cards there are.

    \b
    Example:
      seawall train card list
    """
    from seawall.cli.output import write_lines
    from seawall.reporting.text import safe_terminal

    cards = _cards(case_folder).values()
    if form == "jsonl":
        write_lines(
            {
                "id": c.id,
                "title": c.title,
                "roles": list(c.roles),
                "cases": [one.id for one in c.case],
                "lesson": f"card-{c.id}",
            }
            for c in cards
        )
        return
    for one in cards:
        click.echo(safe_terminal(f"{one.id}: {one.title} ({', '.join(one.roles)}); {len(one.case)} cases to practise"))


@card.command("show")
@click.argument("name")
@case_option
def show(name: str, case_folder: Path) -> None:
    """Show a card as nested lists (Markdown).

    \b
    Example:
      seawall train card show vendor-access
    """
    from seawall.reporting.text import safe_terminal
    from seawall.training.cards import find_card, markdown

    for line in markdown(find_card(_cards(case_folder), name)).splitlines():
        click.echo(safe_terminal(line))


@card.command("print")
@click.argument("names", nargs=-1)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="HTML file to write.")
@case_option
def print_cards(names: tuple[str, ...], out: Path, case_folder: Path) -> None:
    """Write cards as one HTML page to print, one a sheet; all of them where none is NAMEd.

    \b
    Example:
      seawall train card print sim-swap --out sim-swap.html
    """
    from seawall.cli.output import write_whole
    from seawall.training.cards import find_card, html

    cards = _cards(case_folder)
    chosen = [find_card(cards, name) for name in names] or list(cards.values())
    write_whole(out, html(chosen))
    click.echo(f"{out}: {len(chosen)} cards written", err=True)
