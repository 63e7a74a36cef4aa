"""Which items come next: what is due, what was assigned, genuine messages among the lures, as hard as is useful."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from seawall.training.lesson import Lesson, Practice
from seawall.training.library import Library
from seawall.training.play import Outcome, Step
from seawall.training.schedule import due, next_level

AT_ONCE: Final = 6  # messages of one daily practice: two to four minutes
SAME_TOPIC: Final = 2  # lures of one topic at once, and as many genuine messages
WANTED_SHARE: Final = 0.5  # of them genuine, or people learn to call everything an attack

_Ranked = tuple[Lesson, Practice, int]


@dataclass(frozen=True, slots=True)
class Past:
    """What is known of a person: answers oldest first, a card per topic, lessons assigned and not done."""

    outcomes: tuple[Outcome, ...] = ()
    cards: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    assigned: tuple[str, ...] = ()  # lesson ids, most urgent first
    role: str = ""


def lesson_steps(lesson: Lesson, *, seed: int = 0) -> list[Step]:
    """One lesson: a first try, the text, then the rest in mixed order. Trying before reading is what makes it stay."""
    items = [Step(lesson.id, "practice", item.id) for item in lesson.practice]
    random.Random(f"{seed}/{lesson.id}").shuffle(items)  # noqa: S311 - an order, no secret
    questions = [Step(lesson.id, "question", question.id) for question in lesson.questions]
    read = [Step(lesson.id, "read")] if lesson.text else []
    return [*items[:1], *read, *items[1:], *questions]


def daily_steps(library: Library, past: Past, now: datetime, *, seed: int = 0, many: int = AT_ONCE) -> list[Step]:
    """Today's practice: an assigned lesson whole, or else messages of the topics that are due, then of new ones.

    Half of the messages are genuine, as far as there are any. Topics are mixed, and a message seen longest ago (or
    never) comes first.
    """
    for id_ in past.assigned:
        if id_ in library.lessons:
            return lesson_steps(library.lessons[id_], seed=seed)
    dice = random.Random(f"{seed}/daily")  # noqa: S311 - an order, no secret
    level = next_level(past.outcomes)
    pool = _pool(library, past, now)
    seen = {(outcome.lesson, outcome.item): number for number, outcome in enumerate(past.outcomes, 1)}
    dice.shuffle(pool)
    pool.sort(key=lambda one: (one[2], seen.get((one[0].id, one[1].id), 0) > 0, abs(one[1].level - level),
                               seen.get((one[0].id, one[1].id), 0)))  # fmt: skip
    wanted = _mixed([one for one in pool if one[1].verdict != "phish"], round(many * WANTED_SHARE))
    lures = _mixed([one for one in pool if one[1].verdict == "phish"], many - len(wanted))
    chosen = [*wanted, *lures]
    dice.shuffle(chosen)
    return [Step(lesson.id, "practice", item.id) for lesson, item, _ in chosen]


def _mixed(ordered: Sequence[_Ranked], many: int) -> list[_Ranked]:
    """The first `many`, no more than two of one topic while others are left: what is mixed is remembered longer."""
    first, later, taken = list[_Ranked](), list[_Ranked](), dict[str, int]()
    for one in ordered:
        topic = one[0].topic
        taken[topic] = taken.get(topic, 0) + 1
        (first if taken[topic] <= SAME_TOPIC else later).append(one)
    return [*first, *later][:many]


def _pool(library: Library, past: Past, now: datetime) -> list[_Ranked]:
    """Every item for the person's role with its rank: 0 and up for topics due, then new ones, then the rest."""
    ranks = {topic: 2 * number for number, topic in enumerate(due(past.cards, now))}
    lessons = library.for_role(past.role)
    new, rest = 2 * (len(ranks) // 2) + 1, 2 * len(ranks) + 2  # new topics come between those that are due
    return [
        (lesson, item, ranks.get(lesson.topic, rest if lesson.topic in past.cards else new))
        for lesson in lessons
        for item in lesson.practice
    ]


def nothing_due(library: Library, past: Past, now: datetime) -> Sequence[str]:
    """Topics of the role that are all scheduled for later, if every one is and nothing was assigned; else none."""
    topics = {lesson.topic for lesson in library.for_role(past.role)}
    if past.assigned or not topics or due(past.cards, now) or topics - set(past.cards):
        return ()
    return sorted(topics)
