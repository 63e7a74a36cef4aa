"""Topics come back at growing distances, sooner after a slip."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from seawall.errors import InputError
from seawall.training import schedule
from seawall.training.play import Outcome

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


def outcome(right: bool = True, *, level: int = 2, confidence: int = 2, found=(), missed=()) -> Outcome:
    given = "phish" if right else "wanted"
    return Outcome("l", "i", "t", "practice", "phish", given, right, level, confidence, tuple(found), tuple(missed))


def days(*sittings: list[Outcome]) -> list[int]:
    """The distances, each sitting taken on the day its topic came back."""
    card, now, distances = None, NOW, []
    for sitting in sittings:
        card = schedule.reviewed(card, sitting, now)
        distances.append((schedule.due_at(card) - now).days)
        now = schedule.due_at(card)
    return distances


def test_distances_grow_from_days_to_months_and_never_beyond_half_a_year() -> None:
    distances = days(*[[outcome()]] * 8)
    assert 1 <= distances[0] <= 3
    assert distances == sorted(distances)
    assert distances[-1] == schedule.LONGEST_DAYS


def test_a_slip_brings_a_topic_back_the_next_days() -> None:
    known = days(*[[outcome()]] * 4)
    slipped = days(*[[outcome()]] * 3, [outcome(), outcome(False)])
    assert slipped[-1] < known[-1] / 4


@pytest.mark.parametrize(
    ("sitting", "grade"),
    [
        ([outcome(False), outcome()], 1),
        ([outcome(found=["urgency"], missed=["threat", "sender"])], 2),
        ([outcome(found=["urgency", "threat"], missed=["sender"])], 3),
        ([outcome(found=["urgency"], confidence=3)], 4),
        ([outcome(found=["urgency"], confidence=2)], 3),
        ([Outcome("l", "q", "t", "question", "right", "wrong", False, 1)], 2),
        ([Outcome("l", "q", "t", "question", "right", "right", True, 1)], 3),
    ],
)
def test_how_a_sitting_went_in_the_schedulers_words(sitting, grade) -> None:
    assert schedule.grade(sitting) == grade


def test_what_is_due_comes_longest_overdue_first() -> None:
    cards = {name: {"due": (NOW + timedelta(days=n)).isoformat()} for name, n in (("a", -1), ("b", -3), ("c", 1))}
    assert schedule.due(cards, NOW) == ["b", "a"]
    with pytest.raises(InputError, match="damaged"):
        schedule.due({"a": {}}, NOW)
    with pytest.raises(InputError, match="damaged"):
        schedule.reviewed({"card_id": "x"}, [outcome()], NOW)


@pytest.mark.parametrize(
    ("rights", "level", "next_"),
    [([], 2, 1), ([1, 1, 1, 1, 1, 1, 1, 1, 1, 1], 2, 3), ([1] * 8 + [0] * 2, 2, 2), ([1] * 6 + [0] * 4, 2, 1),
     ([1] * 10, 3, 3), ([0] * 10, 1, 1)],
)  # fmt: skip
def test_items_get_harder_above_85_percent_right_and_easier_below_70(rights, level, next_) -> None:
    assert schedule.next_level([outcome(bool(right), level=level) for right in rights]) == next_
