from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.engine import gathered as module
from seawall.engine.gathered import Gathered, gathered

_SCHEMA = pa.schema([("text", pa.string()), ("number", pa.int64()), ("never", pa.string()), ("id", pa.binary(16))])
_rows = st.fixed_dictionaries(
    {
        "text": st.none() | st.text(max_size=3),
        "number": st.none() | st.integers(0, 9),
        "never": st.none(),
        "id": st.binary(min_size=16, max_size=16),
    }
)
_batches = st.lists(st.lists(_rows, max_size=5), max_size=6)


def made(rows: list[dict[str, Any]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(rows, _SCHEMA)


@given(_batches, st.integers(1, 12), st.integers(1, 6), st.data())
def test_rows_written_out_are_those_put_in(
    batches: list[list[dict[str, Any]]], rows: int, step: int, data: st.DataObject
) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "_STEP_ROWS", step)
        found = list(gathered(map(made, batches), rows))
    whole = [row for batch in batches for row in batch]
    assert [row for one in found for row in one.taken(_SCHEMA.names, np.arange(one.num_rows)).to_pylist()] == whole
    start = 0
    for one in found:
        some = data.draw(st.lists(st.integers(0, one.num_rows - 1), max_size=8) if one.num_rows else st.just([]))
        picked = one.taken(["number", "text"], np.array(some, dtype=np.int64))
        assert picked.to_pylist() == [{k: whole[start + at][k] for k in ("number", "text")} for at in some]
        start += one.num_rows
        assert one.values("never") is None
        for name in ("text", "number"):
            kept = one.values(name)
            assert kept is None or kept[0].null_count == 0


def test_batches_are_about_as_large_as_asked_and_small_ones_are_read_one_by_one() -> None:
    taken = []

    def small() -> Any:
        for number in range(10):
            taken.append(number)
            yield made([{"text": str(number), "id": bytes(16)}] * 3)

    found = gathered(small(), 6)
    assert next(found).num_rows == 6
    assert len(taken) == 2
    assert [one.num_rows for one in found] == [6, 6, 6, 6]


def test_nulls_inside_a_dictionary_are_no_values() -> None:
    array = pa.DictionaryArray.from_arrays(pa.array([0, 1, 1, None]), pa.array(["a", None]))
    one = Gathered([pa.table({"text": array})])
    found = one.values("text")
    assert found is not None
    assert found[0].to_pylist() == ["a"]
    assert found[1].tolist() == [0]
