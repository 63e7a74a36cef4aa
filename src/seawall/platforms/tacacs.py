"""TACACS+ accounting: what a record says, whichever daemon wrote it and in whatever order the device sent it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from seawall.platforms.acts import NO_ADDRESSES, Act, service_of_line

RECORDS: Final = frozenset({"start", "stop", "update"})
_CR: Final = re.compile(r"\s*<cr>\s*$", re.IGNORECASE)
_UNKNOWN: Final = frozenset({"", "unknown", "-"})


def known(value: str) -> str | None:
    """The value, or None where the daemon had nothing to write."""
    return None if value.strip() in _UNKNOWN else value.strip()


def attributes(fields: Sequence[str]) -> dict[str, str]:
    """`attribute=value` and `attribute*value` pairs, names in lower case with `-`; each `cmd-arg` joins the command."""
    said: dict[str, str] = {}
    arguments: list[str] = []
    for item in fields:
        name, sign, value = item.partition("=")
        if not sign:
            name, sign, value = item.partition("*")
        name, value = name.strip().lower().replace("_", "-"), value.strip()
        if len(value) > 1 and value[0] == value[-1] == '"':
            value = value[1:-1]
        if name == "cmd-arg":
            arguments.append(value)
        elif sign and name:
            said[name] = value
    if arguments:
        said["cmd"] = " ".join([said.get("cmd", ""), *arguments]).strip()
    return said


def act_of_fields(fields: Sequence[str]) -> Act | None:
    """The act in `user, port, client, record type, attributes …`; None if that is no accounting record.

    tac_plus-ng writes service and command bare, as the last two fields.
    """
    if len(fields) < 4 or fields[3].strip().lower() not in RECORDS:
        return None
    user, line, source = (known(field) for field in fields[:3])
    source = None if source and source.lower() in NO_ADDRESSES else source
    record, rest = fields[3].strip().lower(), fields[4:]
    said = attributes(rest)
    service, command = said.get("service"), said.get("cmd")
    if service is None and rest and "=" not in rest[0]:
        service = rest[0].strip() or None
        command = rest[1] if len(rest) > 1 else None
    if command and (text := _CR.sub("", command).strip()):
        return Act("command", None, service, line, user, source, command_raw=text)
    if service == "shell" and record in ("start", "stop"):
        door = service_of_line(line) or service
        activity = "login" if record == "start" else "logout"
        return Act(activity, "success" if record == "start" else None, door, line, user, source)
    return Act(None, None, service, line, user, source)
