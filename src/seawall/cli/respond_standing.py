"""`seawall respond standing`: orders two people signed beforehand."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from seawall.cli.options import Moment, case_option, site_option
from seawall.cli.signing import Signer, decide, signing_options, together_options

_KEY = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.group()
def standing() -> None:
    """Blocks that may be applied unattended, within bounds two people signed beforehand."""


@standing.command("sign")
@click.option("--kind", required=True, help="Kind of block, e.g. nft_block.")
@click.option("--target", required=True, help="Where, as response.toml calls it.")
@click.option("--count", type=int, default=5, show_default=True, help="Blocks that may stand at a time.")
@click.option("--hours", type=float, default=1.0, show_default=True, help="How long each may stay.")
@click.option("--until", type=Moment(), required=True, help="When the order ends; UTC unless it names a zone.")
@click.option("--for", "requester", required=True, help="Who asks for the order; not one of those who sign.")
@signing_options
@together_options
@case_option
def sign_order(
    kind: str,
    target: str,
    count: int,
    hours: float,
    until: datetime,
    requester: str,
    case_folder: Path,
    **signer: Any,
) -> None:
    """Sign an order; the second of two signatures puts it in force.

    \b
    Example:
      seawall respond standing sign --kind nft_block --target fw1 --until 2026-12-01 --for a.lind \\
        --as b.ray --key b.key --purpose "nights" --sign-only order.json
    """
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.response import open_response
    from seawall.response.standing import RULE, values_of

    clock = SystemClock()
    with open_response(open_case(case_folder, clock, create=False), clock) as opened:
        values = values_of(kind, target, count, hours, until, clock.now())
        signed = Signer(**signer)
        decision = decide(opened.desk, RULE, values, signed, requester=requester)
        if signed.sign_only is None:
            click.echo(f"{decision.name[:8]}: in force until {until:%Y-%m-%d %H:%M} UTC", err=True)


@standing.command("list")
@case_option
def list_orders(case_folder: Path) -> None:
    """List the orders and their bounds.

    \b
    Example:
      seawall respond standing list
    """
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.response import open_response
    from seawall.reporting.text import safe_terminal
    from seawall.response.standing import orders

    clock = SystemClock()
    with open_response(open_case(case_folder, clock, create=False), clock) as opened:
        for order in orders(opened.desk):
            state = "in force" if clock.now() < order.until else "ended"
            what = f"{order.kind} on {safe_terminal(order.target)}, {order.count} at a time, {order.lasts_s / 3600:g} h"
            click.echo(f"{order.name[:8]} {state} until {order.until:%Y-%m-%d %H:%M} UTC: {what}")


@standing.command("run")
@click.argument("incident")
@site_option
@case_option
def run(incident: str, site_file: Path | None, case_folder: Path) -> None:
    """Plan an INCIDENT, apply what an order covers, and propose all else. For the service, or a timer.

    Acts only on two independent sources, one of them authenticated.

    \b
    Example:
      seawall respond standing run 3fa2
    """
    from seawall.errors import PeerError
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.response import open_response, plan_incident
    from seawall.reporting.text import safe_terminal
    from seawall.response.standing import act, orders
    from seawall.response.steps import Step

    clock = SystemClock()
    trouble = 0
    with open_response(open_case(case_folder, clock, create=False), clock, site_file, acting=True) as opened:
        found = list(orders(opened.desk))
        hours = max((order.lasts_s / 3_600 for order in found), default=opened.targets.hours)
        who = next((order.requester for order in found if clock.now() < order.until), "")
        plan, known = plan_incident(
            opened, incident, requester=who, purpose=f"incident {incident}", hours=min(hours, 24.0)
        )
        opened.plans.keep(plan)
        for outcome in act(opened.hands, plan, known, found):
            trouble += outcome.step in (Step.FAILED, Step.UNCLEAR)
            where = f"{outcome.action.kind} on {safe_terminal(outcome.action.target)}"
            click.echo(f"{outcome.action.id[:8]} {where}: {safe_terminal(outcome.said)}")
    click.echo(f"kept as {plan.id[:8]}", err=True)
    if trouble:
        raise PeerError(f"{trouble} blocks did not take", mend="see the lines above")
