"""Rows gather into row groups and parts of bounded size."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from seawall.disk.durable import Disk
from seawall.engine import parts
from seawall.engine.parts import PartWriter
from tests.engine.makers import at, events, lines


@pytest.fixture
def writer(tmp_path: Path) -> PartWriter:
    numbers = count(1)
    return PartWriter("windows", 3, tmp_path, Disk(), lambda kind: f"{kind}-{next(numbers)}.parquet")


def test_a_part_says_what_is_in_it(tmp_path: Path, writer: PartWriter) -> None:
    writer.add(events("windows", [{"time": at(9)}, {"time": None}, {"time": at(2)}]))
    [part] = writer.finish()
    assert (part.name, part.kind, part.schema, part.rows) == ("windows-1.parquet", "windows", 3, 3)
    assert (part.first, part.last) == (at(2), at(9))
    assert part.bytes == (tmp_path / part.name).stat().st_size
    assert dict(part.shape) == {"event_id": "id", "time": "time", "observer": "text", "origin": "text"}
    assert not writer.busy
    assert writer.finish() == []


def test_groups_are_written_by_rows(tmp_path: Path, writer: PartWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "GROUP_ROWS", 100)
    for start in range(0, 250, 50):
        writer.add(lines(50, first=start))
    [part] = writer.finish()
    file = pq.ParquetFile(tmp_path / part.name)
    assert [file.metadata.row_group(n).num_rows for n in range(file.metadata.num_row_groups)] == [100, 100, 50]
    file.close()


def test_long_lines_are_not_gathered_without_bound(writer: PartWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "BUFFER_BYTES", 100_000)
    monkeypatch.setattr(parts, "PART_BYTES", 1)
    for number in range(6):
        writer.add(events("windows", [{"origin": f"a#{number}", "Text": "x" * 60_000}], extra={"Text": pa.string()}))
    assert len(writer.finish()) == 3


def test_wide_rows_are_not_gathered_without_bound(writer: PartWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "BUFFER_BYTES", 20_000)
    monkeypatch.setattr(parts, "PART_BYTES", 1)
    for number in range(100):
        row = {"origin": f"a#{number}", f"Field{number}": "x"}
        writer.add(events("windows", [row], extra={f"Field{number}": pa.string()}))
    made = writer.finish()
    assert len(made) > 1
    assert sum(part.rows for part in made) == 100


def test_a_part_that_is_large_enough_is_closed(writer: PartWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "GROUP_ROWS", 10)
    monkeypatch.setattr(parts, "PART_BYTES", 1)
    for start in range(0, 30, 10):
        writer.add(lines(10, first=start))
    assert [part.rows for part in writer.finish()] == [10, 10, 10]


def test_what_is_abandoned_is_forgotten(writer: PartWriter) -> None:
    writer.add(lines(10))
    assert writer.busy
    writer.abandon()
    assert not writer.busy
    assert writer.finish() == []
