"""`seawall respond stop | resume | reconcile`: the kill switch, and order after a crash."""

from __future__ import annotations

from pathlib import Path

import click

from seawall.cli.options import case_option


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
@click.option("--as", "who", required=True, help="Who signs.")
@click.option(
    "--key", "key_file", type=click.Path(dir_okay=False, exists=True, path_type=Path), required=True, help="Their key."
)
@click.option("--purpose", default="", help="Why actions may happen again.")
@click.option("--sign-only", type=click.Path(dir_okay=False, path_type=Path), help="Write the signed file for another.")
@click.option("--signed", type=click.Path(dir_okay=False, exists=True, path_type=Path), help="A file somebody signed.")
@click.option("--passphrase-file", type=click.Path(dir_okay=False, path_type=Path), help="Passphrase of the key.")
@click.option("--passphrase-fd", type=int, help="The same, from an open file descriptor.")
@case_option
def resume(
    who: str,
    key_file: Path,
    purpose: str,
    sign_only: Path | None,
    signed: Path | None,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
    case_folder: Path,
) -> None:
    """Let actions happen again after the kill switch: two people sign.

    \b
    Example:
      seawall respond resume --as a.lind --key a.key --purpose "wrong list mended" --sign-only resume.json
      seawall respond resume --as b.ray --key b.key --signed resume.json
    """
    from seawall.cli.respond_signing import decide
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
        decided = decide(
            opened, RESUME, {"stopped": at}, who, key_file, purpose, sign_only, signed, passphrase_file, passphrase_fd
        )
        if decided:
            take_away(case.folder / FOLDER)
            click.echo("resumed", err=True)
