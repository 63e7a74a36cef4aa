"""`seawall demo`: a labelled intrusion, hunted like any other evidence, and judged."""

from __future__ import annotations

import shutil
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from seawall.errors import InputError

if TYPE_CHECKING:
    from seawall.drills.scenario import Scenario
    from seawall.pipeline import HuntRequest

PARTS = ("evidence", "evidence.truth.jsonl", "evidence.site.toml", "case", "report.html", "intercepts")


@click.command()
@click.option(
    "--folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("demo"),
    show_default="./demo",
    help="Where to play it; what an earlier demo left there is replaced.",
)
@click.option("--seed", default=2026, show_default=True, help="Another number is another carrier.")
@click.option("--scenario", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Another scenario file.")
def demo(folder: Path, seed: int, scenario: Path | None) -> None:
    """Play a carrier intrusion into an evidence folder and hunt it.

    Ends with what was caught, stage by stage, and when. The hunt sees the evidence and the carrier's site file, never
    the labels.

    \b
    Example:
      seawall demo --seed 7 --folder /tmp/demo
    """
    from seawall import pipeline
    from seawall.cli import output
    from seawall.cli.progress import drawn
    from seawall.cli.stages import stage_account
    from seawall.drills.intercepts import write_office
    from seawall.drills.play import play
    from seawall.drills.scenario import builtin, load_scenario
    from seawall.drills.score import score
    from seawall.model.case import open_case
    from seawall.model.clock import FixedClock
    from seawall.model.site import load_site
    from seawall.reporting.html import write_report
    from seawall.reporting.terminal import console_for

    _clear(folder)
    played: Scenario = load_scenario(scenario) if scenario else builtin()
    evidence, report = folder / "evidence", folder / "report.html"
    click.echo(f"playing: {played.title}", err=True)
    truth = play(played, evidence, seed)
    click.echo(f"played {truth.lines:,} lines of evidence into {evidence}", err=True)
    clock = FixedClock(max(landed.time for landed in truth.landed) + timedelta(hours=1))
    request = pipeline.HuntRequest(
        case=open_case(folder / "case", clock),
        paths=(evidence,),
        site=load_site(folder / "evidence.site.toml"),
        clock=clock,
    )
    hunted = next(step for step in drawn(pipeline.hunt(request)) if isinstance(step, pipeline.Hunted))
    view = pipeline.view(request, hunted)
    write_report(report, case=view)
    output.write_hunt(view, "table")
    console_for(sys.stdout).print(stage_account(score(truth, hunted.findings)))
    click.echo(f"the report is a page to open in any browser: {report}")
    if write_office(played, truth, folder / "intercepts", seed):
        _intercept_story(folder, request)


def _intercept_story(folder: Path, request: HuntRequest) -> None:
    """What only the intercept case may know: the office's own exports, joined with what the SOC's case hands over."""
    import tempfile

    from seawall.cli.intercepts_story import show_stories
    from seawall.pipeline import oversight, soc_evidence
    from seawall.pipeline.intercept_story import stories

    found = oversight.reconcile((folder / "intercepts",), request.clock)
    with tempfile.TemporaryDirectory() as room:
        handed = Path(room) / "soc.jsonl"
        handed.write_text("".join(soc_evidence.export(request.case, request.site, request.clock)), encoding="utf-8")
        soc = soc_evidence.read(handed)
    click.echo(
        "\nApart from all this, for the intercept officer alone (seawall intercepts reconcile, evidence, story):"
    )
    show_stories(stories(found.findings, soc, request.site))


def _clear(folder: Path) -> None:
    """Take away what an earlier demo left, and nothing else.

    Raises:
        InputError: the folder holds something a demo did not make.
    """
    if folder.exists() and (strange := sorted(p.name for p in folder.iterdir() if p.name not in PARTS)):
        raise InputError(
            f"holds {strange[0]}, which no demo made", where=str(folder), mend="name another folder with --folder"
        )
    for name in PARTS:
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
