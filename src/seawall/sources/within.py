# ruff: noqa: E501 - patterns and names read better unbroken
"""What stands inside syslog lines of servers: requests, DNS queries, transfers, translations and the like.

A syslog file holds lines of many programs. Each stays a `syslog` row; where its program's text has a richer kind of
its own, a row of that kind is made beside it, with the time, observer and place of the line. Its id is made from the
syslog row's, so that it is as lasting. Which reader is asked depends on program and mnemonic only, so that lines of
routers cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from seawall.sources import (
    access_tables,
    auditd,
    dns_queries,
    envelopes,
    mysql_audit,
    nat_messages,
    oracle_audit,
    postgres,
    sftp,
    snmp_traps,
    transfers,
    web,
)
from seawall.sources.base import Chunk, Reading
from seawall.sources.line_format import MAX_RECORD, Told, kept
from seawall.sources.records import NEVER, Records, When

KINDS: Final = ("access", "auditd", "db_audit", "dns_queries", "nat_logs", "snmp_traps", "transfers", "web")


class Line(NamedTuple):
    """What a reader is told of a syslog line. `activity` is what the line itself already counts as."""

    message: str
    raw: str
    observer: str | None
    pid: int | None
    mnemonic: str | None
    activity: str | None


class Richer(NamedTuple):
    """A row of a richer kind."""

    kind: str
    values: Mapping[str, Any]
    when: When = NEVER  # its own time, where that says more than the header's


Reader = Callable[[Line, Reading], "Richer | None"]


def _told(kind: str, told: Told | None, *, own_time: bool = False) -> Richer | None:
    return Richer(kind, told.values, told.when if own_time else NEVER) if told else None


def _web(line: Line, reading: Reading) -> Richer | None:
    return _told("web", web.tell(line.message, reading), own_time=True)


def _dns(line: Line, reading: Reading) -> Richer | None:  # noqa: ARG001 - a reader's signature
    values = dns_queries.message(line.message)
    return Richer("dns_queries", values) if values else None


def _dnsmasq(line: Line, reading: Reading) -> Richer | None:  # noqa: ARG001 - a reader's signature
    values = dns_queries.dnsmasq(line.message)
    return Richer("dns_queries", values) if values else None


def _unbound(line: Line, reading: Reading) -> Richer | None:  # noqa: ARG001 - a reader's signature
    text = line.message if line.message.startswith("[") else f"[{line.pid or 0}:0] {line.message}"
    values = dns_queries.message(text)
    return Richer("dns_queries", values) if values else None


def _postgres(line: Line, reading: Reading) -> Richer | None:
    text = re.sub(r"^\[\d+-\d+\] ", "", line.message).replace("#011", "\t")
    return _told("db_audit", postgres.tell(text, reading))


def _nat(line: Line, reading: Reading) -> Richer | None:  # noqa: ARG001 - a reader's signature
    values = nat_messages.fields(f"{line.mnemonic}: {line.message}" if line.mnemonic else line.message)
    return Richer("nat_logs", values) if values else None


def _transfers(line: Line, reading: Reading) -> Richer | None:
    return _told("transfers", transfers.tell(line.message, reading))


def _envelope(line: Line, reading: Reading) -> Richer | None:
    return _told("access", envelopes.tell(line.raw, reading), own_time=True)


def _auditd(line: Line, reading: Reading) -> Richer | None:  # noqa: ARG001 - a reader's signature
    text = re.sub(r"^audit\(", "type=KERNEL msg=audit(", line.message)
    return _told("auditd", auditd.tell_line(text), own_time=True)


def _trap(line: Line, reading: Reading) -> Richer | None:  # noqa: ARG001 - a reader's signature
    text = snmp_traps.masked(line.message)
    found = None if snmp_traps.tap_refusal(text) else snmp_traps.message(text)
    return Richer("snmp_traps", found[0]) if found else None


def _oracle(line: Line, reading: Reading) -> Richer | None:  # noqa: ARG001 - a reader's signature
    values = oracle_audit.values_of_text(line.message)
    return Richer("db_audit", values) if values else None


def _mysql(line: Line, reading: Reading) -> Richer | None:
    return _told("db_audit", mysql_audit.mariadb(line.message.strip(), reading))


_NAMED: Final = re.compile(r'([A-Za-z][\w.\-]{0,60})="([^"]{0,2000})"|([A-Za-z][\w.\-]{0,60})=([^\s",;]{1,2000})')


def _pairs(line: Line, reading: Reading) -> Richer | None:
    """Privileged access managers that write `name="value"` (Wallix and kin)."""
    found = [(m[1] or m[3], m[2] if m[1] else m[4]) for m in _NAMED.finditer(line.message)][:200]
    found = [("operation" if name == "type" else name, value) for name, value in found]
    told = access_tables.values_of(found, line.raw, reading)
    return Richer("access", told[0]) if told and told[0]["user"] and told[0]["operation"] else None


_PROGRAMS: Final[dict[str, Reader]] = {
    **dict.fromkeys(
        ("nginx", "httpd", "apache2", "apache", "haproxy", "squid", "lighttpd", "traefik", "access_log", "web"), _web
    ),
    **dict.fromkeys(("named", "pdns", "pdns_recursor", "coredns"), _dns),
    "unbound": _unbound,
    **dict.fromkeys(("dnsmasq", "dnsmasq-dns"), _dnsmasq),
    **dict.fromkeys(("postgres", "postgresql"), _postgres),
    **dict.fromkeys(("vsftpd", "proftpd", "pure-ftpd", "xferlog"), _transfers),
    **dict.fromkeys(("ulogd", "conntrack", "conntrackd", "firewall,info", "a10logd", "A10", "lsn"), _nat),
    **dict.fromkeys(("CEF", "LEEF"), _envelope),
    **dict.fromkeys(("audispd", "audit", "auditd", "audisp-syslog", "kauditd"), _auditd),
    "snmptrapd": _trap,
    **dict.fromkeys(
        ("Oracle", "Audit", "oracle", "Oracle Audit", "Oracle Unified Audit", "Unified", "journal"), _oracle
    ),
    **dict.fromkeys(("mysql-server_auditing", "mariadb-server_auditing", "mysqld", "mariadbd"), _mysql),
    **dict.fromkeys(("sshproxy", "rdpproxy", "wabengine", "wabauth", "WAB", "beyondtrust", "psmp"), _pairs),
}
_PLATFORMS: Final[dict[str, Reader]] = {"cef": _envelope, "fortios": _nat}
_MNEMONICS: Final = re.compile(
    r"(?i)(?:IP)?NAT-\d-|(?:ASA|FTD)-(?:\w{1,24}-)?\d-30(?:2013|2015|50\d\d)|RT_(?:SRC_)?NAT|RT_FLOW_SESSION|"
    r"JSERVICES_(?:NAT|SESSION)|ASP_NAT|NAT-\w+-tmnxNat|tmnxNat|CGN|NAT44"
)
_TEXTS: Final = r"Oracle (?:Unified )?Audit\[|CEF:\s?\d|LEEF:\s?\d|lsn_event=|NAT44 .? ?\[|transip=|NAT-(?:TCP|UDP|ICMP)-|_NAT_PORT_BLOCK_|JSERVICES_SESSION_|port block \[|, NAT \("


class Within:
    """Makes the richer rows of one syslog file, block by block; a context manager, as `Records` is."""

    def __init__(self, origin: str, reading: Reading) -> None:
        self._origin, self._reading = origin, reading
        self._records: dict[str, Records] = {}
        self._sftp = sftp.Sessions()

    def enriched(self, chunk: Chunk) -> Chunk:
        """The piece with the richer rows beside its syslog rows."""
        table = chunk.tables.get("syslog")
        if table is None:
            return chunk
        readers, rows = self._chosen(table)
        if not rows:
            return chunk
        for reader, line, row in zip(readers, _lines(table, rows), _stamps(table, rows), strict=True):
            if len(line.message) <= MAX_RECORD and (richer := reader(line, self._reading)):
                self._add(richer, line, *row)
        tables, notes = dict(chunk.tables), chunk.notes
        for records in self._records.values():
            more = records.chunk()
            tables.update(more.tables)
            notes += more.notes
        return Chunk(tables, chunk.rejects, chunk.rejected, chunk.read_bytes, notes)

    def _add(self, richer: Richer, line: Line, ident: bytes, origin: str, when: When) -> None:
        if richer.kind not in self._records:
            self._records[richer.kind] = Records(richer.kind, self._origin, self._reading)
        values = dict(richer.values)
        if richer.kind != "access":  # made of the whole line, and without what its fields say is secret
            values["raw"] = kept(line.raw)
        if line.activity:
            values.pop("activity", None)  # the line is in `logins` or its kin already; once is enough
        own = richer.when if richer.when.micros is not None else when
        self._records[richer.kind].add(origin, ident, own, line.observer, values)

    def _chosen(self, table: pa.Table) -> tuple[list[Reader], list[int]]:
        """The rows a reader may know, in order, and their readers."""
        found: dict[int, Reader] = {}
        for column, reader_of in (
            ("program", self._of_program),
            ("mnemonic", _of_mnemonic),
            ("platform", _PLATFORMS.get),
        ):
            words = pc.unique(table[column]).to_pylist()
            asked = {word: reader for word in words if word and (reader := reader_of(word))}
            if asked:
                hits = np.flatnonzero(_mask(pc.is_in(table[column], pa.array(list(asked), pa.string()))))
                names = table[column].take(pa.array(hits)).to_pylist()
                for row, name in zip(hits.tolist(), names, strict=True):
                    found.setdefault(row, asked[name])
        without = pc.and_(pc.is_null(table["mnemonic"]), pc.match_substring_regex(table["raw"], _TEXTS))
        for row in np.flatnonzero(_mask(without)).tolist():
            found.setdefault(row, _any)
        rows = sorted(found)
        return [found[row] for row in rows], rows

    def _of_program(self, program: str) -> Reader | None:
        name = program.rpartition("/")[2]
        return self._sftp_line if name in sftp.PROGRAMS else _PROGRAMS.get(name)

    def _sftp_line(self, line: Line, reading: Reading) -> Richer | None:  # noqa: ARG002 - a reader's signature
        values = self._sftp.tell(line.observer, line.pid, line.message)
        return Richer("transfers", values) if values else None

    def __enter__(self) -> Within:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for records in self._records.values():
            records.__exit__(kind, error, trace)


def _any(line: Line, reading: Reading) -> Richer | None:
    return _envelope(line, reading) or _oracle(line, reading) or _nat(line._replace(message=line.raw), reading)


def _of_mnemonic(mnemonic: str) -> Reader | None:
    return _nat if _MNEMONICS.search(mnemonic) else None


def _mask(flags: pa.ChunkedArray) -> Any:
    return pc.fill_null(flags, fill_value=False).to_numpy(zero_copy_only=False)


def _lines(table: pa.Table, rows: list[int]) -> list[Line]:
    part = table.select(["message", "raw", "observer", "pid", "mnemonic", "activity"]).take(pa.array(rows))
    columns = [part[name].to_pylist() for name in part.column_names]
    return [Line(message or "", raw, *rest) for message, raw, *rest in zip(*columns, strict=True)]


def _stamps(table: pa.Table, rows: list[int]) -> list[tuple[bytes, str, When]]:
    part = table.select(["event_id", "origin", "time", "time_quality"]).take(pa.array(rows))
    micros = part["time"].cast(pa.int64()).to_pylist()
    return [
        (ident, origin, When(at, quality))
        for ident, origin, at, quality in zip(
            part["event_id"].to_pylist(),
            part["origin"].to_pylist(),
            micros,
            part["time_quality"].to_pylist(),
            strict=True,
        )
    ]
