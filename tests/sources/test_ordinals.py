from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from seawall.model.events import event_ids
from seawall.sources import ordinals
from seawall.sources.ordinals import Ordinals

_RECORDS = st.lists(st.tuples(st.sampled_from(["pe1", "pe2", ""]), st.sampled_from([b"a", b"b", b"\0c"])), max_size=60)


def ids(counter: Ordinals, pairs: list[tuple[str, bytes]]) -> list[bytes]:
    who = pa.array([observer or None for observer, _ in pairs], pa.string()).dictionary_encode()
    records = pa.array([record for _, record in pairs], pa.binary())
    return list(counter.ids(who, records).to_pylist()) if pairs else []


def expected(pairs: list[tuple[str, bytes]]) -> list[bytes]:
    counts: dict[tuple[str, bytes], int] = {}
    numbers = []
    for pair in pairs:
        numbers.append(counts.get(pair, 0))
        counts[pair] = numbers[-1] + 1
    return event_ids("syslog", [o for o, _ in pairs], [r for _, r in pairs], numbers)


@given(st.lists(_RECORDS, max_size=5))
def test_ids_are_those_of_the_model_with_exact_ordinals_across_blocks(blocks: list[list[tuple[str, bytes]]]) -> None:
    counter = Ordinals("syslog")
    found = [name for block in blocks for name in ids(counter, block)]
    assert found == expected([pair for block in blocks for pair in block])


def test_counts_that_were_forgotten_are_counted_again(monkeypatch: object) -> None:
    pairs = [("pe1", b"%d" % (n % 7)) for n in range(70)]
    before, ordinals._CACHED_COUNTS = ordinals._CACHED_COUNTS, 2  # type: ignore[misc]
    try:
        counter = Ordinals("syslog")
        found = [name for start in range(0, 70, 5) for name in ids(counter, pairs[start : start + 5])]
    finally:
        ordinals._CACHED_COUNTS = before  # type: ignore[misc]
    assert found == expected(pairs)
