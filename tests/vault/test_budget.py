from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from seawall.vault.budget import Budget, Limits, SpentError
from tests.people.books import MemoryBook, MovingClock

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def book() -> MemoryBook:
    return MemoryBook(MovingClock(NOON))


def test_a_caller_cannot_try_out_a_number_range(book: MemoryBook) -> None:
    limits = Limits(equal_hour=10, equal_day=15)
    Budget(book, limits).spend("equal", 1000, 10, NOON)
    with pytest.raises(SpentError, match="10 questions an hour"):
        Budget(book, limits).spend("equal", 1000, 1, NOON), "a new process gives nothing back"
    Budget(book, limits).spend("equal", 1001, 10, NOON)
    later = NOON + timedelta(hours=1)
    Budget(book, limits).spend("equal", 1000, 5, later)
    with pytest.raises(SpentError, match="15 questions a day"):
        Budget(book, limits).spend("equal", 1000, 1, later)
    Budget(book, limits).spend("equal", 1000, 10, NOON + timedelta(days=1))


def test_one_question_too_many_takes_nothing_but_is_recorded(book: MemoryBook) -> None:
    with pytest.raises(SpentError):
        Budget(book, Limits(equal_hour=10)).spend("equal", 1000, 11, NOON)
    Budget(book, Limits(equal_hour=10)).spend("equal", 1000, 10, NOON)
    assert [entry.body["op"] for entry in book.entries] == ["equal.refused", "equal"]


def test_taking_in_has_a_budget_of_its_own(book: MemoryBook) -> None:
    budget = Budget(book, Limits(equal_hour=1, commit_day=1_000))
    budget.spend("commit", 1000, 1_000, NOON, {"source": "ab" * 32})
    budget.spend("equal", 1000, 1, NOON)
    with pytest.raises(SpentError):
        budget.spend("commit", 1000, 1, NOON)
    assert book.entries[0].body["source"] == "ab" * 32
