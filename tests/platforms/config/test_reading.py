from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from seawall.platforms.config import read


@given(st.one_of(st.binary(max_size=2_000), st.text(max_size=2_000)))
def test_nothing_raises(data: bytes | str) -> None:
    for config in read(data):
        config.printed()
        assert all(one.line >= 1 for one in config.walk())
