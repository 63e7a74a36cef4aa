"""Practising, as pure functions: a state and an answer in, the next state and the feedback out.

The terminal and the web play through these same calls. A `Sitting` is a plain value that goes to JSON and back, so a
web page can keep it anywhere. `Screen` holds all there is to draw, `Feedback` all there is to say; neither holds
markup. Nothing here draws, waits or stores: see `training.record` for what is kept.

    sitting = play.sit("a.lind", steps, seed=7)
    while (screen := play.screen(library, sitting)) is not None:
        sitting, feedback = play.answer(library, sitting, play.Answer(verdict="phish", cues=("urgency",)))
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Literal

from seawall.errors import UsageError
from seawall.training.cues import CUES
from seawall.training.lesson import VERDICTS, Mark, Practice, Question
from seawall.training.library import Library

Kind = Literal["read", "practice", "question"]
OFFERED: Final = 8  # cues to choose from: those there are, and others that are not
MAX_STEPS: Final = 60
CONFIDENCES: Final = (1, 2, 3)  # guessing, fairly sure, certain


@dataclass(frozen=True, slots=True)
class Step:
    """One screen to come. `item` is empty for the text of a lesson."""

    lesson: str
    kind: Kind
    item: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one step went: what a record keeps of it."""

    lesson: str
    item: str
    topic: str
    kind: Kind
    truth: str  # phish, spam or wanted; for questions `right`
    given: str  # what was answered; for questions `right` or `wrong`
    right: bool
    level: int  # 1 easy to 3 hard; questions 1
    confidence: int = 2
    found: tuple[str, ...] = ()  # cue ids
    missed: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()  # marked, and not there


@dataclass(frozen=True, slots=True)
class Sitting:
    """One person's practice in progress: what comes, where they are, how it went."""

    learner: str
    steps: tuple[Step, ...]
    seed: int = 0  # decides the order of choices, so that a page drawn again is the same
    at: int = 0
    outcomes: tuple[Outcome, ...] = ()

    @property
    def done(self) -> bool:
        """Whether every step was taken."""
        return self.at >= len(self.steps)


