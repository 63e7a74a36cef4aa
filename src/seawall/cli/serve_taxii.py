"""The TAXII server as `seawall serve --taxii-only` and the service run it, and what its settings file needs."""

from __future__ import annotations

import sys
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seawall.errors import InputError, UsageError

if TYPE_CHECKING:
    from seawall.model.case import Case
    from seawall.model.settings import Settings
    from seawall.model.taxii import TaxiiSettings


def run(config: Path | None, case: Case) -> None:
    """Serve the collections of `[taxii]` in `config`, else in the case's own settings, until told to end.

    Objects are kept in the case's state database, and every page that leaves is an entry of its ledger.

    Raises:
        InputError: the settings contradict themselves, or the address cannot be listened at.
    """
    _needed()
    from seawall.ledger import open_ledger
    from seawall.model.clock import SystemClock
    from seawall.model.settings import load_settings
    from seawall.model.taxii import address_of, check
    from seawall.sharing.taxii.listening import bound, listen
    from seawall.sharing.taxii.releases import recorded
    from seawall.sharing.taxii.server import build
    from seawall.sharing.taxii.store import Store
    from seawall.state import open_engine

    path = config or case.settings_file
    settings, clock = load_settings(path), SystemClock()
    taxii = check(settings.taxii, where=str(path))
    host, port = address_of(taxii, where=str(path))
    if not (taxii.users and taxii.collections):
        raise InputError(
            "no TAXII users or collections", where=str(path), mend="begin with: seawall taxii example > taxii.toml"
        )
    certificate, key = (Path(name) if name else None for name in (taxii.certificate, taxii.certificate_key))
    engine = open_engine(_database(settings, case), pool_size=10, max_overflow=40)
    try:
        with open_ledger(case, clock=clock) as ledger, bound(host, port) as listener:
            app = build(taxii, Store(engine, clock), clock, released=recorded(ledger))
            address = f"{'https' if certificate else 'http'}://{_shown(*listener.getsockname()[:2])}/taxii2/"
            listen(app, listener, certificate=certificate, key=key, ready=lambda: _say(address, taxii))
    finally:
        engine.dispose()


def _say(address: str, taxii: TaxiiSettings) -> None:
    click.echo(f"taxii: {len(taxii.collections)} collections for {len(taxii.users)} users at {address}", err=True)


def _database(settings: Settings, case: Case) -> str:
    from seawall.model.settings import Secret

    return Secret(settings.state.url).reveal() if settings.state.url else case.state_url


def _shown(host: str, port: int) -> str:
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _needed() -> None:
    try:
        import fastapi  # noqa: F401 - asked for only
        import uvicorn  # noqa: F401
    except ModuleNotFoundError as error:
        raise InputError(
            f"{error.name} is not installed", mend="make extras, or pip install 'seawall[sharing]'"
        ) from None


@click.group()
def taxii() -> None:
    """Prepare a TAXII server: an example to start from, passwords, tokens. It runs with `seawall serve`."""


@taxii.command("example")
def example() -> None:
    """Print settings with three collections (read-write, read-only, write-only) and test users, ready to run.

    \b
    Example:
      seawall taxii example > taxii.toml
      seawall serve --taxii-only --config taxii.toml --case cases/exchange
    """
    text = resources.files("seawall").joinpath("content", "examples", "taxii.toml").read_text(encoding="utf-8")
    click.echo(text, nl=False)


@taxii.command("password")
@click.option("--stdin", "from_stdin", is_flag=True, help="Read it from standard input instead of asking twice.")
def password(from_stdin: bool) -> None:
    """Turn a password into the `password_hash` of a user.

    \b
    Example:
      seawall taxii password --stdin < password.txt
    """
    from seawall.sharing.taxii.callers import hash_password

    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    else:
        given = str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    if len(given) < 8:
        raise UsageError("a password of fewer than 8 characters", mend="choose a longer one")
    click.echo(f'password_hash = "{hash_password(given)}"')


@taxii.command("token")
def token() -> None:
    """Make a bearer token, and the `token_hash` of its user.

    \b
    Example:
      seawall taxii token
    """
    import secrets

    from seawall.sharing.taxii.callers import hash_token

    made = secrets.token_urlsafe(32)
    click.echo(f"# for the user, shown this once: {made}", err=True)
    click.echo(f'token_hash = "{hash_token(made)}"')
