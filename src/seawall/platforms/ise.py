"""Cisco ISE: `CISE_<category> <message> <segments> <segment> <time> <counter> <code> <SEVERITY> <class>: <text>, …`

Long messages come in several segments; whoever has them all joins their texts before asking (Cisco Identity Services
Engine, "Syslog message format").
"""

from __future__ import annotations

import re
from typing import Final

from seawall.platforms.acts import FAILURE, NO_ADDRESSES, SUCCESS, Act, service_of_line
from seawall.platforms.fields import listed

LEVELS: Final = {"FATAL": 0, "ERROR": 3, "WARN": 4, "WARNING": 4, "NOTICE": 5, "INFO": 6, "DEBUG": 7}
_STAMPED: Final = (
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?(?: [+-]\d\d:\d\d)?) (?P<counter>\d{1,18}) "
    r"(?P<code>\d{3,6}) (?P<level>[A-Z]{3,8}) "
)
HEAD: Final = re.compile(
    r"(?P<category>CISE_\w{1,64}) (?P<message>\d{1,18}) (?P<segments>\d{1,4}) (?P<segment>\d{1,4}) +"
    rf"(?:{_STAMPED})?"
)
LOCAL: Final = re.compile(  # a line of its own file `iseLocalStore.log`
    r"(?:(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?(?: [+-]\d\d:\d\d)?) )?"
    r"(?P<counter>\d{8,18}) (?P<code>\d{4,6}) (?P<level>FATAL|ERROR|WARN|NOTICE|INFO|DEBUG) "
    r"(?P<class>[A-Z][\w\- ]{2,40}): "
)
_CATEGORIES: Final = {  # the classes of messages, as the categories remote log targets get them under
    "Passed-Authentication": "CISE_Passed_Authentications",
    "Failed-Attempt": "CISE_Failed_Attempts",
    "Radius-Accounting": "CISE_RADIUS_Accounting",
    "RADIUS-Accounting": "CISE_RADIUS_Accounting",
    "Tacacs-Accounting": "CISE_TACACS_Accounting",
    "TACACS-Accounting": "CISE_TACACS_Accounting",
}
_COMMAND: Final = re.compile(r"Cmd(?:Arg)?AV=(.*?)(?= Cmd(?:Arg)?AV=| ?\]|$)")
_CR: Final = re.compile(r"\s*<cr>\s*$", re.IGNORECASE)
# Codes by what they tell (ISE "Syslog message catalog").
_ADMIN_IN, _ADMIN_FAILED, _ADMIN_OUT = {"51001", "60115", "60135"}, {"51000", "51020", "60116"}, {"51002", "51003"}
_CHANGES: Final = frozenset(f"5200{digit}" for digit in range(10)) | {"51101", "51102", "51115", "60187"}
_ADDRESS: Final = re.compile(r"(?:\d{1,3}\.){3}\d{1,3}|(?=.*:.*:)[0-9A-Fa-f:.]{3,45}")
_MAC: Final = re.compile(r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}")
_SERVICES: Final = {"gui": "web", "cli": "ssh", "ers": "api", "api": "api"}


def told(message: str) -> Act | None:
    """What a message says somebody did. For AAA of devices `dst_ip` is the device, ISE being the observer."""
    head = HEAD.match(message) or LOCAL.match(message)
    if head is None or not head["code"]:
        return None
    category = category_of(head)
    pairs = listed(message[head.end() :])
    said: dict[str, str] = {}
    for name, value in pairs:
        said.setdefault(name, value)
    user = _first(said, "AdminName", "User", "UserName", "User-Name", "Username")
    code = head["code"]
    device = _address(_first(said, "Device IP Address", "Device-IP-Address", "NAS-IP-Address", "NAS IP Address"))
    if category == "CISE_TACACS_Accounting":
        return _accounted(message, said, user, device)
    if category == "CISE_RADIUS_Accounting":
        return _session(said, user, device)
    if category in ("CISE_Passed_Authentications", "CISE_Failed_Attempts"):
        return _answered(category, said, user, device)
    return _administered(code, said, user)


