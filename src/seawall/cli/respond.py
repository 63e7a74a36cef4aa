"""`seawall respond`: plan what cuts an intruder off, let people sign, apply, read back, undo."""

from __future__ import annotations

from pathlib import Path

import click

from seawall.cli.options import case_option, lines_option, site_option
from seawall.cli.respond_acts import apply, approve, undo, verify
from seawall.cli.respond_more import handover, hold, speaker
from seawall.cli.respond_playbook import playbook
from seawall.cli.respond_standing import standing
from seawall.cli.respond_stop import reconcile, resume, stop


@click.group()
def respond() -> None:
    """Cut an intruder off: plan, approve, apply, verify and undo. Nothing changes without two signatures.

    \b
    The whole way:
      seawall respond plan INCIDENT --as a.lind
      seawall respond show PLAN
      seawall respond approve PLAN --as b.ray --key b.ray.key
      seawall respond approve PLAN --as c.sol --key c.sol.key
      seawall respond apply PLAN --commit
      seawall respond verify PLAN
      seawall respond undo PLAN ACTION --as b.ray --key b.ray.key --commit
    """


@respond.command("plan")
@click.argument("incident")
@click.option("--as", "who", default="", help="Who asks (see: seawall people list). Without it nothing is kept.")
@click.option("--purpose", default="", help="What it is for; stands under every signature. Default: the incident.")
@click.option("--hours", type=click.FloatRange(0, 24, min_open=True), help="How long blocks stay.")
@site_option
@case_option
@lines_option
def plan(
    incident: str, who: str, purpose: str, hours: float | None, site_file: Path | None, case_folder: Path, form: str
) -> None:
    """Propose the smallest set of actions that cuts every known path of an INCIDENT. Changes nothing.

    Actions stand in the order they are applied, so that the intruder is warned late. Each says what it changes to the
    letter, how it is taken back, who else it touches, what to save first, and what the evidence does not carry.

    \b
    Examples:
      seawall respond plan 3fa2 --case cases/chicago              look
      seawall respond plan 3fa2 --as a.lind --hours 2             ask for it
    """
    from seawall.cli.respond_output import show_plan
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.response import open_response, plan_incident

    clock = SystemClock()
    case = open_case(case_folder, clock, create=False)
    with open_response(case, clock, site_file) as opened:
        made, _ = plan_incident(opened, incident, requester=who, purpose=purpose or f"incident {incident}", hours=hours)
        if who:
            opened.register_has(who)
            opened.plans.keep(made)
        show_plan(opened, made, form)
    click.echo(
        f"kept as {made.id[:8]}; next: seawall respond approve {made.id[:8]} --as ID --key FILE"
        if who
        else "not kept, since nobody asks for it: add --as ID",
        err=True,
    )


@respond.command("show")
@click.argument("plan_id", metavar="PLAN")
@case_option
@lines_option
def show(plan_id: str, case_folder: Path, form: str) -> None:
    """Show a PLAN: the exact change of each action, its undo, who signed, and where it stands.

    \b
    Example:
      seawall respond show 51ab
    """
    from seawall.cli.respond_output import show_plan
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.response import open_response

    clock = SystemClock()
    with open_response(open_case(case_folder, clock, create=False), clock) as opened:
        show_plan(opened, opened.plans.find(plan_id), form)


@respond.command("status")
@case_option
@lines_option
def status(case_folder: Path, form: str) -> None:
    """List every action of every plan, and where it stands by the ledger.

    \b
    Example:
      seawall respond status --format jsonl
    """
    from seawall.cli.respond_output import show_status
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.response import open_response

    clock = SystemClock()
    with open_response(open_case(case_folder, clock, create=False), clock) as opened:
        show_status(opened, form)


for _command in (approve, apply, verify, undo, handover, playbook, standing, hold, stop, resume, reconcile, speaker):
    respond.add_command(_command)
