"""Locks last as long as their holder, and no longer."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from seawall.disk.locks import lock_out_readers, lock_reader, lock_writer
from seawall.errors import InputError
from seawall.model.clock import FixedClock
from tests.engine.test_kills import ROOT


def test_the_holder_is_named_with_process_host_and_time(tmp_path: Path, clock: FixedClock) -> None:
    held = lock_writer(tmp_path, clock)
    with pytest.raises(InputError, match=rf"process {os.getpid()} on \S+ since 2026-11-22T12:00:00"):
        lock_writer(tmp_path, clock)
    held.release()
    held.release()
    lock_writer(tmp_path, clock).release()


def test_a_writer_in_another_process_is_refused_and_its_death_frees_the_lake(tmp_path: Path, clock: FixedClock) -> None:
    program = (
        "import sys, pathlib\n"
        "from seawall.disk.locks import lock_writer\n"
        "from seawall.model.clock import SystemClock\n"
        "held = lock_writer(pathlib.Path(sys.argv[1]), SystemClock()); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        with pytest.raises(InputError, match=f"process {other.pid} on"):
            lock_writer(tmp_path, clock)
        other.kill()
        other.wait()
    lock_writer(tmp_path, clock).release()


def test_readers_share_and_keep_the_broom_out(tmp_path: Path) -> None:
    first, second = lock_reader(tmp_path), lock_reader(tmp_path)
    assert first is not None
    assert second is not None
    assert lock_out_readers(tmp_path) is None
    first.release()
    assert lock_out_readers(tmp_path) is None
    second.release()
    alone = lock_out_readers(tmp_path)
    assert alone is not None
    alone.release()


def test_a_reader_of_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert lock_reader(tmp_path / "nowhere") is None
