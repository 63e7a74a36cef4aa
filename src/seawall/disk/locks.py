"""Who may write, and whose snapshot must be left alone.

Both locks are `flock`s: the kernel lets go of them when the process ends, however it ends.
"""

from __future__ import annotations

import fcntl
import os
import socket
import time
from pathlib import Path
from typing import Final

from seawall.disk.durable import disk_trouble
from seawall.errors import InputError
from seawall.model.clock import Clock
from seawall.model.finding import utc_text

WRITER: Final = "writer.lock"
READERS: Final = "readers.lock"
_LOOK_AGAIN_S: Final = 0.005


class Lock:
    """A held lock; `release` gives it back."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def release(self) -> None:
        """Let go; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def __del__(self) -> None:
        self.release()


def lock_writer(folder: Path, clock: Clock, *, what: str = "the lake") -> Lock:
    """Become the only writer of `what`, which lies in `folder`.

    Raises:
        InputError: another process is, with its id, host and since when; or the folder cannot be written.
    """
    path = folder / WRITER
    with disk_trouble(path):
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = os.pread(descriptor, 200, 0).decode("utf-8", "replace").strip() or "another process"
        os.close(descriptor)
        raise InputError(
            f"{what} is being written by {holder}", where=str(folder), mend="wait until it ends, then try again"
        ) from None
    note = f"process {os.getpid()} on {socket.gethostname()} since {utc_text(clock.now())}\n"
    with disk_trouble(path):
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, note.encode(), 0)
    return Lock(descriptor)


def take_turn(path: Path, *, patience_s: float, what: str) -> Lock:
    """Wait until no other process writes `what`, then be the one that does. For writes of milliseconds.

    Raises:
        InputError: another process did not let go in time, or the file cannot be written.
    """
    with disk_trouble(path):
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    ends = time.monotonic() + patience_s
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return Lock(descriptor)
        except BlockingIOError:
            if time.monotonic() >= ends:
                os.close(descriptor)
                raise InputError(
                    f"another process has been writing {what} for more than {patience_s:g} s",
                    where=str(path),
                    mend=f"see who holds it (fuser {path.name}), then try again",
                ) from None
            time.sleep(_LOOK_AGAIN_S)


def lock_reader(folder: Path) -> Lock | None:
    """Hold a snapshot: parts it names stay until this is released. None on a folder that cannot be written."""
    try:
        descriptor = os.open(folder / READERS, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    except OSError:  # a read-only copy has no writer that could remove anything
        return None
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return Lock(descriptor)


def lock_out_readers(folder: Path) -> Lock | None:
    """Held for the moment in which retired parts are removed; None while somebody reads."""
    descriptor = os.open(folder / READERS, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return Lock(descriptor)
