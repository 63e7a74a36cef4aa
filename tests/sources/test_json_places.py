from __future__ import annotations

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.json_places import BadJsonError, JsonText, Twice

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.lists(values, max_size=5),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]),
    st.booleans(),
)
def test_every_value_is_found_again_by_its_bytes(items: list[object], encoding: str, ascii_only: bool) -> None:
    content = json.dumps(items, ensure_ascii=ascii_only, indent=1).encode(encoding)
    text = JsonText(content)
    places = list(text.items(text.skip(0)))
    assert [placed.value for placed in places] == items
    for placed in places:
        there = content[placed.offset : placed.offset + placed.length]
        assert there == placed.raw
        narrow = encoding.replace("-sig", "")
        narrow = {"utf-16": "utf-16-le", "utf-32": "utf-32-le"}.get(narrow, narrow)
        assert json.loads(there.decode(narrow)) == placed.value


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), values, max_size=5))
def test_members_come_with_their_values(members: dict[str, object]) -> None:
    text = JsonText(json.dumps(members, ensure_ascii=False).encode())
    assert {name: placed.value for name, placed, _ in text.members(0)} == members


@given(st.binary(max_size=80))
def test_any_bytes_are_json_or_one_clear_error(noise: bytes) -> None:
    for content in (noise, b"[" + noise, b'{"a":' + noise):
        with contextlib.suppress(BadJsonError, UnicodeDecodeError):  # and nothing else
            text = JsonText(content)
            for _ in text.items(0) if content[:1] == b"[" else text.members(0):
                pass


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"a":' * 100_000, b"[" + b"9" * 10_000 + b"]"])
def test_absurd_depth_and_absurd_numbers_are_refused(content: bytes) -> None:
    with pytest.raises(BadJsonError):
        JsonText(content).value(0)


def test_a_name_that_stands_twice_is_told() -> None:
    placed, _ = JsonText(b'{"a": 1, "a": 2}').value(0)
    assert isinstance(placed.value, Twice)
