"""`seawall audit`: what in our own house lets an intruder in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seawall.cli.audit_diff import diff
from seawall.cli.audit_site import propose_site
from seawall.cli.options import EvidencePath, jobs_option, lines_option
from seawall.errors import InputError

if TYPE_CHECKING:
    from seawall.detect.audit.base import Check

SEVERITIES = ("informational", "low", "medium", "high", "critical")
FORMATS = ("table", "jsonl", "ocsf", "sarif", "junit", "html")


@click.group()
def audit() -> None:
    """Check device configurations: what lets an intruder in, why it matters, and the lines that mend it."""


audit.add_command(diff)
audit.add_command(propose_site)


@audit.command("run")
@click.argument("paths", nargs=-1, required=True, type=EvidencePath(), metavar="PATH...")
@click.option(
    "--site",
    "site_file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    help="site.toml: management networks, AAA, syslog and NMS servers, approved tunnel and mirror ends, people.",
)
@click.option("--check", "check_ids", multiple=True, metavar="ID", help="Only this check (MGT-02) or family (MGT).")
@click.option("--platform", "platforms", multiple=True, metavar="NAME", help="Only devices of this platform, e.g. ios.")
@click.option("--min-severity", type=click.Choice(SEVERITIES), default="informational", help="Only checks this bad.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Exit 10 if a check this bad or worse fails.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="table and html for people; jsonl, ocsf, sarif (2.1.0) and junit for programs.",
)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file, not the screen.")
@click.option(
    "--remediation",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write a file per device into this folder: the lines that mend it, with what they may break.",
)
@jobs_option
def run(
    paths: tuple[Path, ...],
    site_file: Path | None,
    check_ids: tuple[str, ...],
    platforms: tuple[str, ...],
    min_severity: str,
    fail_on: str | None,
    form: str,
    output: Path | None,
    remediation: Path | None,
    jobs: int,
) -> None:
    """Judge configurations: files, folders, archives in archives, or `-` for standard input.

    Each check answers pass, fail, unknown (with the line or fact that would decide) or na, by line and number.
    Nothing is sent anywhere and nothing is changed on a device.

    \b
    Examples:
      seawall audit run backups/
      seawall audit run pe1.cfg --site site.toml --min-severity high
      seawall audit run configs.zip --format sarif --output audit.sarif --fail-on critical
      seawall audit run snapshots/ --format html --output fleet.html --remediation mend/
    """
    from seawall.cli.audit_output import leave, write_audit
    from seawall.model.severity import Severity
    from seawall.model.site import Site, load_site
    from seawall.pipeline.audit import Asked

    site = load_site(site_file) if site_file is not None else Site()
    asked = Asked(check_ids, platforms, Severity.from_word(min_severity))
    judged = write_audit(paths, site, asked, form=form, output=output, remediation=remediation, jobs=jobs)
    leave(judged, fail_on)


@audit.command("update-kev")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path), metavar="FILE")
def update_kev(file: Path) -> None:
    """Take a newer catalogue of known-exploited vulnerabilities, as CISA publishes it (JSON or CSV). No network.

    \b
    Example:
      seawall audit update-kev known_exploited_vulnerabilities.json
    """
    from seawall.detect.audit import exploited

    with file.open("rb") as stream:
        taken = exploited.read(stream.read(exploited.MAX_BYTES + 1), str(file))
    before = exploited.current()
    if taken.released < before.released:
        raise InputError(
            f"of {taken.released}, older than the catalogue of {before.released} that is in use",
            where=str(file),
            mend="take a newer one",
        )
    place = exploited.keep(taken)
    new = {entry.cve for entry in taken.entries} - {entry.cve for entry in before.entries}
    click.echo(
        f"catalogue {taken.version} of {taken.released}: {taken.total:,} entries, {len(taken.entries)} of platforms "
        f"known here, {len(new)} of them new; kept in {place}"
    )
    for entry in sorted((e for e in taken.entries if e.cve in new), key=lambda e: e.added, reverse=True)[:20]:
        click.echo(f"  {entry.added}  {entry.cve}  {entry.product}: {entry.name}")


@audit.command("list")
@lines_option
def list_checks(form: str) -> None:
    """List every check: its severity and the platforms it knows.

    \b
    Example:
      seawall audit list --format jsonl
    """
    from rich.table import Table

    from seawall.cli import output
    from seawall.detect.audit.load import builtin
    from seawall.reporting.terminal import COLOUR, console_for

    if form == "jsonl":
        output.write_lines(_to_dict(check) for check in builtin())
        return
    table = Table(box=None)
    for head in ("check", "severity", "looks for", "platforms"):
        table.add_column(head, no_wrap=head == "check")
    for check in builtin():
        severity = f"[{COLOUR[check.severity]}]{check.severity.word}[/]"
        table.add_row(check.id, severity, check.title, " ".join(check.rules))
    console_for(sys.stdout).print(table)


@audit.command("explain")
@click.argument("check_id", metavar="ID")
@lines_option
def explain(check_id: str, form: str) -> None:
    """Explain one check: why it matters, what mends it per platform, what fails and what passes.

    \b
    Example:
      seawall audit explain MGT-02
    """
    from seawall.cli import output
    from seawall.detect.audit.load import builtin

    found = next((check for check in builtin() if check.id == check_id.upper()), None)
    if found is None:
        raise InputError("no check has that id", where=check_id, mend="list them with: seawall audit list")
    if form == "jsonl":
        output.write_lines([_to_dict(found)])
        return
    click.echo(f"{found.id}  {found.title}  ({found.severity.word})\n\n{found.why}")
    if found.risk:
        click.echo(f"risk of mending: {found.risk}")
    if found.references:
        click.echo(f"references: {'; '.join(found.references)}")
    for platform, rule in found.rules.items():
        click.echo(f"\n{platform}")
        for head, texts in (("fails", rule.bad[:1]), ("passes", rule.good[:1]), ("mend", ("\n".join(rule.mend),))):
            for text in texts:
                if text:
                    click.echo(f"  {head}:")
                    click.echo("\n".join(f"    {line}" for line in text.strip("\n").split("\n")))


def _to_dict(check: Check) -> dict[str, object]:
    return {
        "check": check.id,
        "title": check.title,
        "severity": check.severity.word,
        "why": check.why,
        "risk": check.risk,
        "references": list(check.references),
        "platforms": {name: {"mend": list(rule.mend), "note": rule.note} for name, rule in check.rules.items()},
    }
