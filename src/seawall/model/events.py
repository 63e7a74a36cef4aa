"""Event tables: one per kind, with the columns their own community knows, plus common ones.

A column is described once, in `kinds`: its Arrow type, its unit and what it means. The reference page is
generated from there, and every source is tested against it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Final

from seawall.model.columns import COMMON, TIME_QUALITIES, TRUSTS, Column, ColumnType, EventKind
from seawall.model.kinds import ALL as KINDS

if TYPE_CHECKING:
    import pyarrow as pa

BY_NAME: Final[dict[str, EventKind]] = {kind.name: kind for kind in KINDS}


@cache
def arrow_type(column: ColumnType) -> pa.DataType:
    """The Arrow type of a column type."""
    import pyarrow as pa

    types = {
        "id": pa.binary(16),
        "time": pa.timestamp("us", tz="UTC"),
        "text": pa.string(),
        "int": pa.int64(),
        "float": pa.float64(),
        "bool": pa.bool_(),
    }
    return types[column]


@cache
def arrow_schema(kind: str) -> pa.Schema:
    """The Arrow schema every source of this kind produces (open-ended kinds may append text columns)."""
    import pyarrow as pa

    return pa.schema([pa.field(c.name, arrow_type(c.type)) for c in BY_NAME[kind].all_columns])


def event_id(kind: str, observer: str | bytes, record: bytes, ordinal: int = 0) -> bytes:
    """The 16 bytes that name a record, wherever it is found.

    First 16 bytes of SHA-256 over length-prefixed (4 bytes, big-endian) kind, observer as written in the record
    (else empty), record bytes, and the ordinal (8 bytes, big-endian) among identical records of one decompressed
    file. Never the path, never the time of arrival.
    """
    return event_ids(kind, [observer], [record], [ordinal])[0]


def event_ids(
    kind: str, observers: Sequence[str | bytes], records: Sequence[bytes], ordinals: Sequence[int] | None = None
) -> list[bytes]:
    """Many `event_id`s at once; `ordinals` defaults to all zero."""
    sha256 = hashlib.sha256
    name = kind.encode()
    head = len(name).to_bytes(4, "big") + name
    seen: dict[str | bytes, bytes] = {}

    def prefix(observer: str | bytes) -> bytes:
        raw = observer.encode("utf-8", "surrogateescape") if isinstance(observer, str) else observer
        seen[observer] = made = head + len(raw).to_bytes(4, "big") + raw
        return made

    if ordinals is None:
        tail = bytes(8)
        return [
            sha256(b"%b%b%b%b" % (seen.get(o) or prefix(o), len(r).to_bytes(4, "big"), r, tail)).digest()[:16]
            for o, r in zip(observers, records, strict=True)
        ]
    return [
        sha256(b"%b%b%b%b" % (seen.get(o) or prefix(o), len(r).to_bytes(4, "big"), r, n.to_bytes(8, "big"))).digest()[
            :16
        ]
        for o, r, n in zip(observers, records, ordinals, strict=True)
    ]


__all__ = [
    "BY_NAME",
    "COMMON",
    "KINDS",
    "TIME_QUALITIES",
    "TRUSTS",
    "Column",
    "ColumnType",
    "EventKind",
    "arrow_schema",
    "arrow_type",
    "event_id",
    "event_ids",
]
