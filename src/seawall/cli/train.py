"""`seawall train`: lessons, practice, progress."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from seawall.cli.options import Moment, case_option, lines_option

if TYPE_CHECKING:
    from seawall.model.settings import TrainingSettings
    from seawall.state.training import TrainingState
    from seawall.training.library import Library
    from seawall.training.roster import Roster

F = TypeVar("F", bound=Callable[..., Any])
_MORE: Final = {
    "scale": "seawall.cli.train_scale:scale",
    "card": "seawall.cli.train_cards:card",
    "exercise": "seawall.cli.train_exercise:exercise",
    "mint": "seawall.cli.train_scale:mint",
}


class _Train(click.Group):
    """Knows the commands of its other files by name; imports one only when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names in the order a person meets them."""
        return [*self.commands, *(name for name in _MORE if importlib.util.find_spec(_MORE[name].partition(":")[0]))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, imported now."""
        if cmd_name not in _MORE:
            return super().get_command(ctx, cmd_name)
        module, _, attribute = _MORE[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Train)
def train() -> None:
    """Practise telling attacks from genuine messages; lessons, desk cards, exercises.

    Practice takes two to four minutes and says at once what there was to notice. What is kept of a person only that
    person sees; of groups, those under ten people are never shown.
    """


@dataclass(frozen=True)
class Desk:
    """What every command of this group opens."""

    library: Library
    store: TrainingState
    settings: TrainingSettings
    now: datetime

    def roster(self) -> Roster:
        """The people the settings name; none if they name no file."""
        from seawall.training.roster import Roster, read_roster

        return read_roster(Path(self.settings.roster)) if self.settings.roster else Roster()

    def role_of(self, person: str) -> str:
        """A person's role in the roster; empty where it says none."""
        member = self.roster().find(person)
        return member.role if member else ""


@contextmanager
def open_desk(case_folder: Path, language: str = "en") -> Iterator[Desk]:
    """The case's lessons and what is kept of practice; what is older than the settings allow is deleted first."""
    from seawall.model.case import open_case
    from seawall.model.clock import SystemClock
    from seawall.pipeline.cases import case_settings, case_state
    from seawall.state.training import TrainingState
    from seawall.training import record
    from seawall.training.library import load

    clock = SystemClock()
    case = open_case(case_folder, clock)
    settings = case_settings(case)
    library = load(language=language, own=case.lessons)
    with case_state(case, settings) as state:
        store = TrainingState(state)
        store.expire(record.keep_until(clock.now(), settings.training.keep_days))
        yield Desk(library, store, settings.training, clock.now())


def person_option(command: F) -> F:
    """`--as PERSON`: who practises."""
    return click.option(
        "--as",
        "person",
        envvar="SEAWALL_PERSON",
        help="Your id in the roster; default: your name on this machine. SEAWALL_PERSON does the same.",
    )(command)


def language_option(command: F) -> F:
    """`--language TAG`: which translation."""
    return click.option(
        "--language", default="en", show_default=True, envvar="SEAWALL_LANGUAGE", help="Language, e.g. en, de."
    )(command)


def whoami(person: str | None) -> str:
    """The id given, or the name on this machine."""
    import getpass

    from seawall.errors import UsageError
    from seawall.training.record import check_learner

    try:
        name = person or getpass.getuser()
    except (OSError, KeyError, ImportError):
        raise UsageError("who practises is unknown", mend="give --as PERSON") from None
    check_learner(name)
    return name


@train.command("list")
@click.option("--role", default="", help="Only lessons for this role: noc, help-desk, retail, intercept-desk, field, …")
@language_option
@lines_option
@case_option
def list_lessons(role: str, language: str, form: str, case_folder: Path) -> None:
    """List lessons: for whom, by which way, how long.

    \b
    Examples:
      seawall train list
      seawall train list --role help-desk --format jsonl
    """
    from seawall.cli import output
    from seawall.errors import UsageError
    from seawall.model.case import is_case
    from seawall.training.lesson import ROLES
    from seawall.training.library import load

    if role and role not in ROLES:
        raise UsageError(f"no role is called {role!r}", mend=f"one of {', '.join(ROLES)}")
    library = load(language=language, own=case_folder / "lessons" if is_case(case_folder) else None)
    lessons = library.for_role(role)
    if form == "jsonl":
        output.write_lines(
            {
                "id": lesson.id, "title": lesson.title, "roles": list(lesson.roles), "topic": lesson.topic,
                "channels": list(lesson.channels), "minutes": lesson.minutes, "language": lesson.language,
                "practice": [
                    {"id": p.id, "verdict": p.verdict, "channel": p.channel, "level": p.level,
                     "difficulty": str(r.difficulty) if (r := p.rating()) else None}
                    for p in lesson.practice
                ],
                "questions": [question.id for question in lesson.questions],
            }
            for lesson in lessons
        )  # fmt: skip
        return
    _table(
        ("lesson", "title", "for", "by", "min"),
        [(x.id, x.title, ", ".join(x.roles), ", ".join(x.channels), str(x.minutes)) for x in lessons],
    )


