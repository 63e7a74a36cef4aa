"""Cisco IOS and IOS XE: what their messages mean. Keys are facility and mnemonic, without severity."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from seawall.platforms.acts import (
    FAILURE,
    SUCCESS,
    Act,
    Meaning,
    at_console,
    first,
    host_of,
    named,
    service_of_line,
    service_of_port,
)

_FIELDS = re.compile(r"\[user: ?([^\]]*)\](?: \[Source: ?([^\]]*)\])?(?: \[localport: ?(\d*)\])?")
_TERMINAL = re.compile(r"(?:vty|con|tty|aux)\d")
_ON_LINE = r"(?: on (?P<line>[^\s(]+))?(?: ?\((?P<src_ip>[^)]*)\))?"


@dataclass(frozen=True, slots=True)
class _Login:
    """`… [user: u] [Source: ip] [localport: 22] …`"""

    outcome: str
    service: str | None = None

    def __call__(self, message: str) -> Act | None:
        found = _FIELDS.search(message)
        if found is None:
            return None
        user, source, port = found.groups()
        service = self.service or service_of_port(port)
        return Act("login", self.outcome, service, None, user or None, source or None)


_CONFIGURED = re.compile(r"Configured from (?P<door>\S+)(?: by (?P<user>\S+))?" + _ON_LINE)
_PROGRAM = re.compile(r"by process (?P<process>.+?) from (?P<door>\S+) as (?P<user>\S*)" + _ON_LINE)
_PROCESSES: Final = (("webui", "webui"), ("wsma", "webui"), ("ssh", "ssh"), ("http", "web"), ("netconf", "netconf"))
_PROCESSES_MORE: Final = (("dmi", "netconf"), ("yang", "netconf"), ("snmp", "snmp"), ("eem", "eem"), ("exec", None))


def configured(message: str) -> Act | None:
    """CONFIG_I: `Configured from console by u on vty0 (ip)`, `from ip by snmp`, `from tftp://… by console`."""
    found = _CONFIGURED.search(message)
    if found is None:
        return None
    door, user, line, source = found["door"], found["user"], found["line"], found["src_ip"]
    if user == "snmp":
        return Act("config_change", SUCCESS, "snmp", src_ip=door if door != "console" else None)
    if "://" in door:
        return Act("config_change", SUCCESS, door.partition(":")[0], user=None if user == "console" else user)
    if line is None and source is None and _TERMINAL.match(user or ""):
        return Act("config_change", SUCCESS, service_of_line(user), line=user)
    if user and _TERMINAL.match(user):  # no login name: `by vty0 (ip)`
        return Act("config_change", SUCCESS, service_of_line(user), user, src_ip=source or None)
    service = service_of_line(line) or ("console" if line is None and source is None else None)
    return Act("config_change", SUCCESS, service, line, None if user == "console" else user, source or None)


def configured_by_process(message: str) -> Act | None:
    """CONFIG_P: `Configured programmatically by process P from console as u on vty0 (ip)`."""
    found = _PROGRAM.search(message)
    if found is None:
        return None
    process = found["process"].lower()
    service = next((door for word, door in (*_PROCESSES, *_PROCESSES_MORE) if word in process), process)
    return Act("config_change", SUCCESS, service, found["line"], found["user"] or None, found["src_ip"] or None)


def logged_command(message: str) -> Act | None:
    """CFGLOG_LOGGEDCMD: `User:u  logged command:!exec: enable`."""
    who, colon, command = message.partition("logged command:")
    if not colon:
        return None
    return Act("command", user=who.removeprefix("User:").strip() or None, command_raw=command.strip())


def _eem(message: str) -> Act | None:
    """HA_EM LOG of a catch-all applet: `catchall: show logging`. Other applets log free text."""
    applet, colon, command = message.partition(": ")
    if not colon or not re.search(r"catch|cli|command|accounting|audit", applet, re.IGNORECASE):
        return None
    return Act("command", service="eem", command_raw=command.strip())


_NETCONF_OK = named(
    r"User '(?P<user>[^']*)' authenticated successfully from (?P<src_ip>\S+?):\d+ .*?for (?P<service>\S+) over",
    "login",
    outcome=SUCCESS,
)
_NETCONF_BAD = named(
    r"Authentication failure (?:for (?:user )?'?(?P<user>[^' ]+)'? )?from (?P<src_ip>\S+?):\d+ .*?for (?P<service>\S+)",
    "login",
    outcome=FAILURE,
)
_SSH_USER = r"User '(?P<user>[^']*)' authentication for SSH2? Session from (?P<src_ip>\S+) \(tty = (?P<line>\d+)\).*"


def _tty(meaning: Meaning) -> Meaning:
    def with_line(message: str) -> Act | None:
        act = meaning(message)
        return act._replace(line=f"vty{act.line}") if act and act.line else act

    return with_line


def _rpc(message: str) -> Act | None:
    """MODEL_RPC_I: `RPC 'urn:x' invoked from ip:port via NETCONF user u session 49`."""
    found = re.search(r"RPC '(?P<rpc>[^']*)' invoked from (?P<from>\S+) via (?P<via>\S+) user (?P<user>\S+)", message)
    if found is None:
        return None
    source = host_of(found["from"])
    return Act(
        "command", SUCCESS, found["via"].lower(), user=found["user"], src_ip=source, command_raw=f"rpc {found['rpc']}"
    )


_SSH2_USERAUTH = _tty(
    first(
        named(_SSH_USER + r"Succeeded", "login", outcome=SUCCESS, service="ssh"),
        named(_SSH_USER + r"Failed", "login", outcome=FAILURE, service="ssh"),
    )
)
_LOGOUT = named(r"User (?P<user>\S+) has exited tty session (?P<line>\d+)\((?P<src_ip>[^)]*)\)", "logout")
_PRIVILEGE = r"(?: by (?P<user>\S+))?" + _ON_LINE
_WEB_PASSED = r"[Ll]ogin [Ss]uccessful from host (?P<src_ip>\S+) by user '(?P<user>[^']*)'"
_WEB_FAILED = r"[Ll]ogin .*?(?:from host|from) (?P<src_ip>\S+)(?: by user '(?P<user>[^']*)')?"

MEANINGS: Final[dict[str, Meaning]] = {
    "SEC_LOGIN-LOGIN_SUCCESS": at_console(_Login(SUCCESS)),
    "SEC_LOGIN-LOGIN_FAILED": at_console(_Login(FAILURE)),
    "SEC_LOGIN-WEBLOGIN_SUCCESS": _Login(SUCCESS, "web"),
    "SEC_LOGIN-WEBLOGIN_FAILED": _Login(FAILURE, "web"),
    "SEC_LOGIN-QUIET_MODE_ON": _Login(FAILURE),
    "WEBSERVER-LOGIN_PASSED": named(_WEB_PASSED, "login", outcome=SUCCESS, service="web"),
    "WEBSERVER-LOGIN_FAILED": named(_WEB_FAILED, "login", outcome=FAILURE, service="web"),
    "SSH-SSH2_USERAUTH": _SSH2_USERAUTH,
    "SSH-SSH_USERAUTH": _SSH2_USERAUTH,
    "SSH-SSH2_SESSION": named(r"(?:from|to) (?P<src_ip>\S+) \(tty", None, service="ssh"),
    "SSH-SSH2_CLOSE": _tty(
        named(
            r"Session from (?P<src_ip>\S+) \(tty = (?P<line>\d+)\) for user '(?P<user>[^']*)'", "logout", service="ssh"
        )
    ),
    "SYS-LOGOUT": _tty(_LOGOUT),
    "SYS-PRIV_AUTH_PASS": named(r"set to \d+" + _PRIVILEGE, "login", outcome=SUCCESS, service="enable"),
    "SYS-PRIV_AUTH_FAIL": named(r"level \d+ failed" + _PRIVILEGE, "login", outcome=FAILURE, service="enable"),
    "SYS-CONFIG_I": configured,
    "SYS-CONFIG_P": configured_by_process,
    "SYS-CONFIG": configured,
    "SYS-CONFIG_RESOLVE_FAILURE": named(
        r"config parse from \((?P<service>[a-z]+)://", "config_change", outcome=FAILURE
    ),
    "CLEAR-COUNTERS": named(
        r"^(?P<command_raw>Clear counters? on .*?) by (?P<user>\S+)" + _ON_LINE, "command", outcome=SUCCESS
    ),
    "PARSER-CFGLOG_LOGGEDCMD": logged_command,
    "AAAA-ACCTLOCAL": named(
        r"Username: ?(?P<user>\S*) Privilege level: ?\d+ Command: ?(?P<command_raw>.*?) *$", "command"
    ),
    "DMI-AUTH_PASSED": _NETCONF_OK,
    "DMI-AUTHENTICATION_FAILED": _NETCONF_BAD,
    "NDBMAN-MODEL_RPC_I": _rpc,
    "DMI-CONFIG_I": named(
        r"Configured from (?P<service>\S+?)(?:/\S+)? by (?P<user>[^\s,]+)", "config_change", outcome=SUCCESS
    ),
    "HA_EM-LOG": _eem,
    "SNMP-AUTHFAIL": named(r"from host (?P<src_ip>\S+)", "login", outcome=FAILURE, service="snmp"),
    "SNMP-AUTHFAILIPV6": named(r"from host (?P<src_ip>\S+)", "login", outcome=FAILURE, service="snmp"),
    "WEBUI-INSTALL_OPERATION_INFO": named(
        r"User: ?(?P<user>[^,]*), (?P<command_raw>Install Operation: .*)", "command", service="webui"
    ),
    "AAA-USERNAME_CONFIGURATION": named(
        r"(?P<command_raw>user with username: \S+ \w+)", "config_change", outcome=SUCCESS
    ),
}
