"""A disk that says no is one clear letter, and the lake stays as it was."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from seawall.disk.durable import Disk
from seawall.engine.lake import Lake
from seawall.errors import InputError
from tests.disk.faults import FullDisk
from tests.engine.makers import lines, put
from tests.engine.test_kills import ROOT


@pytest.mark.parametrize("room", [0, 10, 3_000, 5_000, 6_000, 7_000])
def test_a_full_disk_is_said_and_the_last_commit_stays(tmp_path: Path, room: int) -> None:
    put(Lake(tmp_path / "lake"), "syslog", lines(50))
    disk = FullDisk(room)

    def fill() -> list[int]:
        lake = Lake(tmp_path / "lake", disk=disk)
        return [put(lake, "syslog", lines(50, file=f"{number}.log")) for number in range(50)]

    with pytest.raises(InputError, match="No space left") as caught:
        fill()
    assert caught.value.where == str(tmp_path / "lake")
    assert "free some space" in (caught.value.mend or "")
    kept = Lake(tmp_path / "lake")
    rows = kept.kinds()["syslog"]
    assert rows % 50 == 0
    assert sum(batch.num_rows for batch in kept.batches("syslog")) == rows
    disk.room = 1 << 30
    assert sum(fill()) == 51 * 50 - rows


def test_a_writer_that_failed_once_takes_nothing_more(tmp_path: Path) -> None:
    disk = FullDisk(0)
    lake = Lake(tmp_path / "lake", disk=disk)
    with lake.writer() as writer:
        writer.add("syslog", lines(50))
        with pytest.raises(InputError, match="No space"):
            writer.commit()
        disk.room = 1 << 30
        with pytest.raises(InputError, match="failed before"):
            writer.commit()
    assert lake.kinds() == {}
    assert put(lake, "syslog", lines(50)) == 50


def test_the_kernels_own_file_size_limit_is_said(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib; from seawall.engine.lake import Lake; from tests.engine.makers import lines, put\n"
        "put(Lake(pathlib.Path(sys.argv[1])), 'syslog', lines(20_000))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "lake")],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert done.returncode == 1
    assert "InputError" in done.stderr
    assert "File too large" in done.stderr
    assert Lake(tmp_path / "lake").kinds() == {}


def test_a_folder_that_cannot_be_made_is_said_with_its_place(tmp_path: Path) -> None:
    (tmp_path / "case").write_text("a file stands where a folder should be")
    with pytest.raises(InputError) as caught:
        Lake(tmp_path / "case" / "lake")
    assert caught.value.where == str(tmp_path / "case" / "lake")
    assert caught.value.mend


def test_a_small_file_is_replaced_whole(tmp_path: Path) -> None:
    (tmp_path / "note").write_bytes(b"old")
    Disk().write_file(tmp_path / "note", b"new")
    assert (tmp_path / "note").read_bytes() == b"new"
    assert [path.name for path in tmp_path.iterdir()] == ["note"]
