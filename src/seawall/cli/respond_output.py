"""How plans and where they stand are printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from seawall.model.action import Action
    from seawall.pipeline.response import Response
    from seawall.response.plans import Plan


def show_plan(opened: Response, plan: Plan, form: str) -> None:
    """A plan whole: for people as text, for programs one action a line."""
    from seawall.cli import output
    from seawall.reporting.text import safe_terminal

    rows = [_row(opened, plan, action) for action in plan.actions]
    if form == "jsonl":
        output.write_lines(rows)
        return
    purpose = safe_terminal(plan.purpose)
    click.echo(f"{plan.id[:8]}  {safe_terminal(plan.title)}")
    by = plan.requester or "nobody yet"
    click.echo(f"made {plan.made[:16].replace('T', ' ')} UTC by {by} for: {purpose}")
    if plan.exercise:
        click.echo("EXERCISE: this plan never acts")
    for note in plan.notes:
        click.echo(f"note: {safe_terminal(note)}")
    for number, (action, row) in enumerate(zip(plan.actions, rows, strict=True), 1):
        click.echo("")
        click.echo("\n".join(safe_terminal(line) for line in _told(number, action, row)))


def _told(number: int, action: Action, row: dict[str, Any]) -> list[str]:
    from seawall.response.actions import kind_of

    stays = (
        f"for {action.lasts_s / 3600:g} h"
        if action.lasts_s
        else {"eradication": "stays", "ask": "a person does it"}[action.lasting]
    )
    lines = [f"{number}. {kind_of(action.kind).title} on {action.target}   [{action.id[:8]}, {stays}, {row['stands']}]"]
    lines.append(f"   why: {action.reason[:500]}")
    lines += [f"   + {line}" for line in action.do.splitlines()]
    lines += [f"   undo {line}" for line in action.undo.splitlines()]
    if action.lasting != "ask":
        lines.append(f"   verify: {action.verify}")
    lines += [f"   doubt: {doubt}" for doubt in action.doubts]
    if action.collateral:
        lines.append(f"   touches: {action.collateral}")
    lines += [f"   save first: {what}" for what in action.save_first]
    if row["missing"]:
        lines.append(f"   signatures: {row['missing']}")
    return lines


def _row(opened: Response, plan: Plan, action: Action) -> dict[str, Any]:
    from seawall.model.action import action_to_dict
    from seawall.response.steps import stand_of

    stand = stand_of(opened.ledger, action.id)
    missing = "" if action.lasting == "ask" or not plan.requester else opened.hands.unsigned(plan, action)
    return {
        "plan": plan.id,
        **action_to_dict(action),
        "stands": stand.step.value if stand else "planned",
        "applied": stand.applied if stand else None,
        "expires": stand.expires if stand else None,
        "missing": missing,
    }


def warn_of_damaged(opened: Response) -> None:
    """Name plans nobody can read, on standard error: what they hold is neither told nor settled."""
    from seawall.reporting.text import safe_terminal

    for error in opened.plans.damaged():
        click.echo(safe_terminal(f"left out, and what it holds left as it is: {error}"), err=True)


def show_status(opened: Response, form: str) -> None:
    """Every action and where it stands."""
    from seawall.cli import output
    from seawall.reporting.text import safe_terminal

    warn_of_damaged(opened)
    rows = [_row(opened, plan, action) for plan in opened.plans.all() for action in plan.actions]
    if form == "jsonl":
        output.write_lines(rows)
        return
    for row in rows:
        until = row["expires"] if row["stands"] in ("verified", "applied", "unclear") else None
        stands = row["stands"] + (f" until {until:%Y-%m-%d %H:%M} UTC" if until else "")
        where = f"{row['kind']} on {safe_terminal(row['target'])}"
        click.echo(f"{row['plan'][:8]} {row['id'][:8]} {stands:<36} {where}")
    if not rows:
        click.echo("no plan in this case: seawall respond plan INCIDENT --as ID", err=True)
