from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.errors import InputError
from seawall.ledger.canonical import canonical
from seawall.ledger.entry import Draft, decode, encode, keys_of

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_an_entry_reads_back_and_is_canonical() -> None:
    raw = encode(Draft("finding", {"sha256": "ab", "n": 3, "none": None}, {"finding": "f1"}), NOON, after=None)
    assert raw == (
        b'{"body":{"n":3,"none":null,"sha256":"ab"},"keys":{"finding":"f1"},"kind":"finding",'
        b'"ts":"2026-11-22T12:00:00.000000Z","v":1}'
    )
    entry = decode(raw, 5)
    assert (entry.index, entry.at, entry.kind, entry.keys, entry.raw) == (5, NOON, "finding", {"finding": "f1"}, raw)
    assert keys_of(raw) == {"finding": "f1"}


tokens = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=12)
bodies = st.dictionaries(
    tokens,
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | tokens,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(tokens, inner, max_size=4),
        max_leaves=8,
    ),
)


@given(bodies, st.dictionaries(tokens, tokens))
def test_whatever_an_entry_holds_its_bytes_are_canonical(body: dict[str, Any], keys: dict[str, str]) -> None:
    raw = encode(Draft("finding", body, keys), NOON, after=None)
    assert raw == canonical(json.loads(raw))
    entry = decode(raw, 0)
    assert (entry.body, entry.keys) == (body, keys)


def test_a_clock_that_went_back_is_noted_in_the_entry() -> None:
    raw = encode(Draft("x", {}), NOON, after=NOON + timedelta(hours=1))
    assert decode(raw, 0).clock_back == timedelta(hours=1)
    assert decode(encode(Draft("x", {}), NOON, after=NOON), 0).clock_back == timedelta(0)


@pytest.mark.parametrize(
    "draft",
    [
        Draft("finding", {"why": "Anna Lind logged in"}),
        Draft("finding", {"why": "Jürgen"}),
        Draft("finding", {"a": {"b": ["two words"]}}),
        Draft("finding", {"line\n": "x"}),
        Draft("finding", {}, {"nonce": "a b"}),
        Draft("finding", {"score": 0.5}),
        Draft("finding", {"raw": b"x"}),
        Draft("finding", {"when": NOON}),
        Draft("A kind", {}),
        Draft("", {}),
        Draft("finding", {"n": 2**60}),
    ],
    ids=lambda draft: repr(draft.body)[:30],
)
def test_what_is_no_token_or_whole_number_is_refused_with_a_way_out(draft: Draft) -> None:
    with pytest.raises(InputError) as caught:
        encode(draft, NOON, after=None)
    assert caught.value.mend


def test_an_entry_too_long_for_a_bundle_is_refused() -> None:
    with pytest.raises(InputError, match="does not fit"):
        encode(Draft("x", {"list": ["a" * 1000] * 70}), NOON, after=None)


@pytest.mark.parametrize(
    "raw", [b"", b"null", b"[]", b"{}", b'{"v":1}', b'{"v":1,"ts":"x","kind":"k","keys":{},"body":{}}']
)
def test_bytes_that_are_no_entry_are_said_with_their_number(raw: bytes) -> None:
    with pytest.raises(InputError, match="ledger entry 7"):
        decode(raw, 7)
    assert keys_of(raw) == {}


def test_an_entry_of_a_later_version_names_it() -> None:
    raw = json.dumps({"v": 2, "ts": "", "kind": "", "keys": {}, "body": {}}).encode()
    with pytest.raises(InputError, match="version 2"):
        decode(raw, 0)
