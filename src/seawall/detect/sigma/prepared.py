"""A plan made ready for a process: atoms numbered, conditions shared, and what the data teaches about both.

Kept beside the plan, never inside it: a plan travels to another process as plain values and is made ready there.
What is learnt from samples (which literals are rare, what each rule rests on) changes speed, never the result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from threading import get_ident

import numpy as np

from seawall.detect.sigma.batches import Batch
from seawall.detect.sigma.columns import Column
from seawall.detect.sigma.covers import Costs, Cover, cover_of
from seawall.detect.sigma.fields import FieldQuestions
from seawall.detect.sigma.known import Memory
from seawall.detect.sigma.nodes import Node, Numbering
from seawall.detect.sigma.plan import ANY_TEXT, Atom, Condition, Group, Op, Plan, fields_of
from seawall.detect.sigma.values import is_foreign


class Rules:
    """The rules of one group; those that ask the same are judged once."""

    def __init__(self, group: Group, numbering: Numbering) -> None:
        self.guard: Node | None = None if group.guard is None else numbering.node(group.guard)
        by_condition: dict[Condition, list[int]] = {}
        for number, condition in group.rules:
            by_condition.setdefault(condition, []).append(number)
        self.numbers = tuple(map(tuple, by_condition.values()))
        self.nodes: tuple[Node, ...] = tuple(numbering.node(condition) for condition in by_condition)
        self.fields = frozenset[str]().union(*(fields_of(condition) for condition in by_condition))
        self._covers: list[Cover | None] = []
        self._by_atom: dict[int, list[int]] = {}
        self._always: list[int] = []

    def rest_on(self, costs: Costs) -> set[int]:
        """Choose each rule's cover; returns all atoms they rest on."""
        self._covers = [cover_of(node, costs) for node in self.nodes]
        self._by_atom, self._always = {}, []
        for at, cover in enumerate(self._covers):
            if cover is None:
                self._always.append(at)
                continue
            for atom in cover.atoms:
                self._by_atom.setdefault(atom, []).append(at)
        return set(self._by_atom)

    def candidates(self, found: set[int]) -> Iterator[tuple[int, Cover | None]]:
        """The rules that may match where these atoms were found, and what they rest on."""
        ats = {at for atom in found & self._by_atom.keys() for at in self._by_atom[atom]}
        for at in (*self._always, *sorted(ats)):
            yield at, self._covers[at]


class Prepared:
    """A plan made ready."""

    def __init__(self, plan: Plan) -> None:
        numbering = Numbering()
        self.groups = tuple(Rules(group, numbering) for group in plan.groups)
        self.atoms: list[Atom] = numbering.atoms
        self.foreign = frozenset(number for number, atom in enumerate(self.atoms) if is_foreign(atom))
        by_field: dict[str, dict[int, Atom]] = {}
        for number, atom in enumerate(self.atoms):
            by_field.setdefault(atom.field, {})[number] = atom
        self.fields = {field: FieldQuestions(atoms) for field, atoms in by_field.items()}
        self.guard_fields = sorted(
            frozenset[str]().union(*(fields_of(group.guard) for group in plan.groups if group.guard is not None))
        )
        self.memory = Memory()  # of values seen in earlier batches
        # Numbers and booleans are looked through only if a keyword could stand in one: most are words.
        self.keywords_of_numbers = any(may_be_number(atom) for atom in self.atoms if atom.field == ANY_TEXT)
        self.known: set[int] = set()  # atoms that are looked for, in fields that were seen
        self._costs: Costs = np.full(len(self.atoms), np.inf)
        self._settled: dict[int, int] = {}  # group → how many fields were tuned when its covers were chosen
        self._tuned = 0
        for field in self.fields.values():  # a field no sample was seen of names no rows
            self._costs[list(field.searchable)] = 0.0

    def learn(self, active: list[int], columns: dict[str, Column]) -> None:
        """Tune fields seen for the first time, then choose what the rules of the active groups rest on."""
        for name, column in columns.items():
            field = self.fields[name]
            if not field.is_tuned:
                field.tune(column, self._costs)
                self._tuned += 1
        for at in active:
            if self._settled.get(at) != self._tuned:
                self._settled[at] = self._tuned
                resting = self.groups[at].rest_on(self._costs)
                for name in self.groups[at].fields & self.fields.keys():
                    self.fields[name].want(resting)
        for name in columns:
            field = self.fields[name]
            if field.ready():
                self.known -= field.atoms.keys()
                self.known |= set(field.known)


def may_be_number(atom: Atom) -> bool:
    """Whether a keyword may stand in a whole number or a boolean, written out."""
    if atom.op not in (Op.EQUALS, Op.STARTS, Op.ENDS, Op.CONTAINS):
        return True
    text = atom.value.lower()
    return not set(text) - set("-0123456789") or text in "true" or text in "false"


def prepared(plan: Plan) -> Prepared:
    """The plan made ready for this thread; the last few are kept."""
    return _prepared(plan, get_ident())


@lru_cache(maxsize=16)
def _prepared(plan: Plan, thread: int) -> Prepared:  # noqa: ARG001 - what is learnt belongs to one thread
    return Prepared(plan)


def columns_for(ready: Prepared, active: Iterable[int], batch: Batch, texts: Column | None) -> dict[str, Column]:
    """The columns with values whose values the groups' rules ask for, by field."""
    found: dict[str, Column] = {}
    for field in sorted(ready.fields.keys() & frozenset[str]().union(*(ready.groups[at].fields for at in active))):
        column = texts if field == ANY_TEXT else batch.column(field)
        if column is not None and column.size:
            found[field] = column
    return found
