"""What Windows machines log."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import Column, EventKind

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "windows",
        "A Windows event (EVTX). Sigma's names; every EventData field is a text column of its own.",
        (
            Column("EventID", "int", "event number within its provider"),
            Column("Channel", "text", "Security, Microsoft-Windows-Sysmon/Operational …"),
            Column("Provider_Name", "text", "who defined the event"),
            Column("Computer", "text", "machine that wrote it"),
            Column("EventRecordID", "int", "the log's own counter"),
            Column("Level", "int", "0-5, as Windows counts levels"),
        ),
        open_ended=True,
        views=("logins", "devices", "heard"),
    ),
)
