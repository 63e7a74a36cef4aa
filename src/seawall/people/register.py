"""`people.toml`: who may act, with which roles and public keys, and from when to when."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from seawall.errors import InputError
from seawall.model.site import MAX_TOML_BYTES, read_toml
from seawall.model.validation import validated
from seawall.people.keys import check_public
from seawall.people.rules import Rule

NAME: Final = "people.toml"
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")
_HEAD: Final = (
    "# Written by `seawall people`. Every change is an entry of the ledger: an edit by hand is noticed and refused.\n"
)


@dataclass(frozen=True)
class Key:
    """One public key of a person."""

    public: str  # ed25519: and base64
    added: datetime  # with its zone; signatures made from then on count
    revoked: datetime | None = None  # signatures made at or after it do not

    def active(self, at: datetime) -> bool:
        """Whether a signature made at that moment counts."""
        return self.added <= at and (self.revoked is None or at < self.revoked)


@dataclass(frozen=True)
class Person:
    """Somebody who may sign."""

    id: str  # how documents and the ledger call them: letters, digits and . _ @ -
    name: str = ""  # for people to read; never leaves this file
    roles: tuple[str, ...] = ()  # e.g. intercept-officer, network-engineer
    keys: tuple[Key, ...] = ()


@dataclass(frozen=True)
class Register:
    """Everybody who may sign, and rules of this case that replace the built-in ones."""

    people: tuple[Person, ...] = ()
    rules: dict[str, Rule] = field(default_factory=dict)  # kind of action -> what it needs

    def person(self, id_: str) -> Person | None:
        """A person by id, letter by letter."""
        return next((person for person in self.people if person.id == id_), None)

    def check_new(self, id_: str, at: datetime) -> None:
        """Raises InputError if no key can be added under that id at that moment."""
        check_id(id_)
        twin = next((p.id for p in self.people if p.id != id_ and p.id.casefold() == id_.casefold()), None)
        if twin:
            raise InputError(
                f"there is {twin} already, the same but for the case of its letters", mend="choose another id"
            )
        known = self.person(id_)
        if known and any(key.revoked is None or key.active(at) for key in known.keys):
            raise InputError(f"{id_} has a key already", mend=f"revoke it first: seawall people revoke {id_}")

    def added(self, id_: str, name: str, roles: tuple[str, ...], public: str, at: datetime) -> Register:
        """With one more person, or one more key of a person. Raises InputError if that cannot be."""
        self.check_new(id_, at)
        if any(key.public == public for person in self.people for key in person.keys):
            raise InputError("this key is somebody's already", mend="make a key of one's own for each person")
        known = self.person(id_)
        if known is None:
            return replace(self, people=(*self.people, Person(id_, name, roles, (Key(public, at),))))
        again = replace(known, name=name or known.name, roles=roles or known.roles, keys=(*known.keys, Key(public, at)))
        return replace(self, people=tuple(again if p.id == id_ else p for p in self.people))

    def with_key(self, id_: str, public: str, at: datetime, roles: tuple[str, ...] = ()) -> Register:
        """With one more key of somebody, who keeps those they have. Raises InputError if it is somebody's already."""
        known = self.person(id_)
        if known is None:
            return self.added(id_, "", roles, public, at)
        if any(key.public == public for person in self.people for key in person.keys):
            raise InputError("this key is somebody's already", mend="make a key of one's own for each person")
        again = replace(known, keys=(*known.keys, Key(public, at)))
        return replace(self, people=tuple(again if p.id == id_ else p for p in self.people))

    def revoked(self, id_: str, at: datetime) -> Register:
        """With every key of a person revoked from a moment on; an earlier revocation stays. Raises InputError."""
        known = self.person(id_)
        if known is None:
            raise InputError(f"nobody here is called {id_}", mend="see: seawall people list")
        keys = tuple(replace(key, revoked=min(key.revoked or at, at)) for key in known.keys)
        if keys == known.keys:
            raise InputError(f"{id_} is revoked already", mend="see: seawall people list")
        return replace(self, people=tuple(replace(p, keys=keys) if p.id == id_ else p for p in self.people))


def check_id(id_: str) -> str:
    """The id itself. Raises InputError if no person can be called so."""
    if not _ID.fullmatch(id_):
        raise InputError(f"{id_!r} is no id for a person", mend="use letters, digits and . _ @ -")
    return id_


def load(path: Path) -> Register:
    """Read people.toml; a file that is not there means nobody.

    Raises:
        InputError: the file is damaged, names an unknown key, or two people share an id or a key.
    """
    if not path.exists():
        return Register()
    register = validated(Register, read_toml(path), where=str(path))
    seen: set[str] = set()
    for person in register.people:
        if not _ID.fullmatch(person.id):
            raise InputError(
                f"{person.id!r} is no id for a person", where=str(path), mend="restore the file from a backup"
            )
        names = {person.id.casefold(), *(check_public(key.public, where=str(path)) for key in person.keys)}
        if seen & names:
            raise InputError(
                f"{person.id}: id or key given twice", where=str(path), mend="restore the file from a backup"
            )
        seen |= names
        for key in person.keys:
            if key.added.tzinfo is None or (key.revoked and key.revoked.tzinfo is None):
                raise InputError(f"{person.id}: times need a zone", where=str(path), mend="write 2026-11-22T01:00:00Z")
    return register


def digest(path: Path) -> str:
    """SHA-256 of the file as it lies there, hex; empty if there is none."""
    try:
        with path.open("rb") as file:
            return hashlib.sha256(file.read(MAX_TOML_BYTES + 1)).hexdigest()
    except FileNotFoundError:
        return ""


def dump(register: Register) -> bytes:
    """The file that `load` reads back."""
    lines = [_HEAD]
    for person in register.people:
        lines.append("\n[[people]]\n")
        lines.append(f"id = {_quoted(person.id)}\n")
        lines += [f"name = {_quoted(person.name)}\n"] if person.name else []
        lines.append(f"roles = [{', '.join(map(_quoted, person.roles))}]\n")
        for key in person.keys:
            lines.append(f"\n[[people.keys]]\npublic = {_quoted(key.public)}\nadded = {key.added.isoformat()}\n")
            lines += [f"revoked = {key.revoked.isoformat()}\n"] if key.revoked else []
    for kind, rule in register.rules.items():
        lines.append(f"\n[rules.{_quoted(kind)}]\n")
        lines += [f"{name} = {value}\n" for name, value in _rule_lines(rule)]
    return "".join(lines).encode()


def _rule_lines(rule: Rule) -> list[tuple[str, str]]:
    return [
        ("approvers", str(rule.approvers)),
        ("requester_may_approve", str(rule.requester_may_approve).lower()),
        ("roles", f"[{', '.join(map(_quoted, rule.roles))}]"),
        ("longest_h", str(rule.longest_h)),
        ("meaning", _quoted(rule.meaning)),
    ]


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = "".join(
        f"\\{c}" if c in '"\\' else c if c.isprintable() and ord(c) < 0x10000 else f"\\U{ord(c):08X}" for c in text
    )
    return f'"{escaped}"'
