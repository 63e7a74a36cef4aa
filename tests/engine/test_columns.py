"""Columns come out in the lake's types, and nothing is lost on the way."""

from __future__ import annotations

import pyarrow as pa
import pytest

from seawall.engine.columns import ARROW, as_text, cast, conform, merged, reshape, word_for


@pytest.mark.parametrize(
    ("arrow", "word"),
    [
        (pa.binary(16), "id"),
        (pa.timestamp("ns"), "time"),
        (pa.dictionary(pa.int32(), pa.string()), "text"),
        (pa.dictionary(pa.int32(), pa.int8()), "int"),
        (pa.uint64(), "int"),
        (pa.float32(), "float"),
        (pa.bool_(), "bool"),
        (pa.list_(pa.string()), "text"),
        (pa.binary(), "text"),
    ],
)
def test_every_arrow_type_has_a_word(arrow: pa.DataType, word: str) -> None:
    assert word_for(arrow) == word


@pytest.mark.parametrize(
    ("values", "word", "fits"),
    [
        (pa.array([1, None], pa.int8()), "int", True),
        (pa.array(["12", None]), "int", True),
        (pa.array(["12a"]), "int", False),
        (pa.array([1.5]), "int", False),
        (pa.array([2**64 - 1], pa.uint64()), "int", False),
        (pa.array([b"\xff"]), "text", False),
        (pa.array(["a", "a"]).dictionary_encode(), "text", True),
    ],
)
def test_a_column_is_cast_only_where_nothing_is_lost(values: pa.Array, word: str, fits: bool) -> None:
    made = cast(pa.chunked_array([values]), word)  # type: ignore[arg-type]
    assert (made is not None) == fits
    if made is not None:
        assert made.type == ARROW[word]


def test_what_cannot_be_text_is_written_as_python_prints_it() -> None:
    assert as_text(pa.chunked_array([[b"\xff", None]])).to_pylist() == [r"b'\xff'", None]
    assert as_text(pa.chunked_array([[{"a": 1}]])).to_pylist() == ["{'a': 1}"]


def test_empty_columns_are_left_out_and_clashes_counted() -> None:
    table = pa.table(
        {
            "event_id": pa.array([None, None], pa.binary(16)),
            "pid": pa.array(["1", "x"]),
            "program": pa.nulls(2, pa.string()),
            "more": pa.array([1, None]),
        }
    )
    made, clashes = conform("syslog", table, {"more": "text"})
    assert made.column_names == ["event_id", "pid", "more"]
    assert made.column("pid").to_pylist() == ["1", "x"]
    assert made.column("more").to_pylist() == ["1", None]
    assert clashes == {"pid": 2}


def test_two_types_of_one_name_together_are_text() -> None:
    assert merged([(("a", "int"), ("b", "bool")), (("a", "float"),)]) == {"a": "text", "b": "bool"}


def test_a_table_takes_the_shape_asked_for() -> None:
    made = reshape(pa.table({"b": pa.array([1])}), {"a": "time", "b": "text"})
    assert made.schema.types == [ARROW["time"], ARROW["text"]]
    assert made.to_pylist() == [{"a": None, "b": "1"}]
