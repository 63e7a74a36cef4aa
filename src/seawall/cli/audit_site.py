"""`seawall audit propose-site`: what most devices agree on, as lines for site.toml."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from seawall.cli.options import EvidencePath


@click.command("propose-site")
@click.argument("paths", nargs=-1, required=True, type=EvidencePath(), metavar="PATH...")
@click.option(
    "--site",
    "site_file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="The site.toml to add to; what stands in it stays as it is, comments included.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the proposed file here.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("diff", "jsonl", "ocsf")),
    default="diff",
    show_default=True,
    help="diff for people; jsonl and ocsf print the outliers, one finding a line.",
)
def propose_site(paths: tuple[Path, ...], site_file: Path | None, output: Path | None, form: str) -> None:
    """Propose site facts from the fleet's configurations: management networks, jump hosts, AAA, log, NMS, NTP and DNS
    servers that most devices state.

    The proposal is a diff against the site file; read it before you use it: a fleet may agree on something wrong. What
    a single device states against all others is an outlier, and told as a finding.

    \b
    Examples:
      seawall audit propose-site backups/
      seawall audit propose-site backups/ --site site.toml --output site.new.toml
      seawall audit propose-site configs.zip --format jsonl
    """
    from seawall.cli.output import write_findings, write_whole
    from seawall.pipeline.sitefacts import propose
    from seawall.reporting.changes_table import changes_text
    from seawall.reporting.text import safe_terminal

    found = propose(paths, site_file)
    for note in found.notes:
        click.echo(safe_terminal(note), err=True)
    if output is not None:
        write_whole(output, found.after)
    if form == "diff":
        click.echo("\n".join(safe_terminal(line) for line in found.diff.split("\n")), nl=False)
        if found.outliers:
            click.echo()
            sys.stdout.write(changes_text(found.outliers, sys.stdout))
    else:
        write_findings(found.outliers, form)
    proposed = sum(fact.proposed for fact in found.facts)
    click.echo(f"{found.devices} devices: {proposed} facts agreed on, {len(found.outliers)} outliers", err=True)
