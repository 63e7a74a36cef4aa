"""`seawall share import | list | compare`: what others told us."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from seawall.cli.options import case_option, lines_option, site_option
from seawall.cli.share import LIGHTS

if TYPE_CHECKING:
    from seawall.model.case import Case
    from seawall.pipeline.sharing_in import Taken
    from seawall.sharing.store import Shared


@click.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path)
)
@click.option("--source", default="", help="Who gave it to us. Default: the file's name.")
@click.option("--tlp", type=click.Choice(LIGHTS), help="At least so strict, whatever it says itself.")
@click.option("--confidence", type=click.IntRange(0, 100), help="Of what says nothing of its own. Default: 50.")
@click.option("--no-hunt", is_flag=True, help="Only take it in; the next hunt looks for it.")
@site_option
@case_option
def take_in(
    files: tuple[Path, ...],
    source: str,
    tlp: str | None,
    confidence: int | None,
    no_hunt: bool,
    site_file: Path | None,
    case_folder: Path,
) -> None:
    """Take in FILES (STIX 2 bundle, MISP event, CSV, a table pasted from an advisory), then hunt the lake for them.

    `-` is standard input. Nothing is blocked and nothing decided: indicators only ever make findings for people. What
    is wrong with one object never costs the others; every one that was refused is named.

    \b
    Examples:
      seawall share import aa25-239a.json --source cisa
      pbpaste | seawall share import - --source advisory --tlp amber
    """
    import sys

    from seawall import pipeline
    from seawall.cli.report_options import clock_of
    from seawall.model.case import open_case
    from seawall.pipeline.sharing_in import take, told_by
    from seawall.sharing.checking import MAX_BYTES

    clock = clock_of()
    case = open_case(case_folder, clock)
    settings = pipeline.case_settings(case)
    new = 0
    for path in files:
        stream = sys.stdin.buffer if str(path) == "-" else None
        if stream is not None:
            raw = stream.read(MAX_BYTES + 1)
        else:
            with path.open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
        name = source or ("standard-input" if stream is not None else _name_of(path))
        sure = -1 if confidence is None else confidence
        done = take(case, told_by(settings, _token(name), raw, str(path), tlp or "", sure), clock)
        tell(done, str(path))
        new += done.indicators
    if new and not no_hunt:
        hunt_again(case, site_file)


def _name_of(path: Path) -> str:
    return path.name.partition(".")[0] or "file"


def _token(name: str) -> str:
    """A name as the ledger takes it: no blanks, nothing odd."""
    import re

    return re.sub(r"[^A-Za-z0-9._-]", "-", name)[:100] or "source"


def tell(done: Taken, where: str) -> None:
    """What became of it, on standard error; whom it must be recalled from, too."""
    from seawall.reporting.text import safe_terminal

    def say(text: str) -> None:
        click.echo(safe_terminal(text), err=True)

    say(
        f"{where}: {done.objects:,} objects of {done.source}: {done.new:,} new ({done.indicators:,} indicators),"
        f" {done.known:,} known already, {done.rejected:,} refused"
    )
    for place, why in done.rejects[:20]:
        say(f"  refused {place}: {why}")
    if done.rejected > 20:
        say(f"  and {done.rejected - 20:,} more refused")
    for what, count in sorted(done.lost.items()):
        say(f"  lost, {what}: {count:,}")
    for receiver, ids in done.recalled.items():
        say(f"RECALL: {receiver} was given {len(ids):,} objects that are marked stricter now: ask them to delete")
        for name in ids[:20]:
            say(f"  {name}")


def hunt_again(case: Case, site_file: Path | None) -> None:
    """Hunt the whole lake with what is known now, and put sightings on the shelf."""
    from seawall import pipeline
    from seawall.cli.report_options import clock_of
    from seawall.pipeline.sharing_in import sightings
    from seawall.reporting.text import safe_terminal

    clock, settings = clock_of(), pipeline.case_settings(case)
    request = pipeline.HuntRequest(
        case,
        site=pipeline.case_site(case, site_file),
        settings=settings,
        reading=pipeline.case_options(case),
        clock=clock,
    )
    hunted = next(step for step in pipeline.hunt(request) if isinstance(step, pipeline.Hunted))
    named = [f for f in hunted.findings if f.detector.startswith("indicator.")]
    new = [finding for finding in named if finding.id in hunted.new]
    click.echo(f"hunted the lake: {len(named):,} findings name an indicator, {len(new):,} of them new", err=True)
    for finding in new[:100]:
        line = f"{finding.severity.word.upper():8} {finding.first:%Y-%m-%d %H:%M}  {finding.subject}  {finding.why}"
        click.echo(safe_terminal(line))
    for source, count in sightings(case, named, clock).items():
        say = f"{count:,} sightings wait to go back to {source}: seawall share preview --collection for:{source}"
        click.echo(safe_terminal(say), err=True)


@click.command("list")
@click.option("--conflicts", is_flag=True, help="Only values about which sources disagree.")
@lines_option
@case_option
def show(conflicts: bool, form: str, case_folder: Path) -> None:
    """List what others told us: each value once, with its sources, confidence today, end, and conflicts.

    \b
    Examples:
      seawall share list --conflicts
      seawall share list --format jsonl
    """
    import json

    from seawall.cli.report_options import clock_of, opened_case
    from seawall.model.finding import utc_text
    from seawall.pipeline.sharing_in import known_values
    from seawall.reporting.text import safe_terminal

    case, now = opened_case(case_folder), clock_of().now()
    for one in known_values(case):
        if conflicts and not one.conflicts:
            continue
        times = (one.first_seen, one.last_seen, one.until)
        first, last, until = (utc_text(moment) if moment else None for moment in times)
        row = {
            "value": one.value,
            "type": one.kind,
            "confidence": one.confidence,
            "confidence_now": one.now(now),
            "tlp": one.light.word,
            "sources": list(one.sources),
            "first_seen": first,
            "last_seen": last,
            "until": until,
            "revoked": not one.standing,
            "conflicts": list(one.conflicts),
        }
        if form == "jsonl":
            click.echo(json.dumps(row))
            continue
        end = f"until {until[:10]}" if until else "no end"
        sure = f"{row['confidence_now']:3} of 100, {end}, {one.light.label}"
        text = f"{one.value:45} {one.kind:7} {sure}, {', '.join(one.sources)}"
        click.echo(safe_terminal(text))
        for conflict in one.conflicts:
            click.echo(safe_terminal(f"    CONFLICT: {conflict}"))


@click.command("compare")
@click.argument("left")
@click.argument("right")
@lines_option
@case_option
def compare(left: str, right: str, form: str, case_folder: Path) -> None:
    """Say what two collections have in common and what is new in each. LEFT and RIGHT: a collection, or a file.

    \b
    Examples:
      seawall share compare in:cisa in:peer
      seawall share compare in:cisa theirs.json --format jsonl
    """
    import json

    from seawall.cli.report_options import clock_of, opened_case
    from seawall.pipeline.sharing_in import collection, in_file
    from seawall.reporting.text import safe_terminal
    from seawall.sharing import known

    case = opened_case(case_folder)

    def found(name: str) -> list[Shared]:
        path = Path(name)
        return in_file(path, clock_of()) if path.is_file() else collection(case, name)

    common = known.compare(found(left), found(right))
    parts = (("both", common.both), (f"only {left}", common.left), (f"only {right}", common.right))
    if form == "jsonl":
        for where, (_, values) in zip(("both", "left", "right"), parts, strict=True):
            for kind, value in values:
                click.echo(json.dumps({"where": where, "type": kind, "value": value}))
        for text in common.disagree:
            click.echo(json.dumps({"where": "disagree", "what": text}))
        return
    for (title, values), count in zip(parts, common.objects, strict=True):
        click.echo(safe_terminal(f"{title}: {len(values):,} values, {count:,} objects"))
        for kind, value in values[:200]:
            click.echo(safe_terminal(f"  {kind:7} {value}"))
        if len(values) > 200:
            click.echo(f"  and {len(values) - 200:,} more: --format jsonl tells all")
    for text in common.disagree:
        click.echo(safe_terminal(f"DISAGREE: {text}"))
