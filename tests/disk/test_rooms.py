from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from seawall.disk import rooms
from seawall.disk.rooms import GROUP, IDS, SPOOL, Room


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("prefix", [SPOOL, GROUP, IDS])
def test_what_a_killed_process_left_is_removed_and_what_is_in_use_is_not(temporary: Path, prefix: str) -> None:
    script = (
        "import os; from seawall.disk.rooms import Room; "
        f"room = Room({prefix!r}); print(room.folder, flush=True); os.kill(os.getpid(), 9)"
    )
    left = subprocess.run(
        [sys.executable, "-c", script], env={"TMPDIR": str(temporary)}, capture_output=True, text=True, timeout=60
    ).stdout.strip()
    assert Path(left).is_dir()
    mine = Room(SPOOL)
    assert not Path(left).exists()
    rooms.sweep()
    assert mine.folder.is_dir()


def test_a_folder_without_a_lock_or_behind_a_link_is_somebody_elses(temporary: Path) -> None:
    (kept := temporary / "elsewhere").mkdir()
    (kept / "lock").touch()
    (temporary / f"{SPOOL}link").symlink_to(kept)
    (temporary / f"{SPOOL}plain").mkdir()
    rooms.sweep()
    assert (kept / "lock").exists()
    assert (temporary / f"{SPOOL}plain").is_dir()


def test_a_closed_room_is_gone_and_so_is_one_nobody_holds(temporary: Path) -> None:
    room = Room(GROUP)
    room.close()
    room.close()
    Room(IDS)
    assert list(temporary.iterdir()) == []
