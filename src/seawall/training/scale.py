"""The NIST Phish Scale (TN 2276, 2023): how hard a message is to recognise for a given audience.

Two measures: how many cues can be observed (fewer is harder) and how well the premise fits the audience (better is
harder). Counts made by a program are a proposal; a rating counts once a person has confirmed it, and it holds for the
audience it was made for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from seawall.errors import UsageError
from seawall.training.cues import BY_ID, BY_NAME

ELEMENT_VALUES: Final[Mapping[int, str]] = {
    0: "not applicable", 2: "low", 4: "moderate", 6: "significant", 8: "extreme",
}  # fmt: skip
ELEMENTS: Final = (
    "mimics a workplace process or practice",
    "has workplace relevance for this audience",
    "aligns with other situations or events, also outside work",
    "raises concern about consequences of NOT acting",
    "has been the subject of targeted training, warnings or other exposure",
)
MAX_COUNT: Final = 10_000  # of one cue in one message; beyond it somebody mistyped


class Amount(StrEnum):
    """How many cues there are: 1-8, 9-14, 15 and more."""

    FEW = "few"
    SOME = "some"
    MANY = "many"


class Alignment(StrEnum):
    """How well the premise fits the audience: 10 and less, 11-17, 18 and more."""

    WEAK = "weak"
    MEDIUM = "medium"
    STRONG = "strong"


class Difficulty(StrEnum):
    """How hard a message is to recognise. The publication's one cell between two levels keeps its name."""

    LEAST = "least difficult"
    MODERATE_TO_LEAST = "moderately to least difficult"
    MODERATE = "moderately difficult"
    VERY = "very difficult"

    @property
    def level(self) -> int:
        """1 least, 2 moderate (the cell between counts here), 3 very: the steps lessons go up and down by."""
        return _LEVELS[self]


_LEVELS: Final = {
    Difficulty.LEAST: 1, Difficulty.MODERATE_TO_LEAST: 2, Difficulty.MODERATE: 2, Difficulty.VERY: 3,
}  # fmt: skip
_TABLE: Final[Mapping[tuple[Amount, Alignment], Difficulty]] = {
    (Amount.FEW, Alignment.STRONG): Difficulty.VERY,
    (Amount.FEW, Alignment.MEDIUM): Difficulty.VERY,
    (Amount.FEW, Alignment.WEAK): Difficulty.MODERATE,
    (Amount.SOME, Alignment.STRONG): Difficulty.VERY,
    (Amount.SOME, Alignment.MEDIUM): Difficulty.MODERATE,
    (Amount.SOME, Alignment.WEAK): Difficulty.MODERATE_TO_LEAST,
    (Amount.MANY, Alignment.STRONG): Difficulty.MODERATE,
    (Amount.MANY, Alignment.MEDIUM): Difficulty.MODERATE,
    (Amount.MANY, Alignment.WEAK): Difficulty.LEAST,
}


@dataclass(frozen=True, slots=True)
class Rating:
    """What the scale says of one message for one audience."""

    counts: Mapping[str, int]  # cue id → how often; only those that occur
    total: int
    amount: Amount
    elements: tuple[int, int, int, int, int]
    score: int  # -8 to 32
    alignment: Alignment
    difficulty: Difficulty
    notes: tuple[str, ...] = ()
    confirmed_by: str = ""  # empty: a proposal
    audience: str = ""
    reasons: Mapping[str, Sequence[str]] = field(default_factory=dict)  # cue id → the words a program counted

    @property
    def status(self) -> str:
        """`confirmed` or `proposal`."""
        return "confirmed" if self.confirmed_by else "proposal"


def amount(total: int) -> Amount:
    """The category of a number of cues. None at all is off the scale, and treated as few.

    Raises:
        UsageError: less than none.
    """
    if total < 0:
        raise UsageError(f"a message has no {total} cues", mend="count each cue from 0 up")
    return Amount.FEW if total <= 8 else Amount.SOME if total <= 14 else Amount.MANY


