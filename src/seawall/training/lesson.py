"""What a lesson is made of: a short text, messages to judge, questions to answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

from seawall.training import scale

Verdict = Literal["phish", "spam", "wanted"]
Channel = Literal["mail", "voice", "chat", "sms", "qr", "push", "person"]
Role = Literal["everybody", "noc", "help-desk", "retail", "intercept-desk", "field", "executives", "vendors"]
VERDICTS: Final[tuple[Verdict, ...]] = get_args(Verdict)
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
ROLES: Final[tuple[Role, ...]] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Mark:
    """Words of a message that are a cue, or (without one) a sign that it may be trusted."""

    start: int  # characters into the message's text
    end: int
    cue: str  # id of a cue; empty: a sign of trust
    why: str = ""  # a sign of trust says why here; a cue has its reasons in `Practice.why`


@dataclass(frozen=True, slots=True)
class Practice:
    """A message, call or prompt to be told apart, with what there is to notice in it."""

    id: str  # unique within its lesson
    verdict: Verdict
    channel: Channel
    text: str  # what the person sees or hears, headers first; nothing in it is a working link
    marks: tuple[Mark, ...]
    why: tuple[tuple[str, str], ...]  # cue id → what it means in this very message
    do: str  # what to do, step by step; plain text
    elements: tuple[int, int, int, int, int] | None  # premise alignment; None for wanted mail
    source: str = ""  # for items made from reported mail: what of

    @property
    def cues(self) -> tuple[str, ...]:
        """Cue ids in the order of their first mark."""
        return tuple(dict.fromkeys(mark.cue for mark in self.marks if mark.cue))

    def reason(self, cue: str) -> str:
        """What a cue means here; empty where the lesson says nothing beyond the general."""
        return next((why for name, why in self.why if name == cue), "")

    def rating(self, audience: str = "") -> scale.Rating | None:
        """The Phish Scale rating, from the marks a person set; None for wanted mail, which the scale does not rate."""
        if self.elements is None:
            return None
        counts = dict[str, int]()
        for mark in self.marks:
            if mark.cue:
                counts[mark.cue] = counts.get(mark.cue, 0) + 1
        return scale.rate(counts, self.elements, confirmed_by="the lesson's author", audience=audience)

    @property
    def level(self) -> int:
        """1 easy to 3 hard. Wanted mail is the harder the more it looks like a lure: two cues make 2, four make 3."""
        rating = self.rating()
        if rating is not None:
            return rating.difficulty.level
        return 1 + (len(self.cues) >= 2) + (len(self.cues) >= 4)


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question, and what is said to those who choose it."""

    text: str
    right: bool
    feedback: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with one right answer or more."""

    id: str
    prompt: str
    options: tuple[Option, ...]

    @property
    def many(self) -> bool:
        """Whether more than one answer is right."""
        return sum(option.right for option in self.options) > 1


@dataclass(frozen=True, slots=True)
class Lesson:
    """Two to five minutes about one pretext, for certain roles."""

    id: str
    title: str
    roles: tuple[Role, ...]
    topic: str  # the family that is repeated at growing distances, e.g. `sim-swap`
    minutes: int
    text: str  # Markdown
    practice: tuple[Practice, ...]
    questions: tuple[Question, ...]
    language: str = "en"

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Ways its messages come, each once."""
        return tuple(dict.fromkeys(item.channel for item in self.practice))

    def suits(self, role: str) -> bool:
        """Whether it is for people of a role; what is for everybody is for each."""
        return role in self.roles or "everybody" in self.roles
