"""`seawall audit diff`: what somebody just changed, and whether it looks like an intruder's move."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seawall.cli.options import EvidencePath

if TYPE_CHECKING:
    from seawall.detect.audit.changes.history import Told
    from seawall.model.finding import Finding

SEVERITIES = ("informational", "low", "medium", "high", "critical")
FAILED = 10  # exit code, only with --fail-on


@click.command("diff")
@click.argument("paths", nargs=-1, required=True, type=EvidencePath(), metavar="BEFORE AFTER | HISTORY")
@click.option(
    "--site",
    "site_file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="site.toml: management networks, servers, approved tunnel and mirror ends, people, change windows.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(("table", "jsonl", "ocsf")),
    default="table",
    show_default=True,
    help="table for people; jsonl (our findings) and ocsf for programs.",
)
@click.option(
    "--min-severity", type=click.Choice(SEVERITIES), default="low", show_default=True, help="Tell only these."
)
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Exit 10 if a finding this bad or worse is told.")
def diff(paths: tuple[Path, ...], site_file: Path | None, form: str, min_severity: str, fail_on: str | None) -> None:
    """Judge what changed: BEFORE and AFTER (files or folders), or the HISTORY of a fleet.

    A history is a git repository as Oxidized and RANCID keep them, or a folder of dated snapshots. Each change is
    judged by what it does: management opened, login servers re-pointed, a tunnel or mirror added, logging cut, an
    account added and removed again. What operators do every day is not told above low.

    \b
    Examples:
      seawall audit diff yesterday/pe1.cfg today/pe1.cfg
      seawall audit diff yesterday/ today/ --site site.toml --fail-on high
      seawall audit diff /var/lib/oxidized/configs.git --format jsonl
    """
    from seawall.cli import output
    from seawall.detect.audit.changes.pairs import in_order
    from seawall.errors import InputError
    from seawall.model.severity import Severity
    from seawall.model.site import Site, load_site
    from seawall.pipeline.changes import changes

    if len(paths) > 2:
        raise InputError("more than two PATHs", where=str(paths[2]), mend="give BEFORE and AFTER, or one HISTORY")
    least = Severity.from_word(min_severity)
    found: list[Finding] = []
    steps: list[Told] = []
    for told in changes(paths, load_site(site_file) if site_file is not None else Site()):
        _say(told)
        steps.append(told)
        found += [finding for finding in told.findings if finding.severity >= least]
    found = in_order(found)
    if form == "table":
        from seawall.reporting.changes_table import changes_text

        sys.stdout.buffer.write(changes_text(found, sys.stdout).encode("utf-8", "replace"))
        sys.stdout.buffer.flush()
    else:
        output.write_findings(found, form)
    compared = [told for told in steps if told.device]
    click.echo(
        f"{len(compared)} comparisons of {len({t.device for t in compared})} devices, "
        f"{sum(t.lines for t in compared):,} lines differ, {len(found)} findings",
        err=True,
    )
    if fail_on is not None and any(f.severity >= Severity.from_word(fail_on) for f in found):
        raise click.exceptions.Exit(FAILED)


def _say(told: Told) -> None:
    from seawall.reporting.text import safe_terminal

    for note in told.notes:
        click.echo(safe_terminal(note), err=True)
