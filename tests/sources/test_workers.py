from __future__ import annotations

import os
import signal
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from seawall.engine.records import FileRecord
from seawall.model.clock import FixedClock
from seawall.model.settings import Settings
from seawall.sources import discover, workers
from seawall.sources.base import Reject
from seawall.sources.hands import Hand, Task
from seawall.sources.intake import FileReport, Reached, reading_for, take_in
from tests.sources.test_unpacking import tarred, zipped

CLOCK = FixedClock(datetime(2026, 11, 22, 12, tzinfo=UTC))


def line(number: int) -> str:
    at = f"{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}"
    return f"<189>{number}: edge{number % 5}: {number:06}: Nov 21 2026 {at} UTC: %SYS-5-CONFIG_I: by ann {number}\n"


@dataclass
class Kept:
    """A sink that remembers everything, in order."""

    tables: list[pa.Table] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    done: list[FileRecord] = field(default_factory=list)

    def add(self, kind: str, table: pa.Table) -> int:
        self.tables.append(table)
        return int(table.num_rows)

    def reject(self, rejects: Iterable[Reject]) -> None:
        self.rejects += rejects

    def finish_file(self, record: FileRecord) -> None:
        self.done.append(record)

    def commit(self) -> None:
        pass


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """Small files, a large one, an archive, junk, a twin."""
    folder = tmp_path / "evidence"
    folder.mkdir()
    for number in range(80):
        (folder / f"small{number:02}.log").write_text(line(number) + ("no log line\n" if number % 9 == 0 else ""))
    (folder / "large.log").write_text("".join(line(n % 9_000) for n in range(20_000)))
    (folder / "packed.zip").write_bytes(zipped(a__log=line(1).encode(), b__tar=tarred(c=(line(2) * 30_000).encode())))
    (folder / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0JFIF\0")
    (folder / "twin.log").write_text(line(5))
    return folder


def taken(folder: Path, jobs: int) -> tuple[Kept, list[FileReport]]:
    sink = Kept()
    steps = take_in([folder], reading_for([folder], Settings(), CLOCK), sink, jobs=jobs)
    return sink, [step for step in steps if isinstance(step, FileReport)]


def test_two_processes_give_what_one_gives_in_the_same_order(evidence: Path) -> None:
    alone, told_alone = taken(evidence, 1)
    together, told_together = taken(evidence, 2)
    assert told_together == told_alone
    assert together.done == alone.done
    assert together.rejects == alone.rejects
    assert pa.concat_tables(together.tables).equals(pa.concat_tables(alone.tables))


def killing(
    steps: Iterator[Reached | FileReport], at: str, most: int, monkeypatch: pytest.MonkeyPatch
) -> list[FileReport]:
    """Draw steps, killing the worker that reads the file `at` as often as one is given it."""
    give = workers.Workers._give
    left = most

    def give_and_kill(self: workers.Workers, hand: Hand, task: Task) -> None:
        nonlocal left
        hand.lives = True
        give(self, hand, task)
        if left and any(place.origin == at for place in task.places[task.base :]):
            left -= 1
            os.kill(hand.process.pid, signal.SIGKILL)

    monkeypatch.setattr(workers.Workers, "_give", give_and_kill)
    return [step for step in steps if isinstance(step, FileReport)]


def test_a_file_whose_process_is_killed_is_read_again(evidence: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alone, told_alone = taken(evidence, 1)
    sink = Kept()
    steps = take_in([evidence], reading_for([evidence], Settings(), CLOCK), sink, jobs=2)
    told = killing(steps, "large.log", 1, monkeypatch)
    notes = {report.origin: [note for note in report.notes if "signal 9" in note] for report in told}
    assert notes["large.log"]
    assert [replace(report, notes=()) for report in told] == [replace(report, notes=()) for report in told_alone]
    assert sum(report.events for report in told) == sum(table.num_rows for table in alone.tables) + 2  # the twins


def test_a_file_that_kills_its_processes_is_given_up_and_the_rest_goes_on(
    evidence: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = take_in([evidence], reading_for([evidence], Settings(), CLOCK), Kept(), jobs=2)
    told = {report.origin: report for report in killing(steps, "large.log", 2, monkeypatch)}
    assert "signal 9, 2 times over" in told["large.log"].skipped
    assert told["large.log"].faulty
    assert told["small79.log"].events == 1
    assert told["packed.zip!/b.tar!/c"].events == 30_000


def test_leaving_early_ends_the_processes_and_removes_what_they_made(evidence: Path) -> None:
    standing = discover.Standing()
    folder = standing.spool.folder
    steps = take_in([evidence], reading_for([evidence], Settings(), CLOCK), Kept(), standing=standing, jobs=2)
    next(steps)
    (child,) = {int(pid) for pid in _children()} or {0}
    steps.close()
    assert not Path(f"/proc/{child}").exists() or child == 0
    del steps, standing
    assert not folder.exists()


def _children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()[:1]
