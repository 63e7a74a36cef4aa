"""How progress is shown: a person's own, or that of groups large enough."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from seawall.cli.output import json_line, write_lines
from seawall.model.finding import utc_text
from seawall.reporting.text import safe_terminal
from seawall.training import measures, record

if TYPE_CHECKING:
    from seawall.cli.train import Desk


def show_person(desk: Desk, person: str, form: str) -> None:
    """A person's own progress."""
    mine = record.progress_of(desk.store, person)
    if form == "jsonl":
        write_lines([{
            "person": mine.learner, "answers": mine.answers, "right": mine.right,
            "discrimination": asdict(mine.discrimination),
            "topics": {topic: utc_text(at) for topic, at in mine.topics.items()},
            "assigned": [{"lesson": name, "due": utc_text(due) if due else None} for name, due in mine.open_lessons],
            "missed": [{"cue": cue, "times": times} for cue, times in mine.missed],
        }])  # fmt: skip
        return
    told = mine.discrimination
    click.echo(f"Answers: {mine.answers}, right: {mine.right}")
    click.echo(_told(told))
    for name, due in mine.open_lessons:
        click.echo(safe_terminal(f"Assigned: {name}" + (f", due {due:%Y-%m-%d}" if due else "")))
    for topic, at in mine.topics.items():
        click.echo(safe_terminal(f"Comes back: {topic} on {at:%Y-%m-%d}"))
    for cue, times in mine.missed[:5]:
        name = desk.library.cues[cue].name if cue in desk.library.cues else cue
        click.echo(safe_terminal(f"Missed: {name}, {times} times"))


def _told(told: measures.Discrimination) -> str:
    if told.d_prime is None or told.criterion is None:
        return "Discrimination: unknown until you judged both attacks and genuine messages"
    leaning = "towards alarm" if told.criterion < -0.3 else "towards trust" if told.criterion > 0.3 else "even"
    return (
        f"Discrimination d' {told.d_prime:.2f} (0 is guessing, 2 and more is good), leaning {leaning}; "
        f"attacks recognised {told.hits} of {told.attacks}, genuine messages called attacks {told.false_alarms} "
        f"of {told.genuine}"
    )


def show_groups(desk: Desk, form: str) -> None:
    """Progress of the groups that may be shown."""
    rows = group_rows(desk)
    if form == "jsonl":
        write_lines(rows)
    for row in rows if form == "table" else []:
        told = measures.Discrimination(**row["discrimination"])
        click.echo(safe_terminal(f"{row['group']}: {row['practised']} of {row['people']} practised. {_told(told)}"))
    if not rows:
        click.echo(f"no group of which {measures.SMALLEST_GROUP} people practised: nothing is shown", err=True)


def group_rows(desk: Desk) -> list[dict[str, Any]]:
    """Progress by group of the roster as plain rows; without a roster everybody is one group."""
    members = {name: [m.person for m in people] for name, people in desk.roster().groups().items()}
    known = {person for people in members.values() for person in people}
    if strangers := [person for person in desk.store.learners() if person not in known]:
        members["none"] = [*members.get("none", []), *strangers]
    return [asdict(row) for row in record.progress_of_groups(desk.store, members)]


def exported(desk: Desk, person: str, form: str) -> str:
    """Everything kept of a person's answers, or the groups where no person is named; JSON lines or CSV."""
    if person:
        rows = [{"at": utc_text(at), **document} for at, document in desk.store.answers(person)]
    else:
        rows = [
            {k: v for k, v in row.items() if k != "discrimination"} | row["discrimination"] for row in group_rows(desk)
        ]
        if not rows:
            click.echo(f"no group of which {measures.SMALLEST_GROUP} people practised", err=True)
    if form == "jsonl":
        return b"".join(json_line(row) for row in rows).decode()
    written = io.StringIO()
    if rows:
        table = csv.DictWriter(written, list(rows[0]), lineterminator="\n")
        table.writeheader()
        table.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return written.getvalue()


def _cell(value: Any) -> Any:
    """A value no spreadsheet takes for a formula."""
    text = " ".join(value) if isinstance(value, (list, tuple)) else value
    return f"'{text}" if isinstance(text, str) and text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
