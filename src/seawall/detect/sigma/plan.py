"""What a Sigma rule asks, as plain values: the seam between the rule language and the kernel.

A condition is a tree of `And`, `Or`, `Not` over atoms. An atom asks one thing of one field. `1 of x*` and `all of
x*` have become `Or` and `And` already. Everything here is hashable and pickles, so that a plan can travel to
another process or a cluster.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

ANY_TEXT = ""  # the field of a keyword atom: any text column of the event


class Op(StrEnum):
    """What an atom asks of a value. Text is compared without case unless the atom says `cased`."""

    EQUALS = "equals"
    STARTS = "startswith"
    ENDS = "endswith"
    CONTAINS = "contains"
    GLOB = "glob"  # `value` is a pattern of the linear regex engine, `pieces` the plain texts it needs
    REGEX = "re"
    CIDR = "cidr"
    NUMBER = "number"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    PRESENT = "present"  # has a value
    ABSENT = "absent"  # has none: null, or no such field
    SAME = "same"  # equals another field of the event, named by `value`
    SAME_START = "same_start"  # starts with another field's value
    SAME_END = "same_end"
    SAME_INSIDE = "same_inside"
    TIME = "time"  # a part of the time a value names, see `timeparts.question`


@dataclass(frozen=True, slots=True)
class Atom:
    """One question to one field."""

    field: str
    op: Op
    value: str = ""
    cased: bool = False
    pieces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds."""

    parts: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold; an event without the field is an event where it does not hold."""

    part: Condition


Condition: TypeAlias = And | Or | Not | Atom


def atoms_of(condition: Condition) -> Iterator[Atom]:
    """Every atom of a condition, left to right."""
    stack = [condition]
    while stack:
        node = stack.pop()
        if isinstance(node, Atom):
            yield node
        elif isinstance(node, Not):
            stack.append(node.part)
        else:
            stack.extend(reversed(node.parts))


def fields_of(condition: Condition) -> frozenset[str]:
    """The fields a condition reads; `ANY_TEXT` among them if it holds a keyword."""
    fields = set()
    for atom in atoms_of(condition):
        fields.add(atom.field)
        if atom.op in (Op.SAME, Op.SAME_START, Op.SAME_END, Op.SAME_INSIDE):
            fields.add(atom.value)
    return frozenset(fields)


@dataclass(frozen=True, eq=False)
class Group:
    """Rules of one log source: `guard` chooses the events of it, judged before any rule is.

    Compared and hashed by identity: the kernel keeps what it prepares for a group beside it.
    """

    guard: Condition | None
    rules: tuple[tuple[int, Condition], ...]  # (number of the rule, its condition)


@dataclass(frozen=True, eq=False)
class Plan:
    """All questions put to one view."""

    groups: tuple[Group, ...]

    @property
    def fields(self) -> frozenset[str]:
        """Every field any rule or guard reads."""
        found: set[str] = set()
        for group in self.groups:
            if group.guard is not None:
                found |= fields_of(group.guard)
            for _, condition in group.rules:
                found |= fields_of(condition)
        return frozenset(found)


def conjunction(parts: tuple[Condition, ...]) -> Condition | None:
    """The parts joined by `And`; None for no parts at all."""
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else And(parts)
