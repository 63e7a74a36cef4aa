"""What the tables promise: moments survive a database without zones, and constraints can be taken hold of later."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from seawall.state.tables import Base, FeedbackRow, HuntRow

INDIA = timezone(timedelta(hours=5, minutes=30))


@pytest.fixture
def session():
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def test_a_moment_comes_back_aware_and_in_utc_to_the_microsecond(session: Session) -> None:
    started = datetime(2026, 11, 22, 1, 0, 0, 123_456, tzinfo=INDIA)
    session.add(HuntRow(started=started, finished=None, counts={"findings": 1}))
    session.flush()
    session.expire_all()
    (row,) = session.query(HuntRow).all()
    assert row.started == started
    assert row.started.tzinfo is UTC
    assert row.finished is None


def test_moments_of_different_zones_are_ordered_as_they_happened(session: Session) -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    for moment in (noon.astimezone(INDIA), noon - timedelta(hours=2), (noon - timedelta(hours=1)).astimezone(INDIA)):
        session.add(HuntRow(started=moment, counts={}))
    session.flush()
    session.expire_all()
    found = [row.started for row in session.query(HuntRow).order_by(HuntRow.started)]
    assert found == [noon - timedelta(hours=2), noon - timedelta(hours=1), noon]


def test_feedback_outlives_its_finding(session: Session) -> None:
    session.add(FeedbackRow(finding="f" * 32, at=datetime(2026, 1, 1, tzinfo=UTC), person="a.lind", verdict="wrong"))
    session.flush()
    session.expire_all()
    assert session.query(FeedbackRow).one().note == ""


def test_a_hunt_without_a_start_is_refused(session: Session) -> None:
    session.add(HuntRow(counts={}))
    with pytest.raises(IntegrityError):
        session.flush()


def test_every_key_and_index_has_a_name(session: Session) -> None:
    seen = inspect(session.get_bind())
    for table in Base.metadata.tables:
        assert seen.get_pk_constraint(table)["name"] == f"pk_{table}"
        assert all(index["name"] for index in seen.get_indexes(table))
        assert all(key["name"] for key in seen.get_foreign_keys(table))
