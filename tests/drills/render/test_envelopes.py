# ruff: noqa: E501 - strategies are as long as they are
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.drills.render.envelopes import Record, write_cef, write_leef
from seawall.sources.envelopes import open_envelope
from tests.drills.render.reading import read_back

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


@pytest.mark.parametrize("write", [write_cef, write_leef])
def test_a_login_some_product_ships_inside_syslog_is_read_back(write: Callable[[Record], str], tmp_path: Path) -> None:
    fields = {"suser": "r.novak", "src": "10.9.20.15", "dvchost": "pam1", "outcome": "failure", "cat": "User logon"}
    fields["usrName"] = "r.novak"
    line = f"<134>Nov  9 03:14:05 pam1 {write(Record('Example', 'Gate', 'logon', 'User logon', 5, fields))}"
    (row,) = read_back(tmp_path, "pam.log", [line], "syslog")["syslog"]
    assert (row["platform"], row["user"], row["src_ip"]) == ("cef", "r.novak", "10.9.20.15")
    assert (row["activity"], row["outcome"]) == ("login", "failure")
