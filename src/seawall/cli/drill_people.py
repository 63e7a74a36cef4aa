"""`seawall drill tabletop`, `mint` and `live`: told to people, made of what happened, sent to a running collector."""

from __future__ import annotations

from pathlib import Path

import click

from seawall.cli.options import case_option, site_option


@click.command("tabletop")
@click.argument("name", metavar="NAME|FILE")
@click.option("--minutes", default=120, show_default=True, type=click.IntRange(15, 600), help="StartEx to EndEx.")
@click.option("--handouts", type=click.Path(file_okay=False, path_type=Path),
              help="Write players.md and facilitator.md there.")  # fmt: skip
@click.option("--decide", "inject", type=int, help="Log what the players decided after inject N; say it in WHAT.")
@click.option("--rating", type=click.Choice(["P", "S", "M", "U"]), help="Of that decision, given by a person.")
@click.argument("what", required=False, default="")
@click.option("--after-action", is_flag=True, help="Print the draft after-action report.")
@click.option("--run", "run_file", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="For the report: what `drill run --format jsonl` saw. Default: the case's last run.")  # fmt: skip
@case_option
def tabletop(
    name: str,
    minutes: int,
    handouts: Path | None,
    inject: int | None,
    rating: str | None,
    what: str,
    after_action: bool,
    run_file: Path | None,
    case_folder: Path,
) -> None:
    """Tell a scenario to people: timed injects, handouts, decisions on record, a draft of the report.

    Words are HSEEP's. Decisions go into the case's ledger (their digest) and its folder (their words).

    \b
    Examples:
      seawall drill tabletop mail-to-sim-swap --handouts exercise/
      seawall drill tabletop mail-to-sim-swap --decide 3 --rating S "We isolate the mediation host; officer told."
      seawall drill tabletop mail-to-sim-swap --after-action > report.md
    """
    from seawall.cli.drill import _scenarios
    from seawall.drills import exercise, tabletop
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock

    scenario, clock = _scenarios([name])[0], SystemClock()
    if handouts:
        handouts.mkdir(parents=True, exist_ok=True)
        (handouts / "players.md").write_text(tabletop.players(scenario, minutes), encoding="utf-8")
        (handouts / "facilitator.md").write_text(tabletop.facilitator(scenario, minutes), encoding="utf-8")
        click.echo(f"players.md and facilitator.md: {handouts}", err=True)
    elif inject is not None:
        case = open_case(case_folder, clock)
        made = tabletop.decision(scenario, inject, what, clock.now(), rating or "")
        click.echo(f"on record: {exercise.keep(case, scenario, made, clock)}", err=True)
    elif after_action:
        case = open_case(case_folder, clock, create=False)
        seen = exercise.seen(case, scenario, run_file)
        click.echo(tabletop.after_action(scenario, exercise.kept(case, scenario), seen, minutes))
    else:
        click.echo(tabletop.facilitator(scenario, minutes))


@click.command("mint")
@click.argument("incident", metavar="INCIDENT")
@case_option
@site_option
@click.option("--name", default="", help="What the scenario is called. Default: minted-<first letters of the id>.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write it there. Default: print it.")
def mint(incident: str, case_folder: Path, site_file: Path | None, name: str, out: Path | None) -> None:
    """Make a scenario of a real INCIDENT, its addresses, names and accounts replaced by parts to be cast.

    Read it before you share it: free text in a command may still tell who you are.

    \b
    Example:
      seawall drill mint 5f2c --case cases/chicago --out ours.yml && seawall drill run ours.yml
    """
    from seawall import pipeline
    from seawall.drills.mint import minted
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock

    case = open_case(case_folder, SystemClock(), create=False)
    text = minted(case, incident, pipeline.case_site(case, site_file), name)
    if out:
        out.write_text(text, encoding="utf-8")
        click.echo(f"minted: {out}; read it before you share it", err=True)
    else:
        click.echo(text, nl=False)


@click.command("live")
@click.argument("name", metavar="NAME|FILE")
@click.option(
    "--to", "target", required=True, metavar="ADDRESS:PORT", help="A collector on this host, e.g. 127.0.0.1:6514."
)
@click.option(
    "--minutes", default=60, show_default=True, type=click.IntRange(1, 1440), help="How long the session lasts."
)
@click.option(
    "--speed", default=60.0, show_default=True, type=click.FloatRange(0.1, 10_000), help="So many times faster."
)
@click.option("--seed", default=2026, show_default=True, help="Another number is another carrier.")
@case_option
def live(name: str, target: str, minutes: int, speed: float, seed: int, case_folder: Path) -> None:
    """Send a scenario's log lines to a running collector on this host, as a signed session.

    Each line is announced by a marker that only this session's key can write. Findings that rest on announced lines
    alone are marked as an exercise; a marker that is copied, replayed or forged is a critical finding.

    \b
    Example:
      seawall drill live edge-to-mediation --to 127.0.0.1:6514 --case cases/chicago
    """
    import time
    from datetime import timedelta

    from seawall.cli.drill import _scenarios
    from seawall.drills import sending
    from seawall.errors import UsageError
    from seawall.ledger import open_ledger
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.drill_marks import open_session

    host, _, port = target.rpartition(":")
    if not port.isdecimal() or not 0 < int(port) < 65_536:
        raise UsageError(f"{target!r} is no ADDRESS:PORT", mend="write 127.0.0.1:6514")
    scenario, clock = _scenarios([name])[0], SystemClock()
    case = open_case(case_folder, clock)
    with open_ledger(case, clock=clock) as ledger:
        session = open_session(case, ledger, clock.now(), timedelta(minutes=minutes))
    click.echo(f"session {session.id} until {session.until.isoformat()}", err=True)
    told = sending.lines(scenario, seed, session, clock)
    count = sending.send(told, host.strip("[]"), int(port), speed=speed, wait=time.sleep)
    click.echo(f"sent {count} lines to {target}")
