# ruff: noqa: E501 - strategies are as long as they are
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render.envelopes import Record, write_cef, write_leef
from seawall.sources.envelopes import open_envelope

HEADS = st.text("abcXYZ 0123.-|", min_size=1, max_size=20).map(lambda t: t.strip() or "x")
PLAIN = st.text("abcXYZ 0123.-", min_size=1, max_size=20).map(lambda t: t.strip() or "x")
KEYS = st.text("abcdefgh", min_size=1, max_size=8)
RECORDS = st.builds(
    Record, PLAIN, PLAIN, PLAIN, PLAIN, fields=st.dictionaries(st.text("abcdefgh", min_size=1, max_size=8), PLAIN, min_size=2, max_size=6)
)  # fmt: skip
VALUES = st.text("abcXYZ 0123=|\\.-/:\nä", min_size=1, max_size=40).map(lambda t: t.strip() or "x")


@given(st.builds(Record, HEADS, HEADS, HEADS, HEADS, st.integers(0, 10), st.dictionaries(KEYS, VALUES, max_size=6)))
def test_cef_is_read_back_whatever_stands_in_it(record: Record) -> None:
    found = open_envelope(write_cef(record))
    assert found is not None
    assert (found.record.vendor, found.record.product, found.record.event, found.record.name) == (
        record.vendor, record.product, record.event, record.name,
    )  # fmt: skip
    assert found.fields == record.fields


@pytest.mark.parametrize("delimiter", ["\t", "^", "~"])
@given(record=RECORDS)
def test_leef_is_read_back(delimiter: str, record: Record) -> None:
    found = open_envelope(write_leef(record, delimiter))
    assert found is not None
    assert (found.record.vendor, found.record.product, found.record.event, found.fields) == (
        record.vendor, record.product, record.event, record.fields,
    )  # fmt: skip
