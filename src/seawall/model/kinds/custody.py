"""Who handed over which stored file, when, and what its bytes were before anything in it was opened."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import Column, EventKind

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "custody",
        "A stored file as it was handed over, hashed before it was opened. `received` says when; `time` is empty.",
        (
            Column("sha256", "text", "of the stored bytes, hex; an archive's own, not its members'"),
            Column("bytes", "int", "stored size, octets"),
            Column("place", "text", "absolute path it was read from"),
            Column("collected_by", "text", "who collected it, as said"),
            Column("collected_at", "time", "when it was collected, as said (UTC)"),
            Column("note", "text", "what else was said of it"),
        ),
    ),
)
