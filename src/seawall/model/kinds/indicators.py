"""What others have published as known bad."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import Column, EventKind

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "indicators",
        "A known-bad value from a list (CSV).",
        (
            Column("value", "text", "the indicator, refanged, lower case for names and hashes"),
            Column("type", "text", "ip, domain, url, hash"),
            Column("confidence", "text", "high, medium or low: low ones only ever support another finding"),
            Column("first_seen", "text", "as written"),
            Column("last_seen", "text", "as written"),
            Column("source", "text", "who published it"),
            Column("note", "text", "as written"),
        ),
    ),
)
