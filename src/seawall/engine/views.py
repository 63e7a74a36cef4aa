"""Canonical views: the tables detectors ask, whatever the evidence looked like.

A view is described once, here, column by column; the reference page is generated from `VIEWS`, and a test holds
each view to it. How the rows come about stands in `view_sql.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from seawall.engine.snapshot import quoted
from seawall.model.events import COMMON, KINDS, Column, ColumnType
from seawall.model.site import Site

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class View:
    """A canonical view."""

    name: str
    doc: str
    columns: tuple[Column, ...]

    @property
    def over(self) -> tuple[str, ...]:
        """Event kinds it is made of: those that name it."""
        return tuple(kind.name for kind in KINDS if self.name in kind.views)


_BY_NAME: Final = {column.name: column for column in COMMON}


def _common(*names: str) -> tuple[Column, ...]:
    return tuple(_BY_NAME[name] for name in names)


DEVICE: Final = (
    Column("device", "text", "the device's name in the site file; else the record's device or observer as written"),
    Column("device_method", "text", "how the name was found: site alias, or as written"),
    Column(
        "device_confidence",
        "int",
        "0-100: 95 name or alias in the site file, 80 address in it, 70 name as written, 50 address as written",
    ),
)
_EVENT: Final = (
    *_common("event_id", "time", "time_quality", "observer", "origin", "trust", "tenant", "scope"),
    *DEVICE,
)
_KIND: Final = Column("kind", "text", "event kind the row comes from")
_RAW: Final = Column("raw", "text", "whole record where the kind has one line for it, secrets masked; else null")
_SERVICE: Final = Column("service", "text", "door used: ssh, telnet, web, console, netconf, snmp, rdp, smb, local …")
_LINE: Final = Column("line", "text", "terminal line or session the act came over, e.g. vty0")
_OUTCOME: Final = Column("outcome", "text", "success or failure, where the record says")
_MNEMONIC: Final = Column("mnemonic", "text", "the vendor's name for the event; for Windows the EventID")

VIEWS: Final[tuple[View, ...]] = (
    View(
        "commands",
        "Commands that people and programs gave to devices, from device logs and command accounting.",
        (
            *_EVENT,
            *_common("user", "src_ip"),
            Column("command_raw", "text", "command as written, secrets masked"),
            Column("command", "text", "command normalised: lower case, abbreviations expanded, no `do`, no <cr>"),
            Column(
                "section",
                "text",
                "configuration section: the record's own; else the last section-opening command that the same user "
                "gave on the same line of the same observer within 30 minutes, until exit, end or configure",
            ),
            _SERVICE,
            _LINE,
            _OUTCOME,
            _KIND,
            _RAW,
        ),
    ),
    View(
        "logins",
        "Logins, failed logins and logouts on devices and servers.",
        (
            *_EVENT,
            *_common("user", "src_ip", "dst_ip"),
            _SERVICE,
            _LINE,
            _OUTCOME,
            Column("activity", "text", "login or logout"),
            _MNEMONIC,
            _KIND,
            _RAW,
        ),
    ),
    View(
        "sessions",
        "Sessions put together from logins, commands and logouts: who, from where, over which hop, how long, with "
        "which authority, and what was touched. One row a session; what could not be known is said in `doubts`.",
        (
            Column("event_id", "id", "its first event: the session's name"),
            Column("time", "time", "its first event, UTC"),
            *_common("origin"),
            DEVICE[0],
            DEVICE[2],
            *_common("user", "src_ip"),
            _LINE,
            _SERVICE,
            Column("end", "time", "its last event, UTC"),
            Column("duration", "int", "seconds between the two"),
            Column("authority", "text", "role or class, else privilege level, as the records say"),
            Column("method", "text", "how the account was proved, where a record says"),
            Column("commands", "int", "commands given"),
            Column("effects", "text", "what they did to which objects, comma-separated: `acl set, log removed`"),
            Column("hop_device", "text", "device the address belongs to, if it is one of ours"),
            Column("hops", "int", "devices passed through, at most 3"),
            Column("path", "text", "the way: first address, devices passed, this device, with ` > ` between"),
            Column("doubts", "text", "what could not be known, comma-separated; null if nothing"),
        ),
    ),
    View(
        "config_changes",
        "Messages in which a device says that its configuration was changed.",
        (*_EVENT, *_common("user", "src_ip"), _SERVICE, _LINE, _MNEMONIC, _KIND, _RAW),
    ),
    View(
        "flows",
        "Connections and flows: who spoke with whom, how long, how much.",
        (
            *_EVENT,
            Column("src_ip", "text", "address of the side that began"),
            Column("src_port", "int", "its port"),
            Column("dst_ip", "text", "address of the other side"),
            Column("dst_port", "int", "its port; for ICMP as the source wrote it"),
            Column("proto", "text", "transport protocol, lower case: tcp, udp, icmp …"),
            Column("ip_proto", "int", "IANA protocol number, where the record says it"),
            Column("app", "text", "application protocol, where recognised"),
            Column("duration", "float", "seconds"),
            Column("end_time", "time", "last packet, UTC; null where the record does not say"),
            Column("tcp_flags", "text", "TCP flags or states, as written"),
            Column("direction", "text", "direction at the exporter, as written: ingress, egress …"),
            Column("next_hop", "text", "next hop address, where exported"),
            Column("src_as", "int", "autonomous system of src, where exported"),
            Column("dst_as", "int", "autonomous system of dst, where exported"),
            Column("tos", "int", "type of service octet, where exported"),
            Column("vlan", "int", "VLAN, where seen"),
            Column("icmp_type", "int", "ICMP type, where the record says it"),
            Column("icmp_code", "int", "ICMP code, where the record says it"),
            Column("tunnel", "text", "tunnel the packets ran in, where seen: gre, ipip, vxlan, gtp-u, erspan, l2tp …"),
            Column("inner_src_ip", "text", "source address inside the tunnel, where seen"),
            Column("inner_dst_ip", "text", "destination address inside the tunnel, where seen"),
            Column("end_reason", "text", "idle, active (the flow goes on), end, forced, lack; where exported"),
            Column("est_bytes", "int", "octets from the side that began times the sampling rate, where that is known"),
            Column("est_pkts", "int", "packets from the side that began times the sampling rate, where that is known"),
            Column("input_if_name", "text", "name of the interface it came in at, where announced"),
            Column("output_if_name", "text", "name of the interface it left by, where announced"),
            Column("src_bytes", "int", "octets from the side that began (Zeek: payload)"),
            Column("dst_bytes", "int", "octets from the other side (Zeek: payload)"),
            Column("src_pkts", "int", "packets from the side that began"),
            Column("dst_pkts", "int", "packets from the other side"),
            Column("state", "text", "how it went, as written: Zeek's conn_state, TCP flags, Suricata's flow state"),
            Column("sampling", "int", "one packet in so many was looked at; null if the record does not say"),
            Column("exporter", "text", "who exported the flow; null where a sensor saw it"),
            Column("input_if", "text", "interface of the exporter it came in at: index or name"),
            Column("output_if", "text", "interface of the exporter it left by: index or name"),
            _KIND,
        ),
    ),
    View(
        "conversations",
        "Exported flows put together again: pieces that active timeouts cut are joined, and what several routers, or "
        "one twice, exported of the same flow stands here once. Records without a time are left out; `flows` has them.",
        (
            *_EVENT,
            Column("src_ip", "text", "address of the side that began"),
            Column("src_port", "int", "its port"),
            Column("dst_ip", "text", "address of the other side"),
            Column("dst_port", "int", "its port; for ICMP as the source wrote it"),
            Column("proto", "text", "transport protocol, lower case"),
            Column("ip_proto", "int", "IANA protocol number, where the record says it"),
            Column("app", "text", "application protocol, where recognised"),
            Column("end_time", "time", "last packet of the last piece, UTC"),
            Column("duration", "float", "seconds, from the first packet to the last"),
            Column("src_bytes", "int", "octets of all pieces from the side that began"),
            Column("dst_bytes", "int", "octets of all pieces from the other side; null if nobody counted them"),
            Column("src_pkts", "int", "packets of all pieces from the side that began"),
            Column("dst_pkts", "int", "packets of all pieces from the other side; null if nobody counted them"),
            Column("est_bytes", "int", "octets times the sampling rate, where that is known"),
            Column("est_pkts", "int", "packets times the sampling rate, where that is known"),
            Column("sampling", "int", "one packet in so many was looked at; null if the record does not say"),
            Column("state", "text", "how it went, as written"),
            Column("exporter", "text", "the exporter whose records these are; others told the same"),
            Column("input_if", "text", "interface it came in at: index or name"),
            Column("output_if", "text", "interface it left by: index or name"),
            Column("next_hop", "text", "next hop address, where exported"),
            Column("src_as", "int", "autonomous system of src, where exported"),
            Column("dst_as", "int", "autonomous system of dst, where exported"),
            Column("tunnel", "text", "tunnel the packets ran in, where seen"),
            Column("inner_src_ip", "text", "source address inside the tunnel, where seen"),
            Column("inner_dst_ip", "text", "destination address inside the tunnel, where seen"),
            Column("end_reason", "text", "why the last piece ended; active: it goes on beyond the evidence"),
            Column("pieces", "int", "records it was put together from"),
            _KIND,
        ),
    ),
    View(
        "dns",
        "Names asked for, and the answers.",
        (
            *_EVENT,
            Column("src_ip", "text", "address of the client"),
            Column("dst_ip", "text", "address of the server"),
            Column("query", "text", "name asked for, lower case, without the final dot"),
            Column("qtype", "text", "A, AAAA, TXT …"),
            Column("answers", "text", "answers, comma-separated"),
            Column("rcode", "text", "NOERROR, NXDOMAIN …"),
            _KIND,
        ),
    ),
    View(
        "http",
        "Requests to web servers, whoever saw them: a sensor on the wire, the server or a proxy.",
        (
            *_EVENT,
            Column(
                "server", "text", "what was asked: the device if the record names one, else address, else host name"
            ),
            *_common("user"),
            Column("src_ip", "text", "address of the client; of the last proxy where one stands between"),
            Column("src_port", "int", "its port, where seen"),
            Column("dst_ip", "text", "address of the server, where seen"),
            Column("dst_port", "int", "its port, where seen"),
            Column("forwarded_for", "text", "X-Forwarded-For: what the client or a proxy claims"),
            Column("method", "text", "GET, POST …"),
            Column("host", "text", "Host header or virtual host"),
            Column("uri", "text", "request target as sent, secrets masked"),
            Column("status", "int", "status of the answer"),
            Column("bytes", "int", "octets of the answer"),
            Column("referrer", "text", "Referer header"),
            Column("user_agent", "text", "User-Agent header"),
            _KIND,
            _RAW,
        ),
    ),
    View(
        "accesses",
        "Who read or changed which data: database audit, file transfers, privileged access, network managers, and web "
        "requests of named users. The answer to `was customer data read` stands here.",
        (
            *_EVENT,
            *_common("user", "src_ip"),
            Column("system", "text", "database, program or product that says so"),
            Column("action", "text", "read, write, delete, list, export, login, logout, admin"),
            Column("object", "text", "table, file, page, account or network element, as written"),
            Column("rows", "int", "rows or records concerned, where the record says"),
            Column("bytes", "int", "octets moved, where the record says"),
            _OUTCOME,
            _KIND,
            _RAW,
        ),
    ),
    View(
        "heard",
        "Every record by which a device shows that it is alive and that its records arrive: one row per record, from "
        "logs, accounting, traps and flow export. The answer to `since when is it silent` stands here.",
        (
            *_EVENT,
            Column("received", "time", "when a relay or collector took it in, UTC, if known"),
            *_common("user", "src_ip"),
            Column("sequence", "int", "the device's own counter, if written"),
            _MNEMONIC,
            Column("platform", "text", "platform its form belongs to, where recognised"),
            _KIND,
            _RAW,
        ),
    ),
    View(
        "devices",
        "Every device that said something, and every device of the site file. Two names are one device only if the "
        "site file says so; an address alone never merges anything.",
        (
            Column("device", "text", "name, as the other views have it"),
            Column("observers", "text", "spellings it goes by in the evidence, comma-separated, sorted"),
            Column("platform", "text", "platform its records show; else the site file's"),
            Column("first", "time", "earliest record, UTC"),
            Column("last", "time", "latest record, UTC"),
            Column("events", "int", "records; 0 for a device the site names and the evidence does not"),
            Column("role", "text", "role in the site file"),
            Column("method", "text", "site alias, or as written"),
            Column("confidence", "int", "0-100, as `device_confidence`"),
        ),
    ),
    View(
        "nat",
        "Address translations: who stood behind an outside address and port at a time.",
        (
            *_EVENT,
            Column("inside_ip", "text", "address before translation"),
            Column("inside_port", "int", "port before translation"),
            Column("outside_ip", "text", "address after translation"),
            Column("outside_port", "int", "port after translation; first of the block for port-block allocation"),
            Column("outside_port_end", "int", "last port of the block; null for single translations"),
            Column("dst_ip", "text", "far end, where logged"),
            Column("dst_port", "int", "its port"),
            Column("user", "text", "subscriber, where logged"),
            Column("proto", "text", "transport protocol, lower case"),
            Column("action", "text", "create or delete"),
            _KIND,
            _RAW,
        ),
    ),
)
BY_NAME: Final[dict[str, View]] = {view.name: view for view in VIEWS}


def create(con: duckdb.DuckDBPyConnection, known: Mapping[str, Mapping[str, ColumnType]], site: Site) -> None:
    """Create every canonical view on a connection that has the kinds as views.

    `known` names the columns, with types, of each kind there.
    """
    from seawall.engine import view_sql

    for name, rows in site_tables(site).items():
        _fill(con, name, rows)
    for view in VIEWS:
        con.execute(f"CREATE VIEW {quoted(view.name)} AS {view_sql.select_for(view, known)}")


def _fill(con: duckdb.DuckDBPyConnection, table: str, rows: pa.Table) -> None:
    """A table of the site's rows, handed over at once: a carrier has tens of thousands of devices."""
    con.register("given", rows)
    con.execute(f"CREATE TABLE {quoted(table)} AS SELECT * FROM given")  # noqa: S608 - the name is ours, and quoted
    con.unregister("given")


def site_tables(site: Site) -> dict[str, pa.Table]:
    """What the views ask of a site: `site_names` (spelling, device, confidence), `site_devices` (device, role, …)."""
    names = [dict(zip(("spelling", "device", "confidence"), row, strict=True)) for row in site_names(site)]
    devices = [{"device": d.name, "role": d.role, "platform": d.platform} for d in site.devices]
    text = pa.string()
    return {
        "site_names": pa.Table.from_pylist(
            names, pa.schema([("spelling", text), ("device", text), ("confidence", pa.int64())])
        ),
        "site_devices": pa.Table.from_pylist(
            devices, pa.schema([("device", text), ("role", text), ("platform", text)])
        ),
    }


def site_names(site: Site) -> list[tuple[str, str, int]]:
    """Every spelling of the site's devices (lower case), the device it means, and how sure that is."""
    addresses = {address.lower() for device in site.devices for address in device.addresses}
    return [(spelling, name, 80 if spelling in addresses else 95) for spelling, name in site.device_names.items()]
