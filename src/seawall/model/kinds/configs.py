"""What devices are told to do: their configurations."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import Column, EventKind

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "config_lines",
        "One line of a device configuration.",
        (
            Column("platform", "text", "ios, junos …"),
            Column("snapshot", "text", "SHA-256 of the whole configuration file, hex"),
            Column("number", "int", "line number in the file, from 1"),
            Column("depth", "int", "nesting depth, 0 = top"),
            Column("section", "text", "lines it stands under, joined by ` / `; empty at the top"),
            Column("text", "text", "the line without indent, secrets masked"),
            Column("taken", "time", "when the snapshot was taken, as its file or folder is named, UTC"),
            Column("changed", "time", "when the configuration says it was last changed, UTC"),
        ),
        views=("devices",),
    ),
)
