"""`seawall hunt`: the main job."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from seawall.cli.options import (
    EvidencePath,
    Moment,
    case_option,
    custody_options,
    format_option,
    jobs_option,
    map_option,
    reading_options,
    rules_option,
    site_option,
)

if TYPE_CHECKING:
    from seawall.model.settings import Settings
    from seawall.pipeline import Hunted
    from seawall.reporting.view import CaseView

SEVERITIES = ("informational", "low", "medium", "high", "critical")


@click.command()
@click.argument("paths", nargs=-1, type=EvidencePath(), metavar="[PATH]...")
@case_option
@click.option("--since", type=Moment(), help="Judge only events from this time on; UTC unless it names a zone.")
@click.option("--all", "again", is_flag=True, help="Ask every rule and indicator of all events, not only of new ones.")
@site_option
@map_option
@rules_option
@reading_options
@click.option(
    "--indicators",
    "indicator_files",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="Known-bad addresses, names, hashes: CSV, STIX 2 bundle or MISP event. May be given again.",
)
@custody_options
@jobs_option
@format_option
@click.option("--report", type=click.Path(dir_okay=False, writable=True, path_type=Path), help="Write an HTML report.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Exit 10 if a finding of this severity or worse exists.")
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Where rules and analytics run: on this machine, or on a Spark cluster.",
)
@click.option("--master", help="The cluster, e.g. spark://host:7077. Default: master under [spark] in seawall.toml.")
@click.option("--strict", is_flag=True, help="Exit 3 on rejected evidence, 4 on broken rules.")
def hunt(
    paths: tuple[Path, ...],
    case_folder: Path,
    since: datetime | None,
    again: bool,
    site_file: Path | None,
    map_files: tuple[Path, ...],
    rule_paths: tuple[Path, ...],
    value_files: tuple[Path, ...],
    pipeline_files: tuple[Path, ...],
    indicator_files: tuple[Path, ...],
    collected_by: str,
    collected_at: datetime | None,
    custody_note: str,
    jobs: int,
    form: str,
    report: Path | None,
    fail_on: str | None,
    engine: Literal["local", "spark"],
    master: str | None,
    strict: bool,
) -> None:
    """Read evidence of any kind, detect over the whole case, correlate, and report.

    PATHs are files, folders, patterns in quotes, or - for standard input: router syslog, TACACS+ accounting, Zeek
    logs, Windows event logs, device configurations, indicator lists; packed in any way. Formats are recognised by
    content. Without PATH, the case's lake is
    hunted again, e.g. with new rules. The same evidence twice adds nothing. Rules and indicators that look at one
    event at a time are asked only of what they have not seen; new ones, and questions over time, of everything.

    \b
    Examples:
      seawall hunt evidence/ --report report.html
      seawall hunt evidence/ --site site.toml --since 2026-11-01 --indicators iocs.csv
      seawall hunt --case cases/chicago --format jsonl --fail-on high
      seawall hunt --case cases/chicago --engine spark --master spark://spark1:7077
    """
    from seawall import pipeline
    from seawall.cli import output
    from seawall.cli.progress import drawn
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.model.custody import Said
    from seawall.model.settings import with_maps

    clock = SystemClock()
    case = open_case(case_folder, clock, create=bool(paths))
    request = pipeline.HuntRequest(
        case=case,
        paths=paths,
        since=since,
        again=again,
        site=pipeline.case_site(case, site_file),
        settings=_settings(with_maps(pipeline.case_settings(case), map_files), master),
        rules=rule_paths,
        reading=pipeline.case_options(case, value_files, pipeline_files),
        indicators=indicator_files,
        clock=clock,
        jobs=jobs,
        said=Said(collected_by, collected_at, custody_note),
        engine=engine,
    )
    hunted = next(step for step in drawn(pipeline.hunt(request)) if isinstance(step, pipeline.Hunted))
    view = pipeline.view(request, hunted, drawn=report is not None)
    if report:
        from seawall.reporting.html import write_report

        write_report(report, case=view)
    output.write_hunt(view, form)
    if form != "table":
        _tell_left_out(view)
    _tell_spared(hunted)
    if report:
        click.echo(f"report: {report}", err=True)
    _leave(hunted, fail_on, strict)


def _settings(settings: Settings, master: str | None) -> Settings:
    """The case's settings, with the cluster named on the command line."""
    return replace(settings, spark=replace(settings.spark, master=master)) if master else settings


def _tell_left_out(view: CaseView) -> None:
    """What the table says by itself, for programs on standard error: inputs and rules that were left out."""
    from seawall.reporting.text import safe_terminal

    for word, notes in (("not read", view.refused), ("rule not loaded", view.broken_rules)):
        for note in notes:
            mend = f"; try: {note.mend}" if note.mend else ""
            click.echo(safe_terminal(f"{word}: {note.where}: {note.what}{mend}"), err=True)


def _tell_spared(hunted: Hunted) -> None:
    """On standard error, what was not asked again, and what was; nothing where every question was new."""
    known = [told for told in hunted.spared if told.known]
    if not known:
        return
    skipped, fresh = max(told.parts for told in known), max(told.new_parts for told in known)
    views = len({told.view for told in known})
    click.echo(
        f"asked before: {sum(told.known for told in known):,} questions to {views:,} kinds of events skipped what they "
        f"had seen (up to {skipped:,} parts) and were asked of what is new (up to {fresh:,} parts); --all asks again",
        err=True,
    )
    reasons: dict[str, list[str]] = {}
    for told in hunted.spared:
        if told.why or told.asked:
            reasons.setdefault(told.why or "new questions", []).append(told.view)
    for why, named in sorted(reasons.items()):
        click.echo(f"asked over everything: {', '.join(sorted(set(named)))}: {why}", err=True)
    click.echo("asked over everything: correlations, chains and analytics: they look over time", err=True)


def _leave(hunted: object, fail_on: str | None, strict: bool) -> None:
    """Exit codes a script can rely on: 4 and 3 only with --strict, 10 only with --fail-on."""
    from seawall.model.severity import Severity
    from seawall.pipeline import Hunted

    assert isinstance(hunted, Hunted)
    if strict and hunted.rules.broken:
        raise click.exceptions.Exit(4)
    if strict and any(report.faulty for report in hunted.files):
        raise click.exceptions.Exit(3)
    if fail_on and any(finding.severity >= Severity.from_word(fail_on) for finding in hunted.findings):
        raise click.exceptions.Exit(10)
