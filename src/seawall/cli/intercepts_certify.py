"""`seawall intercepts certify`: certifications, and what each agency must be told, agency by agency."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from seawall.cli.options import EvidencePath, lines_option
from seawall.cli.passphrases import passphrase, passphrase_options


@click.command()
@click.argument("paths", nargs=-1, required=True, type=EvidencePath(), metavar="PATH...")
@click.option("--agency", help="Write for this agency, on standard output.")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write one file for each agency into this new folder, and carrier.json for yourself.",
)
@click.option(
    "--case",
    "case_folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Intercept case whose vault commits the identifiers. Without it a key lives for this run only.",
)
@click.option("--country", default="", help="Country of numbers written without one (NZ, 64).")
@click.option("--as", "who", metavar="ID", help="Sign every certification this employee answers for.")
@click.option("--key", "key_file", type=click.Path(dir_okay=False, path_type=Path), help="The employee's private key.")
@passphrase_options
@lines_option
def certify(
    paths: tuple[Path, ...],
    agency: str | None,
    out: Path | None,
    case_folder: Path | None,
    country: str,
    who: str | None,
    key_file: Path | None,
    passphrase_file: Path | None,
    passphrase_fd: int | None,
    form: str,
) -> None:
    """Write the certification of each interception (47 CFR 1.20004), and what must be reported to its agency.

    What is written for an agency is made from that agency's orders, taps and records alone. A fact that was not handed
    over is named under `missing`; nothing is filled in. Numbers stand as commitments: seawall vault show reads one.

    \b
    Examples:
      seawall intercepts certify exports/ --agency POLICE
      seawall intercepts certify exports/ --agency POLICE --format jsonl > police.json
      seawall intercepts certify exports/ --out certificates/ --case cases/intercept --as jdoe --key ~/jdoe.key
    """
    from seawall.errors import UsageError
    from seawall.model.clock import SystemClock
    from seawall.pipeline import certify as certifying
    from seawall.pipeline.certify import Employee

    if (agency is None) == (out is None):
        raise UsageError(
            "either --agency or --out", mend="--agency NAME prints one; --out DIR writes one file for each"
        )
    if (who is None) != (key_file is None):
        raise UsageError("--as and --key go together", mend="name the employee and the file of the private key")
    clock = SystemClock()
    employee = None
    if who and key_file:
        employee = Employee(who, key_file, passphrase(passphrase_file, passphrase_fd, f"the key of {who}"))
    documents = certifying.written(
        paths, clock, case_folder=case_folder, country=country, agency=agency, employee=employee
    )
    for line in documents.remarks:
        _say(line)
    if out is None:
        _print(documents.agencies[0], form)
        return
    for path, text in certifying.files(documents, out):
        path.write_text(text, encoding="utf-8")
        _say(f"{path}: written")


def _say(line: str) -> None:
    from seawall.reporting.text import safe_terminal

    click.echo(safe_terminal(line), err=True)


def _print(document: dict[str, Any], form: str) -> None:
    from seawall.cli import output
    from seawall.reporting.certification import text_of
    from seawall.reporting.text import safe_terminal

    if form == "jsonl":
        output.write_lines([document])
        return
    for line in text_of(document):
        click.echo(safe_terminal(line))