@dataclass(frozen=True, slots=True)
class Choice:
    """Something to choose: its value goes into the answer, its label onto the screen."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Screen:
    """All there is to draw for one step, as plain text (a lesson's `text` is Markdown)."""

    step: Step
    number: int  # from 1
    of: int
    title: str  # of the lesson
    channel: str = ""  # of a message, in words
    text: str = ""  # lesson text, message, or question
    ask: str = ""
    choices: tuple[Choice, ...] = ()  # verdicts, or answers to a question
    many: bool = False  # more than one choice is allowed
    cues: tuple[Choice, ...] = ()  # signs the person may have noticed
    confidences: tuple[Choice, ...] = ()
    ask_cues: str = ""
    ask_confidence: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a person answered. Only the fields their screen asked for count."""

    verdict: str = ""
    confidence: int = 2
    cues: tuple[str, ...] = ()
    choice: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """Feedback on one cue, sign of trust or answer."""

    state: Literal["found", "missed", "extra", "trust", "right", "wrong"]
    name: str
    words: tuple[str, ...] = ()  # where it stands in the message
    why: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What is said at once after an answer."""

    right: bool
    verdict: str = ""  # the truth in words
    said: tuple[Said, ...] = ()
    do: str = ""
    note: str = ""
    rating: str = ""
    marks: tuple[Mark, ...] = ()  # to show in the message where each cue stands


def sit(learner: str, steps: Sequence[Step], *, seed: int = 0) -> Sitting:
    """A sitting that begins. Raises UsageError for no steps, or too many."""
    if not 1 <= len(steps) <= MAX_STEPS:
        raise UsageError("nothing to practise" if not steps else "too much at once", mend="see: seawall train list")
    return Sitting(learner, tuple(steps), seed)


def screen(library: Library, sitting: Sitting) -> Screen | None:
    """What comes next; None when the sitting is over. Raises UsageError if its lesson is gone."""
    if sitting.done:
        return None
    step = sitting.steps[sitting.at]
    lesson = library.lesson(step.lesson)
    base = Screen(step, sitting.at + 1, len(sitting.steps), lesson.title)
    if step.kind == "read":
        return replace(base, text=lesson.text, ask=library.words["ask.continue"])
    item = library.item(step.lesson, step.item)
    dice = random.Random(f"{sitting.seed}/{step.lesson}/{step.item}")  # noqa: S311 - an order, no secret
    if isinstance(item, Question):
        choices = [Choice(str(n), option.text) for n, option in enumerate(item.options)]
        dice.shuffle(choices)
        ask = library.words["ask.choices" if item.many else "ask.choice"]
        return replace(base, text=item.prompt, ask=ask, choices=tuple(choices), many=item.many)
    return replace(
        base,
        channel=library.words[f"channel.{item.channel}"],
        text=item.text,
        ask=library.words["ask.verdict"],
        choices=tuple(Choice(verdict, library.words[f"verdict.{verdict}"]) for verdict in VERDICTS),
        ask_cues=library.words["ask.cues"],
        ask_confidence=library.words["ask.confidence"],
        cues=_offered(library, item, dice),
        confidences=tuple(Choice(str(n), library.words[f"confidence.{n}"]) for n in CONFIDENCES),
    )


def _offered(library: Library, item: Practice, dice: random.Random) -> tuple[Choice, ...]:
    """The cues that are there among others that are not: a list short enough to be read out."""
    there = list(item.cues)
    others = [cue.id for cue in CUES if cue.id not in there]
    dice.shuffle(others)
    offered = {*there, *others[: max(3, OFFERED - len(there))]}
    return tuple(Choice(cue.id, library.cues[cue.id].name) for cue in CUES if cue.id in offered)  # the scale's order


def answer(library: Library, sitting: Sitting, given: Answer) -> tuple[Sitting, Feedback]:
    """Take an answer: the sitting one step on, and what to say at once.

    Raises:
        UsageError: the sitting is over, or the answer is none of those offered.
    """
    shown = screen(library, sitting)
    if shown is None:
        raise UsageError("this sitting is over", mend="begin another: seawall train play")
    step = shown.step
    if step.kind == "read":
        return replace(sitting, at=sitting.at + 1), Feedback(True)
    item = library.item(step.lesson, step.item)
    topic = library.lesson(step.lesson).topic
    if isinstance(item, Question):
        outcome, feedback = _answered(shown, item, given, topic)
    else:
        outcome, feedback = _judged(library, shown, item, given, topic)
    return replace(sitting, at=sitting.at + 1, outcomes=(*sitting.outcomes, outcome)), feedback


def _answered(shown: Screen, item: Question, given: Answer, topic: str) -> tuple[Outcome, Feedback]:
    chosen = set(given.choice)
    if not chosen or not chosen <= {choice.value for choice in shown.choices} or (len(chosen) > 1 and not item.many):
        raise UsageError("no answer that was offered", mend="choose by the numbers shown")
    right = {str(n) for n, option in enumerate(item.options) if option.right}
    said = tuple(
        Said("right" if option.right else "wrong", option.text, why=option.feedback)
        for n, option in enumerate(item.options)
        if str(n) in chosen | right
    )
    word = "right" if chosen == right else "wrong"
    step = shown.step
    outcome = Outcome(step.lesson, step.item, topic, "question", "right", word, chosen == right, 1)
    return outcome, Feedback(chosen == right, said=said)


def _judged(library: Library, shown: Screen, item: Practice, given: Answer, topic: str) -> tuple[Outcome, Feedback]:
    if given.verdict not in VERDICTS or given.confidence not in CONFIDENCES:
        raise UsageError(f"{given.verdict!r} is no verdict", mend=f"one of {', '.join(VERDICTS)}")
    if strange := set(given.cues) - {choice.value for choice in shown.cues}:
        raise UsageError(f"{min(strange)!r} was not offered", mend="choose by the numbers shown")
    there = item.cues
    marked = tuple(dict.fromkeys(given.cues))
    right = given.verdict == item.verdict
    step = shown.step
    outcome = Outcome(
        step.lesson, step.item, topic, "practice", item.verdict, given.verdict, right, item.level, given.confidence,
        found=tuple(cue for cue in there if cue in marked), missed=tuple(cue for cue in there if cue not in marked),
        extra=tuple(cue for cue in marked if cue not in there),
    )  # fmt: skip
    rating = item.rating()
    words = library.words
    return outcome, Feedback(
        right,
        verdict=words["feedback.was"].format(verdict=words[f"verdict.{item.verdict}"]),
        said=tuple(_said(library, item, outcome)),
        do=item.do,
        note=words["feedback.surface"] if item.verdict == "wanted" and there else "",
        rating=""
        if rating is None
        else words["feedback.scale"].format(
            difficulty=rating.difficulty, total=rating.total, alignment=rating.alignment
        ),
        marks=item.marks,
    )


def _said(library: Library, item: Practice, outcome: Outcome) -> list[Said]:
    """One word on every cue that is there or was marked, then what spoke for the message."""
    said = list[Said]()
    for cue in item.cues:
        words = tuple(_words(item, mark) for mark in item.marks if mark.cue == cue)
        here = item.reason(cue)
        why = f"{library.cues[cue].lesson} {here[:1].upper()}{here[1:]}".strip()
        said.append(Said("found" if cue in outcome.found else "missed", library.cues[cue].name, words, why))
    said += [Said("extra", library.cues[cue].name, why=library.cues[cue].question) for cue in outcome.extra]
    said += [Said("trust", mark.why, (_words(item, mark),)) for mark in item.marks if not mark.cue]
    return said


def _words(item: Practice, mark: Mark) -> str:
    """The marked words on one line."""
    return " ".join(item.text[mark.start : mark.end].split())


def sitting_to_dict(sitting: Sitting) -> dict[str, Any]:
    """The JSON form of a sitting."""
    return asdict(sitting)


def sitting_from_dict(raw: Mapping[str, Any]) -> Sitting:
    """A sitting from its JSON form. Raises UsageError if it is none."""
    try:
        steps = tuple(Step(str(s["lesson"]), _kind(s["kind"]), str(s["item"])) for s in raw["steps"])
        outcomes = tuple(outcome_from_dict(raw_outcome) for raw_outcome in raw["outcomes"])
        made = Sitting(str(raw["learner"]), steps, int(raw["seed"]), int(raw["at"]), outcomes)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UsageError(f"no sitting: {error}", mend="begin another: seawall train play") from error
    if not 1 <= len(steps) <= MAX_STEPS or not 0 <= made.at <= len(steps):
        raise UsageError("no sitting: its steps do not add up", mend="begin another: seawall train play")
    return made


def outcome_from_dict(raw: Mapping[str, Any]) -> Outcome:
    """An outcome from its JSON form; fields of a later version are left out. Raises KeyError, TypeError, ValueError."""
    known: dict[str, Any] = {name: raw[name] for name in Outcome.__dataclass_fields__ if name in raw}
    known["kind"] = _kind(known["kind"])
    for name in ("found", "missed", "extra"):
        known[name] = tuple(known.get(name, ()))
    return Outcome(**known)


def _kind(word: object) -> Kind:
    if word != "read" and word != "practice" and word != "question":
        raise ValueError(f"{word!r} is no kind of step")
    return word
