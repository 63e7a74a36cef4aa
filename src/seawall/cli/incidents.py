"""`seawall incidents`: the stories of a case."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seawall.cli.options import case_option, lines_option
from seawall.errors import InputError

if TYPE_CHECKING:
    from seawall.state.store import State


@click.group()
def incidents() -> None:
    """List a case's incidents, or tell one whole."""


@incidents.command("list")
@case_option
@lines_option
def list_incidents(case_folder: Path, form: str) -> None:
    """List incidents, the worst first.

    \b
    Example:
      seawall incidents list --case cases/chicago
    """
    from seawall.cli import output
    from seawall.model.incident import incident_to_dict

    with _state(case_folder) as state:
        known = state.incidents()
    found = sorted(known, key=lambda incident: (-incident.severity, incident.first))
    if form == "jsonl":
        output.write_lines(incident_to_dict(incident) for incident in found)
        return
    from seawall.reporting.stories import incidents_table
    from seawall.reporting.terminal import console_for

    console_for(sys.stdout).print(incidents_table(found))


@incidents.command("show")
@click.argument("incident_id", metavar="ID")
@case_option
@lines_option
def show_incident(incident_id: str, case_folder: Path, form: str) -> None:
    """Tell one incident whole: storyline, stages, findings, and why they were joined.

    ID may be the first letters of an id, as long as they name one incident.
    """
    from seawall.cli import output
    from seawall.model.incident import incident_to_dict

    with _state(case_folder) as state:
        known, findings = state.incidents(), state.findings()
    named = [incident for incident in known if incident.id.startswith(incident_id.lower())]
    if len(named) != 1:
        what = "no incident has that id" if not named else f"{len(named)} incidents start with that id"
        raise InputError(what, where=incident_id, mend="list them with: seawall incidents list")
    if form == "jsonl":
        output.write_lines([incident_to_dict(named[0])])
        return
    from seawall.reporting.stories import incident_story
    from seawall.reporting.terminal import console_for

    console_for(sys.stdout).print(incident_story(named[0], findings))


def _state(case_folder: Path) -> State:
    from seawall import pipeline
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock

    case = open_case(case_folder, SystemClock(), create=False)
    return pipeline.case_state(case, pipeline.case_settings(case))
