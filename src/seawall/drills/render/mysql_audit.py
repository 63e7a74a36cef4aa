"""MySQL and MariaDB: server_audit's lines, Percona's JSON, the general query log."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

FORMS: Final = ("mariadb", "percona", "general")


@dataclass(frozen=True, slots=True)
class Asked:
    """A statement somebody gave."""

    time: datetime  # UTC, whole seconds
    user: str
    client: str
    database: str
    statement: str


def write(asked: Asked, form: str = "mariadb") -> str:
    """The statement in one of `FORMS`; the general log brings the session's first line with it."""
    if form == "percona":
        record = {
            "name": "Query",
            "record": "7_2026-11-22T10:00:00",
            "timestamp": f"{asked.time:%Y-%m-%dT%H:%M:%SZ}",
            "command_class": "select",
            "connection_id": "12",
            "status": 0,
            "sqltext": asked.statement,
            "user": f"{asked.user}[{asked.user}] @ ws1 [{asked.client}]",
            "host": "ws1",
            "os_user": "",
            "ip": asked.client,
            "db": asked.database,
        }
        return json.dumps({"audit_record": record})
    if form == "general":
        stamp = f"{asked.time:%Y-%m-%dT%H:%M:%S}.000000Z"
        who = f"{asked.user}@{asked.client} on {asked.database} using TCP/IP"
        return f"{stamp}\t   12 Connect\t{who}\n{stamp}\t   12 Query\t{asked.statement}"
    sql = asked.statement.replace("'", "\\'")
    return f"{asked.time:%Y%m%d %H:%M:%S},db1,{asked.user},{asked.client},12,345,QUERY,{asked.database},'{sql}',0"
