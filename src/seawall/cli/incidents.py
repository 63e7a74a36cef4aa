"""`seawall incidents`: the stories of a case."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seawall.cli.incident_decisions import merge, split, suppress
from seawall.cli.incident_site import propose_site
from seawall.cli.options import Period, case_option, lines_option, site_option

if TYPE_CHECKING:
    from datetime import datetime

    from seawall.model.assessment import Claim
    from seawall.state.store import State


@click.group()
def incidents() -> None:
    """List incidents, explain one, say what was reached; merge, split, suppress."""


@incidents.command("list")
@case_option
@click.option("--all", "every", is_flag=True, help="With those that people suppressed for a time.")
@lines_option
def list_incidents(case_folder: Path, every: bool, form: str) -> None:
    """List incidents, the worst first.

    \b
    Example:
      seawall incidents list --case cases/chicago
    """
    from seawall.cli import output
    from seawall.model.clock import SystemClock
    from seawall.model.incident import incident_to_dict

    with _state(case_folder) as state:
        known = state.incidents()
    found = sorted(known, key=lambda incident: (-incident.severity, incident.first))
    now = SystemClock().now()
    hidden = [i for i in found if i.suppressed_until is not None and i.suppressed_until > now and not every]
    found = [i for i in found if i not in hidden]
    if hidden:
        click.echo(f"{len(hidden)} suppressed by hand; --all lists them", err=True)
    if form == "jsonl":
        output.write_lines(incident_to_dict(incident) for incident in found)
        return
    from seawall.reporting.stories import incidents_table
    from seawall.reporting.terminal import console_for

    console_for(sys.stdout).print(incidents_table(found))


@incidents.command("show")
@click.argument("incident_id", metavar="ID")
@case_option
@lines_option
def show_incident(incident_id: str, case_folder: Path, form: str) -> None:
    """Tell one incident whole: storyline, stages, findings, and why they were joined.

    ID may be the first letters of an id, as long as they name one incident.
    """
    from seawall.cli import output
    from seawall.model.incident import incident_to_dict, one_incident

    with _state(case_folder) as state:
        incident, findings = one_incident(state.incidents(), incident_id), state.findings()
    if form == "jsonl":
        output.write_lines([incident_to_dict(incident)])
        return
    from seawall.reporting.stories import incident_story
    from seawall.reporting.terminal import console_for

    console_for(sys.stdout).print(incident_story(incident, findings))


@incidents.command("explain")
@click.argument("incident_id", metavar="ID")
@case_option
@lines_option
def explain_incident(incident_id: str, case_folder: Path, form: str) -> None:
    """Explain one incident: why this severity, where it began, hop by hop, and every join with its reason.

    \b
    Example:
      seawall incidents explain 5f2c
    """
    from seawall.cli import output
    from seawall.model.incident import incident_to_dict, one_incident

    with _state(case_folder) as state:
        incident, findings = one_incident(state.incidents(), incident_id), state.findings()
    if form == "jsonl":
        raw = incident_to_dict(incident)
        wanted = ("id", "title", "severity", "grounds", "confidence", "foothold", "hops", "joins", "notes")
        output.write_lines([{name: raw[name] for name in wanted}])
        return
    from seawall.reporting.stories import incident_reasons
    from seawall.reporting.terminal import console_for

    console_for(sys.stdout).print(incident_reasons(incident, findings))


CLAIMS = ("customer-data", "intercept-data", "configurations", "credentials", "everything")


@incidents.command("assess")
@click.argument("incident_id", metavar="[ID]", required=False, default="")
@click.option("--period", type=Period(), help="Instead of an ID: FROM..TO, e.g. 2026-11-01..2026-11-23; UTC.")
@click.option("--claim", type=click.Choice(CLAIMS), default="everything", show_default=True, help="What is asked.")
@case_option
@site_option
@click.option("--board", type=click.Path(dir_okay=False, path_type=Path), help="Write one page for a board (HTML).")
@click.option("--annex", type=click.Path(dir_okay=False, path_type=Path), help="Write the annex for engineers (HTML).")
@click.option("--privilege", default="", help="Counsel's marking, on every page; e.g. 'Privileged and confidential'.")
@lines_option
def assess(
    incident_id: str,
    period: tuple[datetime, datetime] | None,
    claim: Claim,
    case_folder: Path,
    site_file: Path | None,
    board: Path | None,
    annex: Path | None,
    privilege: str,
    form: str,
) -> None:
    """Say what was reached, what was tried, what shows no sign, and what cannot be known.

    One answer per crown jewel of the site file, with its accesses, what left, what could not be looked at, how far the
    logs can be trusted, and what evidence would settle it. It never says "not affected".

    \b
    Examples:
      seawall incidents assess 5f2c --claim intercept-data
      seawall incidents assess --period 2026-11-01..2026-11-23 --board board.html --annex annex.html
      seawall incidents assess 5f2c --privilege "Privileged and confidential" --format jsonl
    """
    from seawall import pipeline
    from seawall.cli import output
    from seawall.detect.rules import load
    from seawall.model.assessment import statement_to_dict
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.reporting import statement
    from seawall.reporting.html import write_page

    clock = SystemClock()
    case = open_case(case_folder, clock, create=False)
    site = pipeline.case_site(case, site_file)
    question = pipeline.Question(claim, incident_id, period, privilege, site)
    told = pipeline.assess_case(case, load((), options=pipeline.case_options(case)), question, clock)
    for path, render in ((board, statement.render_board), (annex, statement.render_annex)):
        if path:
            write_page(path, render(told))
            click.echo(f"written: {path}", err=True)
    if form == "jsonl":
        output.write_lines([statement_to_dict(told)])
        return
    from seawall.reporting.terminal import console_for

    console_for(sys.stdout).print(statement.statement_view(told))


def _state(case_folder: Path) -> State:
    from seawall import pipeline
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock

    case = open_case(case_folder, SystemClock(), create=False)
    return pipeline.case_state(case, pipeline.case_settings(case))


incidents.add_command(merge)
incidents.add_command(split)
incidents.add_command(suppress)
incidents.add_command(propose_site)
