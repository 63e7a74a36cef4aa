from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.sigma import known
from seawall.detect.sigma.kernel import match
from seawall.detect.sigma.known import Known, Memory
from seawall.detect.sigma.plan import And, Atom, Condition, Group, Not, Op, Or, Plan
from seawall.detect.sigma.prepared import prepared

WORDS = ["whoami /all", "C:\\cmd.exe", "Straße", "10.0.0.7", "net user", "NET USER", "", "7", "\u017fecret", "秘密"]
RULES: tuple[Condition, ...] = (
    Atom("f", Op.CONTAINS, "whoami"),
    And((Atom("f", Op.ENDS, "cmd.exe"), Not(Atom("g", Op.STARTS, "net")))),
    Or((Atom("f", Op.REGEX, "(?i)^s.cret$"), Atom("f", Op.CIDR, "10.0.0.0/8"), Atom("f", Op.EQUALS, "7"))),
    Or((Atom("g", Op.CONTAINS, "t"), Atom("g", Op.CONTAINS, "ß"))),
    And((Atom("f", Op.CONTAINS, "e"), Atom("g", Op.EQUALS, "net user", cased=True))),
    Atom("", Op.CONTAINS, "user"),
    Atom("g", Op.ABSENT),
)


def plan() -> Plan:
    return Plan((Group(Atom("e", Op.PRESENT), tuple(enumerate(RULES))),))


def batch(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(rows, pa.schema([(n, pa.string()) for n in "efg"]))


def pairs(found: pa.RecordBatch) -> list[tuple[int, int]]:
    return list(zip(*(column.to_pylist() for column in found.columns), strict=True))


VALUE = st.none() | st.sampled_from(WORDS) | st.text("neuTt user", max_size=6)
ROWS = st.lists(st.fixed_dictionaries({"e": st.just("x"), "f": VALUE, "g": VALUE}), min_size=1, max_size=30)


@given(st.lists(ROWS, min_size=2, max_size=6))
def test_what_is_remembered_of_earlier_batches_never_changes_what_matches(batches: list[list[dict[str, Any]]]) -> None:
    kept = plan()
    for rows in [*batches, batches[0]]:
        assert pairs(match(batch(rows), kept)) == pairs(match(batch(rows), plan()))


@pytest.mark.parametrize("limit", [0, 1 << 30], ids=["always forgetting", "never forgetting"])
def test_batches_that_repeat_little_much_and_not_at_all_match_alike(
    limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "MAX_BYTES", limit)
    random = np.random.default_rng(7)
    kept = plan()
    for step, different in enumerate([40, 40, 4_000, 3, 2_000, 2_000, 40, 20_000]):
        drawn = random.integers(0, different, (2, 2_000)) + (step // 3) * 13
        rows = [
            {"e": "x", "f": f"{WORDS[f % 10]}{f // 10 or ''}", "g": f"{WORDS[g % 7]}{g // 7 or ''}"} for f, g in drawn.T
        ]
        assert pairs(match(batch(rows), kept)) == pairs(match(batch(rows), plan()))


def test_values_seen_before_are_not_asked_again() -> None:
    kept = plan()
    ready = prepared(kept)
    rows = [{"e": "x", "f": word, "g": word} for word in WORDS]
    match(batch(rows), kept)
    asked: list[int] = []
    for field in ready.fields.values():
        find = field._find
        field._find = lambda values, find=find: asked.append(values.size) or find(values)  # type: ignore[method-assign]
    match(batch(rows), kept)
    fresh_of_keywords = [2 * len(WORDS) + 1]  # keywords read all columns as one
    assert [n for n in asked if n] == fresh_of_keywords
    match(batch([*rows, {"e": "x", "f": "another net user", "g": None}]), kept)
    assert 1 in asked


def always_new(_: pa.Array) -> bool:
    return True


def never_new(_: pa.Array) -> bool:
    return False


def test_a_value_keeps_its_number_and_new_ones_stand_behind() -> None:
    remembered = Known()
    first = remembered.numbers(pa.array(["a", "b", "a"]), never_new)
    second = remembered.numbers(pa.array(["c", "b", "c", "a"]), never_new)
    assert first is not None
    assert second is not None
    assert (first.tolist(), second.tolist()) == ([0, 1, 0], [2, 1, 2, 0])
    assert remembered.values.texts.to_pylist() == ["a", "b", "c"]
    assert remembered.values.folded.to_pylist() == ["a", "b", "c"]


def test_a_column_of_new_values_is_left_alone_for_a_while_then_looked_at_again() -> None:
    remembered = Known()
    texts = pa.array(["a", "b"])
    assert remembered.numbers(texts, always_new) is None
    tries = [remembered.numbers(texts, never_new) is None for _ in range(20)]
    assert tries.count(True) == 15
    assert not tries[-1]


def test_too_much_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    memory = Memory()
    memory.of("f").numbers(pa.array(["a" * 100]), never_new)
    memory.trim()
    assert memory.of("f").values.size == 1
    monkeypatch.setattr(known, "MAX_BYTES", 10)
    memory.trim()
    assert memory.of("f").values.size == 0
