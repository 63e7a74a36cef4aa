"""What a rule rests on: every match needs one atom of the cover."""

from __future__ import annotations

import numpy as np

from seawall.detect.sigma.covers import Cover, cover_of
from seawall.detect.sigma.nodes import All, AnyOf, No, Nothing, One

COSTS = np.array([1.0, 2.0, 5.0, np.inf])
CHEAP, MIDDLE, DEAR, LATE = (AnyOf("f", (n,)) for n in range(4))


def test_of_parts_that_must_all_hold_the_cheapest_is_enough() -> None:
    assert cover_of(All((DEAR, MIDDLE, LATE)), COSTS) == Cover(frozenset({1}), 2.0)


def test_of_a_choice_every_part_is_needed() -> None:
    assert cover_of(One((CHEAP, AnyOf("f", (1, 2)))), COSTS) == Cover(frozenset({0, 1, 2}), 8.0)
    assert cover_of(One((CHEAP, LATE)), COSTS) is None


def test_what_must_be_missing_covers_nothing() -> None:
    assert cover_of(No(CHEAP), COSTS) is None
    assert cover_of(Nothing("f"), COSTS) is None
    assert cover_of(All((No(CHEAP), DEAR)), COSTS) == Cover(frozenset({2}), 5.0)
