"""`seawall respond handover | hold | speaker`: packages for the carrier's own tools, holds, and our BGP speaker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from seawall.cli.options import case_option
from seawall.cli.signing import Signer, decide, signing_options, together_options

_KEY = click.Path(dir_okay=False, exists=True, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("plan_id", metavar="PLAN")
@click.argument("actions", nargs=-1, metavar="[ACTION]...")
@click.option(
    "--to", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder to write to."
)
@click.option("--undo", "back", is_flag=True, help="Write the packages of the way back.")
@case_option
def handover(plan_id: str, actions: tuple[str, ...], folder: Path, back: bool, case_folder: Path) -> None:
    """Write signed change packages of a PLAN for ticket, NSO or Ansible: procedure, change, undo, verification.

    This is how routers are changed unless response.toml switches direct changes on. A package needs the same two
    signatures as applying does.

    \b
    Examples:
      seawall respond handover 51ab --to packages/
      seawall respond handover 51ab 0c9e --to packages/ --undo
    """
    from seawall.errors import PeerError
    from seawall.ledger.note import Note
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.response import open_response
    from seawall.reporting.text import safe_terminal
    from seawall.response.execute import UNDO
    from seawall.response.handover import package
    from seawall.response.plans import cut_to
    from seawall.response.steps import Step, note

    clock = SystemClock()
    refused = 0
    with open_response(open_case(case_folder, clock, create=False), clock) as opened:
        plan, key = cut_to(opened.plans.find(plan_id), actions), opened.ledger.heads.signing_key()
        for action in plan.actions:
            if action.lasting == "ask":
                continue
            why = opened.hands.refusals(plan, action) if not back else [opened.hands.unsigned(plan, action, UNDO)]
            if any(why):
                refused += 1
                click.echo(f"{action.id[:8]} {action.kind}: not handed over: {safe_terminal('; '.join(why))}")
                continue
            approvers = opened.approvers(plan, action, UNDO if back else "")
            note(opened.ledger, action, Step.HANDED)
            made = package(
                plan, action, folder, approvers, lambda text: Note(text, (key.sign(text),)).encoded, back=back
            )
            click.echo(f"{action.id[:8]} {action.kind}: {made}")
    if refused:
        raise PeerError(f"{refused} actions were not handed over", mend="see the lines above")


@click.command()
@click.argument("what")
@click.option("--lift", is_flag=True, help="Lift a hold; two people sign.")
@signing_options
@together_options
@case_option
def hold(
    what: str,
    lift: bool,
    case_folder: Path,
    **signer: Any,
) -> None:
    """Record a "watch, do not touch": no action that names WHAT (incident, device, account, address or *) is applied.

    \b
    Examples:
      seawall respond hold edge1 --as a.lind --key a.key --purpose "request 2026/114 of the police"
      seawall respond hold edge1 --lift --as a.lind --key a.key --purpose "released" --sign-only lift.json
    """
    from seawall.errors import InputError
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.response import open_response
    from seawall.response.holds import HOLD, LIFT

    clock = SystemClock()
    with open_response(open_case(case_folder, clock, create=False), clock) as opened:
        standing = next((h for h in opened.hands.guard.holds if what in (h.what, h.name)), None)
        if lift and standing is None:
            raise InputError("no hold stands on that", where=what, mend="see: seawall respond status")
        values = {"hold": standing.name} if lift and standing else {"what": what}
        action = LIFT if lift else HOLD
        signed = Signer(**signer)
        decide(opened.desk, action, values, signed)
        if signed.sign_only is None:
            click.echo(f"{what}: {'hold lifted' if lift else 'held: no action touches it'}", err=True)


@click.command()
@click.argument("name")
@case_option
def speaker(name: str, case_folder: Path) -> None:
    """Run the ExaBGP process of a [[bgp]] entry of response.toml, until it is ended. Let a supervisor keep it.

    It announces nothing by itself: run `seawall respond reconcile` once its session is up, and what is due comes back.

    \b
    Example:
      seawall respond speaker rr1
    """
    import os
    import shutil
    import sys

    from seawall.errors import InputError
    from seawall.response.channels.exabgp import configuration, environment
    from seawall.response.targets import NAME, load_targets

    found = next((b for b in load_targets(case_folder / NAME).bgp if b.name == name), None)
    if found is None:
        raise InputError("no [[bgp]] entry has that name", where=name, mend=f"see {case_folder / NAME}")
    places = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    program = shutil.which("exabgp", path=places)
    if program is None:
        raise InputError("ExaBGP is not installed", where=name, mend="make extras")
    folder = case_folder / "response" / "bgp"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / f"{Path(name).name}.conf"
    file.write_text(configuration(found), encoding="utf-8")
    os.execve(program, [program, "server", str(file)], {**os.environ, **environment("stderr")})  # noqa: S606 - no shell
