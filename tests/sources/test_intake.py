from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from seawall.engine.records import FileRecord
from seawall.model.clock import FixedClock
from seawall.model.settings import Settings
from seawall.sources.base import Reject
from seawall.sources.intake import NOT_READ, FileReport, Nowhere, Reached, reading_for, take_in

CLOCK = FixedClock(datetime(2026, 11, 22, 12, tzinfo=UTC))
LINE = "<189>1: edge7: 000001: Nov 21 2026 22:01:06.330 UTC: %SYS-5-CONFIG_I: Configured from console by ann on vty0\n"


@dataclass
class Kept:
    """A sink that remembers what it was given, and in which order."""

    rows: int = 0
    done: dict[str, FileRecord] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)

    def add(self, kind: str, table: pa.Table) -> int:
        self.steps.append(kind)
        self.rows += table.num_rows
        return int(table.num_rows)

    def reject(self, rejects: Iterable[Reject]) -> None:
        self.steps += ["reject" for _ in rejects]

    def finish_file(self, record: FileRecord) -> None:
        self.steps.append("finish")
        self.done[record.digest] = record

    def commit(self) -> None:
        self.steps.append("commit")


def reports(folder: Path, sink: Kept | Nowhere, known: dict[str, FileRecord] | None = None) -> dict[str, FileReport]:
    steps = take_in([folder], reading_for([folder], Settings(), CLOCK), sink, known)
    return {step.origin: step for step in steps if isinstance(step, FileReport)}


def test_what_becomes_visible_is_whole_files(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(LINE + "no log line at all\n")
    sink = Kept()
    reports(tmp_path, sink)
    assert sink.steps == ["syslog", "reject", "finish", "commit"]


def test_a_file_read_before_is_passed_over_and_said_to_be_known(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(LINE)
    first = Kept()
    reports(tmp_path, first)
    again = Kept()
    report = reports(tmp_path, again, first.done)["a.log"]
    assert again.rows == 0
    assert (report.events, report.new) == (1, 0)
    assert report.notes[-1] == "read before: nothing new"


def test_a_file_nobody_knows_is_remembered_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0JFIF\0")
    sink = Kept()
    said = reports(tmp_path, sink)["photo.jpg"].skipped
    (record,) = sink.done.values()
    assert record.notes == (NOT_READ + said,)
    assert reports(tmp_path, Kept(), sink.done)["photo.jpg"].skipped == said, "a second run says the same"


def test_what_is_left_out_on_purpose_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "empty.log").touch()
    report = reports(tmp_path, Nowhere())["empty.log"]
    assert report.skipped
    assert not report.faulty


def test_times_no_router_can_rightly_tell_are_doubted(tmp_path: Path) -> None:
    (tmp_path / "old.log").write_text(LINE.replace("Nov 21 2026", "Jan  1 1970"))
    (tmp_path / "new.log").write_text(LINE.replace("Nov 21 2026", "Nov 21 2031"))
    told = reports(tmp_path, Nowhere())
    (old,), (new,) = told["old.log"].notes, told["new.log"].notes
    assert "clock" in old
    assert "future" in new


def test_progress_is_told_within_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.log").write_text(LINE * 50)
    steps = list(take_in([tmp_path], reading_for([tmp_path], Settings(), CLOCK), Nowhere()))
    reached = [step for step in steps if isinstance(step, Reached)]
    assert reached[-1].read_bytes == len(LINE) * 50
    assert reached[-1].events == 50
