"""PostgreSQL's server log: stderr with two habits of prefix, csvlog, jsonlog."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final

FORMS: Final = ("plain", "named", "csv", "json")


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the server."""

    time: datetime  # UTC
    user: str
    database: str
    client: str
    text: str
    level: str = "LOG"
    pid: int = 4711


def write(message: Message, form: str = "plain") -> str:
    """The message as the server writes it; lines after the first go on with a tab where the form says so."""
    stamp = f"{message.time:%Y-%m-%d %H:%M:%S}.{message.time.microsecond // 1000:03d} UTC"
    if form == "json":
        return json.dumps(
            {
                "timestamp": stamp,
                "user": message.user,
                "dbname": message.database,
                "pid": message.pid,
                "remote_host": message.client,
                "remote_port": 50432,
                "session_id": "6a1.1267",
                "error_severity": message.level,
                "message": message.text,
                "application_name": "psql",
            }
        )
    if form == "csv":
        texts = (message.user, message.database), (f"{message.client}:50432",), ("SELECT",), (message.text,), ("psql",)
        who, client, tag, said, program = (",".join(_quoted(text) for text in part) for part in texts)
        ids = f"6a1.1267,3,{tag},{stamp[:19]} UTC,3/40,0,{message.level},00000"
        return f'{stamp},{who},{message.pid},{client},{ids},{said},,,,,,,,,{program},"client backend",,0'
    if form == "named":
        who = f"user={message.user},db={message.database},app=psql,client={message.client}"
        prefix = f"{stamp} [{message.pid}]: [3-1] {who} "
    else:
        prefix = f"{stamp} [{message.pid}] {message.user}@{message.database} {message.client}(50432) "
    return f"{prefix}{message.level}:  " + message.text.replace("\n", "\n\t")


def _quoted(text: str) -> str:
    """Text as the server quotes it in csvlog."""
    return '"' + text.replace('"', '""') + '"'
