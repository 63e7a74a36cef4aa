"""`seawall share`: what others told us, and what we tell them, each under its marking."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from seawall.cli.options import case_option, site_option

if TYPE_CHECKING:
    from seawall.model.case import Case
    from seawall.sharing.parcel import Parcel

F = TypeVar("F", bound=Callable[..., Any])
FORMS = ("stix", "misp", "csv", "blocklist", "sigma", "ocsf", "package")
LIGHTS = ("clear", "green", "amber", "amber+strict", "red")
_FILE = click.Path(dir_okay=False, path_type=Path)
_THERE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def share() -> None:
    """Give and take intelligence: STIX, MISP, OCSF, CSV, Sigma, each under its marking; nothing leaves unseen.

    \b
    Examples:
      seawall share import advisory.json bad.csv      take it in, and hunt the lake for it
      seawall share preview --for peer                exactly what would leave
      seawall share export 3f2a --out bundle.json     for our own systems
      seawall share publish peer                      signed by two, sent, on record
    """


def wish_options(command: F) -> F:
    """What leaves, in which form, for whom."""
    for option in (
        click.option(
            "--profile", default="", help="What may be learnt of us: public, peer, agency, house, or your own."
        ),
        click.option("--clearance", type=click.Choice(LIGHTS), help="The receiver's. Default: as seawall.toml says."),
        click.option(
            "--tlp", type=click.Choice(LIGHTS), help="How what we make is marked. Default: as seawall.toml says."
        ),
        click.option(
            "--collection", "collections", multiple=True, help="Shared objects: e.g. in:peer. May be given again."
        ),
        click.option(
            "--format", "form", type=click.Choice(FORMS), default="stix", show_default=True, help="In which form."
        ),
    ):
        command = option(command)
    return case_option(site_option(command))


def for_option(command: F) -> F:
    """Who gets it."""
    return click.option(
        "--for", "receiver", default="", metavar="NAME", help="The receiver, as seawall.toml names them."
    )(command)


def packed(
    incidents: tuple[str, ...],
    form: str,
    collections: tuple[str, ...],
    receiver: str,
    tlp: str | None,
    clearance: str | None,
    profile: str,
    site_file: Path | None,
    case_folder: Path,
) -> tuple[Case, Parcel]:
    """The case, and the parcel of what was asked."""
    from seawall import pipeline
    from seawall.cli.report_options import clock_of, opened_case
    from seawall.pipeline.sharing import Wish, pack

    case = opened_case(case_folder)
    wish = Wish(form, incidents, collections, receiver, tlp or "", clearance or "", profile)
    return case, pack(case, wish, clock_of(), pipeline.case_site(case, site_file))


def tell(parcel: Parcel) -> None:
    """What leaves and what does not, on standard error."""
    from collections import Counter

    from seawall.reporting.text import safe_terminal

    def say(text: str) -> None:
        click.echo(safe_terminal(text), err=True)

    whom = parcel.receiver or "our own house"
    say(f"parcel {parcel.digest[:12]}: {parcel.form} for {whom}, cleared for {parcel.clearance.label}")
    say(f"  it is {parcel.light.label}, {len(parcel.objects):,} objects")
    for name, raw in parcel.files.items():
        if not name.startswith("proofs/"):
            say(f"  {name}: {len(raw):,} bytes")
    for kind, count in sorted(Counter(str(one["type"]) for one in parcel.objects).items()):
        say(f"  {count:,} {kind}")
    for light, count in sorted(Counter(light for _, light in parcel.kept_back).items()):
        say(f"kept back, {light}: {count:,} objects")
    for what, count in sorted(parcel.left_out.items()):
        say(f"left out, {what}: {count:,}") if count else None
    for what, count in sorted(parcel.replaced.items()):
        say(f"redacted, {what}: {count:,}")
    for why, count in sorted(Counter(why for _, why in parcel.lost).items()):
        say(f"lost in this format, {why}: {count:,}")
    for what, count in sorted(parcel.thinned.items()):
        say(f"lost in this format, property {what}: {count:,} objects")


@share.command("preview")
@click.argument("incidents", nargs=-1, metavar="[INCIDENT]...")
@for_option
@wish_options
def preview(incidents: tuple[str, ...], **asked: Any) -> None:
    """Show exactly what would leave, and what would not; send nothing.

    The very bytes go to standard output, what was kept back and redacted to standard error. The parcel is kept in the
    case under its digest: that is what two people sign, and what is sent.

    \b
    Examples:
      seawall share preview --for peer
      seawall share preview 3f2a --format misp --profile public --clearance green
    """
    import sys

    from seawall.pipeline.sharing import folder_of
    from seawall.sharing.parcel import keep

    case, parcel = packed(incidents, **asked)
    keep(parcel, folder_of(case))
    for name, raw in parcel.files.items():
        if len(parcel.files) > 1:
            sys.stdout.buffer.write(f"==> {name} <==\n".encode())
        sys.stdout.buffer.write(raw)
    sys.stdout.buffer.flush()
    tell(parcel)


@share.command("export")
@click.argument("incidents", nargs=-1, metavar="[INCIDENT]...")
@for_option
@wish_options
@click.option(
    "--out", type=click.Path(path_type=Path), help="File to write (package: a new folder). Default: print it."
)
@click.option("--parcel", "digest", default="", help="A parcel that was previewed, by its digest: exactly that.")
@click.option("--as", "who", metavar="ID", help="Who signs, where it is for somebody; see: seawall people list.")
@click.option("--key", "key_file", type=_THERE, help="Your private key file.")
@click.option("--purpose", default="", help="What it is for; stands under your signature.")
@click.option("--passphrase-file", type=_THERE, help="File that holds the key's passphrase.")
@click.option("--passphrase-fd", type=int, help="Open file descriptor to read the passphrase from.")
@click.option("--sign-only", type=_FILE, help="Let nothing go; write your signature into this file.")
@click.option("--signed", type=_THERE, help="A file another person signed with --sign-only.")
def export(incidents: tuple[str, ...], out: Path | None, digest: str, **asked: Any) -> None:
    """Write incidents and shared objects as STIX 2.1, MISP event, CSV, block list, Sigma rules, OCSF or package.

    Without INCIDENT or --collection: every incident. Without --for it is meant for our own systems. With --for it
    leaves the house, and two people sign for exactly these bytes: the first with --sign-only FILE, the second with
    --signed FILE. Everything written is on record in the ledger.

    \b
    Examples:
      seawall share export 3f2a --out bundle.json
      seawall share export --format blocklist --out block.txt
      seawall share export 3f2a --format package --profile agency --out package/
      seawall share export 3f2a --for cert --as a.lind --key a.key --purpose "duty to report" --sign-only r.json
      seawall share export 3f2a --for cert --as b.ray  --key b.key --signed r.json --out bundle.json
    """
    from seawall.cli.report_options import clock_of
    from seawall.cli.share_signing import released, take_signing
    from seawall.pipeline.sharing import record_shared

    signing = take_signing(asked)
    if digest or signing.signed is not None:
        from seawall.cli.share_signing import known_parcel

        case, parcel = known_parcel(asked["case_folder"], digest, signing)
    else:
        case, parcel = packed(incidents, **asked)
    tell(parcel)
    if parcel.receiver and not released(case, parcel, signing):
        return
    write(parcel, out)
    number = record_shared(case, parcel, clock_of())
    click.echo(f"on record as ledger entry {number}", err=True)


def write(parcel: Parcel, out: Path | None) -> None:
    """The files of a parcel, on disk or on standard output. Raises InputError if they cannot be written."""
    import sys

    from seawall.errors import InputError, UsageError

    try:
        if parcel.form == "package":
            if out is None:
                raise UsageError("a package is a folder", mend="name a new one with --out")
            if out.exists() and (not out.is_dir() or any(out.iterdir())):
                raise InputError("this folder holds other files", where=str(out), mend="name a new one")
            for name, raw in parcel.files.items():
                path = out / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(raw)
        elif out is None:
            for raw in parcel.files.values():
                sys.stdout.buffer.write(raw)
            sys.stdout.buffer.flush()
        else:
            out.write_bytes(b"".join(parcel.files.values()))
    except OSError as error:
        raise InputError(error.strerror or str(error), where=str(out), mend="name a place you may write") from error


def _add_others() -> None:
    from seawall.cli import share_in, share_out

    for command in (share_in.take_in, share_out.subscribe, share_out.publish, share_in.compare, share_in.show):
        share.add_command(command)


_add_others()
