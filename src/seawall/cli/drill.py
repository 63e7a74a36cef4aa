"""`seawall drill`: would we see it next time?"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seawall.cli.drill_people import live, mint, tabletop
from seawall.cli.options import case_option, lines_option, rules_option
from seawall.errors import InputError, SeawallError

if TYPE_CHECKING:
    from seawall.drills.history import Run
    from seawall.drills.run import Drilled
    from seawall.drills.scenario import Scenario

GATE_SHUT = 10  # exit code, as --fail-on has it


@click.group()
def drill() -> None:
    """Play labelled intrusions through the very pipeline that guards production, and say what was seen, and when."""


drill.add_command(tabletop)
drill.add_command(mint)
drill.add_command(live)


def _scenarios(names: Sequence[str]) -> list[Scenario]:
    """Scenarios by name or file; `all` for those that come with Seawall."""
    from seawall.drills import scenario

    found: list[Scenario] = []
    for name in names:
        if name == "all":
            found += [scenario.builtin(one) for one in scenario.names()]
        elif name.endswith((".yml", ".yaml")) or "/" in name:
            found.append(scenario.load_scenario(Path(name)))
        else:
            found.append(scenario.builtin(name))
    return list({one.id: one for one in found}.values())


@drill.command("list")
@lines_option
def list_scenarios(form: str) -> None:
    """List the scenarios that come with Seawall."""
    from seawall.cli import output
    from seawall.drills import scenario

    found = [scenario.builtin(name) for name in scenario.names()]
    if form == "jsonl":
        output.write_lines({"scenario": s.id, "title": s.title, "stages": len(s.stages)} for s in found)
        return
    for one in found:
        click.echo(f"{one.id:<26} {len(one.stages):>2} stages  {one.title}")


@drill.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--schema", is_flag=True, help="Print the JSON Schema of a scenario file, for editors, and leave.")
def check_scenarios(files: tuple[Path, ...], schema: bool) -> None:
    """Check scenario FILES: every word known, every act rendered, every cause before its effect.

    Without FILES the scenarios that come with Seawall are checked. Each fault is said with its line and the mend.

    \b
    Example:
      seawall drill check my-scenario.yml
    """
    from seawall.drills.check import check
    from seawall.drills.scenario import folder, json_schema

    if schema:
        import json

        click.echo(json.dumps(json_schema(), indent=2))
        return
    faults = 0
    for path in files or sorted(folder().glob("*.yml")):
        try:
            sound = check(path)
        except InputError as error:
            faults += 1
            click.echo(f"{error}\n  try: {error.mend}")
            continue
        stages = f"{len(sound.scenario.stages)} stages, {len(sound.behaviours)} behaviours, {sound.lines} lines"
        click.echo(f"{path.name}: sound: {stages}; on {', '.join(sound.platforms)}")
    if faults:
        raise InputError(f"{faults} of {len(files) or 'the'} scenarios cannot be played", mend="mend the lines named")


@drill.command("run")
@click.argument("names", nargs=-1, required=True, metavar="NAME|FILE|all...")
@click.option("--seed", default=2026, show_default=True, help="Another number is another carrier.")
@click.option("--cover", default=0.03, show_default=True, type=click.FloatRange(0, 1), help="Share of everyday lines.")
@click.option("--without", "losses", multiple=True, metavar="TELEMETRY@WHERE[=SHARE]",
              help="What if it were lost? e.g. accounting@edge, log@pe=0.3. May be given again.")  # fmt: skip
@click.option("--skew", "skews", multiple=True, metavar="WHERE=SECONDS", help="A clock that is wrong, e.g. edge=90.")
@click.option("--shift-days", default=0, help="Play it so many days later.")
@click.option(
    "--speed", default=1.0, type=click.FloatRange(0.1, 100), help="The intruder's pauses, so many times shorter."
)
@rules_option
@click.option("--keep", type=click.Path(file_okay=False, path_type=Path), help="Leave evidence and labels there.")
@click.option("--layer", type=click.Path(dir_okay=False, path_type=Path), help="Write an ATT&CK Navigator layer.")
@click.option("--case", "case_folder", type=click.Path(file_okay=False, path_type=Path), envvar="SEAWALL_CASE",
              help="Keep the result in this case, for `compare`, `gate` and the trend.")  # fmt: skip
@lines_option
def run_drill(
    names: tuple[str, ...],
    seed: int,
    cover: float,
    losses: tuple[str, ...],
    skews: tuple[str, ...],
    shift_days: int,
    speed: float,
    rule_paths: tuple[Path, ...],
    keep: Path | None,
    layer: Path | None,
    case_folder: Path | None,
    form: str,
) -> None:
    """Play scenarios, hunt what they left, and say of each stage: detected, late, missed or not observable.

    Several scenarios are played into one carrier, one after another. The hunt sees evidence and the carrier's site
    file, never the labels. Nothing of it enters a case but the result, and only with --case.

    \b
    Examples:
      seawall drill run edge-to-mediation
      seawall drill run all --format jsonl > today.jsonl
      seawall drill run all --without accounting@edge      what if accounting were off on the edge?
    """
    from seawall.cli import output
    from seawall.drills.conditions import Conditions, read_loss, read_skew

    conditions = Conditions(cover, tuple(map(read_loss, losses)), tuple(map(read_skew, skews)), shift_days, speed)
    chosen = _scenarios(names)
    with tempfile.TemporaryDirectory(prefix="seawall-drill-") as spare:
        drilled = _played(chosen, keep or Path(spare), seed, conditions, rule_paths)
    if case_folder:
        _keep(case_folder, drilled)
    if layer:
        _write_layer(layer, drilled)
    if form == "jsonl":
        output.write_lines(verdict.row() for verdict in drilled.verdicts)
        return
    from seawall.cli.drill_account import account
    from seawall.reporting.terminal import console_for

    console_for(sys.stdout).print(account(drilled))


def _played(chosen: Sequence[Scenario], room: Path, seed: int, conditions: object, rules: tuple[Path, ...]) -> Drilled:
    from seawall.cli.progress import drawn
    from seawall.drills.conditions import Conditions
    from seawall.drills.run import Drilled, Staged, run

    assert isinstance(conditions, Conditions)
    room.mkdir(parents=True, exist_ok=True)
    click.echo(f"playing {len(chosen)} of: {', '.join(one.id for one in chosen)}", err=True)
    for step in drawn(run(chosen, room, seed=seed, conditions=conditions, rules=rules)):
        if isinstance(step, Staged):
            click.echo(f"played {step.lines:,} lines over {step.days} days; hunting", err=True)
        if isinstance(step, Drilled):
            return step
    raise SeawallError("the hunt ended without an answer", mend="run it again")


def _keep(folder: Path, drilled: Drilled) -> None:
    from seawall.drills import history
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock

    clock = SystemClock()
    path = history.keep(open_case(folder, clock), drilled, clock)
    click.echo(f"kept: {path}", err=True)


def _write_layer(path: Path, drilled: Drilled) -> None:
    import json

    from seawall.drills.layer import drill_layer

    path.write_text(json.dumps(drill_layer(drilled), indent=1) + "\n", encoding="utf-8")
    click.echo(f"Navigator layer: {path}", err=True)


def _two(before: Path | None, after: Path | None, case_folder: Path) -> tuple[Run | None, Run]:
    """The runs to compare: files if they are named, else the last two of the case."""
    from seawall.drills import history
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock

    if after:
        return (history.read(before) if before else None), history.read(after)
    runs = history.kept(open_case(case_folder, SystemClock(), create=False))
    if not runs:
        raise InputError("no drill was kept here", where=str(case_folder), mend="seawall drill run all --case DIR")
    return (runs[-2] if len(runs) > 1 else None), runs[-1]


@drill.command("compare")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@case_option
@click.option("--trend", is_flag=True, help="One line per kept run and scenario instead.")
@lines_option
def compare_runs(files: tuple[Path, ...], case_folder: Path, trend: bool, form: str) -> None:
    """Say what changed between two runs: BEFORE and AFTER as files, or the last two the case keeps.

    \b
    Examples:
      seawall drill compare yesterday.jsonl today.jsonl
      seawall drill compare --case cases/chicago --trend
    """
    from seawall.cli import output
    from seawall.drills import history
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock

    if trend:
        rows = history.trend(history.kept(open_case(case_folder, SystemClock(), create=False)))
        if form == "jsonl":
            output.write_lines(rows)
            return
        for row in rows:
            before = row["stages_before_breach"]
            ahead = "-" if before is None else str(before)
            counts = f"{row['detected']:>2} of {row['stages']} detected, {ahead} stages before the breach"
            click.echo(f"{row['at']}  {row['scenario']:<26} {counts}")
        return
    if len(files) not in (0, 2):
        raise InputError(f"{len(files)} files to compare", mend="name two, BEFORE and AFTER, or none")
    before, after = _two(files[0] if files else None, files[1] if files else None, case_folder)
    if before is None:
        raise InputError("there is one run only", where=str(case_folder), mend="run again, then compare")
    changes = history.compare(before, after)
    if form == "jsonl":
        output.write_lines(
            {"scenario": c.scenario, "stage": c.stage, "before": c.before, "after": c.after, "worse": c.worse}
            for c in changes
        )
        return
    for change in changes:
        sign = "worse " if change.worse else "      "
        click.echo(
            f"{sign} {change.scenario} {change.stage}: {change.before or 'not there'} -> {change.after or 'gone'}"
        )
    click.echo(f"{len(changes)} stages changed, {sum(c.worse for c in changes)} for the worse", err=True)


@drill.command("gate")
@click.argument("after", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="[FILE]")
@click.option("--min", "least", type=click.FloatRange(0, 100), required=True,
              help="Percent of observable stages that must be detected in time.")  # fmt: skip
@click.option("--before", type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="An earlier run: what it saw must still be seen.")  # fmt: skip
@case_option
def gate(after: Path | None, least: float, before: Path | None, case_folder: Path) -> None:
    """Leave with 10 if a run detected too little, or less than an earlier one: for a pipeline that ships rules.

    Without FILE the last run the case keeps is judged, against the one before it.

    \b
    Example:
      seawall drill run all --format jsonl > now.jsonl && seawall drill gate now.jsonl --min 90 --before last.jsonl
    """
    from seawall.drills import history

    earlier, run = _two(before, after, case_folder)
    refused = history.refusals(run, least / 100, earlier)
    for why in refused:
        click.echo(f"refused: {why}")
    if refused:
        raise click.exceptions.Exit(GATE_SHUT)
    click.echo(f"open: {run.share():.0%} of the observable stages were detected in time")
