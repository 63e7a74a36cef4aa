"""OpenSSH's sftp server in syslog: who opened, fetched, sent or removed which file (sftp-server(8), `-l INFO`).

Only the first line of a session names account and address; the others are joined to it by the process id.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import Any, Final

from seawall.sources.line_format import kept, number

PROGRAMS: Final = frozenset({"internal-sftp", "sftp-server"})
MAX_SESSIONS: Final = 50_000  # remembered at a time; the eldest are forgotten first

_OPENED: Final = re.compile(r"session opened for local user (?P<user>\S{1,200}) from \[(?P<src>[^\]]{2,60})\]")
_ENDED: Final = re.compile(r"session closed for local user (?P<user>\S{1,200}) from \[(?P<src>[^\]]{2,60})\]")
_CLOSE: Final = re.compile(
    r'(?P<forced>forced )?close "(?P<path>.{0,4096})" bytes read (?P<read>\d{1,18}) written (?P<written>\d{1,18})'
)
_OPEN: Final = re.compile(r'open "(?P<path>.{0,4096})" flags (?P<flags>[A-Z,]{1,80}) mode \d+')
_RENAME: Final = re.compile(
    r'(?P<verb>posix-rename|rename|symlink|hardlink) old "(?P<path>.{0,4096}?)" new "(?P<new>.{0,4096})"'
)
_NAMED: Final = re.compile(
    r'(?P<verb>remove|rmdir|mkdir|opendir|set|fset|lsetstat)(?: name)? "(?P<path>.{0,4096}?)"(?: .{0,200})?$'
)
_ACTIONS: Final = {"remove": "delete", "rmdir": "delete", "mkdir": "write", "opendir": "list"}


class Sessions:
    """The sftp sessions of a log: process → account and address."""

    def __init__(self) -> None:
        self._open: OrderedDict[tuple[str | None, int | None], tuple[str, str]] = OrderedDict()

    def tell(self, observer: str | None, pid: int | None, text: str) -> dict[str, Any] | None:
        """The columns of a transfers row, or None where the line is of no interest."""
        key = (observer, pid)
        if found := _OPENED.match(text):
            self._open[key] = found["user"], found["src"]
            if len(self._open) > MAX_SESSIONS:
                self._open.popitem(last=False)
            return self._row(key, {"action": "login", "activity": "login", "outcome": "success"})
        if found := _ENDED.match(text):
            row = self._row(key, {"action": "logout", "activity": "logout"})
            self._open.pop(key, None)
            return {**row, "user": found["user"], "src_ip": found["src"]}
        values = _deed(text)
        return self._row(key, values) if values else None

    def _row(self, key: tuple[str | None, int | None], values: dict[str, Any]) -> dict[str, Any]:
        user, src = self._open.get(key, (None, None))
        session = None if key[1] is None else str(key[1])
        return {"user": user, "src_ip": src, "service": "sftp", "system": "OpenSSH", "session": session, **values}


def _deed(text: str) -> dict[str, Any] | None:
    """What one line says was done to a file. What was opened counts when it is closed: then the octets are known."""
    if found := _CLOSE.match(text):
        fetched, sent = number(found["read"]) or 0, number(found["written"]) or 0
        wrote = sent > 0
        return {
            "action": "write" if wrote else "read",
            "direction": "in" if wrote else "out",
            "object": kept(found["path"], 4_096),
            "bytes": sent if wrote else fetched,
            "outcome": "failure" if found["forced"] else "success",
        }
    if found := _OPEN.match(text):
        # The bytes come with `close`; the open itself is kept because a session may end, or be cut off, before it.
        return {"action": None, "object": kept(found["path"], 4_096)}
    if found := _RENAME.match(text):
        return {"action": "write", "object": kept(found["path"], 4_096), "new_object": kept(found["new"], 4_096)}
    if found := _NAMED.match(text):
        return {"action": _ACTIONS.get(found["verb"], "admin"), "object": kept(found["path"], 4_096)}
    return None
