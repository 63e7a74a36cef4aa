"""Operation and access logs exported as tables or JSON lines by systems that run networks or guard access.

Nokia NetAct, Ericsson ENM, Huawei U2020 and iMaster, Cisco EPNM and Prime, PAM and VPN exports, Teleport: each names
its columns its own way, all have an account, a time, an operation, an object, a result and a client address. Columns
are found by the many names they go by; those nobody knows are kept under their own.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from seawall.platforms.masking import MASK, names_a_secret, struck
from seawall.sources import csv_tables
from seawall.sources.base import SNIFFING, Chunk, Evidence, Reading, Source
from seawall.sources.deeds import deed_of
from seawall.sources.line_format import IP, Told, kept, number, read_lines, refused, said, sureness
from seawall.sources.line_times import day_first, time_at_start
from seawall.sources.records import NEVER, Records, When

_NAMES: Final[dict[str, tuple[str, ...]]] = {  # ours → theirs, letters and digits only, best first
    "user": (
        "user",
        "username",
        "operator",
        "operatorname",
        "userid",
        "account",
        "accountname",
        "loginname",
        "login",
        "srcuser",
        "initiatinguser",
        "actor",
        "useraccount",
        "loginuser",
        "identityuser",
        "userlogin",
    ),
    "src_ip": (
        "clientip",
        "clientipaddress",
        "sourceip",
        "sourceipaddress",
        "srcip",
        "terminalip",
        "terminalipaddress",
        "terminal",
        "ipaddress",
        "remoteip",
        "remoteaddress",
        "addrremote",
        "clientaddress",
        "loginip",
        "userip",
        "operationterminal",
        "publicip",
        "hostaddress",
        "client",
        "ip",
        "srcaddress",
        "workstation",
        "useripaddress",
    ),
    "operation": (
        "operation",
        "operationname",
        "event",
        "eventname",
        "action",
        "activity",
        "command",
        "operationtype",
        "method",
        "eventtype",
        "eventid",
        "task",
        "auditdescription",
        "description",
        "stage",
        "requestname",
    ),
    "object": (
        "object",
        "objectname",
        "operationobject",
        "targetobject",
        "target",
        "resource",
        "resourcename",
        "ne",
        "nename",
        "networkelement",
        "devicename",
        "managedobject",
        "mo",
        "managedelement",
        "dn",
        "distinguishedname",
        "fdn",
        "targetaccount",
        "safe",
        "file",
        "filename",
        "entity",
        "serverhostname",
        "objectdn",
        "affectedobject",
    ),
    "result": (
        "result",
        "operationresult",
        "status",
        "outcome",
        "state",
        "response",
        "success",
        "resultcode",
        "eventstatus",
        "returncode",
    ),
    "time": (
        "time",
        "timestamp",
        "operationtime",
        "datetime",
        "eventtime",
        "starttime",
        "logtime",
        "date",
        "occurtime",
        "generatedtime",
        "receivetime",
        "operationstarttime",
        "logintime",
        "startdate",
        "timegenerated",
        "localtime",
    ),
    "device": (
        "host",
        "hostname",
        "server",
        "servername",
        "emshost",
        "sourcehost",
        "reportingdevice",
        "system",
        "nodename",
    ),
    "system": (
        "application",
        "applicationname",
        "service",
        "module",
        "component",
        "product",
        "source",
        "appname",
        "domain",
    ),
    "session": ("sessionid", "sid", "session", "psid", "jobid"),
    "message": (
        "details",
        "detail",
        "message",
        "additionalinfo",
        "operationdetails",
        "detailedinformation",
        "comment",
        "remark",
        "info",
        "reason",
    ),
    "severity": ("severity", "level", "risklevel", "operationlevel", "priority"),
    "rows": ("rows", "records", "recordcount", "rowcount", "numberofrecords"),
    "bytes": ("bytes", "size", "filesize", "bytestransferred"),
    "command_raw": ("commandline", "cmd", "commandtext", "mml", "mmlcommand", "protocommand"),
}
_OURS: Final = {theirs: (ours, at) for ours, names in reversed(_NAMES.items()) for at, theirs in enumerate(names)}
_SURE_USER: Final = frozenset(_NAMES["user"])
_SURE_OPERATION: Final = frozenset(_NAMES["operation"])
_SURE_TIME: Final = frozenset(_NAMES["time"])
_OTHERS: Final = frozenset((*_NAMES["src_ip"], *_NAMES["object"], *_NAMES["result"], *_NAMES["message"]))
# Columns that make a table one of another source: flows, indicators, RADIUS, DNS.
_NOT_OURS: Final = frozenset(
    {
        "indicator",
        "ioc",
        "srcport",
        "dstport",
        "proto",
        "acctstatustype",
        "nasipaddress",
        "qtype",
        "natip",
        "publicport",
        "msgtype",
    }
)
_TAKEN: Final = frozenset(
    (
        "event_id",
        "time",
        "time_quality",
        "received",
        "observer",
        "origin",
        "trust",
        "tenant",
        "scope",
        "user",
        "src_ip",
        "dst_ip",
        "device",
        "raw",
        "activity",
        "outcome",
        "service",
        "line",
        "command_raw",
        "command",
        "section",
        "system",
        "action",
        "operation",
        "object",
        "rows",
        "bytes",
        "session",
        "severity",
        "message",
    )
)
_ADDRESS: Final = re.compile(rf"(?<![\w.])({IP})(?![\w.])")


def is_header(names: Sequence[str]) -> bool:
    """Whether columns are those of an access log: account, time and operation, and one thing more."""
    found = {csv_tables.letters(name) for name in names}
    return bool(
        found & _SURE_USER
        and found & _SURE_OPERATION
        and found & _SURE_TIME
        and found & _OTHERS
        and not found & _NOT_OURS
    )


def _header(evidence: Evidence) -> tuple[str, list[str]] | None:
    found = csv_tables.head_header(evidence, _SURE_USER | _SURE_OPERATION | _SURE_TIME | _OTHERS, 4)
    return found if found and is_header(found[1]) else None


def values_of(pairs: Sequence[tuple[str, str]], raw: str, reading: Reading) -> tuple[dict[str, Any], When] | None:
    """The columns and the time of a record given as named values; None if it names neither account nor operation."""
    found: dict[str, str] = {}
    best: dict[str, int] = {}
    further: list[tuple[str, str]] = []
    for name, value in pairs:
        ours, rank = _OURS.get(csv_tables.letters(name), ("", 0))
        if ours and said(value) is not None and rank < best.get(ours, 999):
            if ours in found:
                further.append((_column(name), found[ours]))
            found[ours], best[ours] = value, rank
        elif said(value) is not None:
            further.append((name, value))
    if not found.get("user") and not found.get("operation"):
        return None
    operation = found.get("operation", "")
    deed = deed_of(
        " ".join(part for part in (operation, found.get("system", "")) if part) if operation else "",
        found.get("result", ""),
    )
    address = _ADDRESS.search(found.get("src_ip", ""))
    values: dict[str, Any] = {
        name: kept(found.get(name))
        for name in ("user", "operation", "object", "device", "system", "session", "message", "severity", "command_raw")
    }
    values |= {
        "src_ip": address[1] if address else None,
        "action": deed_of(operation).action or deed.action,
        "activity": "command" if values["command_raw"] else deed.activity,
        "outcome": deed.outcome,
        "rows": number(found.get("rows")),
        "bytes": number(found.get("bytes")),
        "raw": kept(_shown(pairs, raw)),
    }
    for name, value in further:
        column = _column(name)
        if column and column.lower() not in _TAKEN and column not in values:
            values[column] = MASK if names_a_secret(column) else kept(value)
    written = found.get("time", "")
    return values, time_at_start(day_first(written.strip()), reading) if written else NEVER


def _shown(pairs: Sequence[tuple[str, str]], raw: str) -> str | None:
    """A record as it may be shown: in a table no keyword stands beside a password."""
    return struck(raw, [value for name, value in pairs if names_a_secret(_column(name))])


def _column(name: str) -> str:
    return re.sub(r"\W+", "_", name).strip("_")[:60]


def tell_json(text: str, reading: Reading) -> Told | None:
    """A JSON line of an access log (Teleport's audit events and kin); None if it is none."""
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    pairs = [(name, _plain(value)) for name, value in _flat(record) if isinstance(value, (str, int, float))]
    if not is_header([name for name, _ in pairs]):
        return None
    told = values_of(pairs, text, reading)
    return Told(told[0], told[1], told[0]["device"]) if told else None


def _flat(record: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in record.items():
        if isinstance(value, dict):
            yield from ((f"{name}.{inner}", deep) for inner, deep in value.items())
        else:
            yield name, value


def _plain(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def sniff(evidence: Evidence) -> int:
    """85 for a table with the columns of an access log, 80 for JSON lines with its names: others may know better."""
    if evidence.head.lstrip()[:1] == b"{":
        return sureness(evidence, lambda text: text[:1] == "{" and tell_json(text, SNIFFING) is not None, 80)
    return 85 if _header(evidence) else 0


def read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of kind `access` and rejects. Raises InputError if the file cannot be read on."""
    header = _header(evidence)
    if header is None:
        yield from read_lines(evidence, reading, "access", tell_json, "record of an access log")
        return
    with Records("access", evidence.origin, reading) as records:
        yield from csv_tables.read_rows(evidence, records, header, lambda row: _take(records, row, header[1], reading))


def _take(records: Records, row: csv_tables.Row, names: Sequence[str], reading: Reading) -> None:
    why = refused(row.text)
    pairs = list(zip(names, row.cells, strict=False))
    by_name = {csv_tables.letters(name): value for name, value in pairs}
    if ":" in by_name.get("time", "") and len(by_name["time"]) < 14 and said(by_name.get("date")):
        pairs = [
            *[(n, v) for n, v in pairs if csv_tables.letters(n) not in ("date", "time")],
            ("time", f"{by_name['date']} {by_name['time']}"),
        ]
    told = None if why else values_of(pairs, row.text, reading)
    if told is None:
        records.reject(row.number, why or f"neither an account nor an operation: {_shown(pairs, row.text) or MASK}")
    else:
        values, when = told
        records.add(row.number, row.text.encode("utf-8", "surrogatepass"), when, values["device"], values)


SOURCE: Final = Source(
    "access_tables", "Operation and access logs (NMS, EMS, PAM, VPN; CSV and JSON)", ("access",), sniff, read
)
