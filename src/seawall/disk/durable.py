"""The only place where the lake and the ledger touch the disk for writing.

Every method of `Disk` is one *write boundary*: between any two of them the machine may lose power. Lake and ledger get
their disk handed in, so a test can hand them one that dies, or is full, at a chosen boundary.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Final

from seawall.errors import InputError

TEMPORARY: Final = ".tmp"  # suffix of files that are not finished; the next writer removes them
_PIECE_BYTES: Final = 8 << 20  # one write call at most, so that a full disk is noticed early


class Disk:
    """Durable writes. A file counts only after `replace` and `sync_folder`; whatever came before may be torn."""

    def make_folder(self, folder: Path) -> None:
        """Create a folder for its owner's eyes, and its parents; one that is there is fine."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def create(self, path: Path) -> DurableFile:
        """Open a new file for writing; an unfinished one of that name is emptied."""
        return DurableFile(self, path, os.open(path, os.O_CREAT | os.O_TRUNC | os.O_RDWR | os.O_CLOEXEC, 0o600))

    def extend(self, path: Path) -> DurableFile:
        """Open a file to write on at its end; one that is not there is made."""
        descriptor = os.open(path, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        return DurableFile(self, path, descriptor, end=os.fstat(descriptor).st_size)

    def truncate(self, descriptor: int, size: int) -> None:
        """Cut a file back to so many bytes."""
        os.ftruncate(descriptor, size)

    def write(self, descriptor: int, data: memoryview, offset: int) -> int:
        """Write some bytes at an offset; returns how many went in."""
        return os.pwrite(descriptor, data, offset)

    def sync(self, descriptor: int) -> None:
        """Wait until the file's bytes are on the disk."""
        os.fsync(descriptor)

    def replace(self, source: Path, target: Path) -> None:
        """Give a finished file its name in one step, replacing what had it."""
        os.replace(source, target)

    def sync_folder(self, folder: Path) -> None:
        """Wait until the folder's list of names is on the disk."""
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def remove(self, path: Path) -> None:
        """Remove a file; one that is gone already is fine."""
        path.unlink(missing_ok=True)

    def write_file(self, path: Path, data: bytes) -> None:
        """Put a whole small file in place so that readers see the old one or the new one, never a part."""
        unfinished = path.with_name(path.name + TEMPORARY)
        with self.create(unfinished) as file:
            file.write(data)
            file.sync()
        self.replace(unfinished, path)
        self.sync_folder(path.parent)


class DurableFile:
    """A file being written through a `Disk`; Arrow and plain code both write to it."""

    def __init__(self, disk: Disk, path: Path, descriptor: int, *, end: int = 0) -> None:
        self.path = path
        self._disk = disk
        self._descriptor = descriptor
        self._end = end

    def write(self, data: bytes | memoryview) -> int:
        """Append bytes; returns how many."""
        size = self.write_at(data, self._end)
        self._end += size
        return size

    def write_at(self, data: bytes | memoryview, offset: int) -> int:
        """Put bytes at an offset, wherever the end is; returns how many."""
        view = memoryview(data).cast("B")
        done = 0
        while done < len(view):
            done += self._disk.write(self._descriptor, view[done : done + _PIECE_BYTES], offset + done)
        return done

    def cut(self, size: int) -> None:
        """Take back what stands beyond `size` bytes; the next write goes there."""
        self._disk.truncate(self._descriptor, size)
        self._end = size

    def sync(self) -> None:
        """Wait until everything written is on the disk."""
        self._disk.sync(self._descriptor)

    def tell(self) -> int:
        """Bytes appended so far."""
        return self._end

    def flush(self) -> None:
        """Nothing is held back; Arrow asks all the same."""

    @property
    def closed(self) -> bool:
        """Whether the file was closed."""
        return self._descriptor < 0

    def readable(self) -> bool:
        """Never: Arrow asks."""
        return False

    def writable(self) -> bool:
        """Always: Arrow asks."""
        return True

    def seekable(self) -> bool:
        """Never: Arrow asks."""
        return False

    def close(self) -> None:
        """Give the descriptor back."""
        if not self.closed:
            os.close(self._descriptor)
            self._descriptor = -1

    def __enter__(self) -> DurableFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@contextmanager
def disk_trouble(where: Path) -> Iterator[None]:
    """Turn what the disk says into an InputError naming the place and the way out."""
    try:
        yield
    except OSError as error:
        raise InputError(
            f"cannot write: {error.strerror or error}", where=str(where), mend=_MENDS.get(error.errno or 0, _MEND)
        ) from error


_MEND: Final = "check the disk; what was committed before is whole, run the same command again to go on"
_MENDS: Final = {
    errno.ENOSPC: "free some space, then run the same command again; what was committed before is whole",
    errno.EDQUOT: "raise the quota, then run the same command again; what was committed before is whole",
    errno.EFBIG: "raise the file size limit (ulimit -f), then run the same command again",
    errno.EROFS: "the file system is read-only; choose another --case folder or mount it for writing",
    errno.EACCES: "no permission to write there; choose another --case folder or mend its permissions",
    errno.EPERM: "no permission to write there; choose another --case folder or mend its permissions",
}
