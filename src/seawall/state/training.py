"""What is kept of practice: answers, cards, assignments, and a sitting to go on with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from seawall.state.store import State
from seawall.state.training_tables import (
    AnswerRow,
    AssignmentRow,
    CardRow,
    MessageRow,
    OptOutRow,
    SittingRow,
)


@dataclass(frozen=True, slots=True)
class Assignment:
    """A lesson somebody is asked to do. Times are UTC."""

    learner: str
    lesson: str
    at: datetime
    due: datetime | None
    done: datetime | None


class TrainingState:
    """Reads and writes the practice of persons, in the state database it is given."""

    def __init__(self, state: State) -> None:
        self._state = state

    def keep(
        self,
        learner: str,
        at: datetime,
        *,
        outcome: Mapping[str, Any] | None,
        sitting: Mapping[str, Any] | None,
        cards: Mapping[str, Mapping[str, Any]] | None = None,
        done: str = "",
    ) -> None:
        """Keep one step of a sitting, all of it or nothing.

        `sitting` is where it stands now, None when it is over; `cards` are those that changed; `done` is the lesson
        that was finished with it, if one.
        """
        with self._state.session() as session:
            if outcome is not None:
                session.add(AnswerRow(learner=learner, at=at, lesson=outcome["lesson"], document=dict(outcome)))
            session.execute(delete(SittingRow).where(SittingRow.learner == learner))
            if sitting is not None:
                session.add(SittingRow(learner=learner, document=dict(sitting), at=at))
            for topic, card in (cards or {}).items():
                session.merge(CardRow(learner=learner, topic=topic, document=dict(card), at=at))
            if done:
                mine = (AssignmentRow.learner == learner, AssignmentRow.lesson == done, AssignmentRow.done.is_(None))
                session.execute(update(AssignmentRow).where(*mine).values(done=at))

    def sitting(self, learner: str) -> dict[str, Any] | None:
        """The practice a person left off, if one."""
        with self._state.session() as session:
            return session.scalar(select(SittingRow.document).where(SittingRow.learner == learner))

    def answers(self, learner: str) -> list[tuple[datetime, dict[str, Any]]]:
        """A person's answers, oldest first: when, and the outcome."""
        with self._state.session() as session:
            rows = session.scalars(select(AnswerRow).where(AnswerRow.learner == learner).order_by(AnswerRow.id))
            return [(row.at, row.document) for row in rows]

    def learners(self) -> list[str]:
        """Everybody who answered something or was assigned something."""
        with self._state.session() as session:
            answered = session.scalars(select(AnswerRow.learner).distinct())
            return sorted({*answered, *session.scalars(select(AssignmentRow.learner).distinct())})

    def cards(self, learner: str) -> dict[str, dict[str, Any]]:
        """A person's cards by topic."""
        with self._state.session() as session:
            return {r.topic: r.document for r in session.scalars(select(CardRow).where(CardRow.learner == learner))}

    def assign(self, learners: Sequence[str], lesson: str, at: datetime, due: datetime | None) -> int:
        """Ask people to do a lesson; who is asked already is not asked twice. Returns how many are new."""
        with self._state.session() as session:
            open_ = select(AssignmentRow.learner).where(AssignmentRow.lesson == lesson, AssignmentRow.done.is_(None))
            there = set(session.scalars(open_))
            fresh = [learner for learner in dict.fromkeys(learners) if learner not in there]
            session.add_all(AssignmentRow(learner=name, lesson=lesson, at=at, due=due) for name in fresh)
            return len(fresh)

    def assignments(self, learner: str = "") -> list[Assignment]:
        """What was assigned to a person, or to everybody; what is due first, then what has no date."""
        asked = select(AssignmentRow).order_by(AssignmentRow.due.is_(None), AssignmentRow.due, AssignmentRow.id)
        if learner:
            asked = asked.where(AssignmentRow.learner == learner)
        with self._state.session() as session:
            return [Assignment(r.learner, r.lesson, r.at, r.due, r.done) for r in session.scalars(asked)]

    def expire(self, before: datetime) -> int:
        """Delete what is older: answers, sittings left off, cards not practised, assignments. Returns how many rows."""
        with self._state.session() as session:
            return sum(
                session.execute(delete(table).where(table.at < before)).rowcount  # type: ignore[attr-defined]
                for table in (AnswerRow, SittingRow, CardRow, AssignmentRow)
            )

    def forget(self, learner: str) -> int:
        """Delete everything known of a person but that they opted out. Returns how many rows."""
        with self._state.session() as session:
            return sum(
                session.execute(delete(table).where(column == learner)).rowcount  # type: ignore[attr-defined]
                for table, column in (
                    (AnswerRow, AnswerRow.learner), (SittingRow, SittingRow.learner), (CardRow, CardRow.learner),
                    (AssignmentRow, AssignmentRow.learner), (MessageRow, MessageRow.person),
                )
            )  # fmt: skip

    def opt_out(self, person: str, at: datetime) -> None:
        """Leave a person out of every exercise from now on."""
        with self._state.session() as session:
            session.merge(OptOutRow(person=person, at=at))

    def opt_in(self, person: str) -> None:
        """Let a person take part again."""
        with self._state.session() as session:
            session.execute(delete(OptOutRow).where(OptOutRow.person == person))

    def opted_out(self) -> set[str]:
        """Who takes no part. For the sending alone: it is shown to nobody."""
        with self._state.session() as session:
            return set(session.scalars(select(OptOutRow.person)))

    def count_answers(self) -> int:
        """How many answers are kept."""
        with self._state.session() as session:
            return session.scalar(select(func.count()).select_from(AnswerRow)) or 0
