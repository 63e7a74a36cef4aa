"""What is kept of practice: every step, once; a card per topic; nothing of others shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from seawall.errors import UsageError
from seawall.state import open_state
from seawall.state.training import TrainingState
from seawall.training import play, record
from seawall.training.library import load

LIBRARY = load()
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
LESSON = "sim-swap-counter"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[TrainingState]:
    with open_state(tmp_path / "state.db") as state:
        yield TrainingState(state)


def practise(store: TrainingState, learner: str, now: datetime = NOW, verdict: str = "phish") -> None:
    sitting = record.start(store, LIBRARY, learner, now, lesson=LESSON)
    while (shown := play.screen(LIBRARY, sitting)) is not None:
        given = play.Answer(verdict=verdict, choice=tuple(c.value for c in shown.choices[:1]))
        sitting, _ = record.take(store, LIBRARY, sitting, given, now)


def test_an_assigned_lesson_comes_first_is_done_once_and_schedules_its_topic(store: TrainingState) -> None:
    assert store.assign(["ana", "ana", "bo"], LESSON, NOW, NOW + timedelta(days=7)) == 2
    assert store.assign(["ana"], LESSON, NOW, None) == 0
    sitting = record.start(store, LIBRARY, "ana", NOW)
    assert {step.lesson for step in sitting.steps} == {LESSON}
    practise(store, "ana")
    mine = record.progress_of(store, "ana")
    assert mine.open_lessons == []
    assert [name for name, _ in record.progress_of(store, "bo").open_lessons] == [LESSON]
    assert set(mine.topics) == {"sim-swap"}
    assert mine.topics["sim-swap"] > NOW
    assert mine.answers == 5
    assert record.resume(store, LIBRARY, "ana") is None


def test_a_refused_answer_keeps_nothing_and_the_sitting_stands_where_it_was(store: TrainingState) -> None:
    sitting = record.start(store, LIBRARY, "ana", NOW, lesson=LESSON)
    with pytest.raises(UsageError):
        record.take(store, LIBRARY, sitting, play.Answer(verdict="maybe"), NOW)
    assert store.answers("ana") == []
    assert record.resume(store, LIBRARY, "ana") == sitting


def test_daily_practice_mixes_genuine_messages_in_and_prefers_what_is_due(store: TrainingState) -> None:
    practise(store, "ana")
    later = record.progress_of(store, "ana").topics["sim-swap"]
    sitting = record.start(store, LIBRARY, "ana", later + timedelta(days=1), role="retail")
    items = [(LIBRARY.lesson(step.lesson), LIBRARY.item(step.lesson, step.item)) for step in sitting.steps]
    lures = sum(item.verdict == "phish" for _, item in items)  # type: ignore[union-attr]
    assert 0.4 <= lures / len(items) <= 0.6
    assert "sim-swap" in {lesson.topic for lesson, _ in items}
    assert all(lesson.suits("retail") for lesson, _ in items)


def test_a_sitting_whose_lesson_was_taken_away_is_given_up(store: TrainingState) -> None:
    store.keep("ana", NOW, outcome=None, sitting=play.sitting_to_dict(play.sit("ana", [play.Step("gone", "read")])))
    assert record.resume(store, LIBRARY, "ana") is None
    store.keep("ana", NOW, outcome=None, sitting={"made": "by a later version"})
    assert record.resume(store, LIBRARY, "ana") is None


def test_groups_under_ten_are_never_shown_and_no_person_ever(store: TrainingState) -> None:
    people = [f"p{n}" for n in range(19)]
    for person in people:
        practise(store, person)
    groups = {"noc": people[:10], "shop": people[10:]}
    (shown,) = record.progress_of_groups(store, groups)
    assert (shown.group, shown.people, shown.practised, shown.answers) == ("others", 19, 19, 95)
    assert record.progress_of_groups(store, {"noc": people[:9]}) == []
    assert not any(person in repr(shown) for person in people)


def test_what_is_old_goes_and_who_asks_is_forgotten(store: TrainingState) -> None:
    practise(store, "ana", NOW - timedelta(days=400))
    practise(store, "bo", NOW)
    store.expire(record.keep_until(NOW, 365))
    assert store.answers("ana") == []
    assert store.cards("ana") == {}
    assert len(store.answers("bo")) == 5
    assert store.forget("bo") > 0
    assert store.learners() == []


def test_a_name_that_is_none_is_refused(store: TrainingState) -> None:
    for name in ("", "  ", "a\nb", "x" * 201, "a\x1b[2J"):
        with pytest.raises(UsageError):
            record.start(store, LIBRARY, name, NOW, lesson=LESSON)
