"""When a topic comes back: spaced repetition by FSRS, one card per person and topic, never per message.

Repeating the same message teaches that message. A topic (`sim-swap`, `vendor-access`) returns with others of its
family. The first distances are days, not minutes: nobody practises twice in a quarter of an hour at work.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, cast

from seawall.errors import InputError
from seawall.training.play import Outcome

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

LONGEST_DAYS: Final = 180  # even what is known well comes back twice a year
RECENT: Final = 10  # answers that decide how hard the next are
TOO_HARD, TOO_EASY = 0.70, 0.85  # share right below which items get easier, above which harder


def reviewed(card: Mapping[str, Any] | None, outcomes: Sequence[Outcome], now: datetime) -> dict[str, Any]:
    """A topic's card after the answers of one sitting about it, as JSON; `card` is None the first time.

    Raises:
        InputError: the library that schedules is not installed, or the card is none of its.
    """
    from_dict, scheduler = _fsrs()
    try:
        before = from_dict(card, now)
        after, _ = scheduler.review_card(before, _rating(outcomes), now)
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(f"a training card is damaged: {error}", mend="delete it: seawall train forget") from error
    return dict(after.to_dict())


def due(cards: Mapping[str, Mapping[str, Any]], now: datetime) -> list[str]:
    """Topics whose time has come, longest overdue first."""
    times = {topic: due_at(card) for topic, card in cards.items()}
    return sorted((topic for topic, at in times.items() if at <= now), key=lambda topic: (times[topic], topic))


def due_at(card: Mapping[str, Any]) -> datetime:
    """When a card's topic comes back, UTC. Raises InputError if it does not say."""
    try:
        return datetime.fromisoformat(str(card["due"]))
    except (KeyError, ValueError) as error:
        raise InputError("a training card is damaged: no due date", mend="delete it: seawall train forget") from error


def next_level(recent: Iterable[Outcome]) -> int:
    """How hard the next items are to be, 1 to 3, from answers oldest first: 70 to 85 % right is where people learn."""
    answers = [outcome for outcome in recent if outcome.kind == "practice"][-RECENT:]
    if len(answers) < 4:
        return 1 if not answers else answers[-1].level
    share = sum(outcome.right for outcome in answers) / len(answers)
    level = round(sum(outcome.level for outcome in answers) / len(answers))
    return max(1, level - 1) if share < TOO_HARD else min(3, level + 1) if share > TOO_EASY else level


def grade(outcomes: Sequence[Outcome]) -> int:
    """How a sitting about one topic went, in FSRS's words: 1 again, 2 hard, 3 good, 4 easy.

    A wrong verdict on any message is `again`. Right verdicts with most cues missed, or a question answered wrongly, are
    `hard`; right, certain and every cue found is `easy`.
    """
    judged = [outcome for outcome in outcomes if outcome.kind == "practice"]
    if any(not outcome.right for outcome in judged):
        return 1
    if any(not outcome.right for outcome in outcomes) or any(
        len(outcome.found) * 2 < len(outcome.found) + len(outcome.missed) for outcome in judged
    ):
        return 2
    sure = all(outcome.confidence == 3 and not outcome.missed and not outcome.extra for outcome in judged)
    return 4 if judged and sure else 3


def _rating(outcomes: Sequence[Outcome]) -> Any:
    from fsrs import Rating

    return Rating(grade(outcomes))


def _fsrs() -> tuple[Any, Scheduler]:
    try:
        from fsrs import Card, Scheduler
    except ModuleNotFoundError:
        raise InputError("spaced repetition needs the library fsrs", mend="make extras, which installs it") from None

    def from_dict(raw: Mapping[str, Any] | None, now: datetime) -> Card:
        return Card(card_id=1, due=now) if raw is None else Card.from_dict(cast("Any", raw))

    scheduler = Scheduler(learning_steps=(), relearning_steps=(), maximum_interval=LONGEST_DAYS, enable_fuzzing=False)
    return from_dict, scheduler
