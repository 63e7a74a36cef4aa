"""Temporary folders that are gone when the process is, however it ends.

A room is locked by the process that made it: it goes with the object, at exit, and on SIGTERM as at exit. What a killed
process (SIGKILL, power) could not remove is removed by the next process that makes a room: ours by owner, and locked by
nobody.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
import shutil
import stat
import tempfile
import weakref
from pathlib import Path
from typing import Final

SPOOL: Final = "seawall-spool-"  # members of containers, tables between processes
GROUP: Final = "seawall-group-"  # rows a detector sorts
IDS: Final = "seawall-ids-"  # ids met, once there are many
_PREFIXES: Final = (SPOOL, GROUP, IDS)
_LOCK: Final = "lock"


class Room:
    """A temporary folder of one process. `prefix` is one of this module's."""

    def __init__(self, prefix: str) -> None:
        sweep()
        # Its removal is arranged before it exists: a SIGTERM may arrive between any two lines.
        self.folder = Path(tempfile.gettempdir()) / f"{prefix}{secrets.token_hex(8)}"
        locks: list[int] = []
        self._finalizer = weakref.finalize(self, _remove, self.folder, locks)
        try:
            self.folder.mkdir(mode=0o700)
        except OSError:
            self._finalizer.detach()  # not ours, or not there
            raise
        locks.append(_locked(self.folder))

    def close(self) -> None:
        """Remove it now, with all it holds; a second time does nothing."""
        self._finalizer()


def _locked(folder: Path) -> int:
    """The room's lock, held from the moment it has its name: a sweep never finds it free."""
    unnamed = folder / f"{_LOCK}.new"
    lock = os.open(unnamed, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC | os.O_EXCL, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    unnamed.rename(folder / _LOCK)
    return lock


def sweep() -> None:
    """Remove the rooms of processes that were killed."""
    for prefix in _PREFIXES:
        for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
            _sweep(folder)


def _sweep(folder: Path) -> None:
    try:
        status = folder.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid():
            return
        lock = os.open(folder / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:  # gone already, or being made at this moment
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        return
    _remove(folder, [lock])


def _remove(folder: Path, locks: list[int]) -> None:
    leaving = folder.with_name(f"{folder.name}.gone")  # no child that still writes finds the way in any more
    with contextlib.suppress(FileNotFoundError):
        folder.rename(leaving)
    shutil.rmtree(leaving, ignore_errors=True)
    for lock in locks:
        os.close(lock)
