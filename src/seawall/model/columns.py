"""What every event table is made of: columns with their unit and meaning, and the ones all kinds share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

ColumnType = Literal["id", "time", "text", "int", "float", "bool"]

TIME_QUALITIES: Final[tuple[str, ...]] = (
    "exact",  # date, time and zone stand in the record
    "zone_assumed",  # no zone in the record: UTC was assumed
    "year_assumed",  # no year in the record: taken from its neighbours or the clock
    "unsynced",  # the device says its clock lost its source (`.` in Cisco forms)
    "unset",  # the device says its clock was never set (`*` in Cisco forms)
    "received",  # the record has none: the relay's or collector's time stands in
    "missing",  # no time at all, or only an uptime
)
TRUSTS: Final[tuple[str, ...]] = ("authenticated", "spoofable", "file")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an event table."""

    name: str
    type: ColumnType
    doc: str  # meaning, with the unit where there is one


@dataclass(frozen=True, slots=True)
class EventKind:
    """One event table. Columns not named here are allowed where `open_ended`, as text."""

    name: str
    doc: str
    columns: tuple[Column, ...]
    open_ended: bool = False
    views: tuple[str, ...] = ()  # canonical views its rows are part of

    @property
    def all_columns(self) -> tuple[Column, ...]:
        """The common columns, then the kind's own."""
        return COMMON + self.columns


COMMON: Final[tuple[Column, ...]] = (
    Column("event_id", "id", "16 bytes; the same for the same record wherever and whenever it is read"),
    Column("time", "time", "when it happened, UTC, microseconds; null if the record cannot say"),
    Column("time_quality", "text", "how far `time` can be trusted: " + ", ".join(TIME_QUALITIES)),
    Column("received", "time", "when a relay or collector took it in, UTC, if known"),
    Column("observer", "text", "who said it, as written in the record: hostname or address"),
    Column(
        "origin", "text", "where it stands: path relative to the PATH given, then `:line`, `#record` or packet number"
    ),
    Column("trust", "text", "how the sender was authenticated: " + ", ".join(TRUSTS)),
    Column("tenant", "text", "whose evidence it is, if the case says"),
    Column("scope", "text", "VRF or site in which its addresses are meaningful; null if unknown"),
    Column("user", "text", "account named by the record, as written"),
    Column("src_ip", "text", "address the act came from"),
    Column("dst_ip", "text", "address the act went to"),
    Column("device", "text", "device the record is about, as written; resolved names stand in the views"),
)

# What a device or its AAA server says a person or program did. Both `syslog` and `tacacs` carry these, so that
# the views `commands`, `logins` and `config_changes` are plain selections that any engine can run.
ACT: Final[tuple[Column, ...]] = (
    Column("activity", "text", "command, login, logout or config_change; null for anything else"),
    Column("outcome", "text", "success or failure, where the record says"),
    Column("service", "text", "door used: ssh, telnet, web, console, netconf, snmp, shell …"),
    Column("line", "text", "terminal line or session the act came over, e.g. vty0"),
    Column("command_raw", "text", "command as written, secrets masked"),
    Column("command", "text", "command normalised: lower case, abbreviations expanded, no `do`, no <cr>"),
    Column("section", "text", "configuration section the command stands in, normalised, where the record says"),
)
