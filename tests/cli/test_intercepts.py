"""`seawall intercepts`: findings on standard output, everything else beside it, blindness said aloud."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from seawall.cli.main import cli
from seawall.model.case import open_case
from seawall.model.clock import SystemClock
from tests.pipeline.exports_said import ORDERED_NUMBER, ROGUE, ROGUE_NUMBER, write_exports


def test_findings_are_lines_and_remarks_stand_beside_them(tmp_path: Path) -> None:
    exports = write_exports(tmp_path / "exports")
    (exports / "strange.bin").write_bytes(b"\x00\x01")
    done = CliRunner().invoke(cli, ["intercepts", "reconcile", str(exports), "--format", "jsonl"])
    assert done.exit_code == 0, done.output
    found = [json.loads(line) for line in done.stdout.splitlines()]
    (rogue,) = [one for one in found if one["detector"] == "TAP_WITHOUT_WARRANT"]
    assert {"type": "tap", "value": ROGUE, "role": "object"} in rogue["entities"]
    assert rogue["details"]["system"] == "li-element-9"
    assert "strange.bin: not read:" in done.stderr
    assert ROGUE_NUMBER not in done.output
    assert ORDERED_NUMBER not in done.output


def test_two_runs_tell_the_same_in_the_same_order(tmp_path: Path) -> None:
    exports = write_exports(tmp_path / "exports")
    one, two = (
        CliRunner().invoke(cli, ["intercepts", "reconcile", str(exports), "--format", "jsonl"]) for _ in range(2)
    )
    kinds = [[json.loads(line)["why"] for line in done.stdout.splitlines()] for done in (one, two)]
    assert kinds[0] == kinds[1] != []


def test_explain_tells_one_tap_whole(tmp_path: Path) -> None:
    exports = write_exports(tmp_path / "exports")
    done = CliRunner().invoke(cli, ["intercepts", "explain", ROGUE.upper(), str(exports)])
    assert "TAP_WITHOUT_WARRANT" in done.stdout
    assert "seen in x1-li-element-9.xml" in done.stdout
    assert "nothing is known of" in CliRunner().invoke(cli, ["intercepts", "explain", "W-NONE", str(exports)]).stdout


def test_a_locked_vault_makes_oversight_blind(tmp_path: Path) -> None:
    case = open_case(tmp_path / "case", SystemClock(), create=True)
    write_exports(case.folder / "exports")
    done = CliRunner().invoke(cli, ["intercepts", "reconcile", "--case", str(case.folder), "--format", "jsonl"])
    (blind,) = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.exit_code, blind["detector"]) == (3, "OVERSIGHT_BLIND")
    assert ROGUE not in done.output


def test_the_first_week_raises_doubts_and_no_missing_taps(tmp_path: Path) -> None:
    exports = write_exports(tmp_path / "exports")
    done = CliRunner().invoke(cli, ["intercepts", "reconcile", str(exports), "--first-week", "--format", "jsonl"])
    found = {one["detector"]: one for one in map(json.loads, done.stdout.splitlines())}
    assert found["TAP_WITHOUT_WARRANT"]["confidence"] == 70
    assert "WARRANT_WITHOUT_TAP" not in found


def test_without_a_path_it_says_what_to_name() -> None:
    done = CliRunner().invoke(cli, ["intercepts", "reconcile"])
    assert done.exit_code != 0
    assert "PATH" in str(done.exception)