@train.command("assign")
@click.argument("lesson")
@click.option("--to", "people", multiple=True, help="A person by id. May be given again.")
@click.option("--group", "groups", multiple=True, help="Everybody of a group of the roster. May be given again.")
@click.option("--role", "roles", multiple=True, help="Everybody of a role of the roster. May be given again.")
@click.option("--due", type=Moment(), help="By when; UTC unless it names a zone.")
@case_option
def assign(
    lesson: str, people: tuple[str, ...], groups: tuple[str, ...], roles: tuple[str, ...], due: datetime | None,
    case_folder: Path,
) -> None:  # fmt: skip
    """Ask people to do a LESSON; it comes first when they next practise.

    \b
    Examples:
      seawall train assign sim-swap-counter --to a.lind --due 2026-12-15
      seawall train assign help-desk-reset --group "Service desk"
    """
    from seawall.errors import UsageError
    from seawall.training.record import check_learner

    if not (people or groups or roles):
        raise UsageError("assigned to nobody", mend="give --to, --group or --role")
    for person in people:
        check_learner(person)
    with open_desk(case_folder) as desk:
        desk.library.lesson(lesson)
        roster = desk.roster()
        named = people if roster.members else ()  # without a roster people are whom you name
        chosen = [member.person for member in roster.choose(named, groups, roles)] or list(people)
        fresh = desk.store.assign(chosen, lesson, desk.now, due)
    click.echo(f"{lesson}: assigned to {fresh} people; {len(chosen) - fresh} had it already", err=True)


@train.command("progress")
@person_option
@click.option("--groups", "by_group", is_flag=True, help="By group instead, never one under ten people.")
@language_option
@lines_option
@case_option
def progress(person: str | None, by_group: bool, language: str, form: str, case_folder: Path) -> None:
    """Show your own progress, or that of groups. Nobody sees another person's; there is no ranking.

    \b
    Examples:
      seawall train progress --as a.lind
      seawall train progress --groups --format jsonl
    """
    from seawall.cli import train_progress

    with open_desk(case_folder, language) as desk:
        if by_group:
            train_progress.show_groups(desk, form)
        else:
            train_progress.show_person(desk, whoami(person), form)


@train.command("export")
@person_option
@click.option("--groups", "by_group", is_flag=True, help="Progress of groups, never one under ten people.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file instead.")
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True, help="Form.")
@case_option
def export(person: str | None, by_group: bool, out: Path | None, form: str, case_folder: Path) -> None:
    """Export everything kept of your own practice, or the progress of groups.

    \b
    Examples:
      seawall train export --as a.lind --out my-practice.jsonl
      seawall train export --groups --format csv --out groups.csv
    """
    from seawall.cli import train_progress
    from seawall.cli.output import write_whole

    with open_desk(case_folder) as desk:
        text = train_progress.exported(desk, "" if by_group else whoami(person), form)
    if out is not None:
        write_whole(out, text)
        click.echo(f"{out}: written", err=True)
    else:
        click.echo(text, nl=False)


@train.command("forget")
@click.argument("person")
@case_option
def forget(person: str, case_folder: Path) -> None:
    """Delete everything kept of a PERSON's practice and exercises.

    \b
    Example:
      seawall train forget a.lind
    """
    with open_desk(case_folder) as desk:
        count = desk.store.forget(person)
    click.echo(f"{count} rows deleted", err=True)


@train.command("opt-out")
@click.argument("person")
@click.option("--undo", is_flag=True, help="Take part again.")
@case_option
def opt_out(person: str, undo: bool, case_folder: Path) -> None:
    """Leave a PERSON out of exercises. No reason is asked, and nobody is shown who did.

    \b
    Example:
      seawall train opt-out a.lind
    """
    from seawall.training.record import check_learner

    check_learner(person)
    with open_desk(case_folder) as desk:
        if undo:
            desk.store.opt_in(person)
        else:
            desk.store.opt_out(person, desk.now)
    click.echo("takes part again" if undo else "left out of every exercise from now on", err=True)


@train.command("play")
@click.argument("lesson", required=False, default="")
@click.option("--role", default="", help="Practise for this role; default: yours in the roster, else all.")
@click.option("--many", type=click.IntRange(1, 30), default=6, show_default=True, help="Messages of today's practice.")
@click.option("--anew", is_flag=True, help="Begin anew although a sitting was left off.")
@person_option
@language_option
@case_option
def play(lesson: str, role: str, many: int, anew: bool, person: str | None, language: str, case_folder: Path) -> None:
    """Practise: a LESSON by name, or without one whatever is due today.

    Answer with numbers and Enter; nothing depends on colour, and screen readers read it line by line. `q` leaves off:
    the next `play` goes on there. Answers may also come on standard input, one a line.

    \b
    Examples:
      seawall train play
      seawall train play sim-swap-counter --as a.lind
    """
    from seawall.cli import train_play
    from seawall.errors import UsageError
    from seawall.training.lesson import ROLES

    if role and role not in ROLES:
        raise UsageError(f"no role is called {role!r}", mend=f"one of {', '.join(ROLES)}")
    learner = whoami(person)
    with open_desk(case_folder, language) as desk:
        train_play.play(desk, learner, lesson=lesson, role=role or desk.role_of(learner), many=many, anew=anew)


def _table(titles: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    """A plain table on standard output."""
    from rich.table import Table
    from rich.text import Text

    from seawall.reporting.terminal import console_for
    from seawall.reporting.text import safe_terminal

    table = Table(box=None, pad_edge=False)
    for number, title in enumerate(titles):
        table.add_column(
            title, no_wrap=number == 0, min_width=max(len(row[0]) for row in rows) if not number and rows else None
        )
    for row in rows:
        table.add_row(*(Text(safe_terminal(cell)) for cell in row))
    console_for(sys.stdout).print(table)
