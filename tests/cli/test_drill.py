"""`seawall drill` as a person uses it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Seawall


def a_file(path: Path, **verdicts: str) -> Path:
    rows = [{"scenario": "s", "stage": stage, "verdict": verdict} for stage, verdict in verdicts.items()]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def test_a_gate_opens_or_leaves_with_ten(seawall: Seawall, tmp_path: Path) -> None:
    now = a_file(tmp_path / "now.jsonl", a="detected", b="missed")
    assert seawall("drill", "gate", str(now), "--min", "50").code == 0
    shut = seawall("drill", "gate", str(now), "--min", "80")
    assert (shut.code, "80% are asked for" in shut.out) == (10, True)
    before = a_file(tmp_path / "before.jsonl", a="detected", b="detected")
    assert seawall("drill", "gate", str(now), "--min", "0", "--before", str(before)).code == 10


def test_two_runs_are_compared(seawall: Seawall, tmp_path: Path) -> None:
    before, after = a_file(tmp_path / "1", a="detected"), a_file(tmp_path / "2", a="late")
    ran = seawall("drill", "compare", str(before), str(after), "--format", "jsonl")
    assert json.loads(ran.out) == {"scenario": "s", "stage": "a", "before": "detected", "after": "late", "worse": True}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("run", "no-such-scenario"), 3, "choose one of"),
        (("run", "edge-to-mediation", "--without", "paper@edge"), 2, "TELEMETRY@ROLE"),
        (("compare",), 3, "no Seawall case here"),
        (("check", "/nonexistent.yml"), 3, "check the path"),
        (("tabletop", "edge-to-mediation", "--decide", "99", "x"), 3, "choose 1 to"),
    ],
)
def test_what_cannot_be_done_says_how_to_do_it(words: tuple[str, ...], code: int, says: str, seawall: Seawall) -> None:
    ran = seawall("drill", *words)
    assert ran.code == code
    assert says in ran.err + ran.out


def test_the_schema_is_json_and_names_the_stages(seawall: Seawall) -> None:
    schema = json.loads(seawall("drill", "check", "--schema").out)
    assert schema["additionalProperties"] is False
    assert "StageSpec" in schema["$defs"]


def test_handouts_are_written(seawall: Seawall, tmp_path: Path) -> None:
    assert seawall("drill", "tabletop", "edge-to-mediation", "--handouts", str(tmp_path / "out")).code == 0
    assert {p.name for p in (tmp_path / "out").iterdir()} == {"players.md", "facilitator.md"}
