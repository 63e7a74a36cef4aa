"""`seawall vault`: the one place that knows intercept target identifiers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seawall.cli.options import case_option
from seawall.cli.passphrases import passphrase, passphrase_options

if TYPE_CHECKING:
    from seawall.model.case import Case
    from seawall.vault.client import VaultClient


@click.group()
def vault() -> None:
    """Keep intercept target identifiers where only a signature shows one: serve the vault, unlock it, lock it."""


@vault.command("serve")
@click.option(
    "--lock-after",
    "lock_after_min",
    default=480.0,
    show_default=True,
    help="Minutes without a question after which it locks itself; 0: never.",
)
@case_option
def serve(lock_after_min: float, case_folder: Path) -> None:
    """Run the case's vault in this process, locked, until it is stopped.

    It listens on a socket in the case that only its own user may open. Start it under its own user where you can.

    \b
    Example:
      seawall vault serve --case cases/intercept &
      seawall vault unlock --case cases/intercept
    """
    import asyncio

    from seawall.ledger import open_ledger
    from seawall.model.clock import SystemClock
    from seawall.model.site import load_site
    from seawall.vault import protection
    from seawall.vault.server import Server, no_tracebacks
    from seawall.vault.service import Vault

    case = _case(case_folder)
    no_tracebacks()
    country = load_site(case.site_file).country if case.site_file.exists() else ""
    for state in (protection.no_dumps(), protection.no_swap()):
        for line in (*state.had, *(f"warning: {missing}" for missing in state.missing)):
            click.echo(f"vault: {line}", err=True)
    clock = SystemClock()
    with open_ledger(case, clock=clock) as ledger:
        server = Server(
            Vault(case, ledger, clock, country=country),
            case.vault_socket,
            lambda line: click.echo(line, err=True),
            lock_after_s=lock_after_min * 60,
        )
        asyncio.run(server.serve(lambda: click.echo(f"vault: locked, answers at {case.vault_socket}", err=True)))


@vault.command("unlock")
@passphrase_options
@case_option
def unlock(passphrase_file: Path | None, passphrase_fd: int | None, case_folder: Path) -> None:
    """Unlock the vault that is being served. The first time, this makes its key under a new passphrase.

    \b
    Examples:
      seawall vault unlock
      seawall vault unlock --passphrase-fd 3 3< <(systemd-ask-password)
    """
    client = _client(_case(case_folder))
    status = client.status()
    if not status["locked"]:
        click.echo("vault: it is open already, and no passphrase was looked at", err=True)
        return
    new = not status["key"]
    done = client.unlock(passphrase(passphrase_file, passphrase_fd, "the vault", twice=new))
    if done["made"]:
        click.echo(
            "vault: a new key was made; without its passphrase nothing it committed can be compared again", err=True
        )
    click.echo("vault: unlocked", err=True)


@vault.command("lock")
@case_option
def lock(case_folder: Path) -> None:
    """Lock the vault and wipe its keys from memory.

    \b
    Example:
      seawall vault lock --case cases/intercept
    """
    _client(_case(case_folder)).lock()
    click.echo("vault: locked", err=True)


@vault.command("show")
@click.argument("commitment")
@click.option("--as", "who", required=True, metavar="ID", help="Who signs; see: seawall people list.")
@click.option("--purpose", default="", help="What it is for; stands under your signature.")
@click.option("--key", "key_file", type=click.Path(dir_okay=False, path_type=Path), help="Your private key file.")
@click.option(
    "--source",
    "sources",
    multiple=True,
    type=click.Path(exists=True, path_type=Path),
    help="Where to look for the source if it was moved: a file or a folder.",
)
@click.option(
    "--sign-only",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Show nothing; put your signature into this file, beside those in it.",
)
@click.option(
    "--signed",
    "signed_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Signatures others put into a file with --sign-only.",
)
@passphrase_options
@case_option
def show(
    commitment: str,
    who: str,
    purpose: str,
    key_file: Path | None,
    sources: tuple[Path, ...],
    sign_only: Path | None,
    signed_file: Path | None,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
    case_folder: Path,
) -> None:
    """Show one identifier in clear, from the source it stands in.

    Needs a role, a purpose and a signature for this one identifier, and becomes an entry of the ledger. COMMITMENT is
    what stands in the lake, whole. Where the case's rule asks for two people, the first signs with --sign-only.

    \b
    Examples:
      seawall vault show mkalp… --as a.lind --key ~/a.lind.key --purpose "warrant W-7: which number was tapped"
      seawall vault show mkalp… --as a.lind --key ~/a.lind.key --purpose "review" --sign-only ask.json
      seawall vault show mkalp… --as b.ray  --key ~/b.ray.key --signed ask.json
    """
    from seawall.errors import UsageError
    from seawall.vault.commitments import SHAPE

    if not SHAPE.fullmatch(commitment):
        raise UsageError(
            "no whole commitment: it has 64 letters, and one signs for exactly one",
            mend='copy it from: seawall query "SELECT warrant_id, targets FROM warrants" --format jsonl',
        )
    case = _case(case_folder)
    signatures = _Signatures(case, commitment, signed_file or (sign_only if sign_only and sign_only.exists() else None))
    request = signatures.request(who, purpose)
    if key_file is not None:
        signatures.add(request, who, key_file, passphrase(passphrase_file, passphrase_fd, f"the key of {who}"))
    if sign_only is not None:
        signatures.write(sign_only)
        click.echo(f"{sign_only}: signed by {', '.join(signatures.approvers)}", err=True)
        return
    question = {
        "commitment": commitment,
        "action_id": request.action_id,
        "requester": request.requester,
        "purpose": request.purpose,
        "approvals": signatures.texts,
        "sources": [str(file) for path in sources for file in _files(path)],
    }
    shown = _client(case).show(question)
    click.echo(json.dumps(shown["shown"], ensure_ascii=True))
    click.echo(f"from {shown['path'] or 'a file'} with SHA-256 {shown['source']}, byte {shown['offset']}", err=True)


class _Signatures:
    """What is asked and who signed it, as it travels between people."""

    def __init__(self, case: Case, commitment: str, file: Path | None) -> None:
        from seawall.errors import InputError
        from seawall.people.approval import MAX_BYTES, read_approval

        self._case, self._commitment = case, commitment
        lines = file.read_text(encoding="utf-8")[: 9 * MAX_BYTES].splitlines() if file else []
        self._approvals = [read_approval(line, where=str(file)) for line in lines if line.strip()]
        if len({approval.request for approval in self._approvals}) > 1:
            raise InputError("signatures for different requests", where=str(file), mend="start a new file")

    def request(self, who: str, purpose: str) -> Any:
        """What is signed: the request the first signature stands under, or a new one."""
        import secrets

        from seawall.errors import UsageError
        from seawall.vault.showing import show_request

        if self._approvals:
            return self._approvals[0].request
        if not purpose.strip():
            raise UsageError("no purpose", mend="say what it is for with --purpose; it stands under your signature")
        return show_request(self._case.uuid, self._commitment, who, purpose, secrets.token_hex(16))

    def add(self, request: Any, who: str, key_file: Path, secret: bytes) -> None:
        """Sign."""
        from seawall.model.clock import SystemClock
        from seawall.people.approval import sign
        from seawall.people.keys import open_key

        with open_key(key_file, secret) as key:
            self._approvals.append(sign(request, who, key, SystemClock().now(), 1.0))

    @property
    def approvers(self) -> list[str]:
        """Who signed."""
        return [approval.approver for approval in self._approvals]

    @property
    def texts(self) -> list[str]:
        """The signatures as they travel."""
        return [approval.text() for approval in self._approvals]

    def write(self, path: Path) -> None:
        """Put them into a file."""
        path.write_text("".join(f"{text}\n" for text in self.texts), encoding="utf-8")


def _files(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())[:1_000]


def _case(folder: Path) -> Case:
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock

    return open_case(folder, SystemClock())


def _client(case: Case) -> VaultClient:
    from seawall.vault.client import VaultClient

    return VaultClient(case.vault_socket)
