# ruff: noqa: E501 - patterns are as long as they are
"""Oracle audit: XML files, the text files of the operating system (.aud), and CSV exports of the unified trail.

Oracle Database Security Guide, "Auditing": AUDIT_TRAIL=XML and OS; UNIFIED_AUDIT_TRAIL, DBA_AUDIT_TRAIL. An XML file
may end without its closing tag, because the session still writes; records are taken one by one, no tree is built.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any, Final

from seawall.sources import csv_tables
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.line_format import IP, NOTHING, Told, kept, number, read_groups, refused, said
from seawall.sources.line_times import day_first, time_at_start
from seawall.sources.lines import head_lines
from seawall.sources.records import NEVER, Records
from seawall.sources.sql_words import masked, read_statement

# AUDIT_ACTIONS of the documentation: number → name.
_ACTIONS: Final = {
    "1": "CREATE TABLE", "2": "INSERT", "3": "SELECT", "6": "UPDATE", "7": "DELETE", "9": "CREATE INDEX", "12": "DROP TABLE",
    "15": "ALTER TABLE", "17": "GRANT OBJECT", "18": "REVOKE OBJECT", "21": "CREATE VIEW", "26": "LOCK", "30": "AUDIT OBJECT",
    "31": "NOAUDIT OBJECT", "42": "ALTER SESSION", "43": "ALTER USER", "44": "COMMIT", "45": "ROLLBACK", "47": "PL/SQL EXECUTE",
    "49": "ALTER SYSTEM", "51": "CREATE USER", "52": "CREATE ROLE", "53": "DROP USER", "54": "DROP ROLE", "79": "ALTER ROLE",
    "85": "TRUNCATE TABLE", "100": "LOGON", "101": "LOGOFF", "102": "LOGOFF BY CLEANUP", "103": "SESSION REC", "104": "SYSTEM AUDIT",
    "105": "SYSTEM NOAUDIT", "108": "SYSTEM GRANT", "109": "SYSTEM REVOKE", "114": "GRANT ROLE", "115": "REVOKE ROLE",
    "116": "EXECUTE PROCEDURE",
}  # fmt: skip
_TAG: Final = re.compile(r"<([A-Za-z_]{2,40})>([^<]{0,40000})</\1>")
_ADDRESS: Final = re.compile(rf"\(HOST=({IP})\)")
_TEXT_FIELD: Final = re.compile(
    r"([A-Z][A-Z$ ]{1,30}?) ?:\s?\[\d{1,6}\] ?(?:'((?:[^']|''(?!\n))*)'|\"([^\"]*)\")", re.DOTALL
)
_STAMP: Final = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d(?:\.\d{1,9})? \d{4}")
_PLACES: Final[dict[str, tuple[str, ...]]] = {  # ours → Oracle's, letters only
    "user": ("dbuser", "dbusername", "databaseuser", "username", "userid"),
    "os_user": ("osuser", "osusername", "clientuser", "osuserid"),
    "host": ("userhost", "clienthost", "hostname"),
    "operation": ("actionname", "action"),
    "schema": ("objectschema", "objcreator", "owner", "objowner"),
    "name": ("objectname", "objname"),
    "statement": ("sqltext",),
    "code": ("returncode", "returncd", "status"),
    "session": ("sessionid",),
    "database": ("dbname", "databasename", "instancename"),
    "program": ("clientprogramname", "clientprogram"),
    "comment": ("commenttext", "authenticationtype", "comment$text"),
    "time": ("extendedtimestamp", "eventtimestamp", "eventtimestamputc", "timestamp"),
    "terminal": ("terminal", "clientterminal"),
}
_WANTED: Final = frozenset(
    ("dbusername", "username", "actionname", "returncode", "objectname", "sqltext", "userhost", "eventtimestamp", "osusername", "dbuser", "extendedtimestamp", "objectschema", "clientprogramname", "unifiedauditpolicies", "osuser")
)  # fmt: skip


def _values(fields: dict[str, str], raw: str) -> dict[str, Any]:
    """The columns of a record given as Oracle's fields, names in letters only."""
    found = {
        ours: next((said(fields[n]) for n in names if said(fields.get(n))), None) for ours, names in _PLACES.items()
    }
    operation = found["operation"] or ""
    statement = found["statement"]
    if operation.isdigit():
        operation = _ACTIONS.get(operation, operation)
    elif len(operation.split()) > 3 or re.search(r"[*(),=']", operation):
        statement, operation = (
            operation,
            read_statement(operation).operation or "",
        )  # SYS records hold the statement here
    told = read_statement(statement or operation)
    address = _ADDRESS.search(found["comment"] or "") or _ADDRESS.search(raw)
    name = ".".join(part for part in (found["schema"], found["name"]) if part) or told.object
    word = operation.upper()
    activity = (
        "login" if word in ("LOGON", "CONNECT") else "logout" if word.startswith(("LOGOFF", "DISCONNECT")) else None
    )
    action = activity or ("read" if word == "SESSION REC" else _action(word) or told.action)
    code = found["code"]
    return {
        "system": "oracle",
        "service": "database",
        "user": found["user"],
        "os_user": found["os_user"],
        "src_ip": address[1] if address else found["host"] if re.fullmatch(IP, found["host"] or "") else None,
        "database": found["database"],
        "object": name,
        "operation": kept(operation),
        "action": action,
        "activity": activity,
        "statement": masked(statement),
        "outcome": None if code is None else "success" if code == "0" else "failure",
        "code": code,
        "session": found["session"],
        "program": found["program"],
        "raw": kept(masked(raw)),
    }


