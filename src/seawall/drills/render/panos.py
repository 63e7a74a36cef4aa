"""Palo Alto PAN-OS syslog: log records as comma-separated values, or shipped as CEF or LEEF.

Places are those of "Syslog Field Descriptions" (PAN-OS Administrator's Guide, 11.1); what is not said is empty.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final

from seawall.drills.acts import Act
from seawall.drills.render import envelopes
from seawall.drills.render.sender import MONTHS, Sender, stamp

HEADERS: Final = ("csv", "cef", "leef")

Record = tuple[str, str, dict[int, str]]  # (type, subtype, the values by place)

_VENDOR: Final = "Palo Alto Networks"
_SERIAL: Final = "007200001056"
_LENGTHS: Final = {  # values of a record, and the place of the device's own name
    "TRAFFIC": (115, 52), "THREAT": (120, 59), "SYSTEM": (24, 22), "CONFIG": (24, -1), "GLOBALPROTECT": (50, -1),
    "USERID": (36, -1), "AUTHENTICATION": (40, 29), "HIPMATCH": (30, -1),
}  # fmt: skip


def write(act: Act, sender: Sender) -> list[str]:
    """The lines the firewall logs for an act; a service `vpn` makes a login one of GlobalProtect."""
    say = _SAY.get(act.doing)
    return [line(act.time, sender, *record) for record in say(act)] if say else []


def line(time: datetime, sender: Sender, kind: str, subtype: str, values: Mapping[int, str]) -> str:
    """One record of any family, in the sender's form; CEF and LEEF as the vendor's own templates name the fields."""
    sender.next()
    head = f"<14>{stamp(time)} {sender.host} "
    if sender.header == "csv":
        return head + _row(time, sender, kind, subtype, values)
    return head + _shipped(time, sender, kind, subtype, values)


def _row(time: datetime, sender: Sender, kind: str, subtype: str, values: Mapping[int, str]) -> str:
    length, name_at = _LENGTHS[kind]
    moment = f"{time:%Y/%m/%d %H:%M:%S}"
    said = {0: "1", 1: moment, 2: _SERIAL, 3: kind, 4: subtype, 5: "0", 6: moment, name_at: sender.host, **values}
    row = [said.get(place, "") for place in range(length)]
    row.append(f"{time.isoformat(timespec='milliseconds')}")  # the high-resolution time stands last
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(row)
    return out.getvalue()


_NAMED: Final[Mapping[str, Mapping[int, str]]] = {  # what the vendor's CEF templates call the places that tell an act
    "SYSTEM": {14: "msg"},
    "CONFIG": {7: "src", 9: "act", 10: "duser", 11: "destinationServiceName", 12: "outcome", 13: "cs1"},
    "TRAFFIC": {7: "src", 8: "dst", 12: "suser", 14: "app"},
    "THREAT": {7: "src", 8: "dst", 12: "suser", 14: "app"},
}
_LEEF_NAMES: Final = {
    "suser": "usrName", "duser": "usrName", "app": "Application", "outcome": "Result", "act": "Command",
    "cs1": "ConfigurationPath", "destinationServiceName": "Client",
}  # fmt: skip


def _shipped(time: datetime, sender: Sender, kind: str, subtype: str, values: Mapping[int, str]) -> str:
    moment = f"{MONTHS[time.month]} {time.day:02d} {time.year} {time:%H:%M:%S} UTC"
    named = {name: values[place] for place, name in _NAMED.get(kind, {}).items() if values.get(place)}
    if sender.header == "cef":
        fields = {"rt": moment, "deviceExternalId": _SERIAL, "dvchost": sender.host, **named}
        return envelopes.write_cef(envelopes.Record(_VENDOR, "PAN-OS", subtype, kind, 3, fields, "11.1.2"))
    fields = {"cat": kind, "devTime": moment, "dvchost": sender.host}
    fields |= {_LEEF_NAMES.get(name, name): value for name, value in named.items()}
    return envelopes.write_leef(
        envelopes.Record(_VENDOR, "PAN-OS Syslog Integration", subtype, kind, 3, fields, "11.1.2")
    )


def _door(act: Act) -> str:
    return "Web" if act.detail.get("service", "ssh") == "web" else "CLI"


def _is_vpn(act: Act) -> bool:
    return act.detail.get("service") == "vpn"


def _system(text: str, severity: str = "informational", subtype: str = "general") -> Record:
    return ("SYSTEM", subtype, {8: subtype, 12: subtype, 13: severity, 14: text})


def _tunnel(act: Act, event: str, stage: str, status: str) -> Record:
    values = {7: "vsys1", 8: event, 9: stage, 10: "LDAP", 12: act.account, 15: act.source, 28: status}
    return ("GLOBALPROTECT", "0", values)


def _login(act: Act) -> list[Record]:
    if _is_vpn(act):
        return [
            _tunnel(act, "gateway-auth", "login", "success"),
            _tunnel(act, "gateway-connected", "connected", "success"),
        ]
    proof = f"authenticated for user '{act.account}'.   From: {act.source}."
    entry = f"User {act.account} logged in via {_door(act)} from {act.source} using https"
    return [_system(proof, subtype="auth"), _system(entry)]


def _login_failed(act: Act) -> list[Record]:
    if _is_vpn(act):
        return [_tunnel(act, "gateway-auth", "login", "failure")]
    text = f"failed authentication for user '{act.account}'.  Reason: Invalid username/password. From: {act.source}."
    return [_system(text, "medium", "auth")]


def _logout(act: Act) -> list[Record]:
    if _is_vpn(act):
        return [_tunnel(act, "gateway-logout", "logout", "success")]
    return [_system(f"User {act.account} logged out via {_door(act)} from {act.source}")]


def _edit(act: Act, command: str, path: str) -> Record:
    values = {7: act.source, 9: command, 10: act.account, 11: _door(act), 12: "Succeeded", 13: path}
    return ("CONFIG", "0", values)


def _config(act: Act) -> list[Record]:
    command, _, path = act.command.partition(" ")
    return [_edit(act, command, path)]


def _configured(act: Act) -> list[Record]:
    return [_system(f"Commit job succeeded. Completion time={act.time:%Y/%m/%d %H:%M:%S}. User: {act.account}")]


def _denied(act: Act) -> list[Record]:
    d = act.detail
    values = {7: act.source, 8: d["target"], 11: "block-all", 14: "not-applicable", 24: d["sport"], 25: d["dport"]}
    return [("TRAFFIC", "drop", {**values, 29: "tcp", 30: "deny"})]


_SAY: Final[Mapping[str, Callable[[Act], list[Record]]]] = {
    "login": _login,
    "login_failed": _login_failed,
    "logout": _logout,
    "config": _config,
    "configured": _configured,
    "user_added": lambda a: [_edit(a, "set", f"mgt-config users {a.detail['username']}")],
    "interface": lambda a: [
        _system(f"Port {a.detail['interface']}: {a.detail['state'].capitalize()} 10Gb/s Full duplex")
    ],
    "packet_denied": _denied,
    "notice": lambda a: [_system(a.detail["text"])],
}
