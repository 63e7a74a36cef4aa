"""`seawall intercepts evidence` in the SOC's case, `seawall intercepts story` in the intercept case."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from seawall.cli.intercepts_officer import decided
from seawall.cli.options import Moment, case_option, lines_option, site_option
from seawall.cli.signing import Signer, signing_options


@click.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The file to hand over.")
@click.option("--since", type=Moment(), help="Only what happened from this time on; UTC unless it names a zone.")
@site_option
@case_option
def evidence(out: Path, since: datetime | None, site_file: Path | None, case_folder: Path) -> None:
    """Export the SOC's findings, sessions and flows for the intercept case.

    Everything of that time goes, not an answer to a question: the question would tell what was found.

    \b
    Example:
      seawall intercepts evidence --case cases/soc --since 2026-03-01 --out soc.jsonl
    """
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.cases import case_site
    from seawall.pipeline.soc_evidence import export

    clock = SystemClock()
    case = open_case(case_folder, clock, create=False)
    lines = 0
    with out.open("w", encoding="utf-8") as file:
        for line in export(case, case_site(case, site_file), clock, since):
            file.write(line)
            lines += 1
    click.echo(f"{out}: {lines - 1} findings, sessions and pairs of flows", err=True)


@click.command()
@click.argument("soc", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE")
@site_option
@signing_options
@case_option
@lines_option
def story(soc: Path, site_file: Path | None, case_folder: Path, form: str, **signer: Any) -> None:
    """Tell what the intercept case found together with the SOC's evidence in FILE: a rogue tap and who set it.

    Needs a role, a purpose and a signature, as `show` does. Nothing of it is kept outside this case.

    \b
    Example:
      seawall intercepts story soc.jsonl --as a.lind --key ~/a.lind.key --purpose "who set it" --case cases/intercept
    """
    from seawall.cli import output
    from seawall.model.compartment import compartmented
    from seawall.model.incident import incident_to_dict
    from seawall.pipeline.cases import case_settings, case_site, case_state
    from seawall.pipeline.compartment import VIEW
    from seawall.pipeline.intercept_story import stories
    from seawall.pipeline.soc_evidence import read

    handed = read(soc)
    case, _ = decided(VIEW, {"view": "story"}, case_folder, Signer(**signer))
    with case_state(case, case_settings(case)) as state:
        findings = [finding for finding in state.findings(compartment=True) if compartmented(finding)]
    told = stories(findings, handed, case_site(case, site_file))
    for name in handed.cut:
        click.echo(f"{soc}: the oldest {name} were left out by the SOC", err=True)
    if handed.unread:
        click.echo(f"{soc}: {handed.unread} lines could not be read", err=True)
    if form == "jsonl":
        output.write_lines([incident_to_dict(incident) for incident, _ in told])
        return
    show_stories(told)


def show_stories(told: list[Any]) -> None:
    """Stories on the terminal: what the guard found, why it belongs together, and the way there."""
    from seawall.pipeline.intercept_story import told_in_words
    from seawall.reporting.text import safe_terminal

    for incident, findings in told:
        for line in told_in_words(incident, findings):
            click.echo(safe_terminal(line))
    if not told:
        click.echo("nothing the intercept case holds makes a story")
