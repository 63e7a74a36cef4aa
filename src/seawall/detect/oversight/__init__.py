"""Taps against court orders, paths against each other, and what administrators did: the guard over lawful intercept.

The seam. `judge(world)` asks every family of `FAMILIES` (a function from `facts.World` to findings) and joins what they
say. A world is made from event tables by `world.gather`; it holds commitments, never an identifier in clear. A kind is
one line in `kinds.KINDS`; a finding is made by `saying.found` alone, so that `detector`, `entities` and `details` look
alike. To add a family: one file with a `judge(world)`, one line in `FAMILIES`.

Families and who answers for what: `taps` (a tap against its order), `missing` (an order against the taps there are),
`paths` (element against management, features), `mirrors`, `flows` (delivery), `registry` (the orders by themselves);
`administration*` (all kinds about the audit log and actors).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from seawall.detect.oversight import administration_world, flows, mirrors, missing, paths, registry, taps
from seawall.detect.oversight.facts import World
from seawall.detect.oversight.saying import joined
from seawall.model.finding import Finding

Family = Callable[[World], Iterator[Finding]]

FAMILIES: Final[tuple[Family, ...]] = (
    taps.judge,
    missing.judge,
    paths.judge,
    mirrors.judge,
    flows.judge,
    registry.judge,
    administration_world.judge,
)


def judge(world: World) -> Iterator[Finding]:
    """Everything the families find, worst first, one finding for what two families saw of one thing."""
    yield from joined(finding for family in FAMILIES for finding in family(world))


__all__ = ["FAMILIES", "Family", "World", "judge"]
