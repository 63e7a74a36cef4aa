"""Practice on a terminal: lines in, lines out. It reads well aloud, needs no colour, and works through a pipe."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import click

from seawall.errors import UsageError
from seawall.reporting.text import safe_terminal
from seawall.training import choose, record, schedule
from seawall.training import play as game

if TYPE_CHECKING:
    from seawall.cli.train import Desk

_RULE: Final = "-" * 60
_STATES: Final = {"found": "+", "missed": "-", "extra": "x", "trust": "o", "right": "+", "wrong": "x"}


class _LeftOffError(Exception):
    """The person stopped; what they answered is kept."""


def play(desk: Desk, learner: str, *, lesson: str, role: str, many: int, anew: bool) -> None:
    """One sitting, from where it was left off or from its beginning, to its end or `q`."""
    sitting = None if anew else record.resume(desk.store, desk.library, learner)
    if sitting is not None and lesson and {step.lesson for step in sitting.steps} != {lesson}:
        sitting = None
    if sitting is None:
        past = record.past(desk.store, learner, role=role)
        if not lesson and (later := choose.nothing_due(desk.library, past, desk.now)):
            day = min(schedule.due_at(past.cards[topic]) for topic in later)
            click.echo(desk.library.words["summary.nothing"].format(day=f"{day:%Y-%m-%d}"))
        sitting = record.start(desk.store, desk.library, learner, desk.now, lesson=lesson, role=role, many=many)
    else:
        click.echo("Going on where you left off.", err=True)
    try:
        while (shown := game.screen(desk.library, sitting)) is not None:
            draw(shown)
            sitting, feedback = record.take(desk.store, desk.library, sitting, ask(shown), datetime.now(UTC))
            tell(desk, feedback)
    except _LeftOffError:
        click.echo(f"Left off after {sitting.at} of {len(sitting.steps)}; `seawall train play` goes on here.", err=True)
        return
    _sum_up(desk, sitting)


def draw(shown: game.Screen) -> None:
    """One screen."""
    click.echo(_RULE)
    click.echo(
        safe_terminal(f"{shown.number}/{shown.of}  {shown.title}" + (f" ({shown.channel})" if shown.channel else ""))
    )
    click.echo()
    message = shown.step.kind == "practice"
    for line in shown.text.splitlines():
        click.echo(("| " if message else "") + safe_terminal(line))
    click.echo()


def ask(shown: game.Screen) -> game.Answer:
    """What the person answers to a screen."""
    if shown.step.kind == "read":
        _line(f"{shown.ask} [Enter] ")
        return game.Answer()
    if shown.step.kind == "question":
        return game.Answer(choice=_choose(shown.ask, shown.choices, many=shown.many))
    verdict = _choose(shown.ask, shown.choices)[0]
    cues = _choose(shown.ask_cues, shown.cues, many=True, none=True)
    sure = _choose(shown.ask_confidence, shown.confidences, default="2")[0]
    return game.Answer(verdict=verdict, cues=cues, confidence=int(sure))


def _choose(
    title: str, choices: Sequence[game.Choice], *, many: bool = False, none: bool = False, default: str = ""
) -> tuple[str, ...]:
    """Numbers chosen from a list; asks again until they are."""
    click.echo(safe_terminal(title))
    for number, choice in enumerate(choices, 1):
        click.echo(f"  {number}. {safe_terminal(choice.label)}")
    hint = "numbers, e.g. 1 3; Enter for none: " if none else "numbers, e.g. 1 3: " if many else "number: "
    if default:
        hint = f"number; Enter for {default}: "

    def understood(line: str) -> tuple[str, ...] | None:
        words = line.replace(",", " ").split()
        if not words and (none or default):
            return () if none else (default,)
        by_value = {choice.value: choice.value for choice in choices if not choice.value.isdigit()}
        by_number = {str(number): choice.value for number, choice in enumerate(choices, 1)}
        chosen = [by_number.get(word) or by_value.get(word.lower()) for word in words]
        if not chosen or None in chosen or (len(chosen) > 1 and not many):
            return None
        return tuple(dict.fromkeys(value for value in chosen if value is not None))

    return _until(hint, understood, f"a number from 1 to {len(choices)}")


def _until(hint: str, understood: Callable[[str], tuple[str, ...] | None], wanted: str) -> tuple[str, ...]:
    while True:
        found = understood(_line(hint))
        if found is not None:
            return found
        if not sys.stdin.isatty():
            raise UsageError("an answer on standard input was not understood", mend=f"write {wanted}, or q")
        click.echo(f"Please answer with {wanted}, or q to leave off.")


def _line(hint: str) -> str:
    """One line of input. Raises _LeftOffError at its end, or for `q`."""
    click.echo(hint, nl=False)
    line = sys.stdin.readline()
    if not sys.stdin.isatty():
        click.echo()
    if not line or line.strip().lower() == "q":
        raise _LeftOffError
    return line.strip()[:200]


def tell(desk: Desk, feedback: game.Feedback) -> None:
    """The feedback, at once: the verdict, each cue, what speaks for it, what to do."""
    if not (feedback.said or feedback.verdict or feedback.do):
        return
    words = desk.library.words
    click.echo()
    click.echo(
        " ".join(filter(None, (words["feedback.right" if feedback.right else "feedback.wrong"], feedback.verdict)))
    )
    names = {state: words.get(f"feedback.{state}", state) for state in _STATES}
    for said in feedback.said:
        quoted = ", ".join(f"“{safe_terminal(text, 120)}”" for text in said.words)
        head = f"{_STATES[said.state]} {names[said.state].rstrip('.')}: {said.name}"
        click.echo(safe_terminal(f"  {head}" + (f": {quoted}" if quoted else "")))
        if said.why:
            click.echo(f"      {safe_terminal(said.why)}")
    for line in (feedback.note, feedback.rating):
        if line:
            click.echo(safe_terminal(line))
    if feedback.do:
        click.echo(f"{words['feedback.do']}:")
        for line in feedback.do.splitlines():
            click.echo(f"  {safe_terminal(line)}")
    click.echo()


def _sum_up(desk: Desk, sitting: game.Sitting) -> None:
    words = desk.library.words
    right = sum(outcome.right for outcome in sitting.outcomes)
    click.echo(_RULE)
    click.echo(words["summary.right"].format(right=right, many=len(sitting.outcomes)))
    cards = desk.store.cards(sitting.learner)
    for topic in dict.fromkeys(outcome.topic for outcome in sitting.outcomes):
        day = f"{schedule.due_at(cards[topic]):%Y-%m-%d}"
        click.echo(safe_terminal(f"{topic}: {words['summary.next'].format(day=day)}"))
