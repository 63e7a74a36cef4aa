# ruff: noqa: E501 - patterns are as long as they are
"""PostgreSQL server logs: stderr with any `log_line_prefix`, csvlog, jsonlog, and pgaudit's lines inside them.

A prefix is read by what its parts look like (a time, `[pid]`, `user@database`, `user=…`, an address), so that no
setting is needed. Statements over several lines go on with a tab; they are joined.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.line_format import IP, Told, has_syslog_header, kept, number, read_groups, said
from seawall.sources.line_times import time_at_start
from seawall.sources.lines import head_lines
from seawall.sources.records import NEVER, When
from seawall.sources.sql_words import masked, read_statement

_LEVELS: Final = r"LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|STATEMENT|DETAIL|HINT|CONTEXT|QUERY|LOCATION|DEBUG[1-5]?"
_STDERR: Final = re.compile(
    rf"(?P<prefix>.{{0,400}}?)(?:^|[\s:>\]])(?P<level>{_LEVELS}): {{1,3}}(?P<text>.*)$", re.DOTALL
)
_PID: Final = re.compile(r"\[(\d{1,10})(?:-\d{1,10})?\]|\bpid=(\d{1,10})|(?<= )(\d{2,10})(?= |$)")
_NAMED: Final = re.compile(
    r"\b(user|usr|u|db|database|d|app|application|client|host|remote|h|ip)[=:]\s?([^\s,;|\]]{1,200})"
)
_AT: Final = re.compile(r"(?<![\w=])([\w.\-]{1,63})@([\w.\-]{1,63}|\[unknown\])(?![\w.])")
_HOST: Final = re.compile(rf"(?<![\w.:\-])({IP})(?:\((\d{{1,5}})\))?(?![\w.:])")
_NAMES: Final = {
    **dict.fromkeys(("user", "usr", "u"), "user"),
    **dict.fromkeys(("db", "database", "d"), "database"),
    **dict.fromkeys(("app", "application"), "program"),
    **dict.fromkeys(("client", "host", "remote", "h", "ip"), "src_ip"),
}
_AUDIT: Final = re.compile(r"AUDIT: (?P<record>(?:SESSION|OBJECT),\d+,\d+,.*)$", re.DOTALL)
_SAYS: Final = tuple(
    (re.compile(pattern, re.DOTALL), fixed)
    for pattern, fixed in (
        (
            r"connection authorized: user=(?P<user>\S+)(?: database=(?P<database>\S+))?(?: application_name=(?P<program>.*?))?"
            r"(?: SSL.*)?$",
            {"action": "login", "activity": "login", "outcome": "success", "operation": "CONNECT"},
        ),
        (
            r"replication connection authorized: user=(?P<user>\S+)",
            {"action": "login", "activity": "login", "outcome": "success", "operation": "REPLICATION"},
        ),
        (
            r"connection received: host=(?P<src_ip>\S+)(?: port=\d+)?",
            {"operation": "CONNECTION RECEIVED"},
        ),
        (
            r"disconnection: session time: \S+ user=(?P<user>\S+) database=(?P<database>\S+) host=(?P<src_ip>\S+)",
            {"action": "logout", "activity": "logout", "operation": "DISCONNECT"},
        ),
        (
            r"(?:password|peer|ident|LDAP|RADIUS|PAM|GSSAPI|certificate|SCRAM\S*|\w+) authentication failed for user "
            r"\"(?P<user>[^\"]*)\"",
            {"action": "login", "activity": "login", "outcome": "failure", "operation": "CONNECT"},
        ),
        (
            r"(?:no pg_hba\.conf entry|pg_hba\.conf rejects \w+) for (?:replication connection from )?host "
            r"\"(?P<src_ip>[^\"]*)\", user \"(?P<user>[^\"]*)\"(?:, database \"(?P<database>[^\"]*)\")?",
            {"action": "login", "activity": "login", "outcome": "failure", "operation": "CONNECT"},
        ),
        (
            r"role \"(?P<user>[^\"]*)\" (?:does not exist|is not permitted to log in)",
            {"action": "login", "activity": "login", "outcome": "failure", "operation": "CONNECT"},
        ),
    )
)
_STATEMENT: Final = re.compile(
    r"(?:duration: [\d.]+ ms {1,2})?(?:statement|(?:execute|parse|bind)(?: fetch from)? [^:]{1,200}): (?P<sql>.*)$",
    re.DOTALL,
)
_REFUSED: Final = re.compile(r"\sSTATEMENT: {1,3}(?P<sql>.+)$", re.DOTALL)  # collectors lay both messages in one line
_CSV_NAMES: Final = ("time", "user", "database", "pid", "host", "session", "n", "tag", "start", "vxid", "xid", "level")
_CSV_NAMES_ON: Final = (
    "code",
    "message",
    "detail",
    "hint",
    "iq",
    "iqp",
    "context",
    "query",
    "qp",
    "location",
    "program",
)


class _Line(NamedTuple):
    """One message of the server, whatever the form of its log."""

    level: str
    text: str
    known: dict[str, Any]
    when: When


def _stderr(text: str, reading: Reading) -> _Line | None:
    found = _STDERR.match(text)
    if found is None:
        return None
    prefix = found["prefix"]
    when = time_at_start(prefix.lstrip("<["), reading)
    if when is NEVER:
        later = re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|(?<!\d)\d{10}\.\d{3}", prefix)
        when = time_at_start(prefix[later.start() :], reading) if later else NEVER
    known: dict[str, Any] = {}
    for name, value in _NAMED.findall(prefix):
        known.setdefault(_NAMES[name], _known(value))
    if (at := _AT.search(prefix)) and "user" not in known:
        known |= {"user": _known(at[1]), "database": _known(at[2])}
    bare = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)?(?: [A-Z]{2,5})?:?", " ", prefix)
    if host := known.get("src_ip"):
        known["src_ip"] = _known(re.sub(r"\(\d{1,5}\)$", "", host))
    elif address := _HOST.search(bare):
        known["src_ip"] = address[1]
    if pid := _PID.search(bare):
        known["session"] = pid[1] or pid[2] or pid[3]
    return _Line(found["level"], found["text"], known, when)


def _known(text: str) -> str | None:
    return None if text in ("[unknown]", "[local]", "unknown") else said(text)


def _csv(cells: list[str], reading: Reading) -> _Line | None:
    if len(cells) < 22 or not re.fullmatch(_LEVELS, cells[11]):
        return None
    row = dict(zip(_CSV_NAMES + _CSV_NAMES_ON, cells, strict=False))
    known = {
        "user": said(row["user"]),
        "database": said(row["database"]),
        "src_ip": _known(re.sub(r":\d{1,5}$", "", row["host"])),
        "session": said(row["session"]),
        "code": said(row["code"]),
        "program": said(row.get("program", "")),
        "statement": masked(said(row["query"])),
    }
    return _Line(row["level"], row["message"], known, time_at_start(row["time"], reading))


def _json(text: str, reading: Reading) -> _Line | None:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict) or "error_severity" not in record or "message" not in record:
        return None
    row = {name: str(value) for name, value in record.items() if isinstance(value, (str, int))}
    known = {
        "user": said(row.get("user")),
        "database": said(row.get("dbname")),
        "src_ip": _known(row.get("remote_host", "")),
        "session": said(row.get("session_id")),
        "code": said(row.get("state_code")),
        "program": said(row.get("application_name")),
        "statement": masked(row.get("statement")),
    }
    return _Line(row["error_severity"], row["message"], known, time_at_start(row.get("timestamp", ""), reading))


def tell(text: str, reading: Reading) -> Told | None:
    """What one record says; None if it is none."""
    if text[:1] == "{":
        line = _json(text, reading)
    elif text[:1].isdigit() and text.count(",") >= 21:
        line = _csv(_cells(text), reading) or _stderr(text, reading)
    else:
        line = _stderr(text, reading)
    if line is None:
        return None
    values: dict[str, Any] = {"system": "postgresql", "service": "database", **line.known}
    for name, value in _meaning(line).items():
        if value is not None:
            values[name] = value
    values["raw"] = kept(masked(text))
    return Told(values, line.when)


def _cells(text: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(text)), [])
    except csv.Error:
        return []


def _meaning(line: _Line) -> dict[str, Any]:
    """What a message says was done."""
    if found := _AUDIT.search(line.text):
        return _audit(found["record"])
    for pattern, fixed in _SAYS:
        if found := pattern.match(line.text):
            return {**fixed, **{k: _known(v) if v else None for k, v in found.groupdict().items()}}
    if found := _STATEMENT.match(line.text):
        return _of_statement(found["sql"], None)
    if line.level == "STATEMENT":
        return _of_statement(line.text, "failure")
    if line.level in ("ERROR", "FATAL", "PANIC"):
        if line.known.get("statement"):
            return {**_of_statement(line.known["statement"], "failure")}
        if found := _REFUSED.search(line.text):
            return _of_statement(found["sql"], "failure")
    return {"operation": line.level}


def _of_statement(sql: str, outcome: str | None) -> dict[str, Any]:
    statement = read_statement(sql)
    return {
        "action": statement.action,
        "operation": statement.operation,
        "object": statement.object,
        "statement": masked(sql),
        "outcome": outcome,
    }


_CLASSES: Final = {
    "READ": "read",
    "WRITE": "write",
    "DDL": "admin",
    "ROLE": "admin",
    "FUNCTION": "read",
    "MISC_SET": "admin",
}


def _audit(record: str) -> dict[str, Any]:
    """pgaudit: AUDIT: SESSION,statement,sub,class,command,type,object,sql,parameters[,rows]."""
    cells = _cells(record)
    if len(cells) < 8:
        return {}
    statement = read_statement(cells[7])
    action = _CLASSES.get(cells[3], statement.action)
    if cells[4] in ("DELETE", "TRUNCATE", "TRUNCATE TABLE"):
        action = "delete"
    return {
        "action": "export" if cells[4] == "COPY" and statement.action == "export" else action,
        "operation": said(cells[4]),
        "object": said(cells[6]) or statement.object,
        "statement": masked(cells[7]),
        "rows": number(cells[9]) if len(cells) > 9 else None,
        "outcome": "success",
    }


def sniff(evidence: Evidence) -> int:
    """96 if most records (continuations apart) are PostgreSQL's: a level and two blanks behind a time."""
    lines = [line.decode("utf-8", "replace") for line in head_lines(evidence.head, 60)]
    starts = [line for line in lines if not line.startswith(("\t", " "))]
    good = sum(1 for line in starts if _fits(line))
    return 96 if good and good * 2 >= len(starts) else 0


def _fits(text: str) -> bool:
    if text[:1] == "{":
        return '"error_severity"' in text and '"message"' in text
    if re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [A-Z]{2,5},", text):
        return True
    found = None if has_syslog_header(text) else _STDERR.match(text)
    if not found or not re.search(
        r"(?:LOG|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|STATEMENT|DETAIL|HINT|CONTEXT): {2}", text
    ):
        return False
    return bool(re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d|(?<!\d)\d{10}\.\d{3}", found["prefix"]))


def read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of kind `db_audit` and rejects. Raises InputError if the file cannot be read on."""
    yield from read_groups(evidence, reading, "db_audit", tell, "message of PostgreSQL", _goes_on)


def _goes_on(waiting: list[str], text: str) -> bool:
    """Whether a line belongs to the record before: it begins with a tab, or that record's quotes are still open."""
    first = waiting[0]
    if text.startswith("\t"):
        return bool(first.strip())
    return first[:1].isdigit() and first.count(",") >= 11 and sum(t.count('"') for t in waiting) % 2 == 1 and bool(text)


SOURCE: Final = Source(
    "postgres", "PostgreSQL server logs (stderr, csvlog, jsonlog, pgaudit)", ("db_audit",), sniff, read
)
