"""The spool: a bounded folder between collectors and the detector, `spool/` in the case.

`open/` holds what is being written, one file per collector; `ready/` what is finished, and never changes again;
`done/` what the lake holds already, kept for a while so that it can be read again. Names sort by age. Moving a file
from one folder to the next is one rename: whoever dies in between leaves it in one of them. Most are segments; a
repository or a file that was dropped stands in a folder of its own. Any reader of evidence takes either.

A collector writes, seals by size or age, and stops taking in while the spool is full (`full`): senders over TCP then
wait, HTTP ones are told to come again, and datagrams are dropped by the kernel, which counts them. The detector does:

    spool = Spool(case.folder / "spool")
    for path in spool.ready():     # oldest first
        ...ingest [path] (any reader of evidence knows a segment: `sources.spooled`), commit...
        spool.done(path)           # only now; a kill before it reads the segment again, which adds nothing
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from seawall.disk.segments import MAGIC, SUFFIX

RESERVE_BYTES: Final = 256 << 20  # of the disk that are left free for lake, state and ledger
GIT: Final = ".git-in"  # a folder with a git repository in it
DROP: Final = ".files"  # a folder with files as they were handed in
_NAME_DIGITS: Final = 20
_SUFFIXES: Final = (SUFFIX, GIT, DROP)


class SpoolFullError(Exception):
    """The spool may hold no more, or the disk is full: nothing was written, and it may be tried again."""


class Spool:
    """One case's spool. Any number of processes may use it; each collector writes files of its own."""

    def __init__(self, folder: Path, *, most_bytes: int = 4 << 30, kept_bytes: int = 1 << 30) -> None:
        self.folder = folder
        self.most_bytes = most_bytes  # of segments not read yet; beyond that collectors stop
        self.kept_bytes = kept_bytes  # of segments read already, the oldest go first
        for name in ("open", "ready", "done"):
            (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)

    def ready(self, limit: int = 1_000) -> list[Path]:
        """Finished segments that nobody has read, oldest first."""
        return [self.folder / "ready" / name for name in sorted(_names(self.folder / "ready"))[:limit]]

    def done(self, path: Path) -> None:
        """The lake holds all of a segment. Keeps it among the read ones, and lets the oldest of those go."""
        target = self.folder / "done" / path.name
        try:
            path.rename(target)
        except FileNotFoundError:
            return
        self.thin()

    def thin(self, most: int | None = None) -> int:
        """Remove the oldest read segments beyond `most` bytes; returns how many bytes went."""
        most = self.kept_bytes if most is None else most
        sizes = [(path, _size(path)) for path in map((self.folder / "done").joinpath, _sorted(self.folder / "done"))]
        over, gone = sum(size for _, size in sizes) - most, 0
        for path, size in sizes:
            if over - gone <= 0:
                break
            _remove(path)
            gone += size
        return gone

    def take_in(self, collector: str, suffix: str, fill: Callable[[Path], None]) -> Path:
        """Hand over a folder that `fill` puts files into. Raises what `fill` raises; nothing is left then."""
        name = f"{time.time_ns():0{_NAME_DIGITS}d}-{collector}{suffix}"
        folder, target = self.folder / "open" / name, self.folder / "ready" / name
        folder.mkdir(mode=0o700)
        try:
            fill(folder)
        except BaseException:
            _remove(folder)
            raise
        folder.rename(target)
        return target

    def waiting(self) -> tuple[int, int]:
        """(segments, bytes) that wait to be read."""
        sizes = [_size(self.folder / "ready" / name) for name in _names(self.folder / "ready")]
        return len(sizes), sum(sizes)

    def full(self) -> str:
        """Why nothing more may be written; empty while there is room."""
        waiting = self.waiting()[1]
        if waiting >= self.most_bytes:
            return f"the spool holds {waiting >> 20} MiB that are not read yet, its limit"
        free = shutil.disk_usage(self.folder).free
        if free < RESERVE_BYTES and not (self.thin(0) and shutil.disk_usage(self.folder).free >= RESERVE_BYTES):
            return f"the disk has {free >> 20} MiB left"
        return ""

    def recover(self, collector: str) -> int:
        """Finish what a collector of that name left open when it died; returns how many segments."""
        for half in (GIT, DROP):
            for name in _names(self.folder / "open"):
                if name.endswith(f"-{collector}{half}"):
                    _remove(self.folder / "open" / name)
        found = [name for name in _names(self.folder / "open") if name.endswith(f"-{collector}{SUFFIX}")]
        for name in found:
            os.rename(self.folder / "open" / name, self.folder / "ready" / name)
        return len(found)


class SegmentWriter:
    """A collector's pen: frames go to an open segment, which is sealed by size or age."""

    def __init__(self, spool: Spool, collector: str, *, most_bytes: int = 32 << 20, most_s: float = 1.0) -> None:
        self._spool, self._collector = spool, collector
        self._most_bytes, self._most_s = most_bytes, most_s
        self._descriptor = -1
        self._name = ""
        self._size = 0
        self._began = 0.0
        self._last = 0
        self.segments = 0  # begun so far: numbers of senders hold within one

    @property
    def is_open(self) -> bool:
        """Whether a segment has been begun and not sealed."""
        return self._descriptor >= 0

    def write(self, frames: Sequence[bytes]) -> None:
        """Append frames, all or nothing.

        Raises:
            SpoolFullError: the disk took not all of it; what it took is taken back.
        """
        data = memoryview(b"".join(frames))
        if self._descriptor < 0:
            self._begin()
        done = 0
        try:
            while done < len(data):
                done += os.pwrite(self._descriptor, data[done:], self._size + done)
        except OSError as error:
            os.ftruncate(self._descriptor, self._size)
            raise SpoolFullError(error.strerror or str(error)) from error
        self._size += done

    def due(self) -> bool:
        """Whether the open segment is large or old enough to be sealed."""
        return self.is_open and (self._size >= self._most_bytes or time.monotonic() - self._began >= self._most_s)

    def sync(self) -> None:
        """Wait until everything written is on the disk.

        Raises:
            SpoolFullError: the disk does not take it.
        """
        if self.is_open:
            try:
                os.fdatasync(self._descriptor)
            except OSError as error:
                raise SpoolFullError(error.strerror or str(error)) from error

    def seal(self) -> Path | None:
        """Finish the open segment and hand it to the detector; None if none is open."""
        if not self.is_open:
            return None
        try:
            self.sync()
        finally:
            os.close(self._descriptor)
            self._descriptor = -1
        target = self._spool.folder / "ready" / self._name
        os.rename(self._spool.folder / "open" / self._name, target)
        return target

    def _begin(self) -> None:
        self._last = max(self._last + 1, time.time_ns())  # only an order: a clock set back does not shuffle it
        self._name = f"{self._last:0{_NAME_DIGITS}d}-{self._collector}{SUFFIX}"
        try:
            path = self._spool.folder / "open" / self._name
            self._descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
            self._size = os.pwrite(self._descriptor, MAGIC, 0)
        except OSError as error:
            raise SpoolFullError(error.strerror or str(error)) from error
        self._began = time.monotonic()
        self.segments += 1


def _names(folder: Path) -> list[str]:
    with os.scandir(folder) as entries:
        return [entry.name for entry in entries if entry.name.endswith(_SUFFIXES)]


def _sorted(folder: Path) -> list[str]:
    return sorted(_names(folder))


def _size(path: Path) -> int:
    try:
        if path.is_dir():
            return sum(one.lstat().st_size for one in path.rglob("*"))
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
