import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.model.events import COMMON, KINDS, arrow_schema, event_id, event_ids


def test_an_event_id_is_the_documented_hash() -> None:
    def field(raw: bytes) -> bytes:
        return len(raw).to_bytes(4, "big") + raw

    spelled_out = field(b"syslog") + field(b"pe01") + field(b"line") + (3).to_bytes(8, "big")
    assert event_id("syslog", "pe01", b"line", 3) == hashlib.sha256(spelled_out).digest()[:16]


@given(st.lists(st.tuples(st.binary(max_size=9), st.binary(max_size=9), st.integers(0, 2**40)), max_size=9))
def test_many_ids_are_the_single_ones(rows: list[tuple[bytes, bytes, int]]) -> None:
    observers, records, ordinals = ([r[i] for r in rows] for i in range(3))
    assert event_ids("k", observers, records, ordinals) == [event_id("k", *row) for row in rows]
    assert event_ids("k", observers, records) == [event_id("k", o, r) for o, r, _ in rows]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_every_kind_starts_with_the_common_columns_and_explains_each(kind) -> None:
    schema = arrow_schema(kind.name)
    assert schema.names[: len(COMMON)] == [column.name for column in COMMON]
    assert len(set(schema.names)) == len(schema.names)
    assert all(len(column.doc) > 5 for column in kind.all_columns)
