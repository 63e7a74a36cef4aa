"""Fortinet FortiOS: events and traffic as `name=value` (FortiOS Log Message Reference), or shipped as CEF."""

from __future__ import annotations

import re
from typing import Final

from seawall.platforms.acts import FAILURE, SUCCESS, Act
from seawall.platforms.fields import SHIPPED, shipped, spaced

# Syslog severities of its levels (FortiOS Log Message Reference, "FortiOS priority levels").
LEVELS: Final = {
    "emergency": 0,
    "alert": 1,
    "critical": 2,
    "error": 3,
    "warning": 4,
    "notice": 5,
    "notification": 5,
    "information": 6,
    "informational": 6,
    "debug": 7,
}
_PREFIX: Final = "FTNTFGT"  # in front of its own names in CEF
_CEF_NAMES: Final = {  # names CEF has for its own (FortiOS Log Message Reference, "CEF log field mapping")
    "src": "srcip",
    "dst": "dstip",
    "suser": "user",
    "duser": "user",
    "act": "action",
    "outcome": "status",
    "sproc": "ui",
    "app": "service",
    "reason": "reason",
    "dvchost": "devname",
    "deviceExternalId": "devid",
    "msg": "msg",
}
_DOOR: Final = re.compile(r"(?P<door>[A-Za-z][\w\-]*)(?:\((?P<at>[^)]*)\))?")
_DOORS: Final = {"gui": "web", "http": "web", "https": "web", "jsconsole": "web", "fgfm": "fortimanager"}
_SUCCESSES: Final = frozenset({"success", "succeeded", "ok", "passed", "pass", "negotiate_success"})
_FAILURES: Final = frozenset({"failed", "failure", "fail", "error", "denied", "timed_out", "negotiate_error"})
_LOGINS: Final = frozenset({"login", "admin-login", "authentication", "auth-logon", "ssl-login", "fsso-logon"})
_LOGOUTS: Final = frozenset({"logout", "admin-logout", "auth-logout", "ssl-tunnel-down", "tunnel-down", "fsso-logoff"})
_UPS: Final = frozenset({"tunnel-up", "ssl-tunnel-up", "ssl-web-pass"})
_CHANGES: Final = frozenset({"add", "edit", "delete", "move", "rename", "clone", "purge", "set", "unset", "insert"})
_RESTORES: Final = frozenset({"restore", "restore-image", "backup", "factory-reset", "download", "upload", "revert"})


def fields_of(message: str) -> dict[str, str]:
    """The fields of a message under FortiOS' own names, in whichever of its forms it came."""
    cef = shipped(message) if SHIPPED.match(message) else None
    if cef is None:
        return spaced(message)
    said = {_CEF_NAMES.get(name, name.removeprefix(_PREFIX)): value for name, value in cef.fields.items()}
    kind, _, subtype = cef.name.partition(" ")[0].partition(":")
    category, _, sub = said.get("cat", "").partition(":")
    said.setdefault("type", category or kind.lower())
    said.setdefault("subtype", sub or subtype)
    return said


def name_of(said: dict[str, str]) -> str | None:
    """`event/system/0100032001`: type, subtype and number of a message, as far as it has them."""
    number = said.get("logid") or said.get("log_id")
    return "/".join(part for part in (said.get("type"), said.get("subtype"), number) if part) or None


def told(message: str) -> Act | None:
    """What a message says somebody did; of traffic, who spoke to whom."""
    said = fields_of(message)
    user = _known(said.get("user") or said.get("unauthuser") or said.get("xauthuser"))
    door, at = _door(said)
    source = _known(said.get("srcip") or said.get("remip") or at)
    target = _known(said.get("dstip") or said.get("locip"))
    service = door or _known(said.get("service"))
    action, activity = said.get("action", "").lower(), None
    if said.get("type") in ("traffic", "utm") or not {"action", "cfgpath", "cmd"} & said.keys():
        return Act(None, None, service, None, user, source, target) if user or source or target else None
    outcome = _outcome(said)
    typed = said.get("cmd") or said.get("command") or _audited(said)
    command = typed or _change(said)
    if action in _LOGINS or action in _UPS or "login-fail" in action:
        activity, outcome = "login", FAILURE if "fail" in action else outcome or (SUCCESS if action in _UPS else None)
        service = ("vpn" if said.get("subtype") == "vpn" else door) or service
    elif action in _LOGOUTS:
        activity, service = "logout", ("vpn" if said.get("subtype") == "vpn" else door) or service
    elif typed:
        activity = "command"
    elif said.get("cfgpath") or action in _RESTORES or (action in _CHANGES and said.get("subtype") == "system"):
        activity, outcome = "config_change", outcome or SUCCESS
    elif not (user or source or target):
        return None
    return Act(activity, outcome, service, None, user, source, target, command if activity else None)


def _door(said: dict[str, str]) -> tuple[str | None, str | None]:
    """The door and the address in `ui=https(192.0.2.5)`, `ui=ssh(…)`, `ui="GUI(…)"`, `ui=console`; else `method`."""
    found = _DOOR.fullmatch(said.get("ui", "").strip())
    if found is None:
        method = said.get("method", "").lower()
        return (_DOORS.get(method, method) if method in (*_DOORS, "ssh", "telnet", "console") else None), None
    word = found["door"].lower()
    return _DOORS.get(word, word), found["at"]


def _audited(said: dict[str, str]) -> str | None:
    """What was typed, of the messages `set cli-audit-log enable` adds: number 44548, the command as `msg`."""
    number = said.get("logid") or said.get("log_id") or ""
    return said.get("msg") if number.endswith("044548") else None


def _change(said: dict[str, str]) -> str | None:
    """A change as a line: `edit system.admin backdoor accprofile[super_admin]`."""
    parts = (said.get("action", "").lower(), said.get("cfgpath"), said.get("cfgobj"), said.get("cfgattr"))
    return " ".join(part for part in parts if part) if said.get("cfgpath") else said.get("msg")


def _outcome(said: dict[str, str]) -> str | None:
    for name in ("status", "result", "authstatus", "outcome"):
        word = said.get(name, "").lower()
        if word in _SUCCESSES:
            return SUCCESS
        if word in _FAILURES:
            return FAILURE
    return None


def _known(value: str | None) -> str | None:
    return None if value is None or value.strip().lower() in ("", "n/a", "unknown", "none") else value.strip()
