"""`seawall people`: who may sign."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from seawall.cli.options import Moment, case_option, lines_option
from seawall.cli.passphrases import passphrase, passphrase_options


@click.group()
def people() -> None:
    """Say who may sign approvals: add people, list them, revoke their keys."""


@people.command("add")
@click.argument("id_", metavar="ID")
@click.option("--name", default="", help="The person's name, for people to read. Stays in people.toml.")
@click.option("--role", "roles", multiple=True, help="A role, e.g. intercept-officer. May be given again.")
@click.option(
    "--key",
    "key_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="New file for the private key, sealed with a passphrase. It belongs to the person, outside every case.",
)
@click.option("--public", help="Public key of a pair the person made elsewhere (ed25519:…); then no key is made here.")
@passphrase_options
@case_option
def add(
    id_: str,
    name: str,
    roles: tuple[str, ...],
    key_file: Path | None,
    public: str | None,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
    case_folder: Path,
) -> None:
    """Add a person who may sign, or a new key for one whose old key is revoked.

    Makes a key pair: the private half goes into the person's own --key file (mode 0600, under a passphrase), the
    public half into the case's people.toml, and the change into the ledger.

    \b
    Examples:
      seawall people add a.lind --name "Ana Lind" --role intercept-officer --key ~/.config/seawall/a.lind.key
      seawall people add b.ray --role network-engineer --public ed25519:…
    """
    from seawall.errors import UsageError
    from seawall.ledger import open_ledger
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.people import changes
    from seawall.people.keys import check_public, make_key

    if (key_file is None) == (public is None):
        raise UsageError(
            "either --key or --public", mend="--key FILE makes a key pair, --public takes one made elsewhere"
        )
    clock = SystemClock()
    case = open_case(case_folder, clock)
    with open_ledger(case, clock=clock) as ledger:
        register = changes.read_register(case.people_file, ledger)  # refuse before a key is made for nothing
        register.check_new(id_, clock.now())
        if key_file is not None:
            secret = passphrase(passphrase_file, passphrase_fd, f"the new key of {id_}", twice=True)
            public = make_key(key_file, secret)
            click.echo(f"{key_file}: private key written; keep it with the person, it is nowhere else", err=True)
        assert public is not None
        public = check_public(public, where="--public")
        changes.add(case.people_file, ledger, clock, id_=id_, name=name, roles=roles, public=public)
    click.echo(f"{id_} {public}")


@people.command("list")
@case_option
@lines_option
def list_people(case_folder: Path, form: str) -> None:
    """List who may sign, with roles, keys and their times.

    \b
    Example:
      seawall people list --case cases/chicago
    """
    import sys

    from seawall.cli import output
    from seawall.ledger import open_ledger
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.people.changes import read_register

    clock = SystemClock()
    case = open_case(case_folder, clock, create=False)
    with open_ledger(case, clock=clock) as ledger:
        register = read_register(case.people_file, ledger)
    rows = [
        {"id": p.id, "name": p.name, "roles": list(p.roles), "public": k.public, "added": k.added, "revoked": k.revoked}
        for p in register.people
        for k in p.keys
    ]
    if form == "jsonl":
        output.write_lines(rows)
        return
    from rich.table import Table
    from rich.text import Text

    from seawall.reporting.terminal import console_for
    from seawall.reporting.text import safe_terminal

    table = Table(box=None, pad_edge=False)
    for title in ("id", "name", "roles", "key", "added", "revoked"):
        table.add_column(title)
    for person in register.people:
        for key in person.keys:
            revoked = f"{key.revoked:%Y-%m-%d %H:%M} UTC" if key.revoked else ""
            cells = (
                person.id,
                person.name,
                ", ".join(person.roles),
                f"{key.public[:20]}…",
                f"{key.added:%Y-%m-%d %H:%M} UTC",
                revoked,
            )
            table.add_row(*(Text(safe_terminal(cell)) for cell in cells))
    console_for(sys.stdout).print(table)


@people.command("revoke")
@click.argument("id_", metavar="ID")
@click.option("--from", "since", type=Moment(), help="From when on signatures no longer count; default: now.")
@case_option
def revoke(id_: str, since: datetime | None, case_folder: Path) -> None:
    """Revoke every key of a person. What they signed before that moment stays valid.

    \b
    Example:
      seawall people revoke a.lind --from 2026-11-20T08:00Z     the key was stolen then
    """
    from seawall.ledger import open_ledger
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.people import changes

    clock = SystemClock()
    case = open_case(case_folder, clock, create=False)
    moment = since or clock.now()
    with open_ledger(case, clock=clock) as ledger:
        changes.revoke(case.people_file, ledger, id_=id_, at=moment)
    click.echo(f"{id_}: revoked from {moment:%Y-%m-%d %H:%M:%S} UTC on", err=True)


@people.command("accept")
@click.argument("offer", metavar="OFFER")
@click.option("--as", "who", required=True, metavar="ID", help="Who signs; see: seawall people list.")
@click.option(
    "--key",
    "key_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    required=True,
    help="Their private key file.",
)
@passphrase_options
@case_option
def accept(
    offer: str, who: str, key_file: Path, passphrase_file: Path | None, passphrase_fd: int | None, case_folder: Path
) -> None:
    """Sign off a security key that somebody registered in the console (see there: Your account).

    One's own takes one signature, with a key one has already; anybody else's takes two people, who run this one after
    the other. Compare its fingerprint with what the console showed its owner.

    \b
    Example:
      seawall people accept 3f0a --as a.lind --key a.lind.key
    """
    from seawall.ledger import open_ledger
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.people import tokens
    from seawall.people.changes import read_register
    from seawall.people.decisions import Desk
    from seawall.people.keys import open_key

    clock = SystemClock()
    case = open_case(case_folder, clock, create=False)
    offered = tokens.find(case.folder / tokens.FOLDER, offer)
    secret = passphrase(passphrase_file, passphrase_fd, f"the key of {who}")
    with open_ledger(case, clock=clock) as ledger, open_key(key_file, secret) as key:
        register = read_register(case.people_file, ledger)
        desk = Desk(case.uuid, case.folder / "decisions", register, ledger, clock)
        done = tokens.sign_off(desk, case.people_file, offered, who, key)
    what = "counts from now on" if done.counts else "1 of 2 signatures; another person signs with the same command"
    click.echo(f"security key {tokens.fingerprint(offered)} of {done.person}: {what}", err=True)


@people.command("rule")
@click.argument("kind")
@click.option("--approvers", type=click.IntRange(1, 9), default=2, show_default=True, help="How many different people.")
@click.option("--requester-may-approve", is_flag=True, help="Whoever asks may be one of them.")
@click.option("--role", "roles", multiple=True, help="Each of them has one of these roles. May be given again.")
@click.option(
    "--longest-hours", type=click.FloatRange(0, 8784, min_open=True), default=24.0, show_default=True, help="Validity."
)
@case_option
def rule(
    kind: str,
    approvers: int,
    requester_may_approve: bool,
    roles: tuple[str, ...],
    longest_hours: float,
    case_folder: Path,
) -> None:
    """Say what a KIND of action needs in this case, before the first person is added.

    \b
    Example:
      seawall people rule vault.show --approvers 2 --role intercept-officer --longest-hours 1
    """
    from seawall.ledger import open_ledger
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.people import changes
    from seawall.people.rules import Rule

    clock = SystemClock()
    case = open_case(case_folder, clock)
    asked = Rule(approvers, requester_may_approve, roles, longest_hours)
    with open_ledger(case, clock=clock) as ledger:
        changes.set_rule(case.people_file, ledger, kind, asked)
    whose = "the requester among them" if requester_may_approve else "none of them the requester"
    click.echo(f"{kind}: {approvers} different people, {whose}", err=True)
