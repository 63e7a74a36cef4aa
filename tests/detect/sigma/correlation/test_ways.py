"""A condition of several rules holds exactly where one of its ways does."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given

from seawall.detect.sigma.correlation.rule import All, Seen, Some
from seawall.detect.sigma.correlation.ways import alternatives
from seawall.errors import RuleError
from tests.detect.sigma.correlation import naive
from tests.detect.sigma.correlation.test_evaluate import EXPRESSIONS, expression_of


@given(told=EXPRESSIONS)
def test_the_ways_say_what_the_condition_says(told: Any) -> None:
    ways = alternatives(expression_of(told))
    for held in product((False, True), repeat=3):
        here = {step for step, true in enumerate(held) if true}
        assert any(way.seen <= here and not way.lacking & here for way in ways) == naive.says(told, here, here)


def test_too_many_ways_are_refused_soon() -> None:
    pairs = tuple(Some((Seen(2 * at), Seen(2 * at + 1))) for at in range(40))
    with pytest.raises(RuleError, match="different ways"):
        alternatives(All(pairs))
