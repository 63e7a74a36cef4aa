"""`seawall respond stop | resume | reconcile`: the kill switch, and order after a crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from seawall.cli.options import case_option
from seawall.cli.signing import Signer, decide, signing_options, together_options


@click.command()
@case_option
def stop(case_folder: Path) -> None:
    """Pull the kill switch: every block of ours goes from every target, and no action happens any more.

    Asks no database, ledger or plan, only response.toml. Eradications stay.

    \b
    Example:
      seawall respond stop --case cases/chicago
    """
    from seawall.errors import PeerError
    from seawall.model.clock import SystemClock
    from seawall.model.finding import utc_text
    from seawall.reporting.text import safe_terminal
    from seawall.response.channels.opening import block_channels
    from seawall.response.stopping import stop as pull
    from seawall.response.targets import NAME, load_targets

    targets = load_targets(case_folder / NAME)
    failed = 0
    for name, count, trouble in pull(case_folder / "response", block_channels(targets), utc_text(SystemClock().now())):
        failed += count is None
        click.echo(
            f"{safe_terminal(name)}: {f'{count} blocks removed' if count is not None else safe_terminal(trouble)}"
        )
    click.echo("stopped: no action is applied until two people sign: seawall respond resume", err=True)
    if failed:
        raise PeerError(f"{failed} targets did not answer", mend="remove the blocks there by hand")


@click.command()
@case_option
def reconcile(case_folder: Path) -> None:
    """Compare the ledger with the targets as they are: blocks that are over go, those that are due come back.

    Run it after a crash or a restart, and every minute by a timer. Eradications are only looked at.

    \b
    Example:
      seawall respond reconcile
    """
    from seawall.cli.respond_output import warn_of_damaged
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.response import open_response
    from seawall.reporting.text import safe_terminal
    from seawall.response.channels.opening import block_channels
    from seawall.response.reconcile import reconcile as compare

    clock = SystemClock()
    with open_response(open_case(case_folder, clock, create=False), clock, acting=True) as opened:
        channels = [channel for _, channel in block_channels(opened.targets)]
        for outcome in compare(opened.hands, opened.actions(), channels):
            click.echo(f"{outcome.action.id[:8]} {outcome.action.kind}: {safe_terminal(outcome.said)}")
        warn_of_damaged(opened)


@click.command()
@signing_options
@together_options
@case_option
def resume(
    case_folder: Path,
    **signer: Any,
) -> None:
    """Let actions happen again after the kill switch: two people sign.

    \b
    Example:
      seawall respond resume --as a.lind --key a.key --purpose "wrong list mended" --sign-only resume.json
      seawall respond resume --as b.ray --key b.key --signed resume.json
    """
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.response import FOLDER, open_response
    from seawall.response.stopping import MARK, RESUME
    from seawall.response.stopping import resume as take_away

    clock = SystemClock()
    case = open_case(case_folder, clock, create=False)
    with open_response(case, clock) as opened:
        mark = case.folder / FOLDER / MARK
        at = mark.read_text(encoding="utf-8").strip() if mark.exists() else ""
        signed = Signer(**signer)
        decide(opened.desk, RESUME, {"stopped": at}, signed)
        if signed.sign_only is None:
            take_away(case.folder / FOLDER)
            click.echo("resumed", err=True)
