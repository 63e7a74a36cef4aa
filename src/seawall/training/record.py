"""Practising with a memory: the pure steps of `play`, and what is kept of each in the state database.

The terminal and the console call these four: `start`, `resume`, `take`, `progress_of`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from seawall.errors import UsageError
from seawall.state.training import TrainingState
from seawall.training import choose, measures, play, schedule
from seawall.training.library import Library


@dataclass(frozen=True, slots=True)
class Progress:
    """What a person may see of their own practice, and nobody else."""

    learner: str
    answers: int
    right: int
    discrimination: measures.Discrimination
    topics: Mapping[str, datetime]  # when each comes back
    open_lessons: Sequence[tuple[str, datetime | None]]  # assigned and not done, with the day they are due
    missed: Sequence[tuple[str, int]]  # cue ids missed, most often first


def past(store: TrainingState, learner: str, *, role: str = "") -> choose.Past:
    """What is known of a person, as `choose` wants it."""
    outcomes = tuple(play.outcome_from_dict(document) for _, document in store.answers(learner))
    assigned = tuple(a.lesson for a in store.assignments(learner) if a.done is None)
    return choose.Past(outcomes, store.cards(learner), assigned, role)


def start(
    store: TrainingState, library: Library, learner: str, now: datetime, *, lesson: str = "", role: str = "",
    many: int = choose.AT_ONCE,
) -> play.Sitting:  # fmt: skip
    """Begin a sitting: one lesson by name, or today's practice. A sitting left off before is given up.

    Raises:
        UsageError: no such lesson, nothing for the role, or no name of a person.
    """
    check_learner(learner)
    seed = len(store.answers(learner))
    if lesson:
        steps = choose.lesson_steps(library.lesson(lesson), seed=seed)
    else:
        steps = choose.daily_steps(library, past(store, learner, role=role), now, seed=seed, many=many)
    sitting = play.sit(learner, steps, seed=seed)
    store.keep(learner, now, outcome=None, sitting=play.sitting_to_dict(sitting))
    return sitting


def resume(store: TrainingState, library: Library, learner: str) -> play.Sitting | None:
    """The sitting a person left off, if one whose lessons are all still there."""
    raw = store.sitting(learner)
    if raw is None:
        return None
    try:
        sitting = play.sitting_from_dict(raw)
        play.screen(library, sitting)
    except UsageError:
        return None  # its lesson was taken away, or another version wrote it
    return None if sitting.done else sitting


def take(
    store: TrainingState, library: Library, sitting: play.Sitting, given: play.Answer, now: datetime
) -> tuple[play.Sitting, play.Feedback]:
    """Take an answer and keep it; at the end of a sitting its topics are scheduled and its lesson is done.

    Raises:
        UsageError: as `play.answer`; then nothing was kept.
    """
    after, feedback = play.answer(library, sitting, given)
    outcome = asdict(after.outcomes[-1]) if len(after.outcomes) > len(sitting.outcomes) else None
    cards, done = dict[str, Mapping[str, Any]](), ""
    if after.done:
        before = store.cards(sitting.learner)
        for topic in dict.fromkeys(o.topic for o in after.outcomes):
            mine = [o for o in after.outcomes if o.topic == topic]
            cards[topic] = schedule.reviewed(before.get(topic), mine, now)
        done = _finished(library, after)
    keep = None if after.done else play.sitting_to_dict(after)
    store.keep(sitting.learner, now, outcome=outcome, sitting=keep, cards=cards, done=done)
    return after, feedback


def _finished(library: Library, sitting: play.Sitting) -> str:
    """The lesson a sitting went through whole, if it did."""
    names = {step.lesson for step in sitting.steps}
    if len(names) != 1:
        return ""
    lesson = library.lesson(names.pop())
    return lesson.id if len(sitting.steps) >= len(choose.lesson_steps(lesson)) else ""


def progress_of(store: TrainingState, learner: str) -> Progress:
    """A person's own progress."""
    check_learner(learner)
    outcomes = past(store, learner).outcomes
    missed = dict[str, int]()
    for outcome in outcomes:
        for cue in outcome.missed:
            missed[cue] = missed.get(cue, 0) + 1
    return Progress(
        learner=learner,
        answers=len(outcomes),
        right=sum(outcome.right for outcome in outcomes),
        discrimination=measures.of_answers(outcomes),
        topics={topic: schedule.due_at(card) for topic, card in sorted(store.cards(learner).items())},
        open_lessons=[(a.lesson, a.due) for a in store.assignments(learner) if a.done is None],
        missed=sorted(missed.items(), key=lambda one: (-one[1], one[0])),
    )


@dataclass(frozen=True, slots=True)
class GroupProgress:
    """What may be shown of a group of ten people or more."""

    group: str
    people: int  # in the group, whether they practised or not
    practised: int  # of them
    answers: int
    discrimination: measures.Discrimination


def progress_of_groups(store: TrainingState, groups: Mapping[str, Sequence[str]]) -> list[GroupProgress]:
    """Progress by group: those under ten people never alone, no person, no order by merit.

    `groups` maps a group to the ids of its members. What a group practised is shown where ten of its people did.
    """
    practised = {name: [p for p in people if store.answers(p)] for name, people in groups.items()}
    shown = list[GroupProgress]()
    for name, people in measures.shown_groups(practised).items():
        whole = sum(len(groups[g]) for g in groups) if name == measures.OTHERS else len(groups[name])
        outcomes = [outcome for person in people for outcome in past(store, person).outcomes]
        shown.append(GroupProgress(name, whole, len(people), len(outcomes), measures.of_answers(outcomes)))
    return shown


def check_learner(name: str) -> None:
    """Refuse a name that cannot be a person's id. Raises UsageError."""
    if not name.strip() or len(name) > 200 or not name.isprintable():
        raise UsageError(f"{name[:40]!r} is no person's id", mend="write the id of the roster, e.g. --as a.lind")


def keep_until(now: datetime, days: int) -> datetime:
    """Before which moment what is kept of persons goes."""
    return now - timedelta(days=days)
