"""`seawall backup` and `seawall restore`: a case in one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from seawall.cli.options import case_option
from seawall.cli.passphrases import passphrase, passphrase_options


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--with-keys", is_flag=True, help="Put private keys in too, sealed under a passphrase.")
@click.option("--verify", "only_check", is_flag=True, help="Check a backup that is there; write nothing.")
@passphrase_options
@case_option
def backup(
    file: Path,
    with_keys: bool,
    only_check: bool,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
    case_folder: Path,
) -> None:
    """Write everything a case is into one file, checked as it is written.

    State, ledger, lake, decisions and settings as of one moment, while the service runs. Private keys stay out unless
    --with-keys seals them under a passphrase; without them a restored case can be read and asked, and hunts again once
    its folder keys/ is put back from where you keep it. Nothing is ever overwritten.

    \b
    Examples:
      seawall backup /backup/seawall-monday.tar --case cases/live
      seawall backup /backup/seawall-monday.tar --with-keys
      seawall backup --verify /backup/seawall-monday.tar
    """
    from seawall import pipeline
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline import backup as backups

    if only_check:
        head = backups.verify(file)
        click.echo(f"{file}: whole; case {head['case']} of {head['made']}, {head['findings']:,} findings")
        return
    clock = SystemClock()
    case = open_case(case_folder, clock, create=False)
    secret = passphrase(passphrase_file, passphrase_fd, "the keys in this backup", twice=True) if with_keys else None
    made = backups.backup(case, pipeline.case_settings(case), file, clock, passphrase=secret)
    keys = "keys sealed in it" if made.keys else "without private keys"
    click.echo(
        f"{made.file}: {made.members:,} files, {made.bytes:,} bytes, {made.findings:,} findings, "
        f"{made.entries:,} entries of the ledger; {keys}"
    )


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@click.option("--without-keys", is_flag=True, help="Leave sealed keys in the backup.")
@click.option("--state-url", default="", help="env:NAME or file:PATH of an empty database that gets the state.")
@passphrase_options
@case_option
def restore(
    file: Path,
    without_keys: bool,
    state_url: str,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
    case_folder: Path,
) -> None:
    """Bring a case back from a backup, into a folder that is empty.

    Every byte is checked before the first is written; a folder or a database that holds something is left alone.

    \b
    Example:
      seawall restore /backup/seawall-monday.tar --case cases/restored
    """
    from seawall.model.settings import Secret
    from seawall.pipeline import backup as backups

    head = backups.verify(file)
    secret = None
    if head.get("keys") and not without_keys:
        secret = passphrase(passphrase_file, passphrase_fd, "the keys in this backup")
    url = Secret(state_url).reveal() if state_url else ""
    backups.restore(file, case_folder, passphrase=secret, url=url, without_keys=without_keys)
    click.echo(f"{case_folder}: case {head['case']} as of {head['made']}, {head['findings']:,} findings")
