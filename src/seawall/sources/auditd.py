# ruff: noqa: E501 - patterns are as long as they are
"""The Linux audit trail (audit.log, RAW and ENRICHED): records of one event joined by time and serial number.

auditd.conf(5) names the forms, `node=` the machine. Values an attacker may choose are written as hexadecimal digits
without quotes; they are decoded (audit's own rule: unquoted and all hex). Fields are kept under audit's names.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from typing import Any, Final

from seawall.platforms.commands import normalise
from seawall.platforms.masking import mask
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.line_format import IP, Told, kept, notes_of, number, refused, said, sureness
from seawall.sources.lines import line_blocks
from seawall.sources.records import Records, When, excerpt

OPEN_EVENTS: Final = 512  # joined at a time; the eldest is closed when more are open
MAX_HELD: Final = 8 << 20  # characters of open events together; above it the eldest are closed
MAX_RECORDS: Final = 200  # per event; the rest are counted as rejects
_LINE: Final = re.compile(
    r"(?:node=(?P<node>\S{1,255}) )?type=(?P<type>[A-Z0-9_\-\[\]]{2,40}) "
    r"msg=(?:audit)?\((?P<sec>\d{9,11})\.(?P<ms>\d{3}):(?P<serial>\d{1,20})\):\s?(?P<text>.*)$",
    re.DOTALL,
)
_PAIR: Final = re.compile(r"([A-Za-z][\w\-]{0,40}(?:\[\d{1,5}\])?)=(?:\"([^\"]*)\"|'([^']*)'|([^\s\x1d'\"]*))")
_HEX: Final = re.compile(r"(?:[0-9A-F]{2}){1,32768}$")
_HEXED: Final = frozenset(
    {"comm", "exe", "name", "cwd", "proctitle", "cmd", "acct", "key", "data", "path", "old", "new", "id", "grp", "op", "unit"}
)  # fmt: skip
_NOBODY: Final = frozenset({"4294967295", "-1", "unset", "?", "(none)", "(null)", ""})
_OWN: Final = frozenset(
    ("event_id", "time", "time_quality", "received", "observer", "origin", "trust", "tenant", "scope", "device", "raw", "activity", "outcome", "service", "line", "command_raw", "command", "section", "user", "src_ip", "dst_ip", "serial", "type")
)  # fmt: skip
_ACCOUNTS: Final = frozenset(
    {
        "ADD_USER",
        "DEL_USER",
        "ADD_GROUP",
        "DEL_GROUP",
        "USER_MGMT",
        "GRP_MGMT",
        "USER_CHAUTHTOK",
        "CHGRP_ID",
        "ACCT_LOCK",
    }
    | {"ACCT_UNLOCK", "CONFIG_CHANGE", "DAEMON_END", "DAEMON_CONFIG", "MAC_STATUS", "MAC_CONFIG_CHANGE", "ROLE_ASSIGN"}
)
Fields = dict[str, str]


class _Event:
    """The records of one event, as they come in."""

    def __init__(self, place: int, found: re.Match[str]) -> None:
        self.place, self.node = place, said(found["node"])
        self.when = When(int(found["sec"]) * 1_000_000 + int(found["ms"]) * 1_000, "exact")
        self.serial = number(found["serial"])
        self.lines: list[str] = []
        self.parts: list[tuple[str, Fields]] = []

    def take(self, text: str, found: re.Match[str]) -> None:
        self.lines.append(text)
        self.parts.append((found["type"], fields_of(found["type"], found["text"])))


def fields_of(type_: str, text: str) -> Fields:
    """The fields of one record, decoded; those inside `msg='…'` and the enriched ones with it."""
    made: Fields = {}
    for name, quoted, single, bare in _PAIR.findall(text):
        if name == "msg" and single:
            for inner, value in fields_of(type_, single).items():
                made.setdefault(inner, value)
        else:
            decoded = quoted or single or _decoded(type_, name, bare)
            made.setdefault(name, decoded)
    return made


def _decoded(type_: str, name: str, text: str) -> str:
    argument = type_ == "EXECVE" and re.fullmatch(r"a\d{1,6}(?:\[\d{1,5}\])?", name)
    if (argument or name in _HEXED) and len(text) > 1 and _HEX.match(text):
        return bytes.fromhex(text).replace(b"\0", b" ").decode("utf-8", "replace").rstrip(" ")
    return text


def _command(fields: Fields) -> str:
    """The arguments of an EXECVE record in order; long ones come in pieces `a1[0]`, `a1[1]` …"""
    pieces: dict[int, list[tuple[int, str]]] = {}
    for name, value in fields.items():
        if found := re.fullmatch(r"a(\d{1,6})(?:\[(\d{1,5})\])?", name):
            pieces.setdefault(int(found[1]), []).append((int(found[2] or 0), value))
    return " ".join("".join(text for _, text in sorted(pieces[at])) for at in sorted(pieces))


def tell(event: _Event) -> Told:
    """What an event says."""
    values: dict[str, Any] = {
        "serial": event.serial,
        "type": ",".join(dict.fromkeys(type_ for type_, _ in event.parts)),
    }
    paths: list[str] = []
    arguments = ""
    merged: Fields = {}
    for type_, fields in event.parts:
        if type_ == "EXECVE":
            arguments = arguments or _command(fields)
            continue
        if type_ == "PATH" and "name" in fields:
            paths.append(fields["name"])
            continue
        for name, value in fields.items():
            merged.setdefault(name, value)
    for name in ("auid", "uid", "euid"):
        values[name] = _who(merged.get(name.upper()) or merged.get(name))
    for name in ("ses", "comm", "exe", "key", "cwd"):
        values[name] = kept(_known(merged.get(name)))
    values["syscall"] = merged.get("SYSCALL") or merged.get("syscall")
    values["pid"], values["ppid"] = number(merged.get("pid")), number(merged.get("ppid"))
    values["path"] = kept(",".join(dict.fromkeys(path for path in paths if path not in _NOBODY))[:8_000])
    values["raw"] = kept(" | ".join(event.lines).replace("\x1d", " "))
    values |= _act(event.parts[0][0], merged, arguments, values)
    taken = set(_OWN) | {name.lower() for name in values}
    for name, value in merged.items():
        if name.lower() not in taken and value not in _NOBODY:
            values[name] = kept(value)
            taken.add(name.lower())
    return Told(values, event.when, event.node)


def _who(text: str | None) -> str | None:
    return None if text is None or text in _NOBODY else text


def _known(text: str | None) -> str | None:
    return None if text is None or text in _NOBODY else text


def _act(type_: str, merged: Fields, arguments: str, values: dict[str, Any]) -> dict[str, Any]:
    """activity, outcome, account and address of an event."""
    result = merged.get("res") or merged.get("success") or merged.get("result") or ""
    made: dict[str, Any] = {
        "outcome": {
            "success": "success",
            "yes": "success",
            "1": "success",
            "failed": "failure",
            "no": "failure",
            "0": "failure",
        }.get(result),
        "user": _known(merged.get("acct")) or values["auid"] or values["uid"],
        "line": _known(merged.get("terminal")) or _known(merged.get("tty")),
    }
    address = merged.get("addr", "")
    made["src_ip"] = address if re.fullmatch(IP, address) else None
    program = (merged.get("exe") or "").rpartition("/")[2]
    if arguments:
        made |= {
            "activity": "command",
            "command_raw": kept(arguments),
            "service": "shell",
            "user": values["auid"] or values["uid"],
        }
    elif type_ == "USER_CMD":
        made |= {"activity": "command", "command_raw": kept(merged.get("cmd")), "service": "sudo"}
        made["user"] = values["auid"] or made["user"]
    elif type_ == "USER_LOGIN" or (type_ == "USER_START" and program == "su"):
        made |= {"activity": "login", "service": "ssh" if program.startswith("sshd") else program or None}
        made["user"] = _known(merged.get("acct")) or _who(merged.get("ID")) or _known(merged.get("id")) or made["user"]
    elif type_ == "USER_LOGOUT" or (type_ == "USER_END" and program == "su"):
        made |= {"activity": "logout", "service": "ssh" if program.startswith("sshd") else program or None}
    elif type_ in _ACCOUNTS:
        made |= {"activity": "config_change", "user": values["auid"] or values["uid"]}
    if made.get("command_raw"):
        made["command"] = normalise(made["command_raw"], "linux")
    return made


def sniff(evidence: Evidence) -> int:
    """97 if most lines are audit records."""
    return sureness(evidence, lambda text: _LINE.match(text) is not None, 97)


def read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of kind `auditd` and rejects; an event's place is its first record. Raises InputError if it cannot be read on."""
    with Records("auditd", evidence.origin, reading) as records:
        joined = Joined(records)
        for block in line_blocks(evidence):
            if block.too_long:
                records.reject(block.first, f"line of {block.too_long} bytes or more, longer than any record")
            for place, text in block.texts():
                if text.strip():
                    joined.take(place, text)
            yield records.chunk(block.read_bytes, notes_of(evidence, block))
        joined.close()
        yield records.chunk()


