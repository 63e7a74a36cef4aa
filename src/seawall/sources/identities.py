"""Names records: their event ids, told apart where one file holds the same record more than once."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from seawall.model.events import event_ids


class Identities:
    """The event ids of one file's records."""

    def __init__(self) -> None:
        self._times: dict[bytes, int] = {}  # how often a record was seen, by its id with ordinal 0

    def of(self, kind: str, observers: pa.Array, records: Sequence[bytes]) -> pa.Array:
        """The ids of records in file order; a null observer counts as empty."""
        names: Sequence[str | bytes]
        if observers.null_count == len(observers):
            names = [b""] * len(records)
        else:
            names = [name or b"" for name in observers.to_pylist()]
        ids = event_ids(kind, names, records)
        times = self._times
        for index, first in enumerate(ids):
            seen = times.get(first, 0)
            times[first] = seen + 1
            if seen:
                ids[index] = event_ids(kind, [names[index]], [records[index]], [seen])[0]
        return pa.array(ids, pa.binary(16))