def _action(word: str) -> str | None:
    first = word.partition(" ")[0]
    if "AUDIT" in word or first in ("SYSTEM", "PL/SQL"):
        return "admin" if "EXECUTE" not in word else "read"
    return read_statement(word).action if first not in ("COMMIT", "ROLLBACK") else None


def tell_xml(text: str, reading: Reading) -> Told | None:
    """An `<AuditRecord>`; NOTHING for the lines around records."""
    if "<AuditRecord>" not in text:
        return (
            NOTHING
            if re.match(r"\s*(?:<\?xml|</?Audit\b|xmlns:xsi=|xsi:schemaLocation=|<Version|</AuditRecord)", text)
            else None
        )
    body = text[text.index("<AuditRecord>") :]
    fields = {_letters(name): html.unescape(value).strip() for name, value in _TAG.findall(body)}
    if "</AuditRecord>" not in body:
        return None  # cut short: what it would have said is not known
    if "extendedtimestamp" not in fields and "action" not in fields:
        return None
    values = _values(fields, body)
    return Told(values, time_at_start(fields.get("extendedtimestamp", ""), reading), said(fields.get("serverhost")))


def tell_text(text: str, reading: Reading) -> Told | None:
    """A record of a text file: `Sun Nov 22 … LENGTH : … ACTION :[7] 'CONNECT' …`; NOTHING for the file's own head."""
    fields = fields_of(text)
    if not fields:
        return (
            NOTHING
            if re.match(
                r"(?:Audit file |Oracle Database|With the|and |ORACLE_HOME|System name|Node name|Release:|Version:|Machine:|Instance name|Redo thread|Oracle process|Unix process|JServer|Build label|\s*$)",
                text,
            )
            else None
        )
    stamp = _STAMP.search(text)
    zone = re.match(r" ?([+-]\d\d:\d\d)", text[stamp.end() :]) if stamp else None
    when = time_at_start(stamp[0], reading) if stamp else NEVER
    if zone and when.micros is not None:
        sign = -1 if zone[1][0] == "-" else 1
        shift = sign * (int(zone[1][1:3]) * 60 + int(zone[1][4:6])) * 60_000_000
        when = when._replace(micros=when.micros - shift, quality="exact")
    return Told(_values(fields, text), when)


def fields_of(text: str) -> dict[str, str]:
    """The fields `NAME:[length] 'value'` of a text record, also as syslog carries it."""
    found = {_letters(name): (one or two or "").strip() for name, one, two in _TEXT_FIELD.findall(text)}
    return found if {"action", "actionnumber"} & found.keys() else {}


