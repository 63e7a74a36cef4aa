# ruff: noqa: E501 - a pattern reads best in one piece
"""Palo Alto PAN-OS: log records as comma-separated values, or shipped as CEF or LEEF.

Places are those of "Syslog Field Descriptions" (PAN-OS Administrator's Guide); releases only ever add fields behind.
"""

from __future__ import annotations

import csv
import re
from typing import Final

from seawall.platforms.acts import FAILURE, SUCCESS, Act, Meaning, first, named
from seawall.platforms.fields import SHIPPED, Shipped, shipped

SEVERITIES: Final = {"informational": 6, "low": 5, "medium": 4, "high": 4, "critical": 2}
SERIAL, TYPE, SUBTYPE, GENERATED = 2, 3, 4, 6
_NAME_AT: Final = {"TRAFFIC": 52, "THREAT": 59, "SYSTEM": 22, "AUTHENTICATION": 29}  # the device's own name
_SEVERITY_AT: Final = {"SYSTEM": 13, "THREAT": 34, "CORRELATION": 10}
_FLOWS: Final = frozenset({"TRAFFIC", "THREAT", "DECRYPTION", "TUNNEL", "SCTP", "WILDFIRE", "URL", "DATA"})
_ENTRY: Final = re.compile(r"/(?:entry|member)\[@name='([^']*)'\]")
_LONGEST_PATH: Final = 2_048  # characters
_HIGH_RES: Final = re.compile(r"(?:19|20)\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)")
_DOORS: Final = {"web": "web", "cli": "cli", "https": "web", "http": "web", "api": "api", "rest": "api", "gui": "web"}
_ADDRESS: Final = r"(?P<src_ip>(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]*:[0-9A-Fa-f:]+)"
_WHO: Final = r"[Uu]ser:?\s+['\"]?(?P<user>(?<=['\"])[^'\"]{1,256}(?=['\"])|[^'\"\s]+?)['\"]?(?=[.,]?\s|[.,]?$)"

_SAID: Final[Meaning] = first(
    named(rf"(?i:failed authentication) for {_WHO}(?:.*?From:? {_ADDRESS})?", "login", outcome=FAILURE),
    named(rf"^(?:.*?, )?(?i:authenticat(?:ed|ion succeeded)) for {_WHO}(?:.*?From:? {_ADDRESS})?", "login", outcome=SUCCESS),
    named(rf"{_WHO} logged in via (?P<service>\w+)(?: from {_ADDRESS})?", "login", outcome=SUCCESS),
    named(rf"{_WHO} logged out via (?P<service>\w+)(?: from {_ADDRESS})?", "logout"),
    named(rf"[Ss]ession for {_WHO} via (?P<service>\w+)(?: from {_ADDRESS})? timed out", "logout"),
    named(rf"[Uu]ser '?(?P<user>[^'\s]+)'? login fail\w*(?:.*?[Ff]rom:? {_ADDRESS})?", "login", outcome=FAILURE),
    named(rf"(?P<command_raw>(?:[Cc]ommit|[Ll]oad|[Rr]evert)\b[^.]{{0,60}}? succeeded)(?:\. |.*?){_WHO}", "config_change", outcome=SUCCESS),
    named(rf"(?P<command_raw>[Pp]assword changed) for {_WHO}", "config_change", outcome=SUCCESS),
)  # fmt: skip


def values_of(message: str) -> list[str]:
    """The values of a record; quotes taken off. A record is one line, so nothing runs on."""
    return next(csv.reader([message.replace("\n", " ")], skipinitialspace=False), [])


def header_of(values: list[str]) -> tuple[str | None, str | None, int, str]:
    """Name (`SYSTEM/auth`), device, severity (-1 = none) and the time a record says of itself."""
    kind, subtype = values[TYPE].strip().upper(), values[SUBTYPE].strip()
    name = f"{kind}/{subtype}" if subtype and not subtype.isdigit() else kind
    device = _at(values, _NAME_AT.get(kind, -1)) or _at(values, SERIAL)
    severity = SEVERITIES.get((_at(values, _SEVERITY_AT.get(kind, -1)) or "").lower(), -1)
    exact = next((v for v in reversed(values) if _HIGH_RES.fullmatch(v.strip())), None)
    return name, device, severity, exact or values[GENERATED]


def told(message: str) -> Act | None:
    """What a record says somebody did; of traffic, who spoke to whom."""
    if SHIPPED.match(message):
        record = shipped(message)
        return _shipped(record) if record else None
    values = values_of(message)
    if len(values) <= GENERATED + 1:
        return None
    kind = values[TYPE].strip().upper()
    if kind in _FLOWS:
        user = _at(values, 12) or _at(values, 13)
        return Act(None, None, _at(values, 14), None, user, _at(values, 7), _at(values, 8))
    reader = _READERS.get(kind)
    return reader(values) if reader else None


