"""A column's values and rows, whichever way it comes: plain, repeating, mostly new, or a dictionary already."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.sigma.columns import AnyColumn, Column, gathered, ranges

TEXTS = st.lists(st.one_of(st.none(), st.text("ab", max_size=2)), min_size=1, max_size=20)


def told(column: Column) -> list[str | None]:
    """The column spelt out again from codes and values."""
    values = [*column.values.texts.to_pylist(), None]
    return [values[code] for code in column.codes.tolist()]


@given(TEXTS)
def test_codes_and_values_spell_the_column(texts: list[str | None]) -> None:
    array = pa.array(texts, pa.string())
    assert told(Column(array)) == texts
    assert told(Column(array.dictionary_encode())) == texts


@given(TEXTS)
def test_the_rows_of_a_value_are_the_rows_that_hold_it(texts: list[str | None]) -> None:
    column = Column(pa.array(texts, pa.string()))
    for number, value in enumerate(column.values.texts.to_pylist()):
        rows = [row for row, text in enumerate(texts) if text == value]
        assert sorted(column.rows_of(np.array([number])).tolist()) == rows
        assert column.holds(np.array([number]), np.arange(len(texts))).nonzero()[0].tolist() == rows


def test_a_column_of_new_values_is_left_as_it_is() -> None:
    texts: list[str | None] = [f"value {n}" for n in range(3_000)]
    texts[5] = None
    column = Column(pa.array(texts))
    assert column.codes_there is None
    assert told(column) == texts
    assert column.rows_of(np.array([5])).tolist() == [6]


def test_a_dictionary_that_holds_a_null_means_no_value() -> None:
    array = pa.DictionaryArray.from_arrays(pa.array([0, 1, 0], pa.int8()), pa.array(["a", None]))
    assert told(Column(array)) == ["a", None, "a"]


@pytest.mark.parametrize("type_", [pa.large_string(), pa.string_view()])
def test_other_text_types_are_texts(type_: pa.DataType) -> None:
    assert told(Column(pa.array(["a", None, "b"]).cast(type_))) == ["a", None, "b"]


def test_all_texts_of_some_rows_are_one_field() -> None:
    rows = np.array([2, 4])
    column = AnyColumn([Column(pa.array(["x", "y"])), Column(pa.array([None, "x"]))], 5, rows)
    assert column.values.texts.to_pylist() == ["x", "y", "x"]
    assert sorted(column.rows_of(np.array([2, 0])).tolist()) == [2, 4]
    assert column.holds(np.array([1]), np.array([0, 2, 4])).tolist() == [False, False, True]


def test_ranges_and_gathering() -> None:
    assert ranges(np.array([5, 9, 0]), np.array([2, 0, 3])).tolist() == [5, 6, 0, 1, 2]
    assert {key: items.tolist() for key, items in gathered(np.array([1, 1, 4]), np.array([7, 8, 9]))} == {
        1: [7, 8],
        4: [9],
    }
    assert list(gathered(np.array([]), np.array([]))) == []
