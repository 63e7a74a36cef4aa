"""The state database keeps what it is given, once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, text

from seawall.errors import InputError, UsageError
from seawall.model.entities import Entity
from seawall.model.finding import Evidence, Finding
from seawall.model.incident import Incident
from seawall.model.severity import Severity
from seawall.state import Feedback, State, open_state
from seawall.state.tables import Base

MOMENT = datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=UTC)


def finding(name: str, *, after: int = 0, replaces: str | None = None, count: int = 1) -> Finding:
    return Finding(
        id=name,
        detector="area.test",
        title="Ünïcode \U0001f512 title",
        severity=Severity.HIGH,
        confidence=80,
        first=MOMENT + timedelta(seconds=after),
        last=MOMENT + timedelta(seconds=after + 5),
        count=count,
        entities=(Entity("device", "pe1", "target"),),
        why="because",
        subject="pe1",
        evidence=(Evidence("0" * 32, "a.log:1", "show run"),),
        evidence_total=1,
        details={"calls": 3, "deep": {"x": [1, None]}},
        replaces=replaces,
    )


def incident(name: str, *findings: str) -> Incident:
    return Incident(name, "t", Severity.LOW, 50, MOMENT, MOMENT, (), findings, (), (), ("One sentence.",))


@pytest.fixture
def state(address: str):
    with open_state(address) as opened:
        yield opened


def test_findings_come_back_as_they_went_in_ordered_by_time(state: State) -> None:
    late, early = finding("b", after=9), finding("a")
    assert state.save_findings([late, early]) == ["b", "a"]
    assert state.findings() == [early, late]


def test_a_second_identical_save_adds_nothing(state: State) -> None:
    state.save_findings([finding("a")])
    assert state.save_findings([finding("a")]) == []
    assert state.findings() == [finding("a")]


def test_a_finding_that_grew_is_brought_up_to_date_and_is_not_new(state: State) -> None:
    state.save_findings([finding("a")])
    assert state.save_findings([finding("a", count=7)]) == []
    assert [f.count for f in state.findings()] == [7]


def test_a_finding_that_replaces_another_removes_it(state: State) -> None:
    state.save_findings([finding("old")])
    assert state.save_findings([finding("new", replaces="old")]) == ["new"]
    assert [f.id for f in state.findings()] == ["new"]


def test_more_findings_than_one_question_can_name_are_kept(state: State) -> None:
    many = [finding(f"f{n:05d}", after=n) for n in range(1201)]
    assert len(state.save_findings(many)) == 1201
    assert state.save_findings(many) == []
    assert state.findings() == many


def test_incidents_follow_the_last_save(state: State) -> None:
    assert state.save_incidents([incident("a", "f1"), incident("b", "f2")]) == ["a", "b"]
    merged = replace(incident("a", "f1", "f2"), title="both")
    assert state.save_incidents([merged]) == []
    assert state.incidents() == [merged]


def test_a_hunt_is_remembered_and_its_findings_name_it(state: State) -> None:
    run = state.record_hunt(MOMENT, None, {"files": 3})
    state.save_findings([finding("a")], run=run)
    assert [(h.id, h.started, h.finished, h.counts) for h in state.hunts()] == [(run, MOMENT, None, {"files": 3})]


def test_a_finding_of_a_hunt_that_never_was_is_refused(state: State) -> None:
    with pytest.raises(InputError, match=r"(?i)foreign key"):
        state.save_findings([finding("a")], run=99)


def test_feedback_is_kept_in_order(state: State) -> None:
    said = [Feedback("f1", MOMENT, "ana", "wrong", "ours"), Feedback("f1", MOMENT, "ben", "right")]
    for one in said:
        state.give_feedback(one)
    assert state.feedback() == said
    with pytest.raises(UsageError, match="maybe"):
        state.give_feedback(Feedback("f1", MOMENT, "ana", "maybe"))  # type: ignore[arg-type]


def test_the_database_outlives_the_program(address: str) -> None:
    with open_state(address) as first:
        first.save_findings([finding("a")])
    with open_state(address) as second:
        assert second.findings() == [finding("a")]


def test_migrations_make_exactly_the_tables_the_code_names(address: str) -> None:
    open_state(address).close()
    engine = create_engine(address)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_a_database_of_a_later_version_is_refused_with_a_way_out(address: str) -> None:
    open_state(address).close()
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(InputError, match="9999") as caught:
        open_state(address)
    assert caught.value.mend


def test_a_file_that_is_no_database_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "state.db").write_bytes(b"not a database" * 100)
    with pytest.raises(InputError, match="not a database") as caught:
        open_state(tmp_path / "state.db")
    assert "state.db" in str(caught.value)


@pytest.mark.parametrize("url", ["nosuch://here", "://"])
def test_a_url_we_cannot_use_is_a_usage_error(url: str) -> None:
    with pytest.raises(UsageError):
        open_state(url)
