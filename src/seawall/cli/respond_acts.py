"""`seawall respond approve | apply | verify | undo`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seawall.cli.options import case_option, site_option
from seawall.cli.passphrases import passphrase, passphrase_options

if TYPE_CHECKING:
    from seawall.pipeline.response import Response
    from seawall.response.execute import Outcome
    from seawall.response.plans import Plan

_KEY = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.command()
@click.argument("plan_id", metavar="PLAN")
@click.argument("actions", nargs=-1, metavar="[ACTION]...")
@click.option("--as", "who", required=True, help="Who signs.")
@click.option("--key", "key_file", type=_KEY, required=True, help="Their private key file.")
@click.option("--for-undo", is_flag=True, help="Sign for undoing eradications, not for applying.")
@click.option("--hours", type=click.FloatRange(0, 24, min_open=True), default=4.0, show_default=True, help="Validity.")
@passphrase_options
@case_option
def approve(
    plan_id: str,
    actions: tuple[str, ...],
    who: str,
    key_file: Path,
    for_undo: bool,
    hours: float,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
    case_folder: Path,
) -> None:
    """Sign for the exact changes of a PLAN, or of the ACTIONs named. Show it first.

    A signature stands for these letters and no others: any change of a plan voids it. It ends after some hours. The
    requester's own signature does not count, and neither does a second one by the same person.

    \b
    Examples:
      seawall respond approve 51ab --as b.ray --key ~/.config/seawall/b.ray.key
      seawall respond approve 51ab 0c9e --as c.sol --key c.sol.key --for-undo
    """
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.people.keys import open_key
    from seawall.pipeline.response import open_response
    from seawall.response.execute import UNDO
    from seawall.response.plans import cut_to

    clock = SystemClock()
    secret = passphrase(passphrase_file, passphrase_fd, f"the key of {who}")
    with open_response(open_case(case_folder, clock, create=False), clock) as opened, open_key(key_file, secret) as key:
        plan = cut_to(opened.plans.find(plan_id), actions)
        for action in plan.actions:
            if action.lasting == "ask" or (for_undo and action.lasting != "eradication"):
                continue
            count = opened.sign(plan, action, who, key, hours, UNDO if for_undo else "")
            click.echo(f"{action.id[:8]} {action.kind}: {len(count.approvers)} of {count.needed} signatures")


@click.command()
@click.argument("plan_id", metavar="PLAN")
@click.argument("actions", nargs=-1, metavar="[ACTION]...")
@click.option("--commit", is_flag=True, help="Do it. Without it, say what would be done and what forbids it.")
@site_option
@case_option
def apply(plan_id: str, actions: tuple[str, ...], commit: bool, site_file: Path | None, case_folder: Path) -> None:
    """Apply a PLAN, or the ACTIONs named, in order; each is read back. Without --commit nothing changes.

    Stops at the first action that does not take. Leaves with 5 if one was refused or did not take.

    \b
    Examples:
      seawall respond apply 51ab               dry run
      seawall respond apply 51ab --commit
    """
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.acting import apply_in_order
    from seawall.pipeline.response import open_response
    from seawall.reporting.text import safe_terminal
    from seawall.response.plans import cut_to

    clock = SystemClock()
    with open_response(open_case(case_folder, clock, create=False), clock, site_file, acting=commit) as opened:
        plan = cut_to(opened.plans.find(plan_id), actions)
        if not commit:
            _rehearse(opened, plan)
            return
        every = []
        for done in apply_in_order(opened, plan, plan.actions):
            every.append(done)
            action = done.action
            if done.outcome:
                _tell(done.outcome)
            elif done.left == "person":
                click.echo(f"{action.id[:8]} {action.kind}: for a person: {safe_terminal(action.do.strip())}")
            elif done.left == "package":
                where = f"{action.kind} on {safe_terminal(action.target)}"
                click.echo(f"{action.id[:8]} {where}: by a package: seawall respond handover {plan.id[:8]}")
            else:  # told, so that nobody takes half a plan for a whole one
                click.echo(f"{action.id[:8]} {action.kind}: not tried, since one above did not happen")
    if any(done.left == "stopped" for done in every):
        click.echo(
            f"to go on without it, name the others: seawall respond apply {plan.id[:8]} ACTION … --commit", err=True
        )
    _leave([done.outcome for done in every if done.outcome])


def _rehearse(opened: Response, plan: Plan) -> None:
    from seawall.reporting.text import safe_terminal

    for action in plan.actions:
        if action.lasting == "ask":
            continue
        why = opened.hands.refusals(plan, action)
        if opened.hands.channel(action) is None:
            why.append("no direct way to it: hand it over (seawall respond handover)")
        click.echo(f"{action.id[:8]} {action.kind} on {safe_terminal(action.target)}: would " + (
            f"not be applied: {safe_terminal('; '.join(why))}" if why else "be applied:"
        ))  # fmt: skip
        for line in action.do.splitlines():
            click.echo(f"    {safe_terminal(line)}")
    click.echo("dry run: nothing was changed; --commit does it", err=True)


@click.command()
@click.argument("plan_id", metavar="PLAN")
@click.argument("actions", nargs=-1, metavar="[ACTION]...")
@case_option
def verify(plan_id: str, actions: tuple[str, ...], case_folder: Path) -> None:
    """Read back from the targets whether the actions of a PLAN stand, and in flows whether what they stop goes on.

    Changes nothing on the targets: a block without effect is told, never taken back by itself.

    \b
    Example:
      seawall respond verify 51ab
    """
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.acting import read_back
    from seawall.pipeline.response import open_response
    from seawall.reporting.text import safe_terminal
    from seawall.response.plans import cut_to

    clock = SystemClock()
    with open_response(open_case(case_folder, clock, create=False), clock) as opened:
        for done in read_back(opened, cut_to(opened.plans.find(plan_id), actions).actions):
            if done.outcome:
                _tell(done.outcome)
            if done.more:
                click.echo(f"         {safe_terminal(done.more)}")


@click.command()
@click.argument("plan_id", metavar="PLAN")
@click.argument("actions", nargs=-1, metavar="[ACTION]...")
@click.option("--as", "who", help="Who ends blocks before their time.")
@click.option("--key", "key_file", type=_KEY, help="Their private key file.")
@click.option("--commit", is_flag=True, help="Do it. Without it, say what would be taken back.")
@passphrase_options
@case_option
def undo(
    plan_id: str,
    actions: tuple[str, ...],
    who: str | None,
    key_file: Path | None,
    commit: bool,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
    case_folder: Path,
) -> None:
    """Take the actions of a PLAN back, last one first, unless somebody else changed the object since.

    One signature ends a block. An eradication needs two fresh ones: seawall respond approve PLAN --for-undo.

    \b
    Example:
      seawall respond undo 51ab --as b.ray --key b.ray.key --commit
    """
    from seawall.errors import UsageError
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.people.keys import open_key
    from seawall.pipeline.acting import take_back
    from seawall.pipeline.response import open_response
    from seawall.reporting.text import safe_terminal
    from seawall.response.execute import LIFT
    from seawall.response.plans import cut_to

    if bool(who) != bool(key_file):
        raise UsageError("--as and --key go together", mend="give both: who ends the block, and their key")
    clock = SystemClock()
    with open_response(open_case(case_folder, clock, create=False), clock, acting=commit) as opened:
        plan = cut_to(opened.plans.find(plan_id), actions)
        backwards = [action for action in reversed(plan.actions) if action.lasting != "ask"]
        if not commit:
            for action in backwards:
                click.echo(f"{action.id[:8]} {action.kind} on {safe_terminal(action.target)}: would be taken back:")
                click.echo("".join(f"    {safe_terminal(line)}\n" for line in action.undo.splitlines()), nl=False)
            click.echo("dry run: nothing was changed; --commit does it", err=True)
            return
        if who and key_file:
            with open_key(key_file, passphrase(passphrase_file, passphrase_fd, f"the key of {who}")) as key:
                for action in backwards:
                    if action.lasting == "block" and opened.hands.unsigned(plan, action, LIFT):
                        opened.sign(plan, action, who, key, 1.0, LIFT)
        outcomes = [done.outcome for done in take_back(opened, plan, plan.actions) if done.outcome]
    for outcome in outcomes:
        _tell(outcome)
    _leave(outcomes)


def _tell(outcome: Outcome) -> None:
    from seawall.reporting.text import safe_terminal

    action = outcome.action
    click.echo(f"{action.id[:8]} {action.kind} on {safe_terminal(action.target)}: {safe_terminal(outcome.said)}")


def _leave(outcomes: list[Outcome]) -> None:
    from seawall.errors import PeerError

    failed = sum(outcome.failed for outcome in outcomes)
    if failed:
        raise PeerError(f"{failed} of {len(outcomes)} actions did not happen", mend="see the lines above")