def values_of_text(text: str) -> dict[str, Any] | None:
    """The columns of a text record inside syslog; None if it is none."""
    fields = fields_of(text)
    return _values(fields, text) if fields else None


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())


def _kind(evidence: Evidence) -> str:
    """Which of the three forms a head is: xml, text, csv; empty if none."""
    lines = [line.decode("utf-8", "replace") for line in head_lines(evidence.head, 60)]
    text = "\n".join(lines)
    if re.search(r"<Audit xmlns=\"http://xmlns\.oracle\.com|<AuditRecord>", text):
        return "xml"
    if re.search(r"^(?:ACTION|SESSIONID) ?:\[\d+\] ['\"]", text, re.MULTILINE) or (
        lines and lines[0].startswith("Audit file ")
    ):
        return "text"
    found = csv_tables.head_header(evidence, _WANTED, 4)
    return "csv" if found and {"actionname", "action"} & {csv_tables.letters(n) for n in found[1]} else ""


def sniff(evidence: Evidence) -> int:
    """97 for the XML and text forms, 92 for an export with Oracle's column names."""
    return {"xml": 97, "text": 97, "csv": 92}.get(_kind(evidence), 0)


def read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of kind `db_audit` and rejects. Raises InputError if the file cannot be read on."""
    kind = _kind(evidence)
    if kind == "csv":
        yield from _read_csv(evidence, reading)
    elif kind == "xml":
        yield from read_groups(evidence, reading, "db_audit", tell_xml, "audit record", _in_record)
    else:
        yield from read_groups(evidence, reading, "db_audit", tell_text, "audit record", _in_text)


def _in_record(waiting: list[str], text: str) -> bool:
    """XML: from `<AuditRecord>` to its end, over however many lines."""
    return "<AuditRecord>" in waiting[0] and "</AuditRecord>" not in waiting[-1] and "<AuditRecord>" not in text


def _in_text(waiting: list[str], text: str) -> bool:
    """Text: a record begins with a time, and runs to the next."""
    return _STAMP.match(waiting[0]) is not None and not _STAMP.match(text)


def _read_csv(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    found = csv_tables.head_header(evidence, _WANTED, 4)
    if found is None:
        return
    names = [_letters(name) for name in found[1]]
    with Records("db_audit", evidence.origin, reading) as records:
        yield from csv_tables.read_rows(
            evidence,
            records,
            found,
            lambda row: _take(records, row, dict(zip(names, row.cells, strict=False)), reading),
        )


def _take(records: Records, row: csv_tables.Row, fields: dict[str, str], reading: Reading) -> None:
    values = _values(fields, row.text)
    why = refused(row.text)
    if why or not (values["operation"] or values["user"]):
        records.reject(row.number, why or f"neither an action nor an account: {row.text}")
        return
    written = next((fields[n] for n in _PLACES["time"] if said(fields.get(n))), "")
    when = time_at_start(day_first(_oracle_time(written)), reading)
    values["rows"] = number(fields.get("rowsprocessed"))
    records.add(row.number, row.text.encode("utf-8", "surrogatepass"), when, said(fields.get("instancename")), values)


def _oracle_time(text: str) -> str:
    """`22-NOV-26 10.30.17.123456 AM +01:00` as `22-Nov-2026 10:30:17.123456 AM +01:00`; others unchanged."""
    found = re.match(r"(\d{1,2})-([A-Za-z]{3})-(\d{2}|\d{4}) (\d{1,2})[.:](\d\d)[.:](\d\d)(.*)", text)
    if not found:
        return text
    day, month, year, hour, minute, second, rest = found.groups()
    return f"{day}-{month.capitalize()}-{year if len(year) == 4 else '20' + year} {hour:>02}:{minute}:{second}{rest}"


SOURCE: Final = Source(
    "oracle_audit", "Oracle audit trail (XML, OS text, unified audit as CSV)", ("db_audit",), sniff, read
)
