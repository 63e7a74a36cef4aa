"""Power may fail at any write boundary: what was committed stays readable, and running again completes the work."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from seawall.engine.lake import Lake
from tests.engine import kill_program

ROOT = Path(__file__).parents[2]


def run(folder: Path, boundaries: list[int], *how: str) -> list[list[str]]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-m", "tests.engine.kill_program", *how, str(folder), *map(str, boundaries)],
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [line.split() for line in done.stdout.splitlines()]


def told(lake: Lake) -> dict[str, Any]:
    """Everything a reader can learn from a lake."""
    found: dict[str, Any] = {
        "kinds": lake.kinds(),
        "files": lake.files(),
        "rejects": sorted(map(str, lake.rejects(99))),
    }
    for kind in ("syslog", "windows"):
        rows = [row for batch in lake.batches(kind) for row in batch.to_pylist()]
        found[kind] = sorted(rows, key=lambda row: row["event_id"])
        assert len({row["event_id"] for row in rows}) == len(rows), "an event stands in the lake twice"
    lake.close()
    return found


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, Any]]:
    """How many boundaries the work crosses, and what the lake then tells."""
    folder = tmp_path_factory.mktemp("undisturbed")
    [[_, ended, crossed]] = run(folder, [0])
    assert ended == "0"
    return int(crossed), told(Lake(folder / "0"))


def test_the_work_is_worth_killing(undisturbed: tuple[int, dict[str, Any]]) -> None:
    crossed, tells = undisturbed
    assert crossed > 500
    # of each file 119 lines and 20 events; those of the first 15 seconds were dropped (lines 1-14, events 0-14)
    assert tells["kinds"] == {"syslog": 5 * (119 - 14), "windows": 5 * 5}
    assert len(tells["files"]) == len(tells["rejects"]) == kill_program.FILES


def test_a_kill_at_any_boundary_loses_nothing_that_was_committed_and_running_again_completes(
    tmp_path: Path, undisturbed: tuple[int, dict[str, Any]], kills: int
) -> None:
    crossed, expected = undisturbed
    chosen = random.Random(kills)
    stretch = crossed / kills
    boundaries = sorted({min(crossed, int(n * stretch + chosen.uniform(1, stretch))) for n in range(kills)})
    for boundary, ended, _ in run(tmp_path, boundaries):
        assert int(ended) == -signal.SIGKILL, f"boundary {boundary} was not reached"
        after_kill = told(Lake(tmp_path / boundary))
        for record in after_kill["files"]:
            assert record in expected["files"], f"boundary {boundary}: a file record is not whole"
    for boundary, ended, _ in run(tmp_path, boundaries, "--again"):
        assert ended == "0"
        lake = Lake(tmp_path / boundary)
        assert told(lake) == expected, f"boundary {boundary}: running again gave another lake"
        snapshot = lake.manifest()
        named = {part.name for part in snapshot.parts} | set(snapshot.retired)
        assert {path.name for path in (lake.folder / "parts").iterdir()} == named, "something is left over"
