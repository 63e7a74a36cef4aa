"""Fortinet FortiOS syslog: `name="value"` pairs, pairs with commas between (`set format csv`), or CEF.

Numbers, names and words are those of the FortiOS Log Message Reference; commands are logged with `cli-audit-log`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Final

from seawall.drills.acts import Act
from seawall.drills.render.envelopes import Record, write_cef
from seawall.drills.render.sender import LOCAL7, Sender, stamp

HEADERS: Final = ("pairs", "commas", "cef")

Message = tuple[str, str, dict[str, str]]  # (type/subtype/number, level, its own fields)

_SEVERITIES: Final = {"alert": 1, "error": 3, "warning": 4, "notice": 5, "information": 6}
_BARE: Final = frozenset({"date", "time", "eventtime", "srcip", "dstip", "srcport", "dstport", "remip", "cfgtid", "sn"})
_CEF_NAMES: Final = {
    "srcip": "src", "dstip": "dst", "user": "suser", "action": "act", "status": "outcome", "ui": "sproc",
    "service": "app", "reason": "reason", "msg": "msg",
}  # fmt: skip
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def write(act: Act, sender: Sender) -> list[str]:
    """The lines the device logs for an act; a service `vpn` makes a login one of a tunnel."""
    say = _SAY.get(act.doing)
    return [line(act.time, sender, *message) for message in say(act)] if say else []


def line(time: datetime, sender: Sender, name: str, level: str, fields: Mapping[str, str]) -> str:
    """One message of any family, in the sender's form. `name` is `type/subtype/number`."""
    sender.next()
    kind, subtype, number = name.split("/")
    priority = LOCAL7 + _SEVERITIES[level]
    if sender.header == "cef":
        extension = {
            "deviceExternalId": "FG100F0000000001",
            "dvchost": sender.host,
            "FTNTFGTeventtime": _nanoseconds(time),
            "FTNTFGTlogid": number,
            "cat": f"{kind}:{subtype}",
            "FTNTFGTsubtype": subtype,
            "FTNTFGTlevel": level,
            "FTNTFGTvd": "root",
            **{_CEF_NAMES.get(key, f"FTNTFGT{key}"): value for key, value in fields.items()},
        }
        about = f"{kind}:{subtype} {fields.get('action', '')} {fields.get('status', '')}".rstrip()
        event = Record("Fortinet", "Fortigate", number[-5:], about, 8 - _SEVERITIES[level], extension, "v7.4.3")
        return f"<{priority}>{stamp(time)} {sender.host} {write_cef(event)}"
    pairs = {
        "date": f"{time:%Y-%m-%d}",
        "time": f"{time:%H:%M:%S}",
        "devname": sender.host,
        "devid": "FG100F0000000001",
        "eventtime": _nanoseconds(time),
        "tz": "+0000",
        "logid": number,
        "type": kind,
        "subtype": subtype,
        "level": level,
        "vd": "root",
        **fields,
    }
    between = "," if sender.header == "commas" else " "
    return f"<{priority}>{between.join(_pair(key, value) for key, value in pairs.items())}"


def _nanoseconds(time: datetime) -> str:
    passed = time - _EPOCH
    return str(((passed.days * 86_400 + passed.seconds) * 10**6 + passed.microseconds) * 1_000)


def _pair(name: str, value: str) -> str:
    if name in _BARE:
        return f"{name}={value}"
    escaped = value.replace('"', '\\"')
    return f'{name}="{escaped}"'


def _person(act: Act, **fields: str) -> dict[str, str]:
    """Who did it, and through which door: `https(192.0.2.5)`."""
    door = {"web": "https", "netconf": "ssh"}.get(act.detail.get("service", "ssh"), act.detail.get("service", "ssh"))
    at = f"({act.source})" if act.source else ""
    return {"user": act.account, "ui": f"{door}{at}", **fields}


def _is_vpn(act: Act) -> bool:
    return act.detail.get("service") == "vpn"


def _tunnel(act: Act, action: str, **fields: str) -> dict[str, str]:
    return {"action": action, "tunneltype": "ssl-tunnel", "remip": act.source, "user": act.account, **fields}


def _login(act: Act) -> list[Message]:
    if _is_vpn(act):
        return [("event/vpn/0101039424", "information", _tunnel(act, "tunnel-up", msg="SSL tunnel established"))]
    addresses = {"srcip": act.source, "dstip": act.detail["to"]} if act.source and "to" in act.detail else {}
    said = _person(act, **addresses, action="login", status="success", reason="none", profile="super_admin")
    said["msg"] = f"Administrator {act.account} logged in successfully from {said['ui']}"
    return [("event/system/0100032001", "information", said)]


def _login_failed(act: Act) -> list[Message]:
    if _is_vpn(act):
        said = _tunnel(act, "ssl-login-fail", reason="sslvpn_login_permission_denied")
        return [("event/vpn/0101039426", "alert", said)]
    said = _person(act, action="login", status="failed", reason="passwd_invalid")
    said["msg"] = f"Administrator {act.account} login failed from {said['ui']} because of invalid password"
    return [("event/system/0100032002", "alert", said)]


def _logout(act: Act) -> list[Message]:
    if _is_vpn(act):
        return [("event/vpn/0101039425", "information", _tunnel(act, "tunnel-down", msg="SSL tunnel shutdown"))]
    said = _person(act, action="logout", status="success", reason="exit")
    return [("event/system/0100032003", "information", said)]


def _command(act: Act) -> list[Message]:
    action = act.command.split(" ", 1)[0].capitalize()
    return [("event/system/0100044548", "information", _person(act, action=action, msg=act.command))]


def _config(act: Act) -> list[Message]:
    """`edit system.admin backdoor accprofile[super_admin]` as action, path, object and attributes."""
    action, _, rest = act.command.partition(" ")
    path, _, rest = rest.partition(" ")
    obj, _, attributes = rest.partition(" ")
    said = _person(act, action=action.capitalize(), cfgtid="1795342530", cfgpath=path)
    said |= {name: value for name, value in (("cfgobj", obj), ("cfgattr", attributes)) if value}
    return [("event/system/0100044547", "information", {**said, "msg": f"{action.capitalize()} {path} {obj}".strip()})]


def _user_added(act: Act) -> list[Message]:
    name = act.detail["username"]
    said = _person(act, action="Add", cfgtid="1795342531", cfgpath="system.admin", cfgobj=name)
    return [("event/system/0100044547", "information", {**said, "cfgattr": "accprofile[super_admin]"})]


def _interface(act: Act) -> list[Message]:
    name, state = act.detail["interface"], act.detail["state"]
    said = {
        "action": "interface-stat-change",
        "status": state.upper(),
        "msg": f"Link monitor: Interface {name} {state}",
    }
    return [("event/system/0100020099", "information", said)]


def _denied(act: Act) -> list[Message]:
    d = act.detail
    said = {"srcip": act.source, "srcport": d["sport"], "dstip": d["target"], "dstport": d["dport"]}
    return [("traffic/local/0001000014", "notice", {**said, "service": f"tcp/{d['dport']}", "action": "deny"})]


def _notice(act: Act) -> list[Message]:
    return [("event/system/0100040704", "notice", {"action": "perf-stats", "msg": act.detail["text"]})]


_SAY: Final[Mapping[str, Callable[[Act], list[Message]]]] = {
    "login": _login,
    "login_failed": _login_failed,
    "logout": _logout,
    "command": _command,
    "config": _config,
    "user_added": _user_added,
    "interface": _interface,
    "packet_denied": _denied,
    "notice": _notice,
}
