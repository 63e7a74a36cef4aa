"""`seawall incidents propose-site`: what was suppressed as known good, as lines for site.toml."""

from __future__ import annotations

from pathlib import Path

import click

from seawall.cli.options import case_option


@click.command("propose-site")
@click.argument("incident_ids", metavar="[ID]...", nargs=-1)
@case_option
@click.option(
    "--site",
    "site_file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="The site.toml to add to; what stands in it stays as it is, comments included. Default: the case's own.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the proposed file here.")
def propose_site(incident_ids: tuple[str, ...], case_folder: Path, site_file: Path | None, output: Path | None) -> None:
    """Propose site facts that make what was suppressed expected: accounts and where they work from, servers rightly
    called, servers and ends of tunnels that commands rightly name.

    Without ID, every incident that somebody suppressed and that is suppressed still. The proposal is a diff: each line
    widens what is trusted, so read it, keep what is true, and hunt again.

    \b
    Examples:
      seawall incidents propose-site --site site.toml
      seawall incidents propose-site 5f2c --site site.toml --output site.new.toml
    """
    from seawall import pipeline
    from seawall.cli.output import write_whole
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.model.incident import one_incident
    from seawall.pipeline import knowngood
    from seawall.reporting.text import safe_terminal

    clock = SystemClock()
    case = open_case(case_folder, clock, create=False)
    if site_file is None and case.site_file.is_file():
        site_file = case.site_file
    with pipeline.case_state(case, pipeline.case_settings(case)) as state:
        known, findings = state.incidents(), state.findings()
    now = clock.now()
    chosen = [one_incident(known, one) for one in incident_ids] or [
        one for one in known if one.suppressed_until is not None and one.suppressed_until > now
    ]
    found = knowngood.propose(chosen, findings, site_file)
    if output is not None:
        write_whole(output, found.after)
    click.echo("\n".join(safe_terminal(line) for line in found.diff.split("\n")), nl=False)
    for address in found.refused:
        click.echo(safe_terminal(f"not proposed: {address} is on an indicator list"), err=True)
    for finding in found.silent:
        said = f"no site fact speaks of it: {finding.id[:8]} {finding.title}: {finding.subject}"
        click.echo(safe_terminal(said), err=True)
    click.echo(f"{len(chosen)} incidents: {len(found.facts)} facts proposed", err=True)
