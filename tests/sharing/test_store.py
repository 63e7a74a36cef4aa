"""Objects come back as they went in, once each, in the order they came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seawall.model.tlp import Light
from seawall.sharing.store import Arriving, Shelf
from seawall.state.store import open_state

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ONE = {"type": "ipv4-addr", "id": "ipv4-addr--00000000-0000-4000-8000-000000000001", "value": "192.0.2.1"}


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    with open_state(tmp_path_factory.mktemp("shelf") / "state.db") as state:
        yield Shelf(state)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=25)  # each waits for the disk
@given(st.dictionaries(st.text(max_size=9), json_values, max_size=5))
def test_an_object_comes_back_as_it_went_in(shelf: Shelf, more: dict[str, object]) -> None:
    one = {**more, **ONE}
    shelf.remove("in:a", [ONE["id"]])
    (kept,) = shelf.add("in:a", "a", [Arriving(one, Light.GREEN)], NOW)
    (found,) = shelf.objects("in:a")
    assert found.object == one
    assert found == kept
    assert list(found.object) == list(one), "even its keys keep their order"


def test_the_same_version_again_adds_nothing_and_its_light_only_rises(shelf: Shelf) -> None:
    shelf.add("in:b", "b", [Arriving(ONE, Light.AMBER)], NOW)
    assert shelf.add("in:b", "b", [Arriving(ONE, Light.CLEAR), Arriving(ONE, Light.CLEAR)], NOW) == []
    assert [one.light for one in shelf.objects("in:b")] == [Light.AMBER]
    assert shelf.raise_light([ONE["id"]], Light.RED) >= 1
    assert [one.light for one in shelf.objects("in:b")] == [Light.RED]


def test_versions_stand_beside_each_other_and_times_of_arrival_rise_even_when_the_clock_does_not(shelf: Shelf) -> None:
    versions = [{**ONE, "modified": f"2026-01-0{n}T00:00:00.000Z"} for n in (2, 1, 3)]
    shelf.add("in:c", "c", [Arriving(one, Light.GREEN) for one in versions], NOW)
    shelf.add("in:c", "c", [Arriving({**ONE, "modified": "2025-01-01T00:00:00.000Z"}, Light.GREEN)], NOW)
    found = shelf.objects("in:c")
    assert [one.version[:10] for one in found] == ["2026-01-02", "2026-01-01", "2026-01-03", "2025-01-01"]
    assert sorted({one.added for one in found}) == [one.added for one in found]


def test_collections_are_found_by_the_start_of_their_name(shelf: Shelf) -> None:
    shelf.add("out:x_y", "us", [Arriving(ONE, Light.GREEN)], NOW)
    shelf.add("out:xzy", "us", [Arriving(ONE, Light.GREEN)], NOW)
    assert {one.collection for one in shelf.objects(starting="out:x_")} == {"out:x_y"}
    assert {one.collection for one in shelf.of([ONE["id"]], starting="out:")} >= {"out:x_y", "out:xzy"}
