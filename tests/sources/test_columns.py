from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources import columns as cut


def ints(*values: int) -> cut.Ints:
    return np.array(values, np.int64)


def padded(text: bytes) -> cut.Bytes:
    return np.frombuffer(text + cut.PADDING, np.uint8)


def test_spans_are_the_texts_between_their_ends() -> None:
    assert cut.spans(b"abcdef", ints(0, 2, 4), ints(1, 2, 6)).to_pylist() == ["a", "", "ef"]
    assert cut.spans(b"", ints(), ints()).to_pylist() == []


@given(st.lists(st.binary(max_size=9).filter(lambda b: b"\n" not in b), min_size=1, max_size=9))
def test_whole_lines_are_the_same_with_and_without_copying_each(lines: list[bytes]) -> None:
    data = b"".join(line + b"\n" for line in lines)
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == 10)
    starts = np.concatenate((ints(0), ends[:-1] + 1))
    assert cut.lines_of(data, starts, ends, binary=True).to_pylist() == lines
    assert cut.lines_of(data, starts[1:], ends[1:], binary=True).to_pylist() == lines[1:]


@given(st.lists(st.none() | st.text(max_size=5), max_size=9))
def test_scattered_values_stand_in_their_places(values: list[str | None]) -> None:
    places = np.arange(len(values), dtype=np.int64) * 2 + 1
    column = cut.scattered(2 * len(values) + 1, places, values)
    column.validate(full=True)
    assert [column[int(place)].as_py() for place in places] == values
    assert column[0].as_py() is None


@pytest.mark.parametrize(("text", "at"), [(b"abc:d", 3), (b":", 0), (b"a" * 70 + b" ", 70), (b"a" * 200, 96)])
def test_the_first_of_some_signs_is_found_near_and_far(text: bytes, at: int) -> None:
    assert cut.first_of(padded(text), ints(0), b": ", 96).tolist() == [at]


def test_tags_end_where_other_letters_begin() -> None:
    assert cut.tag_lengths(padded(b"UI_COMMIT9: x"), ints(0, 3, 10), 8).tolist() == [8, 7, 0]


def test_the_next_position_or_the_end() -> None:
    assert cut.next_at(ints(3, 9), ints(0, 4, 10), ints(5, 8, 12)).tolist() == [3, 8, 12]
    assert cut.next_at(ints(), ints(0), ints(5)).tolist() == [5]


def test_codes_become_their_texts_and_back() -> None:
    codes, names = cut.encode(cut.spans(b"abab", ints(0, 1, 2, 3), ints(1, 2, 3, 4)))
    assert cut.decode(codes, names).to_pylist() == ["a", "b", "a", "b"]
    assert cut.first_of_each(codes, 2).tolist() == [0, 1]
