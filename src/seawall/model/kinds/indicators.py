"""What others have published as known bad."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import Column, EventKind

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "indicators",
        "A known-bad value from a list (CSV), a STIX 2.1 bundle or a MISP event.",
        (
            Column("value", "text", "the indicator, refanged, lower case for names and hashes"),
            Column("type", "text", "ip, domain, url, hash, email"),
            Column("confidence", "text", "high, medium or low: low ones only ever support another finding"),
            Column("first_seen", "text", "as written"),
            Column("last_seen", "text", "as written"),
            Column("source", "text", "who published it"),
            Column("note", "text", "as written"),
            Column("valid_from", "text", "from when on its publisher holds it for true, as written"),
            Column(
                "valid_until",
                "text",
                "until when, as written; null: no end. Later events it only supports, never alone",
            ),
            Column("revoked", "bool", "whether its publisher took it back: then it is never searched for"),
            Column("tlp", "text", "traffic light it was given under: clear, green, amber, amber+strict, red"),
            Column("published_as", "text", "its publisher's own id: STIX id or MISP uuid"),
        ),
    ),
)
