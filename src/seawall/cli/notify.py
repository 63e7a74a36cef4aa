"""`seawall notify`: who is told, whether it reaches them, and who looks after it."""

from __future__ import annotations

from pathlib import Path

import click

from seawall.cli.options import case_option


@click.group()
def notify() -> None:
    """Say who is told of incidents, try the channels, and acknowledge what was told.

    A notice holds an incident's id and a link, nothing else: an intruder may read the mail. Channels stand under
    [notify] in seawall.toml, findings for a SIEM and tickets under [out].

    \b
    Examples:
      seawall notify test --channel soc
      seawall notify list
      seawall notify ack 3f2c9a --person a.lind
    """


@notify.command()
@click.option("--channel", "wanted", multiple=True, help="Only this channel; may be given again. Default: all.")
@case_option
def test(wanted: tuple[str, ...], case_folder: Path) -> None:
    """Send one harmless message through every channel of notices, and say which took it. Exit 5 if one did not."""
    from seawall import pipeline
    from seawall.errors import SeawallError, UsageError
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.model.notifying import Told, channels_of
    from seawall.reporting.text import safe_terminal
    from seawall.service.sending import send_notice

    clock = SystemClock()
    channels = channels_of(pipeline.case_settings(open_case(case_folder, clock, create=False)).notify)
    if unknown := [name for name in wanted if name not in channels]:
        raise UsageError(f"no channel is called {unknown[0]!r}", mend=f"one of {', '.join(channels) or 'none yet'}")
    if not channels:
        raise UsageError("no channels", where="seawall.toml", mend="add [[notify.mail]]; see docs/how-to/notify.md")
    refused = 0
    for name in wanted or channels:
        try:
            send_notice(channels[name], Told((), test=True), clock.now())
            click.echo(f"{name}: taken")
        except SeawallError as error:
            refused += 1
            click.echo(safe_terminal(f"{name}: {error}" + (f" (try: {error.mend})" if error.mend else "")))
    if refused:
        raise click.exceptions.Exit(5)


@notify.command("list")
@case_option
def list_(case_folder: Path) -> None:
    """List what was told to whom, newest first, and what still waits."""
    from seawall import pipeline
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.model.finding import utc_text
    from seawall.reporting.text import safe_terminal
    from seawall.state.outbox import Outbox

    case = open_case(case_folder, SystemClock(), create=False)
    with pipeline.case_state(case, pipeline.case_settings(case)) as state:
        for one in Outbox(state).every():
            became = f"sent {utc_text(one.sent)[:19]}Z" if one.sent else one.over or f"waits after {one.tries} tries"
            more = f": {one.error}" if one.error else ""
            click.echo(
                safe_terminal(f"{utc_text(one.made)[:19]}Z {one.kind:7} {one.thing[:12]} {one.channel}: {became}{more}")
            )


@notify.command()
@click.argument("incident")
@click.option("--person", required=True, help="Who looks after it.")
@case_option
def ack(incident: str, person: str, case_folder: Path) -> None:
    """Say that PERSON looks after INCIDENT (the first letters of its id): nobody else is told because of time."""
    from seawall import pipeline
    from seawall.errors import InputError
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.state.outbox import Outbox

    clock = SystemClock()
    case = open_case(case_folder, clock, create=False)
    with pipeline.case_state(case, pipeline.case_settings(case)) as state:
        outbox = Outbox(state)
        found = [story.thing for story in outbox.stories() if story.thing.startswith(incident.lower())]
        if len(found) != 1:
            what = "nobody was told of such an incident" if not found else f"{len(found)} incidents begin so"
            raise InputError(what, where=incident, mend="list them with: seawall notify list")
        outbox.acknowledge(found[0], person, clock.now())
    click.echo(f"{found[0]}: {person} looks after it")
