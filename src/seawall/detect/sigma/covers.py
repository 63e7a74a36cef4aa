"""What must occur before a rule can match: the cheapest set of atoms one of which every match needs.

A rule none of whose cover stands anywhere in the batch is dropped without a look at it; the others are judged only on
the rows their cover names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from seawall.detect.sigma.nodes import All, AnyOf, Node, One

Costs: TypeAlias = npt.NDArray[np.float64]  # per atom: rows it is expected to name; infinity if nobody looks for it


@dataclass(frozen=True, slots=True)
class Cover:
    """Atoms of which every match needs one, and the rows they are expected to name."""

    atoms: frozenset[int]
    cost: float


def cover_of(node: Node, costs: Costs) -> Cover | None:
    """The cheapest cover; None if a match needs nothing that is looked for."""
    match node:
        case AnyOf(atoms=atoms):
            cost = sum(float(costs[atom]) for atom in atoms)
            return Cover(frozenset(atoms), cost) if cost < np.inf else None
        case All(parts):
            found = [cover for part in parts if (cover := cover_of(part, costs)) is not None]
            return min(found, key=lambda cover: cover.cost, default=None)
        case One(parts):
            covers = [cover_of(part, costs) for part in parts]
            if not covers:
                return None
            union: set[int] = set()
            total = 0.0
            for cover in covers:
                if cover is None:
                    return None
                union |= cover.atoms
                total += cover.cost
            return Cover(frozenset(union), total)
        case _:
            return None
