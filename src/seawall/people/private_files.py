"""Files that hold secrets: made for their owner alone, and refused when others may read them."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from seawall.disk.durable import Disk
from seawall.errors import InputError
from seawall.people.sealed import MAX_PASSPHRASE

MAX_KEY_FILE: Final = 16_384  # bytes


def write_private(path: Path, content: bytes) -> None:
    """Write a new file of mode 0600, wholly on the disk; one that is there already is never replaced."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(descriptor, 0o600)
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        Disk().sync_folder(path.parent)
    except FileExistsError:
        raise InputError(
            "is there already, and a key is never overwritten", where=str(path), mend="name a new file"
        ) from None
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", where=str(path), mend="check the folder") from error


def read_private(path: Path, *, limit: int = MAX_KEY_FILE) -> bytes:
    """Read a file only its owner may read.

    Raises:
        InputError: others may read or write it, it is another user's, no regular file, or too large.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a fifo must not make us wait
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path), mend="check the path") from error
    try:
        _must_be_private(path, os.fstat(descriptor))
        content = os.read(descriptor, limit + 1)  # a regular file this small comes in one piece
    finally:
        os.close(descriptor)
    if len(content) > limit:
        raise InputError(f"longer than {limit} bytes", where=str(path), mend="name the file that holds the secret")
    return content


def _must_be_private(path: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise InputError("not a regular file", where=str(path), mend="name the file that holds the secret")
    if status.st_mode & 0o077:
        raise InputError(
            f"others may read this secret (mode {stat.S_IMODE(status.st_mode):04o}), so it is refused",
            where=str(path),
            mend=f"chmod 600 {path}, and make a new key if somebody may have read it",
        )
    if status.st_uid not in (os.geteuid(), 0):
        raise InputError("belongs to another user", where=str(path), mend="use a key file of your own")


def passphrase_from(*, file: Path | None = None, fd: int | None = None) -> bytes:
    """The first line of a private file or of an open file descriptor; never an argument or the environment."""
    if file is not None:
        raw, where = read_private(file), str(file)
    else:
        assert fd is not None
        where = f"file descriptor {fd}"
        try:
            with os.fdopen(os.dup(fd), "rb") as stream:
                raw = stream.readline(MAX_PASSPHRASE + 2)
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror}", where=where, mend="open it for us") from error
    line = raw.split(b"\n", 1)[0].rstrip(b"\r")
    if not line:
        raise InputError("holds no passphrase", where=where, mend="write it as the first line")
    if len(line) > MAX_PASSPHRASE:
        raise InputError(f"a passphrase of more than {MAX_PASSPHRASE} bytes", where=where, mend="choose a shorter one")
    return line
