"""A plan made ready for judging: its atoms numbered, each asked once however many rules share it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from seawall.detect.sigma.plan import And, Atom, Condition, Not, Op, Or

PAIRS: Final = frozenset({Op.SAME, Op.SAME_START, Op.SAME_END, Op.SAME_INSIDE})


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The field's value is accepted by at least one of these atoms."""

    field: str
    atoms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """The field has no value."""

    field: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A field compared with another one."""

    atom: Atom


@dataclass(frozen=True, slots=True)
class All:
    """All parts hold; the cheapest stand first."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class One:
    """At least one part holds; the cheapest stand first."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class No:
    """The part does not hold."""

    part: Node


Node: TypeAlias = AnyOf | Nothing | Pair | All | One | No

_DEAR: Final = {Op.GLOB: 2, Op.REGEX: 3, Op.CIDR: 3}


class Numbering:
    """Gives each different atom a number."""

    def __init__(self) -> None:
        self.atoms: list[Atom] = []
        self._numbers: dict[Atom, int] = {}

    def number(self, atom: Atom) -> int:
        """The atom's number."""
        known = self._numbers.get(atom)
        if known is None:
            known = self._numbers[atom] = len(self.atoms)
            self.atoms.append(atom)
        return known

    def node(self, condition: Condition) -> Node:
        """A condition, with the atoms of one field under an `Or` gathered."""
        match condition:
            case Not(part):
                return No(self.node(part))
            case And(parts):
                return All(tuple(sorted((self.node(part) for part in parts), key=self._dearness)))
            case Or(parts):
                return self._one(parts)
            case Atom(op=op, field=field):
                if op is Op.ABSENT:
                    return Nothing(field)
                return Pair(condition) if op in PAIRS else AnyOf(field, (self.number(condition),))

    def _one(self, parts: tuple[Condition, ...]) -> Node:
        gathered: dict[str, list[int]] = {}
        rest: list[Node] = []
        for part in parts:
            node = self.node(part)
            if isinstance(node, AnyOf):
                gathered.setdefault(node.field, []).extend(node.atoms)
            else:
                rest.append(node)
        leaves = [AnyOf(field, tuple(dict.fromkeys(atoms))) for field, atoms in gathered.items()]
        nodes = sorted([*leaves, *rest], key=self._dearness)
        return nodes[0] if len(nodes) == 1 else One(tuple(nodes))

    def _dearness(self, node: Node) -> float:
        match node:
            case AnyOf(atoms=atoms):
                return max(_DEAR.get(self.atoms[atom].op, 0) for atom in atoms)
            case Nothing():
                return 0
            case Pair():
                return 4
            case No(part):
                return self._dearness(part) + 0.5
            case All(parts) | One(parts):
                return max((self._dearness(part) for part in parts), default=0) + 0.25
