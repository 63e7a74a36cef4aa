"""What a mapping file makes of a table or JSON nobody else knows."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import ACT, Column, EventKind

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "mapped",
        "A record of a CSV table or of JSON read by a mapping file, where no kind of its own fits. Columns the "
        "mapping does not name are kept under their own names.",
        (
            Column("map", "text", "name of the mapping"),
            Column("program", "text", "what wrote it"),
            Column("severity", "int", "syslog severity 0-7"),
            Column("message", "text", "what it says, secrets masked"),
            Column("src_port", "int", "port at src_ip"),
            Column("dst_port", "int", "port at dst_ip"),
            Column("raw", "text", "the record as it stood, where the mapping names it, secrets masked"),
            *ACT,
        ),
        open_ended=True,
        views=("commands", "logins", "config_changes", "devices"),
    ),
)
