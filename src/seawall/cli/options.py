"""Options several commands share, so that they are spelled and explained once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

FORMATS = ("table", "jsonl", "ocsf")


def case_option(command: F) -> F:
    """`--case DIR`: the folder that holds everything about one tenant's evidence."""
    return click.option(
        "--case",
        "case_folder",
        type=click.Path(file_okay=False, path_type=Path),
        envvar="SEAWALL_CASE",
        default=Path("case"),
        show_default="./case",
        help="Case folder; SEAWALL_CASE in the environment does the same.",
    )(command)


def site_option(command: F) -> F:
    """`--site FILE`: the carrier's own world."""
    return click.option(
        "--site",
        "site_file",
        type=click.Path(dir_okay=False, exists=True, path_type=Path),
        help="site.toml: devices, jump hosts, people, change windows. Default: the case's own.",
    )(command)


def map_option(command: F) -> F:
    """`--map FILE`: how tables and JSON nobody else knows are read."""
    return click.option(
        "--map",
        "map_files",
        type=click.Path(dir_okay=False, exists=True, path_type=Path),
        multiple=True,
        help="Mapping file (TOML) for CSV tables and JSON of your own. May be given again; see docs/how-to/mapping.md.",
    )(command)


def rules_option(command: F) -> F:
    """`--rules DIR|archive`: more Sigma rules beside the built-in ones."""
    return click.option(
        "--rules",
        "rule_paths",
        type=click.Path(exists=True, path_type=Path),
        multiple=True,
        help="More Sigma rules: a file, a folder, or a .zip or .tar archive. May be given again.",
    )(command)


def reading_options(command: F) -> F:
    """`--values FILE` and `--pipeline FILE`: how rules are read."""
    files = click.Path(exists=True, dir_okay=False, path_type=Path)
    values = click.option(
        "--values",
        "value_files",
        type=files,
        multiple=True,
        help="YAML or JSON, `name: [texts]`: what rules with `expand` mean by %name%. May be given again.",
    )
    pipelines = click.option(
        "--pipeline",
        "pipeline_files",
        type=files,
        multiple=True,
        help="A pySigma processing pipeline: field names and log sources of your own. May be given again.",
    )
    return values(pipelines(command))


def format_option(command: F) -> F:
    """`--format`: how findings come out."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(FORMATS),
        default="table",
        show_default=True,
        help="table for people, jsonl or ocsf (Detection Finding) for programs: one finding a line.",
    )(command)


def lines_option(command: F) -> F:
    """`--format table|jsonl`: for lists that are no findings."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(["table", "jsonl"]),
        default="table",
        show_default=True,
        help="table for people, jsonl for programs.",
    )(command)


def jobs_option(command: F) -> F:
    """`--jobs N`: how many processes read."""
    return click.option(
        "--jobs",
        type=click.IntRange(0, 64),
        default=0,
        show_default="one per core, two at most; one if there is little",
        help="Processes that read. What comes out is the same; each takes about 200 MiB of memory.",
    )(command)


def custody_options(command: F) -> F:
    """`--collected-by`, `--collected-at`, `--custody-note`: what is said of evidence handed over."""
    command = click.option("--custody-note", default="", help="What else is known of how it was collected.")(command)
    command = click.option("--collected-at", type=Moment(), help="When; UTC unless it names a zone.")(command)
    return click.option(
        "--collected-by",
        default="",
        help="Who collected the evidence, for its custody. A custody.toml beside the evidence says the same.",
    )(command)


class EvidencePath(click.ParamType[Path]):
    """A PATH of evidence: a file, a folder, `-` for standard input, or a pattern in quotes (`'logs/*.gz'`)."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path, if something is there."""
        from seawall.sources import discover

        path = Path(value)
        if path == discover.STDIN or path.exists():
            return path
        if discover.is_pattern(path):
            if discover.matches(path) == [path]:
                self.fail(f"{str(path)!r} matches nothing", param, ctx)
            return path
        return self.fail(f"{str(path)!r} does not exist", param, ctx)


class Moment(click.ParamType[datetime]):
    """A date or time in ISO 8601; UTC unless it says otherwise."""

    name = "time"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment, aware, in UTC."""
        if isinstance(value, datetime):
            return value
        try:
            moment = datetime.fromisoformat(str(value).strip())
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):  # the first and last day of the calendar may leave it on the way to UTC
            self.fail(f"{value!r} is no time; write 2026-11-21 or 2026-11-21T22:00:00Z", param, ctx)


class Period(click.ParamType[tuple[datetime, datetime]]):
    """FROM..TO, both as `Moment` takes them; a date as TO means its end."""

    name = "from..to"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[datetime, datetime]:
        """Both moments, aware, in UTC."""
        if isinstance(value, tuple):
            return value
        first, dots, last = str(value).partition("..")
        if not dots:
            self.fail(f"{value!r} is no period; write 2026-11-01..2026-11-23", param, ctx)
        moment = Moment()
        end = moment.convert(last, param, ctx)
        whole_day = len(last.strip()) == len("2026-11-23")
        return moment.convert(first, param, ctx), end + timedelta(days=1) if whole_day else end
