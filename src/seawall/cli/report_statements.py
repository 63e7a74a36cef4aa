"""`seawall report start|sent|silence|fact`: what people state of an incident, kept in the ledger at once."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from seawall.cli.options import Moment, case_option
from seawall.cli.report_options import clock_of, duties_option, opened_case

if TYPE_CHECKING:
    from seawall.reporting.duties.statements import Statement


def _state(case_folder: Path, incident: str, statement: Statement, correct: bool = False) -> None:
    """Record a statement, and say where it stands."""
    from seawall.pipeline import duties as pipes
    from seawall.reporting.text import safe_terminal

    case = opened_case(case_folder)
    made = pipes.state(case, clock_of(), incident, statement, correct=correct)
    if made.kind == "start" and (doubt := pipes.odd_time(pipes.whole_incident(case, incident)[0], made)):
        click.echo(f"seawall: {doubt}", err=True)
    click.echo(f"{made.kind} {safe_terminal(made.name)}: ledger entry {made.index}")


_BY: Final = click.option("--by", default="", help="Who decided or said it.")
_REASON: Final = click.option("--reason", default="", help="Why; kept beside the case, its digest in the ledger.")
_CORRECT: Final = click.option("--correct", is_flag=True, help="Correct an earlier statement; both stay in the ledger.")


@click.command("start")
@click.argument("incident_id", metavar="ID")
@click.argument("start", metavar="START")
@click.option("--at", "at", type=Moment(), required=True, help="When; UTC unless it names a zone.")
@click.option("--by", required=True, help="Who decided it.")
@click.option("--reason", required=True, help="Why; kept beside the case, its digest in the ledger.")
@_CORRECT
@duties_option
@case_option
def start(
    incident_id: str,
    start: str,
    at: datetime,
    by: str,
    reason: str,
    correct: bool,
    folders: tuple[Path, ...],
    case_folder: Path,
) -> None:
    """Record the moment a clock started: START is aware, determined, material_determined, discovered …

    It is written to the ledger at once, with its decider, so that nobody can move it later. Findings never start a
    clock, and an incident that is a drill cannot.

    \b
    Example:
      seawall report start 3f2a determined --at 2026-03-18T10:02Z --by "C. Ray, CISO" --reason "CPNI store was read"
    """
    from seawall.errors import UsageError
    from seawall.pipeline import duties as pipes
    from seawall.reporting.duties.statements import Statement

    known = pipes.case_duties(opened_case(case_folder), folders).starts
    if start not in known:
        lines = "; ".join(f"{name}: {question}" for name, question in known.items())
        raise UsageError(f"no start is called {start!r}", mend=lines)
    _state(case_folder, incident_id, Statement("", "start", start, at, by, reason=reason), correct)


@click.command("sent")
@click.argument("incident_id", metavar="ID")
@click.argument("duty_id", metavar="DUTY")
@click.option("--at", "at", type=Moment(), required=True, help="When; UTC unless it names a zone.")
@_BY
@_REASON
@_CORRECT
@duties_option
@case_option
def sent(
    incident_id: str,
    duty_id: str,
    at: datetime,
    by: str,
    reason: str,
    correct: bool,
    folders: tuple[Path, ...],
    case_folder: Path,
) -> None:
    """Record that the notice of a DUTY was sent; the clocks that follow it start.

    \b
    Example:
      seawall report sent 3f2a eu.nis2.notification --at 2026-03-20T16:40+01:00 --by "C. Ray" --reason "receipt 4711"
    """
    from seawall.errors import UsageError
    from seawall.pipeline import duties as pipes
    from seawall.reporting.duties.statements import Statement

    if duty_id not in pipes.case_duties(opened_case(case_folder), folders).duties:
        raise UsageError(f"no duty is called {duty_id!r}", mend="list them with: seawall report duties")
    _state(case_folder, incident_id, Statement("", "sent", duty_id, at, by, reason=reason), correct)


@click.command("silence")
@click.argument("incident_id", metavar="ID")
@click.option("--until", "until", type=Moment(), required=True, help="End of the order; UTC unless it names a zone.")
@click.option("--by", required=True, help="Who ordered it: an agency, the Attorney General, a court.")
@click.option("--duty", "duty_id", default="*", show_default="all to customers and public", help="Only this duty.")
@_REASON
@duties_option
@case_option
def silence(
    incident_id: str,
    until: datetime,
    by: str,
    duty_id: str,
    reason: str,
    folders: tuple[Path, ...],
    case_folder: Path,
) -> None:
    """Record an order of silence: it stops what goes to customers and public, never reports to authorities.

    \b
    Example:
      seawall report silence 3f2a --until 2026-04-30 --by "Attorney General" --duty us.sec.8k_1_05
    """
    from seawall.errors import UsageError
    from seawall.pipeline import duties as pipes
    from seawall.reporting.duties.statements import EVERY, Statement

    duty = pipes.case_duties(opened_case(case_folder), folders).duties.get(duty_id)
    if duty_id != EVERY and (duty is None or duty.audience not in ("customers", "public")):
        what = "no duty is called" if duty is None else "no order silences a report to authorities:"
        raise UsageError(f"{what} {duty_id!r}", mend="name a duty to customers or public: seawall report duties")
    _state(case_folder, incident_id, Statement("", "silence", duty_id, until, by, reason=reason))


@click.command("fact")
@click.argument("incident_id", metavar="ID|carrier")
@click.argument("said", metavar="NAME=VALUE...", nargs=-1, required=True)
@_BY
@case_option
def fact(incident_id: str, said: tuple[str, ...], by: str, case_folder: Path) -> None:
    """State facts no evidence can tell, e.g. customers=1200; `carrier` in place of an ID holds for all incidents.

    Names are those a draft asks for. An empty value takes a fact back.

    \b
    Examples:
      seawall report fact carrier "contact=NOC, +1 555 0100, noc@example.net" listed_company=yes --by "C. Ray"
      seawall report fact 3f2a customers=1200 "data_types=call records"
    """
    from seawall.errors import UsageError
    from seawall.reporting.duties.statements import Statement

    for one in said:
        name, equals, value = one.partition("=")
        if not equals:
            raise UsageError(f"{one!r} is no NAME=VALUE", mend="write e.g. customers=1200")
        _state(case_folder, incident_id, Statement("", "fact", name.strip(), clock_of().now(), by, value.strip()))


COMMANDS: Final = (start, sent, silence, fact)
