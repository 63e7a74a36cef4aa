from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seawall.sources.turning import turned


@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.integers(), max_size=4), max_size=8))
def test_columns_hold_what_the_rows_held(rows: list[dict[str, int]]) -> None:
    columns = turned(rows)
    assert set(columns) == {name for row in rows for name in row}
    assert all(column == [row.get(name) for row in rows] for name, column in columns.items())
