"""`seawall incidents merge|split|suppress`: what people know better, signed, for a time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from seawall.cli.options import Moment, case_option, site_option
from seawall.cli.passphrases import passphrase, passphrase_options
from seawall.errors import InputError

if TYPE_CHECKING:
    from seawall.model.decision import Kind
    from seawall.model.incident import Incident

F = TypeVar("F", bound=Callable[..., Any])


def signing_options(command: F) -> F:
    """Who signs, with which key, why, and until when it holds."""
    for option in (
        click.option("--until", type=Moment(), required=True, help="Until when it holds; at most a year."),
        click.option("--purpose", required=True, help="Why; stands under your signature."),
        click.option(
            "--key",
            "key_file",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            required=True,
            help="Your private key file.",
        ),
        click.option("--as", "who", required=True, metavar="ID", help="Who signs; see: seawall people list."),
    ):
        command = option(command)
    return passphrase_options(case_option(site_option(command)))


@click.command("merge")
@click.argument("incident_ids", metavar="ID ID...", nargs=-1, required=True)
@signing_options
def merge(incident_ids: tuple[str, ...], **signed: Any) -> None:
    """Say that incidents are one, signed, for a time.

    \b
    Example:
      seawall incidents merge 5f2c 91ab --as a.lind --key a.lind.key --until 2026-12-31 --purpose "same tool, same hour"
    """
    if len(incident_ids) < 2:
        raise InputError("one incident is one already", where=incident_ids[0], mend="name two or more")

    def findings(known: list[Incident]) -> tuple[str, ...]:
        return tuple(_naming(known, one) for one in incident_ids)

    _decide("merge", findings, **signed)


@click.command("split")
@click.argument("incident_id", metavar="ID")
@click.argument("finding_ids", metavar="FINDING...", nargs=-1, required=True)
@signing_options
def split(incident_id: str, finding_ids: tuple[str, ...], **signed: Any) -> None:
    """Say that findings do not belong to an incident, signed, for a time; they stand for themselves.

    \b
    Example:
      seawall incidents split 5f2c 0b1d 77ac --as a.lind --key a.lind.key --until 2026-12-31 --purpose "our own test"
    """

    def findings(known: list[Incident]) -> tuple[str, ...]:
        held = _one(known, incident_id).findings
        found = [[name for name in held if name.startswith(wanted.lower())] for wanted in finding_ids]
        wrong = next((wanted for wanted, names in zip(finding_ids, found, strict=True) if len(names) != 1), None)
        if wrong is not None:
            raise InputError(
                "not one finding of that incident", where=wrong, mend=f"see: seawall incidents show {incident_id}"
            )
        return tuple(names[0] for names in found)

    _decide("split", findings, **signed)


@click.command("suppress")
@click.argument("incident_id", metavar="ID")
@signing_options
def suppress(incident_id: str, **signed: Any) -> None:
    """See an incident no more for a time, signed; --all lists it still, and it comes back by itself.

    \b
    Example:
      seawall incidents suppress 5f2c --as a.lind --key a.lind.key --until 2026-12-01 --purpose "known scanner"
    """
    _decide("suppress", lambda known: (_naming(known, incident_id),), **signed)


def _one(known: list[Incident], wanted: str) -> Incident:
    from seawall.model.incident import one_incident

    return one_incident(known, wanted)


def _naming(known: list[Incident], wanted: str) -> str:
    """The finding an incident is named after."""
    from seawall.model.incident import incident_id

    incident = _one(known, wanted)
    return next((name for name in incident.findings if incident_id(name) == incident.id), incident.findings[0])


def _decide(
    kind: Kind,
    chosen: Callable[[list[Incident]], tuple[str, ...]],
    *,
    who: str,
    key_file: Path,
    purpose: str,
    until: datetime,
    case_folder: Path,
    site_file: Path | None,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
) -> None:
    from seawall import pipeline
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.people.keys import open_key

    clock = SystemClock()
    case = open_case(case_folder, clock, create=False)
    with pipeline.case_state(case, pipeline.case_settings(case)) as state:
        before = state.incidents()
    wanted = pipeline.Wanted(kind, chosen(before), until, who, purpose)
    with open_key(key_file, passphrase(passphrase_file, passphrase_fd, f"the key of {who}")) as key:
        after = pipeline.decide(case, wanted, key, clock, pipeline.case_site(case, site_file))
    click.echo(f"{kind}: signed by {who}, holds until {until:%Y-%m-%d %H:%M} UTC; {len(after)} incidents now", err=True)
