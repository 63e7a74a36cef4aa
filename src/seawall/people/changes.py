"""Changes of people.toml: each is an entry of the ledger first, so that an edit behind its back is noticed."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import Final

from seawall.errors import InputError
from seawall.model.clock import Clock
from seawall.people import register as file
from seawall.people.book import Book
from seawall.people.register import Register

KIND: Final = "people"  # of the ledger entry
_KEYS: Final = {"file": "people.toml"}
_NEXT: Final = ".next"  # a change that is written down but not yet in place


def read_register(path: Path, book: Book) -> Register:
    """People.toml, if it is the one the ledger knows; a change that a crash cut short is completed.

    Raises:
        InputError: it is damaged, or differs from what the last entry says.
    """
    _complete(path, book)
    known = _last(book)
    found = file.digest(path)
    if found != known:
        what = "is gone" if not found else "was changed behind the ledger's back" if known else "is not in the ledger"
        wanted = (
            f"restore the file with SHA-256 {known} from a backup" if known else "move it away and add people again"
        )
        raise InputError(what, where=str(path), mend=f"{wanted}, and find out who changed it")
    return file.load(path)


def add(path: Path, book: Book, clock: Clock, *, id_: str, name: str, roles: tuple[str, ...], public: str) -> Register:
    """Add a person, or a new key of one whose keys are all revoked; with its entry. Raises InputError."""
    with book.exclusive():
        register = read_register(path, book).added(id_, name, roles, public, clock.now())
        _write(path, book, register, {"change": "add", "person": id_, "roles": list(roles), "key": public})
    return register


def revoke(path: Path, book: Book, *, id_: str, at: datetime) -> Register:
    """Revoke every key of a person from a moment on; with its entry. Raises InputError."""
    with book.exclusive():
        register = read_register(path, book).revoked(id_, at)
        _write(path, book, register, {"change": "revoke", "person": id_, "from": at.isoformat()})
    return register


def _write(path: Path, book: Book, register: Register, change: dict[str, object]) -> None:
    content = file.dump(register)
    upcoming = path.with_name(path.name + _NEXT)
    before = file.digest(path)
    try:
        descriptor = os.open(upcoming, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(descriptor)
        book.append(KIND, change | {"before": before, "sha256": file.digest(upcoming)}, keys=_KEYS)
        os.replace(upcoming, path)
    except OSError as error:
        raise InputError(
            f"cannot be written: {error.strerror}", where=str(path), mend="free space or permissions"
        ) from error


def _complete(path: Path, book: Book) -> None:
    """Put a change in place that its entry already tells; throw away one the ledger never heard of."""
    upcoming = path.with_name(path.name + _NEXT)
    made = file.digest(upcoming)
    if not made:
        return
    if made == _last(book):
        os.replace(upcoming, path)
    else:
        upcoming.unlink()


def _last(book: Book) -> str:
    """SHA-256 of the file the ledger's newest entry left; empty before the first."""
    entries = book.find("file", _KEYS["file"], kind=KIND)
    return str(entries[-1].body.get("sha256", "")) if entries else ""