class Joined:
    """Joins the records of events, which may stand between those of others."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._open: OrderedDict[tuple[str | None, str, str], _Event] = OrderedDict()
        self._held = 0

    def take(self, place: int, text: str) -> None:
        """Take one line."""
        found = _LINE.match(text)
        why = refused(text)
        if found is None or why:
            self._records.reject(place, why or f"no audit record: {excerpt(text)}")
            return
        key = (found["node"], f"{found['sec']}.{found['ms']}", found["serial"])
        event = self._open.get(key)
        if found["type"] == "EOE":
            if event is not None:
                self._finish(self._open.pop(key))
            return
        if event is None:
            event = self._open[key] = _Event(place, found)
        if len(event.lines) >= MAX_RECORDS:
            self._records.reject(place, f"more than {MAX_RECORDS} records in one event")
            return
        event.take(text, found)
        self._held += len(text)
        while len(self._open) > OPEN_EVENTS or self._held > MAX_HELD:
            self._finish(self._open.popitem(last=False)[1])

    def _finish(self, event: _Event) -> None:
        self._held -= sum(map(len, event.lines))
        told = tell(event)
        record = "\n".join(event.lines).encode("utf-8", "surrogatepass")
        self._records.add(event.place, record, told.when, told.observer, told.values)

    def close(self) -> None:
        """Finish what is still open."""
        while self._open:
            self._finish(self._open.popitem(last=False)[1])


def tell_line(text: str) -> Told | None:
    """What one record says by itself, for records that come apart in syslog."""
    found = _LINE.match(text)
    if found is None or found["type"] == "EOE":
        return None
    event = _Event(0, found)
    event.take(mask(text), found)
    return tell(event)


SOURCE: Final = Source("auditd", "Linux audit trail (audit.log)", ("auditd",), sniff, read)
