"""A drill's events are proved; a marker that lies is a critical finding, and its event counts as real."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from seawall import pipeline
from seawall.drills.scenario import builtin
from seawall.drills.sending import lines
from seawall.engine.lake import Lake
from seawall.errors import InputError
from seawall.ledger import open_ledger
from seawall.model.case import Case, open_case
from seawall.model.clock import FixedClock
from seawall.model.finding import Evidence, Finding
from seawall.model.settings import Settings
from seawall.model.severity import Severity
from seawall.pipeline.drill_marks import DETECTOR, Session, applied, open_session

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
ATTACK = (
    "<189>{0}: edge7: 00009{0}: Nov 24 2026 10:00:0{0}.350 UTC: %PARSER-5-CFGLOG_LOGGEDCMD: User:cisco_sup  logged \
command:username cisco_support privilege 15 secret *"
)


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return open_case(tmp_path / "case", FixedClock(NOW))


def session_in(case: Case, minutes: int = 60) -> Session:
    with open_ledger(case, clock=FixedClock(NOW)) as ledger:
        return open_session(case, ledger, NOW, timedelta(minutes=minutes))


def hunted(case: Case, folder: Path, *said: str) -> tuple[list[Finding], list[Finding]]:
    """The findings about markers, and one for each line that is no marker."""
    folder.mkdir()
    (folder / "edge.log").write_text("\n".join(said) + "\n")
    clock = FixedClock(NOW + timedelta(hours=2))
    lake = Lake(case.lake, clock=clock)
    list(pipeline.ingest((folder,), lake, Settings(), clock, jobs=1))
    rows = lake.connect().sql("SELECT * FROM syslog WHERE mnemonic = 'PARSER-5-CFGLOG_LOGGEDCMD'").to_arrow_table()
    found = [about(row) for row in rows.to_pylist()]
    with open_ledger(case, clock=clock) as ledger:
        told = applied(found, lake, case, ledger)
    return [f for f in told if f.detector == DETECTOR], [f for f in told if f.detector != DETECTOR]


def about(row: dict[str, Any]) -> Finding:
    evidence = Evidence(row["event_id"].hex(), row["origin"], row["raw"])
    return Finding(
        id=row["event_id"].hex(), detector="d", title="New account", severity=Severity.HIGH, confidence=90,
        first=row["time"], last=row["time"], count=1, entities=(), why="because", subject="edge7",
        evidence=(evidence,), evidence_total=1,
    )  # fmt: skip


def test_what_is_announced_is_an_exercise_and_never_a_duty_or_a_share(case: Case, tmp_path: Path) -> None:
    session = session_in(case)
    lies, others = hunted(case, tmp_path / "e", session.marker(1, ATTACK.format(1), NOW), ATTACK.format(1))
    assert lies == []
    assert {f.exercise for f in others} == {session.id}
    assert (case.keys / f"drill-{session.id}.key").stat().st_mode & 0o777 == 0o600


def forged(mark: str) -> list[str]:
    return [re.sub(r'mac="\w', lambda m: m[0][:-1] + ("0" if m[0][-1] != "0" else "1"), mark), ATTACK.format(1)]


def copied(mark: str) -> list[str]:
    return [mark, ATTACK.format(1), ATTACK.format(1)]


def replayed(mark: str) -> list[str]:
    return [mark, ATTACK.format(1), mark]


def moved(mark: str) -> list[str]:
    return [re.sub(r'session="\w{16}"', 'session="' + "ab" * 8 + '"', mark), ATTACK.format(1)]


@pytest.mark.parametrize("lie", [forged, copied, replayed, moved])
def test_a_marker_that_lies_is_critical_and_its_event_counts_as_real(
    lie: Callable[[str], list[str]], case: Case, tmp_path: Path
) -> None:
    mark = session_in(case).marker(1, ATTACK.format(1), NOW)
    lies, others = hunted(case, tmp_path / "e", *lie(mark))
    assert [f.severity for f in lies] == [Severity.CRITICAL]
    assert lies[0].exercise is None
    if lie is not replayed:  # there the line itself was announced once, and came once
        assert None in {f.exercise for f in others}


def test_a_marker_after_its_session_is_critical(case: Case, tmp_path: Path) -> None:
    late = session_in(case, minutes=1).marker(1, ATTACK.format(1), NOW + timedelta(minutes=5))
    ((lie,), others) = hunted(case, tmp_path / "e", late, ATTACK.format(1))
    assert "outside its session's time" in lie.why
    assert {f.exercise for f in others} == {None}


def test_lines_of_a_scenario_are_announced_one_by_one_until_the_session_ends(case: Case) -> None:
    session = session_in(case)
    told = list(lines(builtin(), 7, session, FixedClock(NOW)))
    assert len({marker for _, marker, _ in told}) == len(told) > 30
    with pytest.raises(InputError, match="ended at"):
        next(lines(builtin(), 7, session, FixedClock(NOW + timedelta(hours=2))))
