"""Event tables: one per kind, with the columns their own community knows, plus common ones.

A column is described once, here: its Arrow type, its unit and what it means. The reference page is
generated from this file, and every source is tested against it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import pyarrow as pa

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
_ACT: Final[tuple[Column, ...]] = (
    Column("activity", "text", "command, login, logout or config_change; null for anything else"),
    Column("outcome", "text", "success or failure, where the record says"),
    Column("service", "text", "door used: ssh, telnet, web, console, netconf, snmp, shell …"),
    Column("line", "text", "terminal line or session the act came over, e.g. vty0"),
    Column("command_raw", "text", "command as written, secrets masked"),
    Column("command", "text", "command normalised: lower case, abbreviations expanded, no `do`, no <cr>"),
    Column("section", "text", "configuration section the command stands in, normalised, where the record says"),
)

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "syslog",
        "A line a network device or server logged (RFC 3164, RFC 5424 and the vendors' own forms).",
        (
            Column("facility", "int", "syslog facility 0-23 from the PRI, else null"),
            Column("severity", "int", "syslog severity 0-7: the message's own where it carries one, else the PRI's"),
            Column(
                "mnemonic", "text", "the vendor's name for the event, e.g. SYS-5-CONFIG_I, UI_COMMIT, SHELL/5/CMDRECORD"
            ),
            Column("program", "text", "process or tag that wrote the line"),
            Column("pid", "int", "process id, if written"),
            Column(
                "platform",
                "text",
                "platform its form belongs to: ios, iosxr, nxos, asa, junos, eos, sros, vrp …; null if unknown",
            ),
            Column("sequence", "int", "the device's own counter, if written"),
            Column("message", "text", "text after the header, secrets masked"),
            Column("raw", "text", "whole line, secrets masked"),
            *_ACT,
        ),
    ),
    EventKind(
        "tacacs",
        "A TACACS+ accounting record written by tac_plus.",
        (
            Column("record", "text", "start, stop or update"),
            Column("task_id", "text", "the device's number for the task"),
            Column("priv_lvl", "int", "privilege level 0-15"),
            Column("attributes", "text", "all attribute=value pairs as written, tab-separated, secrets masked"),
            Column("raw", "text", "whole line, secrets masked"),
            *_ACT,
        ),
    ),
    EventKind(
        "zeek_conn",
        "A connection Zeek saw (conn.log). Zeek's names, dots as underscores.",
        (
            Column("uid", "text", "Zeek's id of the connection"),
            Column("id_orig_h", "text", "client address"),
            Column("id_orig_p", "int", "client port"),
            Column("id_resp_h", "text", "server address"),
            Column("id_resp_p", "int", "server port"),
            Column("proto", "text", "tcp, udp, icmp, unknown_transport"),
            Column("service", "text", "application protocol Zeek recognised"),
            Column("duration", "float", "seconds"),
            Column("orig_bytes", "int", "payload octets from the client"),
            Column("resp_bytes", "int", "payload octets from the server"),
            Column("conn_state", "text", "S0, SF, REJ …"),
            Column("missed_bytes", "int", "octets Zeek did not see"),
            Column("history", "text", "state history letters"),
            Column("orig_pkts", "int", "packets from the client"),
            Column("orig_ip_bytes", "int", "IP octets from the client"),
            Column("resp_pkts", "int", "packets from the server"),
            Column("resp_ip_bytes", "int", "IP octets from the server"),
            Column("tunnel_parents", "text", "uids of enclosing tunnels, comma-separated"),
        ),
        open_ended=True,
    ),
    EventKind(
        "zeek_dns",
        "A DNS exchange Zeek saw (dns.log).",
        (
            Column("uid", "text", "Zeek's id of the connection"),
            Column("id_orig_h", "text", "client address"),
            Column("id_orig_p", "int", "client port"),
            Column("id_resp_h", "text", "server address"),
            Column("id_resp_p", "int", "server port"),
            Column("proto", "text", "tcp or udp"),
            Column("query", "text", "name asked for"),
            Column("qtype_name", "text", "A, AAAA, TXT …"),
            Column("rcode_name", "text", "NOERROR, NXDOMAIN …"),
            Column("answers", "text", "answers, comma-separated"),
        ),
        open_ended=True,
    ),
    EventKind(
        "zeek_http",
        "An HTTP request Zeek saw (http.log).",
        (
            Column("uid", "text", "Zeek's id of the connection"),
            Column("id_orig_h", "text", "client address"),
            Column("id_orig_p", "int", "client port"),
            Column("id_resp_h", "text", "server address"),
            Column("id_resp_p", "int", "server port"),
            Column("method", "text", "GET, POST …"),
            Column("host", "text", "Host header"),
            Column("uri", "text", "request target as sent"),
            Column("user_agent", "text", "User-Agent header"),
            Column("status_code", "int", "status of the answer"),
        ),
        open_ended=True,
    ),
    EventKind(
        "zeek_ssl",
        "A TLS handshake Zeek saw (ssl.log).",
        (
            Column("uid", "text", "Zeek's id of the connection"),
            Column("id_orig_h", "text", "client address"),
            Column("id_orig_p", "int", "client port"),
            Column("id_resp_h", "text", "server address"),
            Column("id_resp_p", "int", "server port"),
            Column("version", "text", "TLSv12 …"),
            Column("server_name", "text", "name the client asked for (SNI)"),
            Column("ja3", "text", "JA3 client fingerprint"),
        ),
        open_ended=True,
    ),
    EventKind(
        "zeek_ssh",
        "An SSH session Zeek saw (ssh.log).",
        (
            Column("uid", "text", "Zeek's id of the connection"),
            Column("id_orig_h", "text", "client address"),
            Column("id_orig_p", "int", "client port"),
            Column("id_resp_h", "text", "server address"),
            Column("id_resp_p", "int", "server port"),
            Column("auth_success", "bool", "Zeek's guess whether the login worked"),
            Column("client", "text", "client banner"),
            Column("server", "text", "server banner"),
        ),
        open_ended=True,
    ),
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
    ),
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
        ),
    ),
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