def category_of(head: re.Match[str]) -> str:
    """`CISE_TACACS_Accounting`, whichever of the two forms a message came in."""
    said = head.groupdict()
    if category := said.get("category"):
        return str(category)
    if said["class"] == "Device-Administration":  # commands allowed or refused: told apart by their number
        return "CISE_Passed_Authentications" if said["code"].startswith("52") else "CISE_Failed_Attempts"
    return _CATEGORIES.get(said["class"], "CISE_Administrative_and_Operational_Audit")


def _accounted(message: str, said: dict[str, str], user: str | None, device: str | None) -> Act | None:
    line, source = said.get("Port") or None, _address(said.get("Remote-Address"))
    if command := _command(said):
        return Act("command", None, "shell", line, user, source, device, command)
    flags = said.get("AcctRequest-Flags", "") + message.partition(",")[0].upper()
    activity = "login" if "Start" in flags or "START" in flags else "logout" if "top" in flags.lower() else None
    outcome = SUCCESS if activity == "login" else None
    return Act(activity, outcome, service_of_line(line) or "shell", line, user, source, device)


def _session(said: dict[str, str], user: str | None, device: str | None) -> Act | None:
    status = said.get("Acct-Status-Type", "").lower()
    activity = {"start": "login", "stop": "logout"}.get(status)
    outcome = SUCCESS if activity == "login" else None
    source = _address(said.get("Calling-Station-ID")) or _address(said.get("Calling-Station-Id"))
    return Act(activity, outcome, "network", said.get("NAS-Port-Id"), user, source, device)


def _answered(category: str, said: dict[str, str], user: str | None, device: str | None) -> Act | None:
    """An authentication or authorisation of a person at a device, or of a machine at a port."""
    outcome = SUCCESS if category == "CISE_Passed_Authentications" else FAILURE
    line, source = said.get("Port") or None, _address(said.get("Remote-Address"))
    if command := _command(said):
        return Act("command", outcome, "shell", line, user, source, device, command)
    if said.get("Type") == "Authorization":
        return Act(None, outcome, "shell", line, user, source, device)
    administers = "tacacs" in said.get("Protocol", "").lower() or source is not None
    source = source or _address(_first(said, "Calling-Station-ID", "Calling-Station-Id"))
    return Act("login", outcome, "shell" if administers else "network", line, user, source, device)


def _administered(code: str, said: dict[str, str], user: str | None) -> Act | None:
    """What administrators of ISE itself do."""
    source = _address(_first(said, "AdminIPAddress", "adminipaddress"))
    door = said.get("AdminInterface", "").lower()
    service = _SERVICES.get(door, door or None)
    if code in _ADMIN_IN | _ADMIN_FAILED:
        return Act("login", FAILURE if code in _ADMIN_FAILED else SUCCESS, service, None, user, source)
    if code in _ADMIN_OUT:
        return Act("logout", None, service, None, user, source)
    if code in _CHANGES or "ConfigChangeData" in said:
        parts = (said.get("ObjectType"), said.get("ObjectName"), said.get("ConfigChangeData"))
        return Act("config_change", SUCCESS, service, None, user, source, None, " ".join(p for p in parts if p) or None)
    return None


def _command(said: dict[str, str]) -> str | None:
    """`CmdSet=[ CmdAV=show CmdArgAV=version CmdArgAV=<cr> ]` as the command typed."""
    if found := _COMMAND.findall(said.get("CmdSet", "")):
        return _CR.sub("", " ".join(part.strip() for part in found)).strip() or None
    return _first(said, "Command", "Cmd")


def _first(said: dict[str, str], *names: str) -> str | None:
    return next((value for name in names if (value := said.get(name))), None)


def _address(value: str | None) -> str | None:
    """The value if it looks like an address: calling stations are as often MACs or telephone numbers."""
    text = (value or "").strip()
    if text.lower() in NO_ADDRESSES:
        return None
    return text if _ADDRESS.fullmatch(text) and not _MAC.fullmatch(text) else None
