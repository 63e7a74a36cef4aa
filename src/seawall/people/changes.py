"""Changes of people.toml: each is an entry of the ledger first, so that an edit behind its back is noticed."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from seawall.disk.durable import Disk
from seawall.errors import InputError
from seawall.model.clock import Clock
from seawall.people import register as file
from seawall.people.book import Book
from seawall.people.register import Register
from seawall.people.rules import Rule, rule_for

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


def add_key(path: Path, book: Book, clock: Clock, *, id_: str, public: str, roles: tuple[str, ...] = ()) -> Register:
    """Add one more key of a person, beside those they have, or a person with it; with its entry. Raises InputError.

    Whoever calls it has seen to it that enough people signed for it.
    """
    with book.exclusive():
        register = read_register(path, book).with_key(id_, public, clock.now(), roles)
        _write(path, book, register, {"change": "add-key", "person": id_, "roles": list(roles), "key": public})
    return register


def revoke(path: Path, book: Book, *, id_: str, at: datetime) -> Register:
    """Revoke every key of a person from a moment on; with its entry. Raises InputError."""
    with book.exclusive():
        register = read_register(path, book).revoked(id_, at)
        _write(path, book, register, {"change": "revoke", "person": id_, "from": at.isoformat()})
    return register


def set_rule(path: Path, book: Book, kind: str, rule: Rule) -> Register:
    """Let a kind of action need something else in this case; with its entry.

    Only before the first person is added: whoever may sign must not find the rules changed by one of them.

    Raises:
        InputError: somebody may sign already, or the rule would be no rule.
    """
    with book.exclusive():
        register = read_register(path, book)
        if register.people:
            raise InputError(
                "somebody may sign here already, and one person alone must not change what signatures mean",
                where=str(path),
                mend="set rules before the first `seawall people add`, in a new case",
            )
        rule_for(kind, {kind: rule})
        register = replace(register, rules={**register.rules, kind: rule})
        _write(path, book, register, {"change": "rule", "kind": kind, **_facts(rule)})
    return register


def _facts(rule: Rule) -> dict[str, object]:
    """A rule as a ledger entry holds it: no fractions, which canonical JSON would have to spell one way."""
    return {
        "approvers": rule.approvers,
        "requester_may_approve": rule.requester_may_approve,
        "roles": list(rule.roles),
        "longest_s": round(rule.longest_h * 3600),
    }


def _write(path: Path, book: Book, register: Register, change: dict[str, object]) -> None:
    content = file.dump(register)
    upcoming = path.with_name(path.name + _NEXT)
    before, disk = file.digest(path), Disk()
    try:
        with disk.create(upcoming) as out:
            out.write(content)
            out.sync()
        disk.sync_folder(path.parent)  # the entry must not outlive the file it tells of
        book.append(KIND, change | {"before": before, "sha256": file.digest(upcoming)}, keys=_KEYS)
        disk.replace(upcoming, path)
        disk.sync_folder(path.parent)
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
