"""`seawall share subscribe | publish`: other people's TAXII 2.1 servers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from seawall.cli.options import case_option, site_option
from seawall.cli.share import packed, tell, wish_options

_FILE = click.Path(dir_okay=False, path_type=Path)
_THERE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("subscribe")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--no-hunt", is_flag=True, help="Only take it in; the next hunt looks for it.")
@site_option
@case_option
def subscribe(sources: tuple[str, ...], no_hunt: bool, site_file: Path | None, case_folder: Path) -> None:
    """Ask SOURCES (TAXII 2.1 servers of seawall.toml) for what is new since last time, and hunt the lake for it.

    Where a poll stands is kept: one that breaks off goes on there, and nothing is taken twice. Run it from a timer.

    \b
    Example:
      seawall share subscribe cert
    """
    from seawall.cli.report_options import clock_of
    from seawall.cli.share_in import hunt_again
    from seawall.cli.share_in import tell as tell_taken
    from seawall.model.case import open_case
    from seawall.pipeline.sharing_taxii import poll

    clock = clock_of()
    case = open_case(case_folder, clock)
    new = 0
    for source in sources:
        done = poll(case, source, clock)
        tell_taken(done, source)
        new += done.indicators
    if new and not no_hunt:
        hunt_again(case, site_file)


@click.command("publish")
@click.argument("receiver")
@click.argument("incidents", nargs=-1, metavar="[INCIDENT]...")
@wish_options
@click.option("--parcel", "digest", default="", help="A parcel that was previewed, by its digest: exactly that.")
@click.option("--as", "who", metavar="ID", help="Who signs; see: seawall people list.")
@click.option("--key", "key_file", type=_THERE, help="Your private key file.")
@click.option("--purpose", default="", help="What it is for; stands under your signature.")
@click.option("--passphrase-file", type=_THERE, help="File that holds the key's passphrase.")
@click.option("--passphrase-fd", type=int, help="Open file descriptor to read the passphrase from.")
@click.option("--sign-only", type=_FILE, help="Let nothing go; write your signature into this file.")
@click.option("--signed", type=_THERE, help="A file another person signed with --sign-only.")
def publish(receiver: str, incidents: tuple[str, ...], digest: str, **asked: Any) -> None:
    """Send to RECEIVER's TAXII 2.1 collection, as seawall.toml names it, what two people signed for.

    The first person signs with --sign-only FILE, the second sends with --signed FILE: exactly the bytes that were
    previewed. TLP:RED never leaves by machine.

    \b
    Examples:
      seawall share publish peer 3f2a --as a.lind --key a.key --purpose "same intruder" --sign-only r.json
      seawall share publish peer      --as b.ray  --key b.key --signed r.json
      seawall share publish cert --collection for:cert --as a.lind --key a.key --purpose "seen here" --sign-only s.json
    """
    from seawall import pipeline
    from seawall.cli.report_options import clock_of
    from seawall.cli.share_signing import known_parcel, released, take_signing
    from seawall.errors import InputError, UsageError
    from seawall.pipeline.sharing import by_machine, receiver_of, record_shared
    from seawall.pipeline.sharing_taxii import send

    signing = take_signing(asked)
    asked["receiver"] = receiver
    if asked["form"] != "stix":
        raise UsageError("TAXII carries STIX", mend="leave --format out, or hand it over: seawall share export --for")
    if digest or signing.signed is not None:
        case, parcel = known_parcel(asked["case_folder"], digest, signing)
    else:
        case, parcel = packed(incidents, **asked)
    if parcel.receiver != receiver or parcel.form != "stix":
        raise InputError(
            f"that parcel is {parcel.form} for {parcel.receiver or 'our own house'}", mend="preview it again"
        )
    whom = receiver_of(pipeline.case_settings(case), receiver)
    by_machine(parcel)
    tell(parcel)
    if not released(case, parcel, signing):
        return
    number = record_shared(case, parcel, clock_of())
    click.echo(f"on record as ledger entry {number}", err=True)
    said = send(case, parcel, whom)
    click.echo(f"{receiver}: {said.successes:,} of {said.total:,} objects taken", err=True)
    for failure in list(said.failures)[:20]:
        click.echo(f"  refused {str(failure.get('id'))[:120]}", err=True)
    if said.successes < said.total:
        raise click.exceptions.Exit(5)
