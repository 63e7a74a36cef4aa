"""`seawall report`: who must be told by when, drafts of what to tell them, and the report of one incident."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from seawall.cli.options import Moment, case_option, lines_option, site_option
from seawall.cli.report_options import clock_of, duties_option, opened_case, where_option
from seawall.cli.report_statements import COMMANDS

MOST_BOARDS: Final = 40  # incidents whose boards are shown at once


@click.group()
def report() -> None:
    """Say who must be told by when, draft what to tell them, and report one incident.

    \b
    The way through an incident:
      seawall report deadlines 3f2a                                   what waits for whose decision
      seawall report start 3f2a aware --at 2026-03-18T10:02Z --by "C. Ray, CISO" --reason "wiretap host reached"
      seawall report draft 3f2a eu.nis2.early                         what is filled, what nobody knows yet
      seawall report sent 3f2a eu.nis2.early --at 2026-03-18T20:10Z --by "C. Ray"
      seawall report incident 3f2a --out incident.html

    Not legal advice: counsel edits the duties, and decides.
    """


@report.command("duties")
@click.argument("duty_id", metavar="[DUTY]", required=False)
@where_option
@duties_option
@case_option
@lines_option
def list_duties(
    duty_id: str | None, asked: tuple[str, ...], folders: tuple[Path, ...], case_folder: Path, form: str
) -> None:
    """List duties to tell: whom, by when, from which text, and what is unsure of it; or one DUTY whole.

    \b
    Examples:
      seawall report duties --jurisdiction EU
      seawall report duties us.sec.8k_1_05
      seawall report duties --duties our-counsel/ --format jsonl
    """
    from dataclasses import asdict

    from seawall import pipeline
    from seawall.cli import output
    from seawall.errors import UsageError
    from seawall.model.case import is_case
    from seawall.model.site import Site
    from seawall.pipeline import duties as pipes
    from seawall.reporting.duties.tables import duties_table, duty_card
    from seawall.reporting.terminal import console_for

    case = opened_case(case_folder) if is_case(case_folder) else None
    held = pipes.case_duties(case, folders)
    if duty_id is not None and duty_id not in held.duties:
        raise UsageError(f"no duty is called {duty_id!r}", mend="list them with: seawall report duties")
    site = pipeline.case_site(case, None) if case else Site()
    which = pipes.jurisdictions(held, site, asked)
    shown = [d for d in held.duties.values() if not which or d.jurisdiction in which]
    if duty_id is not None:
        shown = [held.duties[duty_id]]
    if form == "jsonl":
        output.write_lines(asdict(duty) for duty in shown)
        return
    console = console_for(sys.stdout)
    console.print(duty_card(shown[0], held) if duty_id is not None else duties_table(shown))


@report.command("deadlines")
@click.argument("incident_id", metavar="[ID]", required=False)
@where_option
@click.option("--all", "every", is_flag=True, help="Also what waits, does not apply, or was not in force then.")
@click.option("--at", "at", type=Moment(), help="The board as of that time. Default: now.")
@duties_option
@case_option
@lines_option
def deadlines(
    incident_id: str | None,
    asked: tuple[str, ...],
    every: bool,
    at: datetime | None,
    folders: tuple[Path, ...],
    case_folder: Path,
    form: str,
) -> None:
    """Show the status board: which clocks run, until when, what is overdue, sent, or waits for a decision.

    Without ID, of every incident above low that is no drill. A text that is not in force never turns red: it says
    *prepare*, with the same time.

    \b
    Examples:
      seawall report deadlines 3f2a --jurisdiction US --jurisdiction EU
      seawall report deadlines --format jsonl
    """
    from seawall import pipeline
    from seawall.cli import output
    from seawall.model.clock import FixedClock
    from seawall.pipeline import duties as pipes
    from seawall.reporting.duties.board import row_to_dict
    from seawall.reporting.duties.statements import facts
    from seawall.reporting.duties.tables import board_table
    from seawall.reporting.terminal import console_for
    from seawall.reporting.text import safe_terminal

    case, clock = opened_case(case_folder), FixedClock(at) if at else clock_of()
    held = pipes.case_duties(case, folders)
    which = pipes.jurisdictions(held, pipeline.case_site(case, None), asked)
    names = [incident_id] if incident_id else pipes.worth_a_board(case)
    if len(names) > MOST_BOARDS:
        click.echo(f"the {MOST_BOARDS} worst of {len(names):,} incidents are shown; name another by its ID", err=True)
    for gone in pipes.orphans(case):
        what = f"clocks were recorded for {gone[:12]}, and no incident has that id now (joined with another, or split)"
        click.echo(f"{what}: record them for the incident it became; they stand in {case.statements}", err=True)
    console = console_for(sys.stdout)
    if not names and form != "jsonl":
        console.print("no incident above low: nobody is waiting to be told")
    for name in names[:MOST_BOARDS]:
        it = pipes.told(case, clock, name)
        rows = pipes.duty_board(held, it, clock, which)
        _say_doubts(it)
        if form == "jsonl":
            said = facts(it.statements)
            output.write_lines(
                row_to_dict(row, it.incident.id, {n: said[n].value if n in said else None for n in row.duty.fields})
                for row in rows
            )
            continue
        console.print(f"\n{it.incident.id[:8]}  {safe_terminal(it.incident.title)}", markup=False, style="bold")
        if it.exercise:
            console.print(f"An exercise (session {', '.join(it.drills)}): it starts no clock.", markup=False)
            continue
        console.print(board_table(rows, clock.now(), every=every))
    if not which and form != "jsonl":
        click.echo(
            "every jurisdiction is shown: name yours with --jurisdiction, or as `country` in site.toml", err=True
        )


@report.command("draft")
@click.argument("incident_id", metavar="ID")
@click.argument("duty_id", metavar="DUTY")
@click.option("--agency", default="", help="The one agency a notice about an interception goes to.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it there. Default: print it.")
@site_option
@duties_option
@case_option
@lines_option
def draft(
    incident_id: str,
    duty_id: str,
    agency: str,
    out: Path | None,
    site_file: Path | None,
    folders: tuple[Path, ...],
    case_folder: Path,
    form: str,
) -> None:
    """Draft the notice of a DUTY from an incident's facts; every field nobody knows yet is named.

    State what is missing with `seawall report fact`. Nothing is sent. A draft that holds a target, LIID or warrant
    number its reader must not see is refused.

    \b
    Examples:
      seawall report draft 3f2a eu.nis2.notification
      seawall report draft 3f2a us.fcc.1_20003 --agency "County Sheriff" --out notice.txt
    """
    from seawall import pipeline
    from seawall.cli import output
    from seawall.pipeline import duties as pipes
    from seawall.reporting.duties.drafts import notice_text, notice_to_dict
    from seawall.reporting.text import safe_terminal

    case = opened_case(case_folder)
    site = pipeline.case_site(case, site_file)
    made = pipes.notice(case, clock_of(), incident_id, duty_id, pipes.case_duties(case, folders), site, agency=agency)
    raw = output.json_line(notice_to_dict(made)) if form == "jsonl" else notice_text(made).encode()
    if out is not None:
        _write(out, raw)
    else:
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
    for answer in made.unfilled:
        fact = f"seawall report fact {incident_id} {answer.name}=…"
        click.echo(f"not filled: {answer.name} ({safe_terminal(answer.ask)}): {fact}", err=True)


@report.command("incident")
@click.argument("incident_id", metavar="ID")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file to write. Default: CASE/reports/incident-ID.html.",
)
@click.option("--privilege", default="", help="Counsel's marking, on every page; e.g. 'Privileged and confidential'.")
@click.option("--pictures", type=click.Path(file_okay=False, path_type=Path), help="Also timeline and graph, as SVG.")
@click.option("--proofs", type=click.Path(file_okay=False, path_type=Path), help="Also a proof for each finding.")
@where_option
@site_option
@duties_option
@case_option
def incident(
    incident_id: str,
    out: Path | None,
    privilege: str,
    pictures: Path | None,
    proofs: Path | None,
    asked: tuple[str, ...],
    site_file: Path | None,
    folders: tuple[Path, ...],
    case_folder: Path,
) -> None:
    """Write the report of one incident: a page that prints, fetches nothing and runs nothing.

    What happened, what was reached and what cannot be known, who must be told by when, timeline and graph, and every
    piece of evidence with its digest and its place in the ledger.

    \b
    Examples:
      seawall report incident 3f2a --out incident.html
      seawall report incident 3f2a --privilege "Privileged and confidential" --pictures pictures/ --proofs proofs/
    """
    from seawall import pipeline
    from seawall.detect.rules import load
    from seawall.pipeline import duties as pipes
    from seawall.pipeline import incident_report
    from seawall.reporting.html import write_page
    from seawall.reporting.incident_html import pictures as draw
    from seawall.reporting.incident_html import render_incident

    case, clock = opened_case(case_folder), clock_of()
    site, held = pipeline.case_site(case, site_file), pipes.case_duties(case, folders)
    page = incident_report.incident_page(
        case,
        clock,
        incident_id,
        held=held,
        site=site,
        ruleset=load((), options=pipeline.case_options(case)),
        which=pipes.jurisdictions(held, site, asked),
        privilege=privilege,
    )
    path = out or case.reports / f"incident-{page.incident.id[:8]}.html"
    write_page(path, render_incident(page))
    click.echo(str(path))
    if pictures is not None:
        _make(pictures)
        for name, text in draw(page).items():
            write_page(pictures / name, text)
            click.echo(str(pictures / name))
    if proofs is not None:
        number = incident_report.write_proofs(proofs, case, clock, page.findings)
        click.echo(f"{proofs}: {number} proofs; check one with docs/how-to/verify_proof.py", err=True)


def _make(folder: Path) -> None:
    from seawall.errors import InputError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(error.strerror or str(error), where=str(folder), mend="name another folder") from error


def _write(path: Path, raw: bytes) -> None:
    """Write a file whole, for its owner alone. Raises InputError."""
    from seawall.errors import InputError

    try:
        path.write_bytes(raw)
    except OSError as error:
        raise InputError(error.strerror or str(error), where=str(path), mend="name a file you may write") from error


def _say_doubts(it: Any) -> None:
    from seawall.reporting.duties.statements import lost_texts

    for index in lost_texts(it.statements):
        click.echo(f"the text behind ledger entry {index} is gone; its time still counts", err=True)


for _command in COMMANDS:
    report.add_command(_command)
