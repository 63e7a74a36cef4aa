"""Key files: one signing key each, for its owner's eyes alone."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from seawall.disk.durable import Disk, disk_trouble
from seawall.errors import InputError
from seawall.ledger.note import SigningKey, new_key, read_signing_key

MAX_KEY_BYTES: Final = 4_096


def check_private(path: Path, descriptor: int) -> None:
    """Refuse an open file that others than its owner may read or write, or that is none of ours. Raises InputError."""
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_uid not in (os.geteuid(), 0):
        raise InputError("no key file of this user", where=str(path), mend="restore this user's own from a backup")
    if (mode := stat.S_IMODE(status.st_mode)) & 0o077:
        raise InputError(
            f"this key can be read or written by others (mode {mode:04o}), so it is not used",
            where=str(path),
            mend=f"chmod 600 {path}; if others use this machine, treat the key as stolen and start a new case",
        )


def load_key(path: Path) -> SigningKey:
    """The signing key in a file.

    Raises:
        InputError: there is none, it is broken, or others may read it.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a pipe must not hold us
    except FileNotFoundError:
        raise InputError("the signing key is not there", where=str(path), mend="restore it from a backup") from None
    except OSError as error:
        raise InputError(f"the signing key cannot be read: {error.strerror}", where=str(path)) from None
    with os.fdopen(descriptor, "rb") as file:
        check_private(path, descriptor)
        text = file.read(MAX_KEY_BYTES).decode("utf-8", "replace")
    return read_signing_key(text.strip(), where=str(path))


def make_key(path: Path, name: str, kind: int, disk: Disk) -> SigningKey:
    """Make a key and put it into a new file, mode 0600. Raises InputError if one is there."""
    if path.exists():
        raise InputError("a key is there already", where=str(path), mend="name another file")
    key = new_key(name, kind)
    with disk_trouble(path):
        disk.make_folder(path.parent)
        disk.write_file(path, (key.text + "\n").encode())
    return key
