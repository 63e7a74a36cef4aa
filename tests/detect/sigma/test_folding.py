"""Folding: one way for rules and values, whole or in part."""

from __future__ import annotations

from itertools import pairwise

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seawall.detect.sigma.folding import bytes_of, fold, folded

TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)


@given(TEXT, TEXT)
def test_a_part_s_folding_is_a_part_of_the_folding(one: str, two: str) -> None:
    assert fold(one + two) == fold(one) + fold(two)


@given(st.lists(TEXT, max_size=6))
def test_a_column_is_folded_as_its_texts_are(texts: list[str]) -> None:
    assert folded(pa.array(texts, pa.string())).to_pylist() == [fold(text) for text in texts]


@given(st.lists(TEXT, max_size=6), st.integers(0, 6))
def test_the_bytes_of_a_slice_are_its_own(texts: list[str], start: int) -> None:
    data, offsets = bytes_of(pa.array(texts, pa.string()).slice(start))
    cut = [bytes(data[a:b]).decode() for a, b in pairwise(offsets)]
    assert cut == texts[start:]
    assert len(data) == (offsets[-1] if len(offsets) else 0)
