# ruff: noqa: E501 - patterns are as long as they are
"""MySQL and MariaDB: the server_audit plugin's lines, audit logs as JSON (Enterprise, Percona), the general query log."""

from __future__ import annotations

import json
import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.line_format import NOTHING, Told, has_syslog_header, kept, read_groups, said, sureness
from seawall.sources.line_times import time_at_start
from seawall.sources.lines import head_lines
from seawall.sources.records import When
from seawall.sources.sql_words import masked, read_statement

_MARIADB: Final = re.compile(
    r"(?:(?P<time>\d{8} \d\d:\d\d:\d\d|\d{16}),)?(?P<server>[\w.\-]{1,255}),(?P<user>[^,]{0,80}),(?P<host>[^,]{0,255}),"
    r"(?P<session>\d{1,20}),(?P<query>\d{1,20}),(?P<op>[A-Z_]{4,20}),(?P<db>[^,]{0,200}),(?P<object>.*),(?P<code>\d{0,10})\s*$",
    re.DOTALL,
)
_STARTS: Final = re.compile(r"(?:\d{8} \d\d:\d\d:\d\d|\d{16}),[\w.\-]{1,255},")
_OPENS: Final = re.compile(  # an entry, whose statement may go on below
    _STARTS.pattern
    + r"[^,]{0,80},[^,]{0,255},\d{1,20},\d{1,20},(?:QUERY\w{0,8}|(?:FAILED_|DIS)?CONNECT|READ|WRITE|CREATE|ALTER|DROP|RENAME|CHANGEUSER),"
)
_CLOSED: Final = re.compile(r"',\d{1,10}\s*$")
_TABLES: Final = {
    "READ": "read",
    "WRITE": "write",
    "CREATE": "admin",
    "ALTER": "admin",
    "DROP": "admin",
    "RENAME": "admin",
}
_GENERAL: Final = re.compile(
    r"(?:(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}(?:Z|[+-]\d\d:\d\d)|\d{6} +\d{1,2}:\d\d:\d\d)\t| *\t+) *(?P<session>\d{1,20}) "
    r"(?P<command>Connect|Query|Execute|Prepare|Quit|Init DB|Field List|Statistics|Change user|Binlog Dump|Close stmt|Reset stmt|Ping|Shutdown|Kill)"
    r"(?:\t| |$)(?P<text>.*)$",
    re.DOTALL,
)
_CONNECT: Final = re.compile(
    r"(?:Access denied for user )?'?(?P<user>[^@'\s]{0,80})'?@'?(?P<host>[^\s']{1,255})'?(?: on (?P<db>\S{0,200}))?"
)
_HEAD: Final = re.compile(r"/\S{1,200}, Version: |Tcp port: |Time {2,}Id Command")
_BASE: Final = {"system": "mysql", "service": "database"}
MAX_SESSIONS: Final = 50_000


def _of_statement(sql: str) -> dict[str, Any]:
    statement = read_statement(sql)
    return {
        "action": statement.action,
        "operation": statement.operation,
        "object": statement.object,
        "statement": masked(sql),
    }


def mariadb(text: str, reading: Reading) -> Told | None:
    """A line of server_audit; its time may stand in the syslog header instead."""
    found = _MARIADB.match(text)
    if found is None:
        return None
    op, code = found["op"], found["code"]
    values: dict[str, Any] = {
        **_BASE,
        "user": said(found["user"]),
        "src_ip": _address(found["host"]),
        "database": said(found["db"]),
        "session": found["session"],
        "operation": op,
        "code": said(code),
        "outcome": None if not code else "success" if code == "0" else "failure",
        "raw": kept(masked(text)),
    }
    if op in ("CONNECT", "FAILED_CONNECT"):
        values |= {"action": "login", "activity": "login"}
        values["outcome"] = "failure" if op == "FAILED_CONNECT" else values["outcome"] or "success"
    elif op == "DISCONNECT":
        values |= {"action": "logout", "activity": "logout"}
    elif op in _TABLES:
        values |= {
            "action": _TABLES[op],
            "object": ".".join(p for p in (found["db"], found["object"].rstrip(",")) if p),
        }
    elif op.startswith("QUERY"):
        sql = found["object"].removeprefix("'").removesuffix("'").replace("\\'", "'")
        values |= {k: v for k, v in _of_statement(sql).items() if v is not None}
    else:
        return None
    return Told(values, _time(found["time"] or "", reading), found["server"])


