"""`seawall ingest` and `seawall query`: fill a case's lake, and ask it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from seawall.cli.options import (
    EvidencePath,
    case_option,
    custody_options,
    jobs_option,
    lines_option,
    map_option,
    site_option,
)


@click.command()
@click.argument("paths", nargs=-1, required=True, type=EvidencePath(), metavar="PATH...")
@case_option
@map_option
@click.option("--explain", is_flag=True, help="Read everything, write nothing, and list what each file is.")
@custody_options
@jobs_option
@click.option("--every", is_flag=True, help="List every file, however many there are; else a long list is summed.")
@lines_option
@click.option("--strict", is_flag=True, help="Exit 3 if anything was rejected or not recognised.")
def ingest(
    paths: tuple[Path, ...],
    case_folder: Path,
    map_files: tuple[Path, ...],
    explain: bool,
    collected_by: str,
    collected_at: datetime | None,
    custody_note: str,
    jobs: int,
    every: bool,
    form: str,
    strict: bool,
) -> None:
    """Read evidence into a case's lake.

    PATHs are files, folders, patterns in quotes, or - for standard input. Formats are recognised by content; archives
    and compression are looked into. What the lake holds already adds nothing, so running again after a crash
    completes the work. Each stored file's SHA-256 is put on record before it is opened (`seawall custody`).

    \b
    Examples:
      seawall ingest --explain evidence/     what is each file, what would be rejected
      seawall ingest evidence/ more.tar.gz --case cases/chicago --collected-by "J. Doe, NOC"
      ssh logs cat /var/log/net.log | seawall ingest -
    """
    from seawall import pipeline
    from seawall.cli import intake_table, output
    from seawall.cli.progress import drawn
    from seawall.engine.lake import Lake
    from seawall.model.case import is_case, open_case
    from seawall.model.clock import SystemClock
    from seawall.model.custody import Said
    from seawall.model.settings import load_settings, with_maps
    from seawall.sources.intake import FileReport

    clock = SystemClock()
    if explain:
        settings = with_maps(load_settings(case_folder / "seawall.toml"), map_files)
        there = open_case(case_folder, clock, create=False) if is_case(case_folder) else None
        vault = pipeline.case_vault(there, keep=False) if there else None
        steps = pipeline.explain(paths, settings, clock, jobs, vault)
    else:
        case = open_case(case_folder, clock)
        settings = with_maps(pipeline.case_settings(case), map_files)
        lake = Lake(case.lake, clock=clock, memory_mb=settings.lake.memory_mb)
        said = Said(collected_by, collected_at, custody_note)
        vault, site = pipeline.case_vault(case), pipeline.case_site(case, None)
        steps = pipeline.ingest(paths, lake, settings, clock, jobs=jobs, said=said, vault=vault, site=site)
    reports = [step for step in drawn(steps) if isinstance(step, FileReport)]
    if form == "jsonl":
        output.write_lines(intake_table.as_documents(reports))
    else:
        intake_table.show(reports, written=not explain, every=every)
        if not explain:
            intake_table.show_custody(pipeline.handovers(lake))
            intake_table.show_clocks(pipeline.clock_doubts(lake))
    if strict and any(report.faulty for report in reports):
        raise click.exceptions.Exit(3)


@click.command()
@click.argument("sql")
@case_option
@site_option
@click.option(
    "--format", "form", type=click.Choice(["table", "jsonl", "csv"]), default="table", show_default=True, help="Output."
)
@click.option("--limit", default=0, show_default="200 for table, none otherwise", help="Rows at most.")
@click.option(
    "--timeout", "timeout_s", default=120.0, show_default=True, help="Seconds before the question is dropped."
)
def query(sql: str, case_folder: Path, site_file: Path | None, form: str, limit: int, timeout_s: float) -> None:
    """Ask a case's lake one question in SQL: one SELECT, no files, no network.

    Tables are the event kinds (syslog, tacacs, zeek_conn, windows …) and the views over them: commands, logins,
    config_changes, flows, dns, http, accesses, nat, devices.

    \b
    Examples:
      seawall query "SELECT device, user, command, time FROM commands ORDER BY time LIMIT 20"
      seawall query --format csv "SELECT src_ip, count(*) AS n FROM logins WHERE outcome = 'failure' GROUP BY 1"
    """
    from seawall import pipeline
    from seawall.cli import rows
    from seawall.engine.lake import Lake
    from seawall.engine.query import run_query
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock

    case = open_case(case_folder, SystemClock(), create=False)
    settings = pipeline.case_settings(case)
    lake = Lake(case.lake, memory_mb=settings.lake.memory_mb)
    reader = run_query(lake, sql, pipeline.case_site(case, site_file), timeout=timeout_s)
    rows.write(reader, form, limit or (rows.TABLE_ROWS if form == "table" else 0))
