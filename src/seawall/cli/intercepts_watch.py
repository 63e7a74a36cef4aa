"""`seawall intercepts watch`: look again whenever new exports arrive, and tell what is new."""

from __future__ import annotations

from pathlib import Path

import click

from seawall.cli.options import EvidencePath, case_option, lines_option


@click.command()
@click.argument("paths", nargs=-1, required=True, type=EvidencePath(), metavar="PATH...")
@case_option
@click.option("--once", is_flag=True, help="Look once and end; for cron and systemd timers.")
@click.option(
    "--every", type=click.FloatRange(1, 86_400), default=60.0, show_default=True, help="Seconds between looks."
)
@click.option("--country", default="", help="Country of numbers written without one (NZ, 64).")
@click.option("--first-week", is_flag=True, help="A registry not cleaned yet; as for reconcile.")
@lines_option
def watch(
    paths: tuple[Path, ...],
    case_folder: Path,
    once: bool,
    every: float,
    country: str,
    first_week: bool,
    form: str,
) -> None:
    """Judge the exports below PATH again whenever they change, and tell only what was not told before.

    The intercept case keeps what was told, so a stop and a new start repeat nothing. Its vault must be unlocked: while
    it is not, oversight is blind, and that is told once. With --once the exit code is 3 while it is blind.

    \b
    Examples:
      seawall intercepts watch exports/ --case cases/intercept
      seawall intercepts watch exports/ --case cases/intercept --once --format jsonl
    """
    import threading

    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline import watching

    clock = SystemClock()
    case = open_case(case_folder, clock)
    pause = threading.Event()
    while True:
        seen = watching.look(paths, case, clock, country=country, dirty=first_week)
        _tell(seen, form)
        if once:
            break
        pause.wait(every)
    if seen.answer is not None and seen.answer.blind:
        raise click.exceptions.Exit(3)


def _tell(seen: object, form: str) -> None:
    from seawall.cli import output
    from seawall.pipeline.oversight import remarks
    from seawall.pipeline.watching import Look
    from seawall.reporting.text import safe_terminal

    assert isinstance(seen, Look)
    if form == "jsonl":
        output.write_findings(seen.new, form)
    else:
        for one in seen.new:
            click.echo(safe_terminal(f"{one.severity.word}  {one.detector}  {one.subject}: {one.why}"))
    if seen.answer is None:
        click.echo("no export changed since the last look", err=True)
        return
    for about in seen.gone:
        click.echo(safe_terminal(f"no longer so: {about}"), err=True)
    for line in remarks(seen.answer):
        click.echo(safe_terminal(line), err=True)
    click.echo(f"{len(seen.new)} new since the last look", err=True)