def score(elements: Sequence[int]) -> int:
    """The premise alignment score, -8 to 32: the first four elements added, the fifth taken away.

    Raises:
        UsageError: not five elements, or one is not 0, 2, 4, 6 or 8.
    """
    if len(elements) != len(ELEMENTS):
        raise UsageError(
            f"premise alignment has five elements, got {len(elements)}", mend="give five numbers, e.g. 6,4,2,4,0"
        )
    for number, value in enumerate(elements, 1):
        if value not in ELEMENT_VALUES or isinstance(value, bool):
            allowed = ", ".join(f"{v} {name}" for v, name in ELEMENT_VALUES.items())
            raise UsageError(f"element {number} ({ELEMENTS[number - 1]}) is {value}", mend=f"one of {allowed}")
    return sum(elements[:4]) - elements[4]


def alignment(points: int) -> Alignment:
    """The category of a premise alignment score.

    Raises:
        UsageError: a score outside -8 to 32, which no five elements give.
    """
    if not -8 <= points <= 32:
        raise UsageError(f"no premise alignment scores {points}", mend="it lies between -8 and 32")
    return Alignment.WEAK if points <= 10 else Alignment.MEDIUM if points <= 17 else Alignment.STRONG


def difficulty(cues: Amount, fit: Alignment) -> Difficulty:
    """The cell of the scale's table."""
    return _TABLE[cues, fit]


def rate(
    counts: Mapping[str, int],
    elements: Sequence[int],
    *,
    confirmed_by: str = "",
    audience: str = "",
    reasons: Mapping[str, Sequence[str]] | None = None,
) -> Rating:
    """Rate a message. `counts` are by cue, named by id or by the publication's name.

    Raises:
        UsageError: a cue nobody knows, a count that is none, or elements that are not the scale's.
    """
    known = dict[str, int]()
    for name, count in counts.items():
        cue = cue_id(name)
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= MAX_COUNT:
            raise UsageError(f"{name}: {count!r} is no count", mend=f"a whole number from 0 to {MAX_COUNT}")
        known[cue] = known.get(cue, 0) + count
    total = sum(known.values())
    points = score(elements)
    cues, fit = amount(total), alignment(points)
    notes = () if total else ("no cue was counted: that is off the scale, and treated as few",)
    first, second, third, fourth, fifth = elements
    return Rating(
        counts={cue: count for cue, count in known.items() if count},
        total=total,
        amount=cues,
        elements=(first, second, third, fourth, fifth),
        score=points,
        alignment=fit,
        difficulty=difficulty(cues, fit),
        notes=notes,
        confirmed_by=confirmed_by.strip(),
        audience=audience,
        reasons=dict(reasons or {}),
    )


def cue_id(name: str) -> str:
    """The id of a cue given by id or name. Raises UsageError for one nobody knows."""
    if name in BY_ID:
        return name
    if name in BY_NAME:
        return BY_NAME[name].id
    raise UsageError(f"no cue is called {name!r}", mend=f"one of {', '.join(BY_ID)}")


def kappa(one: Sequence[str], other: Sequence[str]) -> float | None:
    """Cohen's kappa of two raters who judged the same messages; None where it says nothing.

    1 is full agreement, 0 what chance would give. It says nothing for no messages, and where both used one word only.

    Raises:
        UsageError: the raters judged different numbers of messages.
    """
    if len(one) != len(other):
        raise UsageError(
            f"one rater judged {len(one)} messages, the other {len(other)}", mend="give both the same messages"
        )
    if not one:
        return None
    many = len(one)
    words = {*one, *other}
    chance = sum(one.count(word) * other.count(word) for word in words) / many**2
    agreed = sum(a == b for a, b in zip(one, other, strict=True)) / many
    return None if chance == 1 else (agreed - chance) / (1 - chance)


def rating_to_dict(rating: Rating) -> dict[str, object]:
    """The JSON form of a rating; cues under the publication's names."""
    return {
        "status": rating.status,
        "confirmed_by": rating.confirmed_by,
        "audience": rating.audience,
        "cues": {BY_ID[cue].name: count for cue, count in rating.counts.items()},
        "total": rating.total,
        "cue_category": str(rating.amount),
        "elements": list(rating.elements),
        "score": rating.score,
        "alignment": str(rating.alignment),
        "difficulty": str(rating.difficulty),
        "notes": list(rating.notes),
        "reasons": {BY_ID[cue].name: list(words) for cue, words in rating.reasons.items()},
    }
