"""What servers themselves record: the kernel's audit trail."""

from __future__ import annotations

from typing import Final

from seawall.model.columns import ACT, Column, EventKind

KINDS: Final[tuple[EventKind, ...]] = (
    EventKind(
        "auditd",
        "One event of the Linux audit system, its records joined by serial number. auditd's names; further fields of "
        "its records are text columns of their own.",
        (
            Column("serial", "int", "number of the event since boot"),
            Column("type", "text", "types of its records, comma-separated in order: SYSCALL,EXECVE,CWD,PATH …"),
            Column("auid", "text", "account that logged in, number or name as written; null if nobody did"),
            Column("uid", "text", "account the process ran as, number or name as written"),
            Column("euid", "text", "effective account"),
            Column("ses", "text", "login session number"),
            Column("pid", "int", "process id"),
            Column("ppid", "int", "process id of the parent"),
            Column("comm", "text", "name of the process"),
            Column("exe", "text", "program file"),
            Column("syscall", "text", "system call, number or name as written"),
            Column("key", "text", "key of the audit rule that matched"),
            Column("cwd", "text", "working directory"),
            Column("path", "text", "files named, comma-separated"),
            Column("raw", "text", "its records joined by ` | `, secrets masked; at most 8,192 characters"),
            *ACT,
        ),
        open_ended=True,
        views=("commands", "logins", "devices", "heard"),
    ),
)
