"""What a message says a person or program did: the words every platform's messages are put into."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple


class Act(NamedTuple):
    """An act as a message tells it; the names are those of the event columns."""

    activity: str | None  # command, login, logout, config_change; None where only the rest is known
    outcome: str | None = None  # success, failure
    service: str | None = None  # ssh, telnet, web, console, netconf, snmp, shell …
    line: str | None = None
    user: str | None = None
    src_ip: str | None = None
    dst_ip: str | None = None
    command_raw: str | None = None
    section: str | None = None  # raw; whoever stores it normalises it


Meaning = Callable[[str], Act | None]  # message text, without its mnemonic → what it says, if anything

SUCCESS: Final = "success"
FAILURE: Final = "failure"

NO_ADDRESSES: Final = frozenset({"", "console", "local", "async", "unknown", "0.0.0.0", "::", "**"})  # noqa: S104 - compared with
_PORTS: Final = {"22": "ssh", "23": "telnet", "80": "web", "443": "web", "830": "netconf", "21111": "web"}
_ENDPOINT = re.compile(r"(\d{1,3}(?:\.\d{1,3}){3})[:.]\d{1,5}$|\[([^\]]*)\](?::\d{1,5})?$|([^:\[]+):\d{1,5}$")


def named(pattern: str, activity: str | None, **fixed: str | None) -> Meaning:
    """The meaning of messages that fit a pattern: its named groups are columns, `fixed` says the rest."""
    compiled = re.compile(pattern)
    search = compiled.search
    places = [Act._fields.index(name) for name in sorted(compiled.groupindex, key=compiled.groupindex.__getitem__)]
    blank = list(Act(activity, **fixed))

    def meaning(message: str) -> Act | None:
        found = search(message)
        if found is None:
            return None
        said = blank.copy()
        for place, value in zip(places, found.groups(), strict=True):
            if value:
                said[place] = value
        return Act._make(said)

    return meaning


def first(*meanings: Meaning) -> Meaning:
    """The first of several meanings that fits."""

    def meaning(message: str) -> Act | None:
        for one in meanings:
            if act := one(message):
                return act
        return None

    return meaning


def at_console(meaning: Meaning) -> Meaning:
    """Where a message names a place (`console`, `LOCAL`, `async`) for an address: no address, but the console."""

    def placed(message: str) -> Act | None:
        act = meaning(message)
        if act is None or act.src_ip is None or act.src_ip.lower() not in NO_ADDRESSES:
            return act
        return act._replace(src_ip=None, service=act.service or "console")

    return placed


def snmp_refused(pattern: str) -> Meaning:
    """The meaning of messages that tell of a request with a wrong community or user."""
    return named(pattern, "login", outcome=FAILURE, service="snmp")


def service_of_line(line: str | None) -> str | None:
    """The door a terminal line's name gives away: console, aux; a vty may be ssh or telnet."""
    if not line:
        return None
    lowered = line.lower()
    return "console" if lowered.startswith(("con", "tty0", "ttys0")) else None


def service_of_port(port: str | None) -> str | None:
    """The door behind a local port number."""
    return _PORTS.get(port or "")


def host_of(endpoint: str) -> str:
    """`192.0.2.1` of `192.0.2.1:38066` or `192.0.2.1.38066`; an address without port stays whole."""
    found = _ENDPOINT.match(endpoint)
    return next(part for part in (*found.groups(), "") if part is not None) if found else endpoint
