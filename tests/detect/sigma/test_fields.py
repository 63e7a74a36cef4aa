"""All atoms of one field, looked for together."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from seawall.detect.sigma.columns import Column
from seawall.detect.sigma.fields import FieldQuestions
from seawall.detect.sigma.plan import Atom, Op

ATOMS = dict(
    enumerate(
        [
            Atom("f", Op.CONTAINS, "mimikatz"),
            Atom("f", Op.ENDS, "\\cmd.exe"),
            Atom("f", Op.CONTAINS, "-enc"),
            Atom("f", Op.EQUALS, "no"),
            Atom("f", Op.NUMBER, "22"),
            Atom("f", Op.REGEX, "(?i)invoke-[a-z]+"),
            Atom("f", Op.EQUALS, "CaSe", cased=True),
        ]
    )
)
VALUES = ["C:\\Windows\\cmd.exe", "MIMIKATZ -enc", "no", "22", "x Invoke-It", "Invo\u212ae-x", "case", "CaSe", "other"]


def found(want: tuple[int, ...] = ()) -> tuple[dict[int, list[int]], set[int]]:
    field, column = FieldQuestions(ATOMS), Column(pa.array(VALUES * 40))  # often enough for nothing to be `often`
    costs = np.full(len(ATOMS), np.inf)
    field.tune(Column(pa.array([f"nothing of it {n}" for n in range(500)])), costs)
    field.want(want)
    assert field.ready()
    assert not field.ready()
    assert np.isfinite(costs[list(field.known)]).all()
    return {atom: which.tolist() for atom, which in field.find(column).items()}, set(field.known)


def test_each_atom_has_its_values() -> None:
    where, known = found()
    assert where == {0: [1], 1: [0], 3: [2], 4: [3], 5: [4, 5], 6: [7]}
    assert known == {0, 1, 3, 4, 5, 6}


def test_a_short_literal_is_looked_for_when_a_rule_rests_on_it() -> None:
    where, known = found(want=(2,))
    assert where[2] == [1]
    assert 2 in known


def test_a_literal_that_stands_in_most_values_is_not_looked_for() -> None:
    field, costs = FieldQuestions(ATOMS), np.full(len(ATOMS), np.inf)
    field.tune(Column(pa.array(["mimikatz"] * 10)), costs)
    field.ready()
    assert 0 not in set(field.known)
    assert np.isinf(costs[0])
