"""The people who learn and take part: a CSV file the operator owns (`person,address,group,role`).

It is read afresh each time and never copied: who leaves the file is out of everything.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from seawall.errors import InputError, UsageError
from seawall.training.lesson import ROLES

MAX_BYTES: Final = 32 << 20
MAX_PEOPLE: Final = 200_000
# RFC 5321 in the plain form people use: no quoted local part, no literal, no second @, nothing invisible, and none of
# the signs old servers forward by (`x%elsewhere@here`, `elsewhere!x@here`).
_LOCAL: Final = r"[A-Za-z0-9#$&'*+/=?^_`{}~-]+(?:\.[A-Za-z0-9#$&'*+/=?^_`{}~-]+)*"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
ADDRESS: Final = re.compile(rf"({_LOCAL})@((?:{_LABEL}\.)+{_LABEL})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the roster."""

    person: str
    address: str = ""
    group: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody in the file, in its order."""

    members: tuple[Member, ...] = ()

    def find(self, person: str) -> Member | None:
        """A person by id."""
        return next((member for member in self.members if member.person == person), None)

    def groups(self) -> dict[str, list[Member]]:
        """Members by group; who has none stands under `none`."""
        found = dict[str, list[Member]]()
        for member in self.members:
            found.setdefault(member.group or "none", []).append(member)
        return found

    def choose(self, people: Sequence[str], groups: Sequence[str], roles: Sequence[str]) -> list[Member]:
        """Who is named, is in a group, or has a role. Raises UsageError for a name nobody has."""
        for kind, asked, there in (
            ("person", people, {m.person for m in self.members}),
            ("group", groups, {m.group for m in self.members if m.group}),
            ("role", roles, {m.role for m in self.members if m.role}),
        ):
            if missing := [name for name in asked if name not in there]:
                raise UsageError(f"the roster knows no {kind} {missing[0]!r}", mend="write it as the roster has it")
        return [m for m in self.members if m.person in people or m.group in groups or m.role in roles]


def read_roster(path: Path) -> Roster:
    """The people in a CSV file.

    Raises:
        InputError: it cannot be read, a line is no person, or two have one id or address; says the line.
    """
    where = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError("a roster is at most 32 MiB", where=where, mend="leave out what is not asked for")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the roster cannot be read: {error}", where=where, mend="write CSV in UTF-8") from error
    rows = csv.DictReader(io.StringIO(text), strict=True)
    members = list[Member]()
    seen = set[str]()
    try:
        names = [name.strip().lower() for name in rows.fieldnames or []]
        if "person" not in names:
            raise InputError("no column `person`", where=f"{where}:1", mend="begin with person,address,group,role")
        rows.fieldnames = names
        for row in rows:
            member = _member(row, f"{where}:{rows.line_num}")
            for key in filter(None, (f"id {member.person}", member.address.lower())):
                if key in seen:
                    raise InputError(f"{key} a second time", where=f"{where}:{rows.line_num}", mend="keep one of them")
                seen.add(key)
            members.append(member)
            if len(members) > MAX_PEOPLE:
                raise InputError(f"more than {MAX_PEOPLE:,} people", where=where, mend="split it by company")
    except csv.Error as error:
        raise InputError(f"no CSV: {error}", where=f"{where}:{rows.line_num}", mend="mend the line") from error
    return Roster(tuple(members))


def _member(row: dict[str, str | None], where: str) -> Member:
    person, address, group, role = ((row.get(name) or "").strip() for name in ("person", "address", "group", "role"))
    if not person or len(person) > 200 or not person.isprintable():
        raise InputError("a person without an id", where=where, mend="fill in the column `person`")
    if address and not ADDRESS.fullmatch(address):
        raise InputError(
            f"{address!r} is no plain mail address", where=where, mend="write name@your-domain, nothing else"
        )
    if role and role not in ROLES:
        raise InputError(f"{role!r} is no role", where=where, mend=f"one of {', '.join(ROLES)}, or none")
    if len(group) > 200 or not group.isprintable():
        raise InputError("the group cannot be shown", where=where, mend="write a short name")
    return Member(person, address, group, role)
