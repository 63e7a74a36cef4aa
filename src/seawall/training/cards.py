"""Desk cards: a decision tree with its verification steps, to print, to read aloud, and to practise.

A card is a TOML file: `[step.NAME]` with `ask` and `answers` (each `say` and `to`), or with `do`, where it ends. `how`
tells how to check. Each `[[case]]` tells a story and the answers that lead through the tree; practice asks them one by
one, through the same calls as a lesson.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from importlib import resources
from pathlib import Path
from typing import Final, Literal

from seawall.errors import InputError, UsageError
from seawall.model.site import read_toml
from seawall.model.validation import validated
from seawall.training.lesson import Lesson, Option, Question, Role

PREFIX: Final = "card-"  # of the lesson a card is practised as
MOST_STEPS: Final = 60


@dataclass(frozen=True)
class Answer:
    """One way on from a step."""

    say: str
    to: str


@dataclass(frozen=True)
class Step:
    """A question with its check, or an end."""

    ask: str = ""
    how: str = ""  # how to find out, in words
    answers: tuple[Answer, ...] = ()
    do: str = ""  # at an end: what to do
    end: Literal["", "go on", "refuse", "pass on"] = ""


@dataclass(frozen=True)
class Case:
    """A story, and the answers that are right for it."""

    id: str
    story: str
    path: tuple[str, ...]  # `say` of each step passed
    why: str  # what the story shows


@dataclass(frozen=True)
class Card:
    """One desk's decision tree."""

    id: str
    title: str
    roles: tuple[Role, ...]
    topic: str
    start: str
    step: dict[str, Step]
    case: tuple[Case, ...]
    note: str = ""  # what holds whatever the answers are
    source: str = ""


def load_cards(own: Path | None = None) -> dict[str, Card]:
    """Cards that come with Seawall, a case's own laid over them by id.

    Raises:
        InputError: one is broken; says which and how.
    """
    cards = dict[str, Card]()
    with resources.as_file(resources.files("seawall") / "content" / "cards") as ours:
        for folder in (ours, *([own] if own and own.is_dir() else [])):
            for path in sorted(folder.glob("*.toml")):
                card = read_card(path)
                cards[card.id] = card
    return cards


def find_card(cards: Mapping[str, Card], id_: str) -> Card:
    """One card. Raises UsageError if there is none of that name."""
    found = cards.get(id_.removeprefix(PREFIX))
    if found is None:
        raise UsageError(f"no card is called {id_!r}", mend=f"one of {', '.join(cards)}")
    return found


def read_card(path: Path) -> Card:
    """The card in a TOML file. Raises InputError if it is none, or its tree does not hold together."""
    where = str(path)
    card = validated(Card, read_toml(path), where=where)
    for name, step in card.step.items():
        if bool(step.ask) == bool(step.do) or (step.ask and len(step.answers) < 2) or (step.do and step.answers):
            raise InputError(f"step {name}", where=where, mend="either ask and two answers or more, or do")
        if bool(step.do) != bool(step.end):
            raise InputError(f"step {name}: end", where=where, mend='an end says end = "go on", "refuse" or "pass on"')
        for answer in step.answers:
            if answer.to not in card.step:
                raise InputError(f"step {name} leads to {answer.to!r}, which is none", where=where, mend="mend `to`")
        if len({answer.say for answer in step.answers}) < len(step.answers):
            raise InputError(f"step {name} says one answer twice", where=where, mend="word them differently")
    if card.start not in card.step or len(card.step) > MOST_STEPS:
        raise InputError("start", where=where, mend=f"name one of its steps, {MOST_STEPS} at most")
    reached = set(_walk(card, card.start, (), where))
    if lost := set(card.step) - reached:
        raise InputError(f"nothing leads to {min(lost)}", where=where, mend="take the step away, or lead to it")
    for case in card.case:
        list(_decisions(card, case, where))
    return card


def _walk(card: Card, name: str, above: tuple[str, ...], where: str) -> Iterator[str]:
    """Every step below one. Raises InputError where the tree turns in a circle."""
    if name in above:
        raise InputError(f"step {name} leads back to itself", where=where, mend="a card is read from top to bottom")
    yield name
    for answer in card.step[name].answers:
        yield from _walk(card, answer.to, (*above, name), where)


