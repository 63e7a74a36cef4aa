"""`seawall respond playbook`: CACAO 2.0 playbooks in, out, and told."""

from __future__ import annotations

from pathlib import Path

import click

from seawall.cli.options import case_option

_SET = click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help="Value of a variable (__NAME__).")


@click.group()
def playbook() -> None:
    """Read, tell and write CACAO 2.0 playbooks; turn one into a plan that people can sign."""


@playbook.command("list")
def list_playbooks() -> None:
    """List the playbooks Seawall brings.

    \b
    Example:
      seawall respond playbook list
    """
    from seawall.response.playbooks import built_in

    for name, book in built_in():
        wants = ", ".join(n.strip("_") for n in book.document.get("playbook_variables", {}))
        click.echo(f"{name:<20} {book.name} (needs {wants})")


@playbook.command("run")
@click.argument("name")
@_SET
def run(name: str, given: tuple[str, ...]) -> None:
    """Tell step by step what a playbook (NAME or FILE) would do. A dry run: nothing is ever run here.

    \b
    Examples:
      seawall respond playbook run cut-off-address --set firewall=fw1 --set address=198.51.100.7
      seawall respond playbook run partner.json
    """
    from seawall.reporting.text import safe_terminal
    from seawall.response.cacao import rehearse
    from seawall.response.playbooks import find

    book = find(name)
    for warning in book.warnings:
        click.echo(f"warning: {safe_terminal(warning)}", err=True)
    for line in rehearse(book, _values(given)):
        for part in line.splitlines():
            click.echo(safe_terminal(part))


@playbook.command("import")
@click.argument("name")
@_SET
@click.option("--as", "who", required=True, help="Who asks for it.")
@click.option("--purpose", default="", help="What it is for; stands under every signature. Default: its name.")
@click.option(
    "--hours", type=click.FloatRange(0, 24, min_open=True), default=4.0, show_default=True, help="For blocks."
)
@case_option
def import_playbook(name: str, given: tuple[str, ...], who: str, purpose: str, hours: float, case_folder: Path) -> None:
    """Make a plan of a playbook (NAME or FILE). Steps we have no action for become questions to a person.

    \b
    Example:
      seawall respond playbook import cut-off-address --set firewall=fw1 --set address=198.51.100.7 --as a.lind
    """
    from seawall.cli.respond_output import show_plan
    from seawall.errors import InputError
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.model.finding import utc_text
    from seawall.pipeline.response import open_response
    from seawall.response.playbooks import find, planned

    clock = SystemClock()
    with open_response(open_case(case_folder, clock, create=False), clock) as opened:
        opened.register_has(who)
        book = find(name)
        made = planned(
            book, _values(given), requester=who, purpose=purpose or book.name, made=utc_text(clock.now()), hours=hours
        )
        wrong = [why for action in made.actions for why in opened.hands.guard.written_wrong(action)]
        if wrong:
            raise InputError("; ".join(wrong), where=name, mend="nothing was kept; choose other values")
        opened.plans.keep(made)
        show_plan(opened, made, "table")
    click.echo(f"kept as {made.id[:8]}; next: seawall respond approve {made.id[:8]} --as ID --key FILE", err=True)


@playbook.command("export")
@click.argument("plan_id", metavar="PLAN")
@case_option
def export(plan_id: str, case_folder: Path) -> None:
    """Write a PLAN as a CACAO 2.0 playbook to standard output.

    \b
    Example:
      seawall respond playbook export 51ab > eviction.json
    """
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.response import open_response
    from seawall.response.playbooks import exported

    clock = SystemClock()
    with open_response(open_case(case_folder, clock, create=False), clock) as opened:
        click.echo(exported(opened.plans.find(plan_id)).text(), nl=False)


def _values(given: tuple[str, ...]) -> dict[str, str]:
    from seawall.errors import UsageError

    values = {}
    for one in given:
        name, sign, value = one.partition("=")
        if not sign or not name:
            raise UsageError(f"--set {one}", mend="write --set NAME=VALUE")
        values[name if name.startswith("__") else f"__{name}__"] = value
    return values
