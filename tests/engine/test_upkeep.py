"""Upkeep changes how events lie in the lake, and only retention changes which."""

from __future__ import annotations

from pathlib import Path

import pytest

from seawall.engine import upkeep
from seawall.engine.lake import Lake
from seawall.engine.records import FileRecord
from tests.engine.makers import at, column, events, lines, put


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(tmp_path / "lake")


def test_compaction_keeps_every_row_and_forgets_no_id(lake: Lake) -> None:
    for number in range(5):
        put(lake, "syslog", lines(100, file=f"{number}.log"))
    before = column(lake, "syslog", "event_id")
    lake.compact()
    assert len(lake.manifest().of_kind("syslog")) == 1
    assert sorted(column(lake, "syslog", "event_id")) == sorted(before)
    assert put(lake, "syslog", lines(100, file="3.log")) == 0


def test_many_commits_do_not_leave_many_parts(lake: Lake) -> None:
    with lake.writer() as writer:
        for number in range(100):
            writer.add("syslog", lines(10, file=f"{number}.log"))
            writer.commit()
    assert len(lake.manifest().parts) <= 2 * upkeep.FAN_IN
    assert lake.kinds() == {"syslog": 1_000}


def test_retention_drops_what_is_old_and_says_so(lake: Lake) -> None:
    put(lake, "syslog", lines(100))
    put(lake, "syslog", lines(10, file="late.log", first=1_000))
    put(lake, "syslog", events("syslog", [{"time": None, "origin": "x:1"}, {"time": at(0), "origin": "x:2"}]))
    assert lake.retain(at(51), legal_hold=False) == 51
    assert lake.kinds() == {"syslog": 50 + 10 + 1}
    [drop] = lake.manifest().drops
    assert (drop.kind, drop.rows, drop.older_than, drop.why) == ("syslog", 51, at(51), "retention")


def test_what_was_dropped_does_not_come_back_unnoticed(lake: Lake) -> None:
    put(lake, "syslog", lines(100))
    lake.retain(at(51), legal_hold=False)
    assert put(lake, "syslog", lines(120)) == 20
    assert lake.manifest().refused_rows == 50
    assert lake.kinds() == {"syslog": 70}


def test_a_legal_hold_drops_nothing_and_lets_old_evidence_in_again(lake: Lake) -> None:
    put(lake, "syslog", lines(100))
    assert lake.retain(at(51), legal_hold=True) == 0
    lake.retain(at(51), legal_hold=False)
    lake.retain(at(80), legal_hold=True)
    assert put(lake, "syslog", lines(100)) == 50
    assert sorted(column(lake, "syslog", "event_id")) == sorted(lines(100).column("event_id").to_pylist())


def test_leftovers_of_a_crash_are_removed_by_the_next_writer(lake: Lake) -> None:
    put(lake, "syslog", lines(1))
    (lake.folder / "parts" / "syslog-99999999-0001.parquet").write_bytes(b"PAR1 torn")
    (lake.folder / "ids" / "00000099.ids.tmp").write_bytes(b"torn")
    put(lake, "syslog", lines(1))
    assert len(list((lake.folder / "parts").iterdir())) == 1
    assert not list((lake.folder / "ids").glob("*.tmp"))


def test_when_the_line_moves_back_files_that_reach_before_it_may_be_read_again(lake: Lake) -> None:
    old, young = (FileRecord(d * 32, f"{d}.log", "syslog", 1, 0, at(s), at(99), 1) for d, s in (("aa", 0), ("bb", 60)))
    timeless = FileRecord("cc" * 32, "c.cfg", "config", 1, 0, None, None, 1)
    with lake.writer() as writer:
        for record in (old, young, timeless):
            writer.finish_file(record)
        writer.commit()
    lake.retain(at(50), legal_hold=False)
    assert len(lake.files()) == 3
    lake.retain(at(20), legal_hold=False)
    assert lake.files() == [young, timeless]