def _time(text: str, reading: Reading) -> When:
    if re.fullmatch(r"\d{8} \d\d:\d\d:\d\d", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    elif re.fullmatch(r"\d{16}", text):
        return When(int(text), "exact")
    elif found := re.fullmatch(r"(\d\d)(\d\d)(\d\d) +(\d{1,2}:\d\d:\d\d)", text):
        text = f"20{found[1]}-{found[2]}-{found[3]} {found[4]:>08}"
    return time_at_start(text, reading)


def _address(host: str | None) -> str | None:
    return None if host in (None, "", "localhost", "127.0.0.1", "::1") else host


def from_json(text: str, reading: Reading) -> Told | None:
    """A record of an audit log as JSON: MySQL Enterprise's, or Percona's inside `audit_record`."""
    try:
        record = json.loads(text.strip().rstrip(",").lstrip("["))
    except (ValueError, RecursionError):
        return None
    if not isinstance(record, dict):
        return None
    inner = record.get("audit_record")
    if isinstance(inner, dict):
        return _percona(inner, text, reading)
    return _enterprise(record, text, reading) if "class" in record and "timestamp" in record else None


def _part(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str | None:
    return said(str(value)) if isinstance(value, (str, int)) and not isinstance(value, bool) else None


def _enterprise(record: Mapping[str, Any], text: str, reading: Reading) -> Told:
    account, login = _part(record, "account"), _part(record, "login")
    general, connection, table = (_part(record, f"{n}_data") for n in ("general", "connection", "table_access"))
    values: dict[str, Any] = {
        **_BASE,
        "user": _text(account.get("user")) or _text(login.get("user")),
        "os_user": _text(login.get("os")),
        "src_ip": _address(_text(login.get("ip")) or _text(account.get("host"))),
        "session": _text(record.get("connection_id")),
        "operation": _text(record.get("event")),
        "raw": kept(masked(text)),
    }
    if connection:
        leaves = record.get("event") == "disconnect"
        word = "logout" if leaves else "login"
        values |= {
            "action": word,
            "activity": word,
            "database": _text(connection.get("db")),
            **_outcome(connection.get("status")),
        }
    elif table:
        values |= {k: v for k, v in _of_statement(_text(table.get("query")) or "").items() if v is not None}
        values |= {
            "database": _text(table.get("db")),
            "object": ".".join(p for p in (_text(table.get("db")), _text(table.get("table"))) if p),
        }
    elif general:
        values |= {k: v for k, v in _of_statement(_text(general.get("query")) or "").items() if v is not None}
        values |= _outcome(general.get("status"))
    return Told(values, _time(_text(record.get("timestamp")) or "", reading))


def _percona(record: Mapping[str, Any], text: str, reading: Reading) -> Told:
    user = (_text(record.get("user")) or _text(record.get("priv_user")) or "").partition("[")[0].strip()
    values: dict[str, Any] = {
        **_BASE,
        "user": said(user),
        "os_user": _text(record.get("os_user")) or _text(record.get("os_login")),
        "src_ip": _address(_text(record.get("ip")) or _text(record.get("host"))),
        "database": _text(record.get("db")),
        "session": _text(record.get("connection_id")),
        "operation": _text(record.get("name")),
        "raw": kept(masked(text)),
        **_outcome(record.get("status")),
    }
    if record.get("name") in ("Connect", "Quit"):
        word = "login" if record["name"] == "Connect" else "logout"
        values |= {"action": word, "activity": word}
    elif sql := _text(record.get("sqltext")):
        values |= {k: v for k, v in _of_statement(sql).items() if v is not None}
    return Told(values, time_at_start((_text(record.get("timestamp")) or "").replace(" UTC", "Z"), reading))


def _outcome(status: Any) -> dict[str, Any]:
    if not isinstance(status, int) or isinstance(status, bool):
        return {}
    return {"code": str(status), "outcome": "failure" if status else "success"}


class General:
    """The general query log: only `Connect` names account and address, the session number joins the others to it."""

    def __init__(self) -> None:
        self._sessions: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._when: When | None = None

    def tell(self, text: str, reading: Reading) -> Told | None:
        """What one entry says; None if it is none."""
        found = _GENERAL.match(text)
        if found is None:
            return NOTHING if _HEAD.match(text) else None
        when = _time(found["time"], reading) if found["time"] else self._when or When(None, "missing")
        self._when = when  # older servers write the time once a second
        values = self._values(found["command"], found["text"], found["session"])
        return Told({**_BASE, "session": found["session"], "raw": kept(masked(text)), **values}, when)

    def _values(self, command: str, text: str, session: str) -> dict[str, Any]:
        if command in ("Connect", "Change user") and (who := _CONNECT.match(text)):
            known = {"user": said(who["user"]), "src_ip": _address(who["host"]), "database": said(who["db"] or "")}
            self._sessions[session] = known
            if len(self._sessions) > MAX_SESSIONS:
                self._sessions.popitem(last=False)
            failed = text.startswith("Access denied")
            return {
                **known,
                "action": "login",
                "activity": "login",
                "operation": command,
                "outcome": "failure" if failed else "success",
            }
        known = self._sessions.get(session, {})
        if command == "Quit":
            self._sessions.pop(session, None)
            return {**known, "action": "logout", "activity": "logout", "operation": command}
        if command in ("Query", "Execute"):
            return {**known, **{k: v for k, v in _of_statement(text).items() if v is not None}}
        return {**known, "operation": command}


class _Reader:
    def __init__(self) -> None:
        self._general = General()

    def __call__(self, text: str, reading: Reading) -> Told | None:
        stripped = text.strip()
        if stripped in ("[", "]", ","):
            return NOTHING
        if stripped[:1] in ("{", "["):
            return from_json(stripped, reading)
        return mariadb(text, reading) or self._general.tell(text, reading)


def sniff(evidence: Evidence) -> int:
    """96 if most lines are entries of one of these logs."""

    def fits(text: str) -> bool:
        if text[:1] in ("{", "["):
            return '"audit_record"' in text or ('"class"' in text and '"account"' in text and '"timestamp"' in text)
        if has_syslog_header(text):
            return False
        return bool(_OPENS.match(text) or (_GENERAL.match(text) and "\t" in text[:60]) or _HEAD.match(text))

    lines = [line.decode("utf-8", "replace") for line in head_lines(evidence.head, 60)]
    begun = next((line for line in lines if line.strip() not in ("[", "]", ",")), "")
    return 96 if begun and fits(begun) else sureness(evidence, fits, 96)


def read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of kind `db_audit` and rejects. Raises InputError if the file cannot be read on."""
    yield from read_groups(evidence, reading, "db_audit", _Reader(), "entry of a MySQL log", _goes_on)


def _goes_on(waiting: list[str], text: str) -> bool:
    """Statements over several lines: until something begins as an entry does."""
    first = waiting[0]
    if first[:1] in ("{", "[") or text[:1] in ("{", "["):
        return False
    if _STARTS.match(first):
        return not _STARTS.match(text) and ",QUERY" in first[:800] and not _CLOSED.search(waiting[-1])
    return bool(_GENERAL.match(first)) and not _GENERAL.match(text) and not _HEAD.match(text)


SOURCE: Final = Source("mysql_audit", "MySQL and MariaDB audit and query logs", ("db_audit",), sniff, read)
