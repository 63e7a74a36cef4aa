from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from seawall.errors import InputError, UsageError
from seawall.ledger import Ledger, open_ledger
from seawall.model.case import Case, open_case
from seawall.model.clock import FixedClock
from seawall.reporting.duties.statements import Kind, Statement, facts, latest, lost_texts, read, record

NOW = datetime(2026, 3, 19, 8, 0, tzinfo=UTC)
INCIDENT = "3f" * 16


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return open_case(tmp_path / "case", FixedClock(NOW))


@pytest.fixture
def ledger(case: Case) -> Iterator[Ledger]:
    with open_ledger(case, clock=FixedClock(NOW)) as opened:
        yield opened


def said(kind: Kind = "start", name: str = "aware", day: int = 18, value: str = "", reason: str = "") -> Statement:
    return Statement(INCIDENT, kind, name, datetime(2026, 3, day, 10, 2, tzinfo=UTC), "C. Ray", value, reason, NOW)


def test_what_was_stated_is_read_back_with_its_place_in_the_ledger(case: Case, ledger: Ledger) -> None:
    made = record(case.statements, ledger, said(reason="the mediation host was reached, é \u202e"))
    assert read(case.statements, ledger, INCIDENT) == [made]
    assert made.index is not None
    entry = ledger.entry(made.index)
    assert (entry.body["name"], entry.body["at"]) == ("aware", "2026-03-18T10:02:00.000000Z")
    assert b"Ray" not in entry.raw
    assert read(case.statements, ledger, "4e" * 16) == []


def test_a_start_is_moved_only_by_a_correction_and_both_stay(case: Case, ledger: Ledger) -> None:
    record(case.statements, ledger, said())
    with pytest.raises(UsageError, match="stated already"):
        record(case.statements, ledger, said(day=19))
    record(case.statements, ledger, said(day=17, reason="the log says so"), correct=True)
    held = read(case.statements, ledger, INCIDENT)
    assert [one.at.day for one in held] == [18, 17]
    counts = latest(held, "start", "aware")
    assert counts is not None
    assert counts.at.day == 17


def test_facts_are_replaced_and_taken_back(case: Case, ledger: Ledger) -> None:
    for value in ("1200", "1350"):
        record(case.statements, ledger, said("fact", "customers", value=value))
    record(case.statements, ledger, said("fact", "area", value="Chicago"))
    record(case.statements, ledger, said("fact", "area", value=""))
    held = facts(read(case.statements, ledger, INCIDENT))
    assert {name: one.value for name, one in held.items()} == {"customers": "1350"}


def test_a_line_changed_or_added_afterwards_is_refused(case: Case, ledger: Ledger) -> None:
    record(case.statements, ledger, said())
    path = case.statements / f"{INCIDENT}.jsonl"
    whole = path.read_bytes()
    for forged in (whole.replace(b"03-18", b"03-20"), whole + replace(said(day=20), index=None).line):
        path.write_bytes(forged)
        with pytest.raises(InputError, match="not the one the ledger holds"):
            read(case.statements, ledger, INCIDENT)
        with pytest.raises(InputError):
            record(case.statements, ledger, said("fact", "area", value="x"))


def test_a_start_whose_text_is_gone_still_counts(case: Case, ledger: Ledger) -> None:
    made = record(case.statements, ledger, said())
    (case.statements / f"{INCIDENT}.jsonl").unlink()
    (held,) = read(case.statements, ledger, INCIDENT)
    assert (held.kind, held.name, held.at) == ("start", "aware", made.at)
    assert lost_texts([held]) == [made.index]


@pytest.mark.parametrize("name", ["", "a b", "x" * 81, "../x", "é"])
def test_names_are_names(case: Case, ledger: Ledger, name: str) -> None:
    with pytest.raises(UsageError):
        record(case.statements, ledger, said("fact", name, value="x"))


@pytest.mark.parametrize("incident", ["", "../../etc", "zz", "3f/.."])
def test_an_incident_is_no_path(case: Case, ledger: Ledger, incident: str) -> None:
    with pytest.raises(UsageError):
        record(case.statements, ledger, replace(said(), incident=incident))


def test_words_have_a_bound(case: Case, ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="longer"):
        record(case.statements, ledger, said(reason="x" * 5_000))
