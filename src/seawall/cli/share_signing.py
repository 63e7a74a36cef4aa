"""How two people let a parcel go: the first signs into a file, the second signs that file, and exactly that leaves."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seawall.errors import InputError, UsageError

if TYPE_CHECKING:
    from seawall.model.case import Case
    from seawall.sharing.parcel import Parcel


@dataclass(frozen=True, slots=True)
class Signing:
    """What the options of a release say; all may be absent where nothing leaves the house."""

    who: str | None
    key_file: Path | None
    purpose: str
    passphrase_file: Path | None
    passphrase_fd: int | None
    sign_only: Path | None
    signed: Path | None


def take_signing(asked: dict[str, Any]) -> Signing:
    """The options about signing, taken out of those of a command."""
    return Signing(**{name: asked.pop(name) for name in Signing.__dataclass_fields__})


def known_parcel(case_folder: Path, digest: str, signing: Signing) -> tuple[Case, Parcel]:
    """The parcel named by its digest, or by the file somebody signed."""
    from seawall.cli.report_options import opened_case
    from seawall.people.decisions import read_decision
    from seawall.pipeline.sharing import folder_of
    from seawall.sharing.parcel import find

    case = opened_case(case_folder)
    wanted = digest or str(read_decision(signing.signed).values.get("sha256", "")) if signing.signed else digest
    return case, find(folder_of(case), wanted)


def released(case: Case, parcel: Parcel, signing: Signing) -> bool:
    """Whether the parcel may go now: two people signed for exactly it. False after a first signature.

    Raises:
        UsageError: nobody signs. InputError: a signature does not count, or they are too few.
    """
    from seawall.cli.report_options import clock_of
    from seawall.cli.signing import Signer, decide
    from seawall.pipeline.sharing import folder_of, release_desk
    from seawall.sharing.parcel import RELEASE, keep

    if signing.who is None or signing.key_file is None:
        raise UsageError(
            f"what goes to {parcel.receiver} is signed by two people",
            mend="--as ID --key FILE --purpose TEXT --sign-only FILE; then another person with --signed FILE",
        )
    keep(parcel, folder_of(case))
    if signing.sign_only is None and signing.signed is None:
        raise InputError(
            "one of two signatures", mend="let the first person use --sign-only FILE, the second --signed FILE"
        )
    signer = Signer(
        signing.who,
        signing.key_file,
        signing.purpose,
        signing.passphrase_file,
        signing.passphrase_fd,
        signing.sign_only,
        signing.signed,
    )
    with release_desk(case, clock_of()) as desk:
        decide(desk, RELEASE, parcel.values, signer)
    if signing.sign_only is not None:
        click.echo(f"nothing left; another person: the same command with --signed {signing.sign_only}", err=True)
    return signing.sign_only is None