def _decisions(card: Card, case: Case, where: str) -> Iterator[tuple[Step, str]]:
    """The steps of a case with the answer that is right at each; it must come to an end."""
    step = card.step[card.start]
    for said in case.path:
        answer = next((one for one in step.answers if one.say == said), None)
        if answer is None:
            raise InputError(
                f"case {case.id}: {said!r} is no answer there", where=where, mend="write it as the step has it"
            )
        yield step, said
        step = card.step[answer.to]
    if not step.do:
        raise InputError(f"case {case.id} comes to no end", where=where, mend=f"answer {step.ask!r} too")


def end_of(card: Card, case: Case) -> Step:
    """Where a case comes out."""
    step = card.step[card.start]
    for said in case.path:
        step = card.step[next(answer.to for answer in step.answers if answer.say == said)]
    return step


def as_lesson(card: Card) -> Lesson:
    """A card as it is practised: its tree to read, then each decision of each case as a question."""
    questions = tuple(
        _question(card, case, number, step, said)
        for case in card.case
        for number, (step, said) in enumerate(_decisions(card, case, card.id), 1)
    )
    minutes = max(2, min(10, len(questions)))
    return Lesson(PREFIX + card.id, card.title, card.roles, card.topic, minutes, markdown(card), (), questions)


def _question(card: Card, case: Case, number: int, step: Step, said: str) -> Question:
    last = number == len(case.path)
    options = tuple(
        Option(answer.say, answer.say == said, _feedback(card, case, step, right=answer.say == said, last=last))
        for answer in step.answers
    )
    return Question(f"{case.id}-{number}", f"{case.story} {step.ask}", options)


def _feedback(card: Card, case: Case, step: Step, *, right: bool, last: bool) -> str:
    if not right:
        return f"Not in this story. {step.how}".strip()
    return f"Right. {end_of(card, case).do} {case.why}" if last else f"Right. {step.how}".strip()


def markdown(card: Card) -> str:
    """A card as nested lists: it reads the same on paper, on a terminal and aloud."""
    lines = [f"# {card.title}", "", *([card.note, ""] if card.note else [])]
    lines += _lines(card, card.start, 0)
    if card.source:
        lines += ["", f"Source: {card.source}"]
    return "\n".join(lines)


def _lines(card: Card, name: str, depth: int) -> Iterator[str]:
    step, pad = card.step[name], "  " * depth
    if step.do:
        yield f"{pad}- **{step.end.upper()}**: {step.do}"
        return
    yield f"{pad}- **{step.ask}**" + (f" {step.how}" if step.how else "")
    for answer in step.answers:
        yield f"{pad}  - {answer.say}:"
        yield from _lines(card, answer.to, depth + 2)


_STYLE: Final = (
    "body{font:11pt/1.35 system-ui,sans-serif;max-width:46em;margin:1.5em auto;padding:0 1em;color:#111}"
    "article{break-after:page}h1{font-size:1.4em;border-bottom:3px solid #111}ul{padding-left:1.2em}"
    "li{margin:.25em 0}.how{color:#333}.end{border:2px solid #111;padding:.3em .5em;display:inline-block}"
    "@page{size:A4;margin:14mm}"
)


def html(cards: list[Card], language: str = "en") -> str:
    """Cards as one page to print, one card a sheet; nothing in it is fetched and nothing runs."""
    body = "".join(
        f"<article><h1>{escape(card.title)}</h1><p>{escape(card.note)}</p><ul>{_html(card, card.start)}</ul></article>"
        for card in cards
    )
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8"><title>Desk cards</title>'
        f"<style>{_STYLE}</style></head><body>{body}</body></html>\n"
    )


def _html(card: Card, name: str) -> str:
    step = card.step[name]
    if step.do:
        return f'<li><span class="end"><strong>{escape(step.end.upper())}</strong>: {escape(step.do)}</span></li>'
    below = "".join(
        f"<li><em>{escape(answer.say)}</em><ul>{_html(card, answer.to)}</ul></li>" for answer in step.answers
    )
    how = f' <span class="how">{escape(step.how)}</span>' if step.how else ""
    return f"<li><strong>{escape(step.ask)}</strong>{how}<ul>{below}</ul></li>"
