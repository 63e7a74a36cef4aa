"""Matches in any order become runs: per group, in order of time, cut where a group is silent too long."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.sigma.correlation.gather import PARTS
from seawall.detect.sigma.correlation.rule import Kind, Question, number_of
from seawall.detect.sigma.correlation.runs import joined, runs_of
from seawall.detect.spool import Spool

PART = st.tuples(st.sampled_from(["a", "b"]), st.integers(0, 40), st.sampled_from(["1", "2.5", "-3"]))


@given(parts=st.lists(PART, max_size=30), kind=st.sampled_from([Kind.EVENT_COUNT, Kind.VALUE_COUNT, Kind.VALUE_SUM]))
def test_a_run_is_one_group_without_a_gap_longer_than_the_window(parts: list[tuple[str, int, str]], kind: Kind) -> None:
    groups: dict[str, list[tuple[int, str]]] = defaultdict(list)
    spool = Spool(parts=PARTS)
    for at, (key, t, value) in enumerate(parts):
        event = at.to_bytes(16, "big")
        spool.add("parts", (0, 0, json.dumps([key]), t, event, value, event, "", "", "[]", None, None, None, None))
        groups[json.dumps([key])].append((t, value))
    found: dict[str, list[int]] = defaultdict(list)
    last: dict[str, int] = {}
    for key, run in runs_of(spool, 0, Question(kind, 5, 1)):
        times = run.times.tolist()
        assert all(0 <= later - one <= 5 for one, later in pairwise(times))
        assert key not in last or times[0] - last[key] > 5
        last[key] = times[-1]
        found[key] += times
        if kind is Kind.VALUE_SUM:
            told = sorted((t, number_of(v)) for t, v in groups[key])
            assert set(zip(times, run.values, strict=True)) <= set(told)
    spool.close()
    assert found == {key: sorted(t for t, _ in rows) for key, rows in groups.items()}


@pytest.mark.parametrize(("values", "text"), [(("a",), "a"), (("a", "b"), '["a", "b"]')])
def test_several_values_count_as_one(values: tuple[str, ...], text: str) -> None:
    assert joined(values) == text
