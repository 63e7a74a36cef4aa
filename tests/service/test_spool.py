from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from seawall.disk.segments import LINES, frame, frames
from seawall.service.spool import SegmentWriter, Spool, SpoolFullError

ONE = frame(LINES, 1, 1, 0, b"a line\n")


def lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(one.messages for one in frames(file) if not one.fault)


def test_a_segment_is_ready_only_when_it_is_sealed(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    writer = SegmentWriter(spool, "collect")
    writer.write([ONE, ONE])
    assert spool.ready() == []
    path = writer.seal()
    assert path is not None
    assert spool.ready() == [path]
    assert lines(path) == 2


def test_what_a_killed_collector_left_open_is_finished_by_the_next(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    writer = SegmentWriter(spool, "collect")
    writer.write([ONE])
    assert Spool(tmp_path).recover("poll") == 0
    assert Spool(tmp_path).recover("collect") == 1
    assert [lines(path) for path in spool.ready()] == [1]


def test_a_full_disk_takes_back_the_half_it_took(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spool = Spool(tmp_path)
    writer = SegmentWriter(spool, "collect")
    writer.write([ONE])
    real = os.pwrite

    def full(descriptor: int, data: memoryview, offset: int) -> int:
        if offset > 60:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data[:7], offset)

    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", full)
        with pytest.raises(SpoolFullError):
            writer.write([ONE, ONE])
    writer.write([ONE])
    path = writer.seal()
    assert path is not None
    assert lines(path) == 2


def test_the_oldest_read_segments_go_first_and_unread_ones_never(tmp_path: Path) -> None:
    spool = Spool(tmp_path, kept_bytes=3 * (len(ONE) + 16) - 1)
    writer = SegmentWriter(spool, "collect")
    for _ in range(4):
        writer.write([ONE])
        writer.seal()
    first, second, third, fourth = spool.ready()
    for path in (first, second, third):
        spool.done(path)
    assert [path.name for path in sorted((tmp_path / "done").iterdir())] == [second.name, third.name]
    assert spool.ready() == [fourth]


def test_a_full_spool_says_so(tmp_path: Path) -> None:
    spool = Spool(tmp_path, most_bytes=10)
    writer = SegmentWriter(spool, "collect")
    assert spool.full() == ""
    writer.write([ONE])
    writer.seal()
    assert "not read yet" in spool.full()
