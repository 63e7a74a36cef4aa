"""Who reached customer and network data: databases, and the systems that manage access and networks."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import ACT, Column, EventKind

_DEED: Final = (
    Column("action", "text", "read, write, delete, list, export, login, logout, admin"),
    Column("outcome", "text", "success or failure, where the record says"),
)

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "db_audit",
        "What a database says somebody did: Oracle, PostgreSQL, MySQL, MariaDB.",
        (
            *_DEED,
            Column("activity", "text", "login or logout, else null"),
            Column("system", "text", "oracle, postgresql, mysql"),
            Column("service", "text", "database"),
            Column("database", "text", "database or instance"),
            Column("object", "text", "table, view or other object, with its schema where named"),
            Column("operation", "text", "the database's own word: SELECT, GRANT, LOGON …"),
            Column("statement", "text", "SQL as written, secrets masked; at most 8,192 characters"),
            Column("rows", "int", "rows returned or changed, where the record says"),
            Column("program", "text", "application name of the client"),
            Column("os_user", "text", "account on the client's machine"),
            Column("session", "text", "session or connection id"),
            Column("code", "text", "the database's return code or SQLSTATE"),
            Column("raw", "text", "whole record, secrets masked; at most 8,192 characters"),
        ),
        views=("accesses", "logins", "devices"),
    ),
    EventKind(
        "access",
        "What somebody did through a system that guards or runs others: privileged access, VPN gateways, network "
        "managers, and anything in CEF or LEEF. Fields it does not name are text columns of their own.",
        (
            Column("system", "text", "product that logged, as it names itself"),
            Column("action", "text", "read, write, delete, list, export, login, logout, admin"),
            Column("operation", "text", "the system's own word for it"),
            Column("object", "text", "what it was done to: network element, account, file, report …"),
            Column("rows", "int", "records concerned, where the record says"),
            Column("bytes", "int", "octets moved, where the record says"),
            Column("session", "text", "session id"),
            Column("severity", "text", "as written"),
            Column("message", "text", "free text of the record, secrets masked"),
            Column("raw", "text", "whole record, secrets masked; at most 8,192 characters"),
            *ACT,
        ),
        open_ended=True,
        views=("accesses", "commands", "logins", "config_changes", "devices"),
    ),
)
