"""`seawall ledger`: the record nobody can rewrite unseen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seawall.cli.options import case_option, lines_option

if TYPE_CHECKING:
    from seawall.ledger.cosigning import Heard
    from seawall.ledger.verifying import Check
    from seawall.model.case import Case


@click.group()
def ledger() -> None:
    """Verify the record nobody can rewrite, and prove what stands in it."""


@ledger.command("verify")
@case_option
@click.option(
    "--checkpoint",
    "kept",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A checkpoint kept elsewhere: the ledger must still begin with it. May be given again.",
)
@click.option("--ask", is_flag=True, help="Also ask the witnesses what they last saw.")
@lines_option
def verify_ledger(case_folder: Path, kept: tuple[Path, ...], ask: bool, form: str) -> None:
    """Read the whole ledger without believing any of it, and say what holds.

    Exits 3 if something does not. Writes nothing, so it works on a copy too. What it cannot see alone: a history
    written anew from the start with the case's own key. For that keep a checkpoint elsewhere, or have a witness.

    \b
    Examples:
      seawall ledger verify --case cases/chicago
      seawall ledger verify --checkpoint from-last-month --ask
    """
    from seawall.ledger.heads import read_heads
    from seawall.ledger.policy import load_policy
    from seawall.ledger.verifying import Check, verify

    case = _case(case_folder)
    policy, heads = load_policy(case.witness_policy), read_heads(case.ledger, case.origin)
    others = [(path.name, path.read_bytes()) for path in kept]
    checks = list(verify(case.ledger, heads, policy, key_file=case.ledger_key, kept=others))
    if ask and all(check.verdict != "bad" for check in checks):
        checks += [Check(h.witness.name, "bad" if h.alarm else "good", h.said) for h in _compared(case)]
    _show(_check_row(check) for check in checks) if form == "table" else _lines(_check_row(check) for check in checks)
    if any(check.verdict == "bad" for check in checks):
        raise click.exceptions.Exit(3)


@ledger.command("prove")
@click.argument("finding_id", metavar="FINDING")
@case_option
@click.option(
    "--out", "folder", type=click.Path(file_okay=False, path_type=Path), help="New folder. Default: proof-<finding>."
)
@lines_option
def prove(finding_id: str, case_folder: Path, folder: Path | None, form: str) -> None:
    """Write a bundle by which a stranger checks a finding, with Python alone and no network.

    The bundle holds the finding with its excerpts, its ledger entry, the proof that the entry stands in the ledger, the
    signed checkpoint with the witnesses' signatures, and the custody of the files the evidence came from. FINDING may
    be the first letters of an id. The stranger runs docs/how-to/verify_proof.py.

    \b
    Examples:
      seawall ledger prove 5f2c19 --out for-the-court
      python3 verify_proof.py for-the-court keys-they-were-given.policy
    """
    from seawall import pipeline
    from seawall.model.clock import SystemClock

    folder = folder or Path(f"proof-{''.join(c for c in finding_id if c.isalnum())[:16]}")
    bundle = pipeline.prove(_case(case_folder), finding_id, folder, SystemClock())
    row: dict[str, Any] = {
        "bundle": str(bundle.folder),
        "entry": bundle.index,
        "entries": bundle.size,
        "witnesses": list(bundle.witnesses),
        "custody": bundle.custody,
    }
    if form == "jsonl":
        _lines([row])
        return
    by = ", ".join(bundle.witnesses) or "no witness: it rests on the case's own key"
    click.echo(
        f"{bundle.folder}: entry {bundle.index} of {bundle.size}, signed by {by}; {bundle.custody} files of evidence"
    )
    click.echo("try: python3 docs/how-to/verify_proof.py " + str(bundle.folder), err=True)


@ledger.command("checkpoint")
@case_option
@click.option("--cosign", is_flag=True, help="Have the witnesses of the case sign it.")
@click.option("--rebuild", is_flag=True, help="Derive tiles and index again from the journal first.")
@lines_option
def checkpoint(case_folder: Path, cosign: bool, rebuild: bool, form: str) -> None:
    """Publish a signed checkpoint over everything in the ledger, and print it.

    Whoever keeps the printed text can show later that history was changed. With --cosign each witness of
    `witnesses.policy` is asked to sign; exits 5 if too few do, 3 if one saw another history.

    \b
    Examples:
      seawall ledger checkpoint > kept-in-the-safe
      seawall ledger checkpoint --cosign
    """
    from seawall.ledger import open_ledger
    from seawall.ledger.cosigning import cosign as ask_all
    from seawall.ledger.policy import load_policy

    case = _case(case_folder)
    policy = load_policy(case.witness_policy)
    with open_ledger(case) as book:
        published = book.rebuild() if rebuild else book.publish()
        heard = list(ask_all(book, policy)) if cosign else []
        cosigned = book.heads.cosigned()
        note = cosigned[1].encoded if cosigned and cosigned[0] == published else book.heads.signed(published)
    if form == "jsonl":
        signers = [h.witness.name for h in heard if h.signature]
        _lines([{"origin": published.origin, "size": published.size, "root": published.root.hex(), "signed": signers}])
    else:
        click.echo(note.decode(), nl=False)
    _leave(heard, cosign and not policy.met([h.witness.key for h in heard if h.signature]))


@ledger.group("witness")
def witness() -> None:
    """Be a witness for others' ledgers, or name those of this case."""


