from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.windows_columns import joined, parts_of
from seawall.sources.windows_fields import INTS, Names, NotAnEventError, flatten

_keys = st.sampled_from(["#text", "#attributes", "Name", "name", "xmlns", "Level", "User", "a b", "ab", "EventID"])
_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.just(""),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_keys, inner, max_size=3),
    max_leaves=6,
)
_parts = st.dictionaries(st.sampled_from(["EventID", "Level", "Provider", "TimeCreated", "Computer"]), _values)
_events = st.fixed_dictionaries(
    {"Event": st.fixed_dictionaries({"System": _parts | _values, "EventData": _values, "UserData": _values})}
)


def columns_of(documents: list[Any]) -> tuple[dict[str, list[Any]], dict[int, str]]:
    """The columns of all events in order, and the faults of those that are none."""
    parts, faults = parts_of(documents, Names())
    assert sorted(index for part in parts for index in part.indices) == sorted(
        set(range(len(documents))) - faults.keys()
    )
    return (joined(parts).columns if parts else {}), faults


def alone(document: object, names: Names) -> dict[str, Any] | None:
    """The columns with a value of one event, read by itself; None if it is none."""
    try:
        row = flatten(document, names)
    except NotAnEventError:
        return None
    return {k.lower(): v for k, v in row.items() if v is not None and (k not in INTS or type(v) is int)}


@given(st.lists(_events | _values, max_size=4), st.integers(1, 6))
def test_events_read_together_are_what_they_are_alone(documents: list[Any], times: int) -> None:
    together = documents * times
    columns, faults = columns_of(together)
    names = Names()
    rows = [alone(document, names) for document in together]
    assert sorted(faults) == [index for index, row in enumerate(rows) if row is None]
    good = [row for row in rows if row is not None]
    assert all(len(column) == len(good) for column in columns.values())
    made = [{k.lower(): c[i] for k, c in columns.items() if c[i] is not None} for i in range(len(good))]
    assert made == good


def test_events_keep_their_order_whatever_their_shapes() -> None:
    data: list[dict[str, str]] = [{"A": "1"}, {"B": "2"}, {"A": "3"}, {"C": "4"}] * 9
    documents = [{"Event": {"System": {"EventRecordID": n}, "EventData": d}} for n, d in enumerate(data)]
    columns, faults = columns_of(documents[:-2])
    assert (columns["EventRecordID"], faults) == (list(range(34)), {})
    assert columns["A"][:4] == ["1", None, "3", None]
    assert columns_of([]) == ({}, {})


def test_a_text_where_windows_has_a_number_is_left_out() -> None:
    (document,) = [{"Event": {"System": {"Computer": "srv1"}, "EventData": {"Level": "high"}}}]
    assert columns_of([document]) == ({"Level": [None], "Computer": ["srv1"]}, {})
