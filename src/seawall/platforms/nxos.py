"""Cisco NX-OS: messages, and the lines of its own accounting log (given the mnemonic `ACCOUNTING`)."""

from __future__ import annotations

import re
from typing import Final

from seawall.platforms.acts import FAILURE, SUCCESS, Act, Meaning, first, named, snmp_refused
from seawall.platforms.cisco_ios import logged_command

_RESULT = re.compile(r"\s*\((SUCCESS|FAILURE|REDIRECT)\)\s*(?:\(message repeated \d+ times?\))?$")
_ACCOUNT = re.compile(  # only an address may hold colons: the user's own text comes last and may hold anything
    r"(?:^|\s)(?P<kind>start|stop|update):(?P<from>(?:(?:[0-9a-fA-F.:%]+|[\w.\-]+)@)?[^:@\s]*):(?P<user>[^:\s]*):(?P<text>.*)",
    re.DOTALL,
)
_FILE = re.compile(r"type=(?P<kind>\w+):id=(?P<from>.*?):user=(?P<user>.*?):cmd=(?P<text>.*)", re.DOTALL)
_DOORS: Final = (("ssh", "ssh"), ("pts", None), ("ttyS", "console"), ("console", "console"), ("snmp", "snmp"))


def accounted(message: str) -> Act | None:
    """`update:192.0.2.15@pts/3:u:configure terminal ; interface Eth1/1 ; shutdown (SUCCESS)`, or the file's form."""
    found = _FILE.match(message) or _ACCOUNT.search(message)
    if found is None:
        return None
    address, at, line = found["from"].rpartition("@")
    source = address if at and re.search(r"[.:]", address) else None
    service = next((door for word, door in _DOORS if word in found["from"]), None)
    common = {"line": line or None, "user": found["user"] or None, "src_ip": source}
    text, outcome = found["text"].strip(), None
    if result := _RESULT.search(text):
        text, outcome = text[: result.start()], FAILURE if result[1] == "FAILURE" else SUCCESS
    if found["kind"] in ("start", "stop") and (not text or text.startswith("shell terminated")):
        return Act("login" if found["kind"] == "start" else "logout", SUCCESS, service, **common)
    *path, command = (part.strip() for part in text.split(" ; "))
    return Act("command", outcome, service, **common, command_raw=command, section=" ; ".join(path) or None)


_SYSTEM = first(
    named(
        r"Authentication failure for (?:illegal user )?(?P<user>\S+) from (?P<src_ip>\S+)",
        "login",
        outcome=FAILURE,
        service="ssh",
    ),
    named(r"Authentication failed (?:for user (?P<user>\S+) )?from (?P<src_ip>\S+)", "login", outcome=FAILURE),
    named(
        r"\((?:dcos_)?(?P<service>ssh|login|su|sudo)d?:session\): session opened for user (?P<user>[^\s(]+)",
        "login",
        outcome=SUCCESS,
    ),
    named(
        r"\((?:dcos_)?(?P<service>ssh|login|su|sudo)d?:session\): session closed for user (?P<user>[^\s(]+)", "logout"
    ),
    named(r"Accepted \S+ for (?P<user>\S+) from (?P<src_ip>\S+) port", "login", outcome=SUCCESS, service="ssh"),
    named(r"(?P<command_raw>New user added with username \S+)", "config_change", outcome=SUCCESS),
)

MEANINGS: Final[dict[str, Meaning]] = {
    "ACCOUNTING": accounted,
    "AAA-AAA_ACCOUNTING_MESSAGE": accounted,
    "VSHD-VSHD_SYSLOG_CONFIG_I": named(
        r"Configured from (?P<service>\S+) by (?P<user>\S+) on (?:(?P<src_ip>[^@\s]+)@)?(?P<line>\S+)",
        "config_change",
        outcome=SUCCESS,
    ),
    "VSHD-VSHD_SYSLOG_CMD_EXEC": named(r"User:(?P<user>\S*) executed the command:(?P<command_raw>.*)", "command"),
    "DAEMON-SYSTEM_MSG": _SYSTEM,
    "AUTHPRIV-SYSTEM_MSG": _SYSTEM,
    "AUTH-SYSTEM_MSG": _SYSTEM,
    "SNMPD-ERROR": snmp_refused(r"authentication failure from (?P<src_ip>\S+)"),
    "PARSER-CFGLOG_LOGGEDCMD": logged_command,
}
