"""Who signs, with which key, and how a decision travels between two people: --sign-only FILE, then --signed FILE."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from seawall.cli.passphrases import passphrase, passphrase_options

if TYPE_CHECKING:
    from seawall.people.decisions import Decision, Desk

F = TypeVar("F", bound=Callable[..., Any])
_FILE = click.Path(dir_okay=False, path_type=Path)
_THERE = click.Path(exists=True, dir_okay=False, path_type=Path)


@dataclass(frozen=True, slots=True)
class Signer:
    """What `signing_options` and `together_options` hand to a command, in one piece: `Signer(**options)`."""

    who: str
    key_file: Path
    purpose: str
    passphrase_file: Path | None
    passphrase_fd: int | None
    sign_only: Path | None = None
    signed: Path | None = None

    def secret(self) -> bytes:
        """The key's passphrase; asked for on the terminal unless a file or descriptor was named."""
        return passphrase(self.passphrase_file, self.passphrase_fd, f"the key of {self.who}")


def signing_options(command: F) -> F:
    """Who signs, with which key, and what for."""
    for option in (
        passphrase_options,
        click.option("--purpose", default="", help="What it is for; stands under your signature."),
        click.option("--key", "key_file", type=_THERE, required=True, help="Your private key file."),
        click.option("--as", "who", required=True, metavar="ID", help="Who signs; see: seawall people list."),
    ):
        command = option(command)
    return command


def together_options(command: F) -> F:
    """How a decision travels between two people."""
    command = click.option("--signed", type=_THERE, help="A file another person signed with --sign-only.")(command)
    return click.option("--sign-only", type=_FILE, help="Decide nothing; write your signature into this file.")(command)


def decide(
    desk: Desk,
    action: str,
    values: Mapping[str, str | int],
    signer: Signer,
    *,
    requester: str = "",
    secret: bytes | None = None,
) -> Decision:
    """Sign, and take the decision unless it is for the next person to sign. Returns it with its signatures.

    `requester`: who asks, where that is not the first who signs. Raises InputError where a signature is missing, or the
    file was signed for something else.
    """
    from seawall.people.decisions import begin, read_decision, same, signed_by
    from seawall.people.keys import open_key

    if signer.signed is not None:
        decision = read_decision(signer.signed)
        same(decision, action, values)
    else:
        decision = begin(action, values, requester or signer.who, signer.purpose)
    with open_key(signer.key_file, signer.secret() if secret is None else secret) as key:
        hours = desk.longest_h(action)
        decision = signed_by(decision, desk.case, signer.who, key, desk.clock.now(), hours)
    if signer.sign_only is None:
        desk.folder.parent.mkdir(mode=0o700, exist_ok=True)
        desk.take(decision)
    else:
        signer.sign_only.write_text(decision.text(), encoding="utf-8")
        signers = ", ".join(approval.approver for approval in decision.approvals)
        click.echo(f"{signer.sign_only}: signed by {signers}", err=True)
    return decision
