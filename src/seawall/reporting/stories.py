"""Incidents on the terminal: a list of them, or one told whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from seawall.model.finding import Finding
from seawall.model.incident import Incident
from seawall.reporting.terminal import COLOUR, QUIET, Hanging, findings_table
from seawall.reporting.text import moment_text, safe_terminal


def incidents_table(incidents: Sequence[Incident]) -> RenderableType:
    """Incidents one a row, in the order given."""
    if not incidents:
        return Text("no incident: nothing the case's evidence shows adds up to one")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
    table.add_column("Id", no_wrap=True, width=8)
    table.add_column("Severity", no_wrap=True, width=8)
    table.add_column("First (UTC)", no_wrap=True, width=16)
    table.add_column("What", ratio=1, overflow="fold")
    table.add_column("Findings", justify="right", no_wrap=True, width=8)
    for incident in incidents:
        table.add_row(
            incident.id[:8],
            Text(incident.severity.word, style=COLOUR[incident.severity]),
            moment_text(incident.first, seconds=False),
            Text(safe_terminal(incident.title), overflow="fold"),
            f"{len(incident.findings):,}",
        )
    return table


def incident_reasons(incident: Incident, findings: Sequence[Finding]) -> RenderableType:
    """Why an incident is what it is: severity, beginning, hops, joins, what was left out."""
    return Group(*_reasons(incident, {finding.id: finding.title for finding in findings}))


def _reasons(incident: Incident, names: Mapping[str, str]) -> Iterator[RenderableType]:
    yield Text(safe_terminal(incident.title), style="bold")
    yield Hanging(incident.grounds or "no grounds were kept; hunt again")
    if (began := incident.foothold) is not None:
        yield Text("\nWhere it began", style="bold")
        yield Hanging(
            f"{began.device}, {moment_text(began.time)} UTC, confidence {began.confidence} of 100: ", bullet="  "
        )
        yield Hanging(f"{began.because}.", bullet="  ")
    if incident.hops:
        yield Text("\nHop by hop", style="bold")
    for hop in incident.hops:
        who = f" as {hop.account}" if hop.account else ""
        way = f"{moment_text(hop.time)}  {hop.source} → {hop.target}{who}: {hop.because} ({hop.confidence} of 100)"
        yield Hanging(way, bullet="  ")
    yield Text("\nWhy they belong together", style="bold")
    for join in incident.joins:
        left, right = names.get(join.left, join.left[:8]), names.get(join.right, join.right[:8])
        yield Hanging(f"{left} + {right}: {join.because} ({join.strength} of 100)", bullet="  • ")
    if not incident.joins:
        yield Hanging("one finding, joined with nothing", bullet="  ")
    for note in incident.notes:
        yield Hanging(note, bullet="  note: ")


def incident_story(incident: Incident, findings: Sequence[Finding]) -> RenderableType:
    """One incident whole: the story, the stages, the findings, and why they were joined."""
    return Group(*_story(incident, [finding for finding in findings if finding.id in set(incident.findings)]))


def _story(incident: Incident, findings: Sequence[Finding]) -> Iterator[RenderableType]:
    badge = (f"{incident.severity.word.upper()}  ", COLOUR[incident.severity])
    yield Text.assemble(badge, (safe_terminal(incident.title), "bold"))
    yield Hanging(f"id {incident.id}, confidence {incident.confidence} of 100", style=QUIET)
    if incident.grounds:
        yield Hanging(incident.grounds, style=QUIET)
    for sentence in incident.storyline:
        yield Hanging(sentence, bullet="  • ")
    yield Text("\nStages", style="bold")
    for stage in incident.stages:
        count = f"{len(stage.findings)} finding{'' if len(stage.findings) == 1 else 's'}"
        yield Hanging(f"{moment_text(stage.first)}  {stage.name}: {count}", bullet="  ")
    yield Text("\nFindings", style="bold")
    yield findings_table(findings)
    yield Text("Why they belong together", style="bold")
    names = {finding.id: finding.title for finding in findings}
    for join in incident.joins:
        left, right = names.get(join.left, join.left[:8]), names.get(join.right, join.right[:8])
        yield Hanging(f"{left} + {right}: {join.because} ({join.strength} of 100)", bullet="  • ")