def _system(values: list[str]) -> Act | None:
    act = _SAID(_at(values, 14) or "")
    if act is None:
        return None
    return act._replace(service=_door(act.service) or ("vpn" if _at(values, SUBTYPE) == "globalprotect" else None))


def _config(values: list[str]) -> Act | None:
    """An edit somebody made, with its path; what was there before and after is not told as a command."""
    result = (_at(values, 12) or "").lower()
    outcome = SUCCESS if result.startswith(("succ", "subm")) else FAILURE if result else None
    path = _worded(_at(values, 13) or "")
    command = " ".join(part for part in (_at(values, 9), "" if path.isdigit() else path) if part)
    source = _at(values, 7)
    return Act("config_change", outcome, _door(_at(values, 11)), None, _at(values, 10), source, None, command or None)


def _worded(path: str) -> str:
    """The path of an edit as the command line has it: the web interface and the API write it as XPath.

    `/config/devices/entry[@name='localhost.localdomain']/mgt-config/users/entry[@name='ann']` is
    `mgt-config users ann`.
    """
    if not path.startswith("/"):
        return path
    words = _ENTRY.sub(lambda found: f"/{found[1]}", path[:_LONGEST_PATH]).strip("/").split("/")
    where = " ".join(word for word in words if word)
    return re.sub(r"^(?:config )?(?:devices localhost\.localdomain )?", "", where)


def _global_protect(values: list[str]) -> Act | None:
    """GLOBALPROTECT of 9.1 and later: events of a tunnel's life, of which entry and end are logins and logouts."""
    event, status = (_at(values, 8) or "").lower(), (_at(values, 28) or "").lower()
    activity = "logout" if "logout" in event else "login" if re.search(r"login|auth|connected", event) else None
    outcome = None if activity != "login" else FAILURE if status.startswith("fail") else SUCCESS if status else None
    return Act(activity, outcome, "vpn", None, _at(values, 12), _at(values, 15) or _at(values, 16))


def _user_id(values: list[str]) -> Act | None:
    """Who was seen at which address: somebody else's login, told by the agent that watched it."""
    activity = {"login": "login", "logout": "logout"}.get((_at(values, SUBTYPE) or "").lower())
    outcome = SUCCESS if activity == "login" else None
    return Act(activity, outcome, "userid", None, _at(values, 8), _at(values, 7)) if activity else None


def _authentication(values: list[str]) -> Act | None:
    event = f"{_at(values, 18) or ''} {_at(values, 20) or ''} {_at(values, SUBTYPE) or ''}".lower()
    outcome = FAILURE if re.search(r"fail|denied|reject|invalid", event) else SUCCESS if "succ" in event else None
    return Act("login", outcome, None, None, _at(values, 9) or _at(values, 10), _at(values, 8))


def _match(values: list[str]) -> Act | None:
    return Act(None, None, "vpn", None, _at(values, 7), _at(values, 11))


_READERS: Final = {
    "SYSTEM": _system,
    "CONFIG": _config,
    "GLOBALPROTECT": _global_protect,
    "USERID": _user_id,
    "AUTHENTICATION": _authentication,
    "HIPMATCH": _match,
}


def _shipped(record: Shipped) -> Act | None:
    """The same acts in CEF or LEEF; custom formats name fields as they like, so several names are asked."""
    said = record.fields
    kind = (record.name or record.event or said.get("cat", "")).upper()
    user = _first(said, "suser", "duser", "usrName", "AdminUserName", "Admin", "SourceUser", "shost")
    source, target = _first(said, "src", "SourceIP"), _first(said, "dst", "DestinationIP")
    text = _first(said, "msg", "Message", "flexString2", "Description") or ""
    if "CONFIG" in kind:
        result = (_first(said, "outcome", "Result", "reason") or "").lower()
        outcome = SUCCESS if result.startswith(("succ", "subm")) else FAILURE if result else None
        command = " ".join(p for p in (_first(said, "act", "Command"), _first(said, "cs1", "ConfigurationPath")) if p)
        door = _door(_first(said, "destinationServiceName", "Client"))
        return Act("config_change", outcome, door, None, user, source or _first(said, "shost"), None, command or None)
    if act := _SAID(text):
        return act._replace(user=act.user or user, src_ip=act.src_ip or source, service=_door(act.service))
    if user or source or target:
        return Act(None, None, _first(said, "app", "Application"), None, user, source, target)
    return None


def _door(word: str | None) -> str | None:
    return _DOORS.get(word.lower(), word.lower()) if word else None


def _first(said: dict[str, str], *names: str) -> str | None:
    return next((value for name in names if (value := said.get(name))), None)


def _at(values: list[str], place: int) -> str | None:
    value = values[place].strip() if 0 <= place < len(values) else ""
    return value if value and value != "0.0.0.0" else None  # noqa: S104 - compared with, not bound to
