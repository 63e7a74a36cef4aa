"""Huawei VRP5 and VRP8: what their messages mean. Keys are module and brief."""

from __future__ import annotations

import re
from typing import Final

from seawall.platforms.acts import FAILURE, SUCCESS, Act, Meaning, named

_PAIR = re.compile(r'(?P<name>[A-Za-z]+)=(?:"(?P<quoted>[^"]*)"|(?P<plain>[^,()]*))')
_UNKNOWN: Final = frozenset({"", "**", "_system_"})


def pairs(message: str) -> dict[str, str]:
    """`(Task=VT0, Ip=…, Command="…")` as a dictionary, names in lower case; the command keeps its quotes inside."""
    body, has_command, command = message.partition('Command="')
    said = {
        m["name"].lower(): (m["quoted"] if m["quoted"] is not None else m["plain"]).strip()
        for m in _PAIR.finditer(body)
    }
    if has_command:
        text, _, rest = command.rpartition('"')
        if (cut := command.find('", ')) >= 0:  # VRP8 goes on behind the command
            text, rest = command[:cut], command[cut:]
        said["command"] = text or command.rstrip(").")
        said.update({m["name"].lower(): (m["plain"] or "").strip(" .") for m in _PAIR.finditer(rest)})
    return said


def _known(value: str | None) -> str | None:
    return None if value is None or value in _UNKNOWN else value


def _source(said: dict[str, str]) -> str | None:
    return next(
        (found for name in ("remoteip", "ip", "ipaddress", "userip") if (found := _known(said.get(name)))), None
    )


def _recorded(message: str) -> Act | None:
    """CMDRECORD of either version: every command typed, or `display` command."""
    said = pairs(message)
    if "command" not in said:
        return None
    task = _known(said.get("task"))
    return Act(
        "command",
        {"success": SUCCESS, "succeeded": SUCCESS}.get(
            said.get("result", "").lower(), None if "result" not in said else FAILURE
        ),
        line=task.lower() if task else None,
        user=_known(said.get("user")),
        src_ip=_source(said),
        dst_ip=_known(said.get("localip")),
        command_raw=said["command"].strip(),
    )


def _failed(service: str | None) -> Meaning:
    def meaning(message: str) -> Act | None:
        said = pairs(message)
        door = service or said.get("accesstype", "").lower() or None
        user = _known(said.get("username") or said.get("user"))
        return Act("login", FAILURE, door, user=user, src_ip=_source(said)) if said else None

    return meaning


def _level(message: str) -> Act | None:
    said = pairs(message)
    result = SUCCESS if said.get("loginresult", "").lower().startswith("succ") else FAILURE
    return Act("login", result, "enable", user=_known(said.get("user")), src_ip=_source(said)) if said else None


def _changed(message: str) -> Act | None:
    said = pairs(message)
    return Act("config_change", SUCCESS, user=_known(said.get("user")), src_ip=_source(said))


def _changed_silently(message: str) -> Act | None:
    return Act("config_change", SUCCESS) if "have been changed" in message else None


def _account(message: str) -> Act | None:
    """AAA/LOCALACCOUNT_MODIFY: which account was made, changed or removed; by whom, it does not say."""
    said = pairs(message)
    told = f"local account {said.get('username', '?')} {said.get('operation', 'changed')}"
    return Act("config_change", SUCCESS, command_raw=told) if said else None


def _door(activity: str, pattern: str, outcome: str | None = None) -> Meaning:
    """Logins and logouts by line; lines in lower case, as commands have them."""
    meaning = named(r"(?P<line>[^\s;]+) " + pattern, activity, outcome=outcome)

    def with_line(message: str) -> Act | None:
        act = meaning(message)
        return act._replace(line=act.line.lower() if act.line else None) if act else None

    return with_line


MEANINGS: Final[dict[str, Meaning]] = {
    "SHELL/CMDRECORD": _recorded,
    "SHELL/DISPLAY_CMDRECORD": _recorded,
    "SHELL/CMDRECORDFAILED": _recorded,
    "CLI/CMDRECORD": _recorded,
    "CLI/DISPLAY_CMDRECORD": _recorded,
    "CLI/CMDRECORDFAILED": _recorded,
    "SHELL/LOGIN": _door("login", r"login from (?P<src_ip>[0-9a-fA-F.:]+)", SUCCESS),
    "CLI/LOGIN": _door("login", r"login from (?P<src_ip>[0-9a-fA-F.:]+) succeed", SUCCESS),
    "SHELL/LOGOUT": _door("logout", r"logout from (?P<src_ip>[0-9a-fA-F.:]+)"),
    "CLI/LOGOUT": _door("logout", r"logout from (?P<src_ip>[0-9a-fA-F.:]+)"),
    "SHELL/LOGINFAILED": _failed(None),
    "SHELL/LOGIN_FAIL_FOR_INPUT_TIMEOUT": _failed(None),
    "CLI/LOGINFAILED": _failed(None),
    "SSH/SSH_FAIL": _failed("ssh"),
    "SNMP/SNMP_FAIL": _failed("snmp"),
    "SNMP/SNMP_IPLOCK": _failed("snmp"),
    "CMD/SUPERLOGIN": _level,
    "HWCM/CFGCHANGE": _changed,
    "CONFIGURATION/CFGCHANGE": _changed,
    "CONFIGURATION/hwCfgChgTrap": _changed_silently,
    "AAA/LOCALACCOUNT_MODIFY": _account,
}