@witness.command("init")
@click.argument("name")
@click.option("--dir", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="New folder.")
def witness_init(name: str, folder: Path) -> None:
    """Make a witness called NAME (a URL without its scheme), and print the key others verify it with.

    \b
    Example:
      seawall ledger witness init witness.example/one --dir /var/lib/witness
    """
    from seawall.ledger.witness import make_witness

    click.echo(make_witness(folder, name).text)


@witness.command("watch")
@click.argument("vkey")
@click.option("--dir", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="Its folder.")
def witness_watch(vkey: str, folder: Path) -> None:
    """Have a witness, while it is not running, watch the log whose key is VKEY (the case's ledger/log.vkey).

    \b
    Example:
      seawall ledger witness watch "$(cat case/ledger/log.vkey)" --dir /var/lib/witness
    """
    from seawall.ledger.witness import watch

    click.echo(f"watches {watch(folder, vkey).name}")


@witness.command("serve")
@click.option("--dir", "folder", type=click.Path(file_okay=False, path_type=Path), required=True, help="Its folder.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port", default=8099, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
def witness_serve(folder: Path, host: str, port: int) -> None:
    """Answer add-checkpoint requests (C2SP tlog-witness) until stopped.

    Run it on another machine, under another administrator: that is what it is for. It speaks plain HTTP; put TLS before
    it where the wire is not yours.

    \b
    Example:
      seawall ledger witness serve --dir /var/lib/witness --host 192.0.2.7
    """
    from seawall.errors import InputError
    from seawall.ledger.witness import Witness
    from seawall.ledger.witness_server import WitnessServer
    from seawall.model.clock import SystemClock

    us = Witness(folder, clock=SystemClock())
    try:
        server = WitnessServer((host, port), us)
    except OSError as error:
        raise InputError(
            f"cannot listen: {error.strerror}", where=f"{host}:{port}", mend="name another --port"
        ) from error
    with server:
        click.echo(f"witness {us.key.name} at http://{host}:{server.server_address[1]}/", err=True)
        click.echo(f"watches {len(us.origins)} logs; its key is {us.key.text}", err=True)
        server.serve_forever()


@witness.command("add")
@click.argument("name")
@click.argument("vkey")
@click.argument("url")
@click.option("--need", type=click.IntRange(1), help="How many of all witnesses must sign. Default: one.")
@case_option
def witness_add(name: str, vkey: str, url: str, need: int | None, case_folder: Path) -> None:
    """Have this case's checkpoints signed by the witness at URL, called NAME here, whose key is VKEY.

    \b
    Example:
      seawall ledger witness add regulator "witness.example/one+5f2c19aa+BA..." https://witness.example/one
    """
    from seawall.disk.durable import Disk, disk_trouble
    from seawall.ledger.note import read_verifier_key
    from seawall.ledger.policy import KnownWitness, load_policy, with_witness

    case = _case(case_folder)
    known = KnownWitness(name, read_verifier_key(vkey, where="VKEY"), url)
    policy = with_witness(load_policy(case.witness_policy), known, needed=need)
    with disk_trouble(case.witness_policy):
        Disk().write_file(case.witness_policy, policy.text.encode())
    click.echo(f"{len(policy.witnesses)} witnesses in {case.witness_policy}")


def _case(folder: Path) -> Case:
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock

    return open_case(folder, SystemClock(), create=False)


def _compared(case: Case) -> list[Heard]:
    from seawall.ledger import open_ledger
    from seawall.ledger.cosigning import compare
    from seawall.ledger.policy import load_policy

    with open_ledger(case) as book:
        return list(compare(book, load_policy(case.witness_policy)))


def _leave(heard: Iterable[Heard], short: bool) -> None:
    from seawall.reporting.text import safe_terminal

    alarm = False
    for one in heard:
        alarm = alarm or one.alarm
        click.echo(safe_terminal(f"{one.witness.name}: {one.said}"), err=True)
    if alarm:
        raise click.exceptions.Exit(3)
    if short:
        raise click.exceptions.Exit(5)


def _check_row(check: Check) -> dict[str, str]:
    return {"about": check.about, "verdict": check.verdict, "said": check.said, "mend": check.mend}


def _show(rows: Iterable[dict[str, str]]) -> None:
    from seawall.reporting.text import safe_terminal

    for row in rows:
        mark = {"good": "good", "note": "note", "bad": "BAD "}[row["verdict"]]
        click.echo(safe_terminal(f"{mark}  {row['about']}: {row['said']}"))
        if row["mend"]:
            click.echo(safe_terminal(f"      try: {row['mend']}"))


def _lines(rows: Iterable[dict[str, Any]]) -> None:
    from seawall.cli import output

    output.write_lines(rows)
