"""Juniper Junos: what its event tags mean, in the standard, structured and explicit-priority forms."""

from __future__ import annotations

import re
from typing import Final

from seawall.platforms.acts import FAILURE, SUCCESS, Act, Meaning, first, named

_AUDIT = re.compile(
    r"User '(?P<user>[^']*)' (?P<verb>set|delete|deactivate|activate|rename|insert|annotate|protect|unprotect)\w*:? "
    r"\[(?P<path>[^\]]*)\](?P<rest>.*)",
    re.DOTALL,
)
_TYPED = re.compile(r"User '(?P<user>[^']*)', command '(?P<command>.*)'\s*$", re.DOTALL)
_VALUES = re.compile(r'"((?:[^"\\]|\\.)*)"')
_TO = re.compile(r'^ ?(?:"(?:[^"\\]|\\.)*"|[^"]{0,200}?)? ?(?:--|->) ')
_CONNECTION = re.compile(r"ssh-connection '(?P<src>[^' ]*)(?: \d+ (?P<dst>[^' ]*) \d+)?'")
_STRUCTURED = re.compile(r'(?P<name>[a-z\-]+)="(?P<value>(?:[^"\\\]]|\\.)*)"')


def _structured(message: str) -> dict[str, str]:
    """Parameters of structured data left as the message (brief format)."""
    return {m["name"]: m["value"] for m in _STRUCTURED.finditer(message)} if message.startswith("[") else {}


def audited(message: str) -> Act | None:
    """A line of the change audit, as the `set …` or `delete …` command with its full path."""
    found = _AUDIT.search(message)
    if found is None:
        return None
    rest = found["rest"]
    arrow = _TO.search(rest)  # old releases write `old -- "new"`, later ones `"old" -> "new"`
    value = _VALUES.search(rest, arrow.end()) if arrow else None
    command = " ".join(part for part in (found["verb"], found["path"].strip(), value[1] if value else "") if part)
    return Act("command", SUCCESS, "configure", user=found["user"], command_raw=command)


def _login(message: str) -> Act | None:
    """UI_LOGIN_EVENT, with the SSH connection and the client mode newer releases add."""
    found = re.search(r"User '(?P<user>[^']*)' login", message)
    if found is None:
        return None
    mode = re.search(r"client-mode '([^']*)'", message)
    connection = _CONNECTION.search(message)
    source, target = (connection["src"] or None, connection["dst"] or None) if connection else (None, None)
    service = mode[1] if mode and mode[1] not in ("", "cli") else ("ssh" if source else None)
    return Act("login", SUCCESS, service, user=found["user"], src_ip=source, dst_ip=target)


def _command(message: str) -> Act | None:
    """UI_CMDLINE_READ_LINE: the command as typed, ending in a blank."""
    if said := _structured(message):
        return Act("command", user=said.get("username"), command_raw=said.get("command", "").strip() or None)
    found = _TYPED.search(message)
    return Act("command", user=found["user"], command_raw=found["command"].rstrip()) if found else None


def _by_user(activity: str, *, service: str | None = None, outcome: str | None = SUCCESS) -> Meaning:
    plain = named(r"[uU]ser '(?P<user>[^']*)'", activity, outcome=outcome, service=service)

    def meaning(message: str) -> Act | None:
        said = _structured(message)
        return Act(activity, outcome, service, user=said.get("username")) if said else plain(message)

    return meaning


_FAILED = first(
    named(r"user '?(?P<user>[^' ]+)'? from host '?(?P<src_ip>[^'\s]+)", "login", outcome=FAILURE, service="ssh"),
    named(r"for (?:user )?'?(?P<user>[^' ]+)'? from '?(?P<src_ip>[^'\s]+)", "login", outcome=FAILURE),
)

MEANINGS: Final[dict[str, Meaning]] = {
    "UI_LOGIN_EVENT": _login,
    "UI_LOGOUT_EVENT": _by_user("logout", outcome=None),
    "UI_CMDLINE_READ_LINE": _command,
    "UI_CFG_AUDIT_SET": audited,
    "UI_CFG_AUDIT_SET_SECRET": audited,
    "UI_CFG_AUDIT_OTHER": audited,
    "UI_CFG_AUDIT_NEW": audited,
    "UI_COMMIT": _by_user("config_change"),
    "UI_LOAD_EVENT": _by_user("config_change"),
    "SSHD_LOGIN_FAILED": _FAILED,
    "LOGIN_FAILED": _FAILED,
    "SSHD_LOGIN_ATTEMPTS_THRESHOLD": named(
        r"(?:user|by) '?(?P<user>[^' ]+)'?.*? from (?:host )?'?(?P<src_ip>[^'\s]+)",
        "login",
        outcome=FAILURE,
        service="ssh",
    ),
    "LOGIN_INFORMATION": named(
        r"User (?P<user>\S+) logged in from host (?P<src_ip>\S+)(?: on device (?P<line>\S+))?", "login", outcome=SUCCESS
    ),
    "LOGIN_ROOT": named(
        r"User (?P<user>\S+) logged in as root from host (?P<src_ip>\S+)(?: on device (?P<line>\S+))?",
        "login",
        outcome=SUCCESS,
    ),
    "SNMPD_AUTH_FAILURE": named(r"from (?P<src_ip>\S+) to (?P<dst_ip>\S+)", "login", outcome=FAILURE, service="snmp"),
    "UI_NETCONF_CMD": _by_user("command", service="netconf"),
}

# Relays without a place for RFC 5424's MSGID drop the tag; what mgd says can be told by its words.
PROGRAMS: Final[dict[str, Meaning]] = {
    "mgd": first(
        named(r"User '(?P<user>[^']*)' requested 'commit[^']*' operation", "config_change", outcome=SUCCESS),
        _command,
        audited,
        _login,
        named(r"User '(?P<user>[^']*)' logout", "logout"),
    ),
}
