from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

from rich.console import Console

from seawall.cli.stages import stage_account
from seawall.drills.score import Score, StageScore
from seawall.drills.truth import Stage

BEGAN = datetime(2026, 11, 19, 22, 1, tzinfo=UTC)


def told(*stages: StageScore) -> str:
    out = io.StringIO()
    score = Score(stages, (), attack_lines=9, attack_lines_found=4, benign_lines=50_000, benign_lines_accused=0)
    Console(file=out, width=80).print(stage_account(score))
    return out.getvalue()


def test_a_missed_stage_is_said_as_loudly_as_a_caught_one() -> None:
    caught = StageScore(
        Stage("a", "The router is entered", ("A-02",)), BEGAN, True, by="Web door", delay=timedelta(seconds=120)
    )
    missed = StageScore(Stage("b", "Logs are cleared", ("D-01",)), BEGAN, False)
    untried = StageScore(Stage("c", "Data leaves", ("X-01",)), None, False)
    text = told(caught, missed, untried)
    assert "caught   The router is entered (A-02)" in text
    assert "2 min after its first line: Web door" in text
    assert "missed   Logs are cleared (D-01)" in text
    assert "untried  Data leaves (X-01)" in text
    assert "1 of 2 stages caught; 4 of 9 lines of the intrusion found" in text


def test_lines_stay_within_80_columns() -> None:
    stage = StageScore(Stage("a", "x", ("A-02",)), BEGAN, True, by="A very long title " * 9, delay=timedelta())
    assert max(map(len, told(stage).splitlines())) <= 80
