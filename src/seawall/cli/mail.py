"""`seawall mail`: judge the messages people report."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seawall.cli.options import EvidencePath, lines_option, site_option

if TYPE_CHECKING:
    from seawall.pipeline.mail import Judged, Left


@click.group()
def mail() -> None:
    """Judge the messages people report: phish, spam, wanted or unsure, and why. Never touches the network."""


@mail.command("triage")
@click.argument("paths", nargs=-1, required=True, type=EvidencePath(), metavar="PATH...")
@site_option
@click.option(
    "--keys",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="TXT records saved from the name service, one a line (DKIM, SPF, DMARC): signatures are checked with them.",
)
@click.option(
    "--case",
    "case_folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Case whose site file is used, whose lake takes the messages in, and where phish become findings.",
)
@click.option(
    "--who",
    is_flag=True,
    help="With --case: who else got it and who followed a link, by the mail, DNS and proxy logs of the case.",
)
@click.option(
    "--indicators",
    "indicator_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write what the phish leave to search for (CSV): for `seawall hunt --indicators` and for sharing.",
)
@click.option("--explain", is_flag=True, help="Print every cue and the answer to the reporter below each message.")
@lines_option
def triage(
    paths: tuple[Path, ...],
    site_file: Path | None,
    keys: Path | None,
    case_folder: Path | None,
    who: bool,
    indicator_file: Path | None,
    explain: bool,
    form: str,
) -> None:
    """Judge every message below PATH: .eml, .mbox, .msg, folders and archives of them.

    jsonl: one line a message with `file`, `verdict` (phish, spam, wanted, unsure), `score` (0 to 1: how likely a
    phish), `cues` (each with its span and reason), `indicators`, `campaign` and `reply` (what to tell the reporter).

    \b
    Examples:
      seawall mail triage reported/
      seawall mail triage reported/ --format jsonl > verdicts.jsonl
      seawall mail triage suspicious.msg --explain
      seawall mail triage reported/ --site site.toml --keys dns-records.txt
      seawall mail triage reported/ --case cases/first --who
      seawall mail triage reported/ --indicators phish.csv
    """
    from seawall import pipeline
    from seawall.cli import output
    from seawall.cli.mail_output import explained, table
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.model.site import Site, load_site
    from seawall.pipeline import mail as triaging

    if who and case_folder is None:
        raise click.UsageError("--who asks the logs of a case: name it with --case")
    case = open_case(case_folder, SystemClock()) if case_folder else None
    site = load_site(site_file) if site_file else (pipeline.case_site(case, None) if case else Site())
    place = site_file or (case.site_file if case else None)
    world = triaging.mail_world(site, place, keys)
    judged: list[Judged] = []
    left: list[Left] = []
    for one in triaging.triage(paths, world):
        if isinstance(one, triaging.Judged):
            judged.append(one)
        else:
            left.append(one)
    lines = triaging.told(judged)
    if case is not None:
        triaging.keep(case, paths, judged)
        if who:
            triaging.add_who(lines, case)
    if form == "jsonl":
        output.write_lines(lines)
    else:
        table(lines)
        if explain or len(lines) == 1:
            explained(lines)
    if indicator_file:
        output.write_whole(indicator_file, triaging.indicator_csv(judged))
    _say(lines, left)
    if not lines:
        sys.exit(3)


def _say(lines: Sequence[dict[str, Any]], left: Sequence[Left]) -> None:
    from seawall.reporting.text import safe_terminal

    counts = {word: sum(line["verdict"] == word for line in lines) for word in ("phish", "spam", "wanted", "unsure")}
    told = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
    click.echo(f"{len(lines)} message{'s' * (len(lines) != 1)}{': ' if told else ''}{told}", err=True)
    campaigns = {line["campaign"] for line in lines if line["campaign_size"] > 1 and line["verdict"] == "phish"}
    if campaigns:
        click.echo(f"{len(campaigns)} campaign{'s' * (len(campaigns) != 1)} of phish reported more than once", err=True)
    for one in [one for one in left if one.faulty][:20]:
        click.echo(f"seawall: {safe_terminal(one.where)}: {safe_terminal(one.what)}", err=True)
    if quiet := [one for one in left if not one.faulty]:
        names = ", ".join(safe_terminal(one.where) for one in quiet[:3])
        click.echo(
            f"seawall: no mail, left out: {names}{f' and {len(quiet) - 3} more' if len(quiet) > 3 else ''}", err=True
        )
