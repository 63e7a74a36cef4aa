"""`seawall train exercise`: plan, send, serve, collect, status, stop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from seawall.cli.options import case_option, lines_option

if TYPE_CHECKING:
    from seawall.model.case import Case
    from seawall.model.clock import Clock
    from seawall.model.settings import TrainingSettings
    from seawall.state.exercises import ExerciseState
    from seawall.training.allow import Gate
    from seawall.training.roster import Roster

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def exercise() -> None:
    """Exercises inside your own organisation: plan, send, collect reports, see what came of it.

    Messages reach people of your roster at your own domains and nobody else; each wears the header X-Seawall-Exercise.
    Who opted out is left out. Results are shown for ten people or more, never for one.
    """


@dataclass(frozen=True)
class _Room:
    case: Case
    clock: Clock
    settings: TrainingSettings
    roster: Roster
    store: ExerciseState
    gate: Gate | None

    def need_gate(self) -> Gate:
        from seawall.training.allow import gate

        return self.gate or gate(self.settings, self.roster, set())

    @property
    def addresses(self) -> dict[str, str]:
        return {m.address.lower(): m.person for m in self.roster.members if m.address}


@contextmanager
def _open(case_folder: Path) -> Iterator[_Room]:
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.cases import case_settings, case_state
    from seawall.state.exercises import ExerciseState
    from seawall.state.training import TrainingState
    from seawall.training import allow
    from seawall.training import exercise as exercises
    from seawall.training.roster import Roster, read_roster

    clock = SystemClock()
    case = open_case(case_folder, clock)
    full = case_settings(case)
    settings = full.training
    roster = read_roster(Path(settings.roster)) if settings.roster else Roster()
    with case_state(case, full) as state:
        store = ExerciseState(state)
        exercises.expire(store, clock.now())
        gate = allow.gate(settings, roster, TrainingState(state).opted_out()) if settings.domains else None
        yield _Room(case, clock, settings, roster, store, gate)


@exercise.command("plan")
@click.argument("file", type=_FILE)
@lines_option
@case_option
def plan(file: Path, form: str, case_folder: Path) -> None:
    """Say what FILE would send, to how many, and what to think over first. Sends nothing.

    \b
    Example:
      seawall train exercise plan autumn.toml
    """
    from seawall.cli.output import write_lines
    from seawall.reporting.text import safe_terminal
    from seawall.training import exercise as exercises
    from seawall.training.campaign import campaign_to_dict, read_campaign

    with _open(case_folder) as room:
        gate = room.need_gate()
        planned = exercises.plan(read_campaign(file), room.roster, gate)
        count = len(exercises.letters(planned, gate, room.settings.page, room.clock.now()))
    told: dict[str, Any] = {
        "id": planned.campaign.id, "people": len(planned.members), "messages_to_send": count,
        "left_out": planned.left_out, "doubts": list(planned.doubts), **campaign_to_dict(planned.campaign),
    }  # fmt: skip
    if form == "jsonl":
        write_lines([told])
        return
    click.echo(f"{told['id']}: {count} messages to {told['people']} people; {told['left_out']} are left out")
    for message in told["messages"]:
        kind = "lure" if message["lure"] else "genuine"
        click.echo(
            safe_terminal(f"  {message['id']} ({kind}, {message['difficulty'] or 'not rated'}): {message['subject']}")
        )
    for doubt in planned.doubts:
        click.echo(safe_terminal(f"  think over: {doubt}"))


@exercise.command("send")
@click.argument("file", type=_FILE)
@click.option("--commit", is_flag=True, help="Do it. Without it, say what would be sent.")
@case_option
@click.pass_context
def send(context: click.Context, file: Path, commit: bool, case_folder: Path) -> None:
    """Send the exercise in FILE through your own mail server. Without --commit nothing is sent.

    Interrupted, it goes on where it was when called again; no message is sent twice.

    \b
    Example:
      seawall train exercise send autumn.toml --commit
    """
    import time

    from seawall.ledger import open_ledger
    from seawall.training import exercise as exercises
    from seawall.training.campaign import read_campaign
    from seawall.training.mailing import Smtp, paced

    if not commit:
        context.invoke(plan, file=file, form="table", case_folder=case_folder)
        click.echo("Nothing was sent; --commit sends it.", err=True)
        return
    with _open(case_folder) as room:
        gate = room.need_gate()
        planned = exercises.plan(read_campaign(file), room.roster, gate)
        exercises.check_open(room.store, planned.campaign.id)
        _record(open_ledger(room.case, clock=room.clock), file, planned)
        counts = {"delivered": 0, "refused": 0}
        keep_rate = paced(room.settings.per_minute, room.clock, time.sleep)
        with Smtp(room.settings) as transport:
            for sent, number, many in exercises.send(
                room.store, planned, gate, transport, room.settings.page, room.clock, room.settings.keep_days, keep_rate
            ):
                counts[sent.state] += 1
                if number % 50 == 0 or number == many:
                    click.echo(f"{number}/{many}", err=True)
    click.echo(f"{planned.campaign.id}: {counts['delivered']} delivered, {counts['refused']} refused", err=True)


def _record(ledger: Any, file: Path, planned: Any) -> None:
    """The ledger holds that an exercise was sent, by the digest of its file, and to how many; no person."""
    import hashlib

    body = {
        "campaign": planned.campaign.id, "file_sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "people": len(planned.members),
    }  # fmt: skip
    with ledger:
        ledger.append("training.exercise", body, keys={"exercise": planned.campaign.id})


@exercise.command("collect")
@click.argument("mailbox", type=click.Path(exists=True, path_type=Path))
@lines_option
@case_option
def collect(mailbox: Path, form: str, case_folder: Path) -> None:
    """Match the reports in MAILBOX (a Maildir, mbox, .eml or a folder of them) with what was sent.

    \b
    Example:
      seawall train exercise collect /var/mail/report-phish/
    """
    from dataclasses import asdict

    from seawall.cli.output import write_lines
    from seawall.training.reports import collect as match

    with _open(case_folder) as room:
        found = match(room.store, room.addresses, mailbox, room.clock.now())
    if form == "jsonl":
        write_lines([asdict(found)])
        return
    click.echo(
        f"{found.matched} reports of exercise messages, {found.again} again, {found.by_others} by others, "
        f"{found.other_mail} of other mail, {found.unreadable} unreadable"
    )
    if found.other_mail:
        click.echo("Other mail may be real: seawall mail triage judges it.", err=True)


@exercise.command("status")
@click.argument("campaign", required=False, default="")
@lines_option
@case_option
def status(campaign: str, form: str, case_folder: Path) -> None:
    """Show what an exercise came to, whole and by group of ten people or more; without one, list exercises.

    \b
    Examples:
      seawall train exercise status
      seawall train exercise status autumn-2026 --format jsonl
    """
    from seawall.cli.output import write_lines
    from seawall.reporting.text import safe_terminal
    from seawall.training import exercise as exercises

    with _open(case_folder) as room:
        kept = [exercises.find(room.store, campaign)] if campaign else room.store.campaigns()
        told = [exercises.results(one, room.store.messages(one.id)) for one in kept]
    if form == "jsonl":
        write_lines(told)
        return
    for one in told:
        counts = f"{one['sent']} sent, {one['refused']} refused, {one['unknown']} unknown"
        head = f"{one['campaign']} ({one['state']}): {counts}"
        click.echo(safe_terminal(head))
        for row in [*([one["whole"]] if one["whole"] else []), *one["groups"]]:
            click.echo(safe_terminal(f"  {_told(row)}"))
        if not one["whole"]:
            click.echo(f"  under {one['shown_from']} people: no result is shown")


def _told(row: dict[str, Any]) -> str:
    first = "no report" if row["first_report_s"] is None else f"first after {row['first_report_s'] / 60:.0f} min"
    d_prime = "unknown" if row["d_prime"] is None else f"{row['d_prime']:.2f}"
    return (
        f"{row['group']} ({row['people']} people): reported {row['reporters']} of {row['delivered']} "
        f"({row['report_rate']:.0%}), {first}, useful {row['useful_reports']}; clicked {row['clicks']} "
        f"({row['click_rate']:.0%}); machines fetched {row['machine_fetches']}; false alarms {row['false_alarms']} of "
        f"{row['genuine']}; d' {d_prime}"
    )


@exercise.command("stop")
@click.argument("campaign")
@case_option
def stop(campaign: str, case_folder: Path) -> None:
    """Stop an exercise that is being sent: no further message goes out.

    \b
    Example:
      seawall train exercise stop autumn-2026
    """
    from seawall.training import exercise as exercises

    with _open(case_folder) as room:
        exercises.find(room.store, campaign)
        room.store.set_state(campaign, "stopped")
    click.echo(f"{campaign}: stopped", err=True)


@exercise.command("serve")
@click.option("--listen", default="127.0.0.1:8088", show_default=True, help="Address and port of the page.")
@case_option
def serve(listen: str, case_folder: Path) -> None:
    """Serve the page behind the links, until Ctrl-C; put your own web server with TLS before it.

    \b
    Example:
      seawall train exercise serve --listen 127.0.0.1:8088
    """
    from seawall.errors import UsageError
    from seawall.training import page
    from seawall.training.reports import Visit, Visitor, visited

    host, _, port = listen.rpartition(":")
    if not host or not port.isdigit() or int(port) > 65535:
        raise UsageError(f"{listen!r} is no address and port", mend="write 127.0.0.1:8088")
    with _open(case_folder) as room:
        told = room.settings

        def keep(token: str, visit: Visit) -> Visitor | None:
            return visited(room.store, token, visit, told.scanners, told.scanner_seconds)

        with page.server(host.strip("[]"), int(port), room.clock, keep) as server:
            click.echo(f"listening on {host}:{server.server_address[1]}", err=True)
            server.serve_forever()
