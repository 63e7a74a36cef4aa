"""What somebody or something did, before any vendor's words are put to it.

One `Act` goes in, the writers in `render` choose the form a platform gives it. Times are UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, Literal

Telemetry = Literal["log", "accounting", "traffic"]

DOING: Final[Mapping[str, str]] = {
    "login": "account logged in from source on line (detail: service ssh, web, netconf, rdp, console)",
    "login_failed": "login refused (detail: times)",
    "logout": "session ended",
    "enable": "privilege raised to 15",
    "command": "exec command",
    "config": "configuration line, in command",
    "configured": "configuration mode left",
    "saved": "running configuration kept for the next start",
    "programmed": "configuration changed by a process (detail: process)",
    "user_added": "local account made (detail: username)",
    "install": "file added through the web interface (detail: file)",
    "interface": "interface changed state (detail: interface, state)",
    "capture": "capture point switched (detail: name, state)",
    "container": "guest shell switched (detail: state up or down)",
    "log_host": "log forwarding to a host (detail: host, state started or stopped)",
    "snmp_refused": "SNMP request with a wrong community, from source",
    "packet_denied": "access list hit (detail: list, sport, target, dport)",
    "neighbour": "routing neighbour (detail: peer, state up or down)",
    "shell": "underlying shell of the device (detail: state in or out)",
    "service_installed": "Windows service made (detail: service, image)",
    "process": "Windows process started (command; detail: parent)",
    "log_cleared": "Windows security log cleared",
    "restarted": "device came back from a reload: its message counters begin again",
    "notice": "any other message (detail: mnemonic, severity, text)",
    "query": "statement given to a database of the server, in command (detail: database)",
    "mail": "message at the gateway; account sends it (detail: to, subject, text; see render.mail)",
    "flow": "connection (detail: see render.zeek.Flow)",
}


@dataclass(frozen=True, slots=True)
class Act:
    """One thing done, on one device. `doing` is a key of `DOING`, which says what `detail` holds."""

    time: datetime  # UTC
    device: str  # the world's name of it
    doing: str
    account: str = ""
    source: str = ""  # address the account came from
    line: int = 0  # number of the terminal line
    command: str = ""  # secrets already masked, as the devices do
    detail: Mapping[str, str] = field(default_factory=dict)

    def at(self, time: datetime) -> Act:
        """The same act at another time."""
        return replace(self, time=time)


@dataclass(frozen=True, slots=True)
class Label:
    """What the truth file says of an act: part of the intrusion, or its honest twin."""

    stage: str
    name: str
    kind: Literal["attack", "twin"]
    behaviours: tuple[str, ...] = ()
    scenario: str = ""  # where several are played into one carrier; empty: the carrier's own planned work


@dataclass(frozen=True, slots=True)
class Deed:
    """An act and what it truly was; no label means everyday."""

    act: Act
    label: Label | None = None
