"""`seawall flows`: look around in flows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from seawall.cli.options import EvidencePath, Moment, lines_option, map_option, site_option

if TYPE_CHECKING:
    from seawall.model.settings import FlowSettings
    from seawall.pipeline import FlowAnswer

WHAT: Final = ("top", "pairs", "beacons", "talkers")
_BARS: Final = " ▁▂▃▄▅▆▇█"
_CROSSINGS: Final = 3  # told of a row in the table; jsonl has up to eight
_SHOWN: Final[dict[str, tuple[str, ...]]] = {
    "top": ("src", "dst", "port", "proto", "app", "flows", "sent", "got", "direction"),
    "pairs": ("src", "dst", "ports", "flows", "sent", "got", "direction"),
    "talkers": ("host", "peers", "flows", "sent", "got", "inside", "first", "last"),
    "beacons": ("src", "dst", "port", "proto", "score", "calls", "period", "evenness", "missed", "sharing", "why"),
}  # columns of the table for people; jsonl has them all


@click.command()
@click.argument("what", type=click.Choice(WHAT))
@click.argument("paths", nargs=-1, type=EvidencePath(), metavar="[PATH]...")
@click.option(
    "--case",
    "case_folder",
    type=click.Path(file_okay=False, path_type=Path),
    envvar="SEAWALL_CASE",
    default=Path("case"),
    show_default="./case",
    help="Case to ask where no PATH is given; SEAWALL_CASE in the environment does the same.",
)
@click.option("--since", type=Moment(), help="Only flows from this time on; UTC unless it names a zone.")
@site_option
@map_option
@click.option(
    "--owners",
    "owner_files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="MMDB or CSV file that says who owns an address; may be repeated. Before `owners` of the case.",
)
@click.option(
    "--interfaces",
    "interface_files",
    multiple=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="CSV file or SNMP walk that names interfaces; may be repeated. Before `interfaces` of the case.",
)
@click.option("--limit", default=25, show_default=True, type=click.IntRange(0), help="Rows at most; 0 for all.")
@click.option("--all", "faint", is_flag=True, help="beacons: list harmless timers too, lowest scores last.")
@lines_option
def flows(
    what: str,
    paths: tuple[Path, ...],
    case_folder: Path,
    since: datetime | None,
    site_file: Path | None,
    map_files: tuple[Path, ...],
    owner_files: tuple[Path, ...],
    interface_files: tuple[Path, ...],
    limit: int,
    faint: bool,
    form: str,
) -> None:
    """Look around in flows: who speaks most, with whom, and at an even beat.

    \b
    top       conversations (client, server, port) by octets
    pairs     pairs of hosts by octets, all ports together
    talkers   hosts by octets, whoever began
    beacons   even beats, the most suspicious first, with every term of the score

    PATHs are read as `seawall ingest` reads them, into no case. Without PATH the case is asked.

    \b
    Examples:
      seawall flows beacons conn.log.gz
      seawall flows beacons --case cases/chicago --since 2026-11-20 --format jsonl
      seawall flows top nfcapd.202611200000 --limit 50
      seawall flows talkers conn.log.gz --owners GeoLite2-ASN.mmdb --owners GeoLite2-Country.mmdb
    """
    from seawall import pipeline
    from seawall.cli import output
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.model.settings import Settings, with_maps
    from seawall.model.site import Site, load_site

    clock = SystemClock()
    if paths:
        settings = with_maps(Settings(), map_files)
        site = load_site(site_file) if site_file else Site()
        known = pipeline.known_files(_with(settings.flows, owner_files, interface_files))
        with pipeline.passing_lake(paths, settings, clock) as lake:
            answer = pipeline.ask_flows(lake, what, site, since=since, limit=limit, faint=faint, known=known)
    else:
        case = open_case(case_folder, clock, create=False)
        site = pipeline.case_site(case, site_file)
        known = pipeline.known_files(_with(pipeline.case_settings(case).flows, owner_files, interface_files))
        lake = pipeline.case_lake(case)
        answer = pipeline.ask_flows(lake, what, site, since=since, limit=limit, faint=faint, known=known)
    if form == "jsonl":
        output.write_lines(_plain(row) for row in answer.rows)
    else:
        _table(answer, what)
    _say(answer, what)


def _with(settings: FlowSettings, owners: tuple[Path, ...], interfaces: tuple[Path, ...]) -> FlowSettings:
    """The settings, with files given on the command line before their own."""
    from dataclasses import replace

    return replace(
        settings,
        owners=(*map(str, owners), *settings.owners),
        interfaces=(*map(str, interfaces), *settings.interfaces),
    )


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    from seawall.model.finding import utc_text

    return {name: utc_text(value) if isinstance(value, datetime) else value for name, value in row.items()}


def _table(answer: FlowAnswer, what: str) -> None:
    import shutil
    import sys

    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from seawall.reporting.text import safe_terminal

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in _SHOWN[what]:
        number = name in ("port", "ports", "flows", "sent", "got", "score", "calls", "period", "evenness", "peers")
        table.add_column(name, justify="right" if number else "left", overflow="fold")
    if answer.owned:
        table.add_column("owner", overflow="fold")
    if answer.crossed:
        table.add_column("interfaces", overflow="fold")
    if answer.lines:
        table.add_column("octets over time", no_wrap=True)
    for row in answer.rows:
        cells = [Text(_cell(name, row.get(name))) for name in _SHOWN[what]]
        if answer.owned:
            cells.append(Text(safe_terminal(_owner(row))))
        if answer.crossed:
            cells.append(Text("\n".join(map(safe_terminal, row["interfaces"][:_CROSSINGS]))))
        if answer.lines:
            line = answer.lines.get((row["src"], row["dst"], row.get("port")))
            cells.append(Text(sparkline(line) if line else ""))
        table.add_row(*cells)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 240
    Console(width=width, highlight=False).print(table)


def _owner(row: dict[str, Any]) -> str:
    """Who owns the ends that are not ours, the server last."""
    from seawall.model.owners import Owner

    ends = [end for end in ("src", "dst", "host") if f"{end}_asn" in row]
    told = [Owner(row[f"{e}_asn"], row[f"{e}_owner"] or "", row[f"{e}_country"] or "") for e in ends]
    return " > ".join(str(owner) for owner in told if str(owner))


def sparkline(values: list[int]) -> str:
    """Values as a row of bars, on a scale of square roots so that small ones stay visible."""
    most = max(values, default=0)
    if most <= 0:
        return " " * len(values)
    last = len(_BARS) - 1
    return "".join(_BARS[max(1, round((value / most) ** 0.5 * last)) if value > 0 else 0] for value in values)


def _cell(name: str, value: Any) -> str:
    from seawall.reporting.text import length_text, safe_terminal, size_text

    if value is None:
        return ""
    if name in ("sent", "got"):
        return size_text(int(value))
    if name == "period":
        return length_text(float(value))
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float):
        return f"{value:.3g}"
    return safe_terminal(str(value))


def _say(answer: FlowAnswer, what: str) -> None:
    told = f"{len(answer.rows)} rows of {answer.total:,} flows"
    if answer.left_out:
        told += f"; {answer.left_out:,} more with --limit 0"
    click.echo(told, err=True)
    if answer.sampled:
        share = f"{answer.sampled:,} of {answer.total:,} flows are sampled beyond 1:10"
        ending = (
            "no beat can be told from them, they were left out" if what == "beacons" else "multiplied by their sampling"
        )
        click.echo(f"seawall: {share}: {ending}", err=True)
