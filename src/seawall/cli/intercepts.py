"""`seawall intercepts`: the guard over lawful intercept. It only reads."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from seawall.cli.intercepts_certify import certify
from seawall.cli.intercepts_officer import close, policy, receive, release, show, withhold
from seawall.cli.intercepts_story import evidence, story
from seawall.cli.intercepts_watch import watch
from seawall.cli.options import EvidencePath, lines_option

if TYPE_CHECKING:
    from seawall.model.finding import Finding
    from seawall.pipeline.oversight import Reconciled


EXPORTS: Final = "exports"  # folder of a case that is read where no PATH is given


@click.group()
def intercepts() -> None:
    """Compare active taps with court orders, and watch who administers them. Reads exports; changes nothing."""


def source_options(command: click.decorators.FC) -> click.decorators.FC:
    """What is read, and through which vault."""
    case = click.option(
        "--case",
        "case_folder",
        type=click.Path(file_okay=False, path_type=Path),
        help="Intercept case whose own vault commits the identifiers. Without it a key lives for this run only.",
    )
    country = click.option(
        "--country",
        default="",
        help="Country of numbers written without one (NZ, 64). Default: what the registry says.",
    )
    first_week = click.option(
        "--first-week",
        is_flag=True,
        help="A registry not cleaned yet: missing taps are not reported, and what no order covers is a doubt.",
    )
    return case(country(first_week(command)))


@intercepts.command("reconcile")
@click.argument("paths", nargs=-1, type=EvidencePath(), metavar="[PATH]...")
@source_options
@lines_option
def reconcile(paths: tuple[Path, ...], case_folder: Path | None, country: str, first_week: bool, form: str) -> None:
    """Compare every tap below PATH with every court order.

    PATHs hold exports: the registry (warrants.json, CSV, HI1), the policy, X1 answers, OpenLI, SNMP walks, DTCP, logs
    of administration, delivery flows. No identifier of a target comes out; a commitment stands for it.

    \b
    Examples:
      seawall intercepts reconcile exports/
      seawall intercepts reconcile exports/ --format jsonl > findings.jsonl
      seawall intercepts reconcile exports/ --case cases/intercept
      seawall intercepts reconcile --case cases/intercept       what lies in its folder exports/
      seawall intercepts reconcile exports/ --first-week --country NZ
    """
    from seawall.cli import output

    answer = _reconciled(paths, case_folder, country, first_week)
    if form == "table":
        _table(answer.findings)
    else:
        output.write_findings(answer.findings, form)
    _say(answer)
    if answer.blind:
        sys.exit(3)


@intercepts.command("explain")
@click.argument("name")
@click.argument("paths", nargs=-1, type=EvidencePath(), metavar="PATH...")
@source_options
def explain(name: str, paths: tuple[Path, ...], case_folder: Path | None, country: str, first_week: bool) -> None:
    """Tell everything about one tap, order, system or finding: NAME is its id, XID, LIID, warrant or system.

    \b
    Examples:
      seawall intercepts explain W-2026-0143 exports/     the order, its taps, and what is wrong with them
      seawall intercepts explain amf-1 exports/
      seawall intercepts explain TAP_WITHOUT_WARRANT exports/
    """
    from seawall.pipeline import oversight
    from seawall.reporting.text import safe_terminal

    answer = _reconciled(paths, case_folder, country, first_week, name)
    for line in oversight.told(answer, name):
        click.echo(safe_terminal(line))
    _say(answer)
    if answer.blind:
        sys.exit(3)


def _reconciled(
    paths: tuple[Path, ...], case_folder: Path | None, country: str, first_week: bool, name: str = ""
) -> Reconciled:
    from seawall.errors import UsageError
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline import oversight
    from seawall.pipeline.cases import case_vault
    from seawall.pipeline.compartment import desk_of

    if not paths and case_folder is not None and (case_folder / EXPORTS).is_dir():
        paths = (case_folder / EXPORTS,)
    if not paths:
        mend = f"seawall intercepts reconcile FOLDER, or put the exports into {EXPORTS}/ of the case"
        raise UsageError("no PATH given", mend=mend)
    clock = SystemClock()
    if case_folder is None:
        return oversight.reconcile(paths, clock, country=country, dirty=first_week, name=name)
    case = open_case(case_folder, clock, create=False)
    with desk_of(case, clock) as desk:
        vault = case_vault(case)
        return oversight.reconcile(paths, clock, vault=vault, country=country, dirty=first_week, desk=desk, name=name)


def _table(findings: list[Finding]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from seawall.reporting.terminal import console_for
    from seawall.reporting.text import safe_terminal

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in ("severity", "kind", "about", "why"):
        table.add_column(name, overflow="fold")
    for one in findings:
        cells = (one.severity.word, one.detector, one.subject, one.why)
        table.add_row(*(Text(safe_terminal(cell)) for cell in cells))
    console_for(sys.stdout).print(table if findings else Text("nothing to report"))


def _say(answer: Reconciled, *, files: bool = True) -> None:
    """What must be said beside the findings, on standard error."""
    from seawall.pipeline.oversight import remarks
    from seawall.reporting.text import safe_terminal

    for line in remarks(answer, files=files):
        click.echo(safe_terminal(line), err=True)


for _command in (watch, certify, show, close, policy, withhold, release, receive, evidence, story):
    intercepts.add_command(_command)
