from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seawall.model.events import event_id
from seawall.sources import identities
from seawall.sources.identities import Identities


def ids(batches: list[list[bytes]], observers: list[str | None] | None = None, size: int | None = 0) -> list[bytes]:
    made: list[bytes] = []
    with Identities(size) as names:
        for batch in batches:
            said = observers[: len(batch)] if observers else [None] * len(batch)
            made += names.of("zeek_conn", pa.array(said, pa.string()), batch).to_pylist()
    return made


@given(st.lists(st.lists(st.sampled_from([b"", b"a", b"b", b"\0", b"long" * 40]), max_size=9), max_size=5))
def test_ids_are_those_of_the_model_with_exact_ordinals(batches: list[list[bytes]]) -> None:
    times: dict[bytes, int] = {}
    wanted = []
    for record in (r for batch in batches for r in batch):
        wanted.append(event_id("zeek_conn", "", record, times.get(record, 0)))
        times[record] = times.get(record, 0) + 1
    assert ids(batches) == wanted
    assert ids(batches, size=None) == wanted


def test_an_observer_is_part_of_the_name() -> None:
    made = ids([[b"x", b"x", b"x"]], ["tap-1", "tap-2", "tap-1"])
    assert made == [
        event_id("zeek_conn", "tap-1", b"x"),
        event_id("zeek_conn", "tap-2", b"x"),
        event_id("zeek_conn", "tap-1", b"x", 1),
    ]


def test_forgotten_counts_are_found_again(monkeypatch) -> None:
    monkeypatch.setattr(identities, "_COUNTS_KEPT", 1)
    batches = [[b"a", b"b", b"c"]] * 5
    assert ids(batches) == [event_id("zeek_conn", "", r, n) for n in range(5) for r in (b"a", b"b", b"c")]
