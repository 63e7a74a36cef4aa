"""Arista EOS: what its messages mean."""

from __future__ import annotations

import re
from typing import Final

from seawall.platforms.acts import FAILURE, SUCCESS, Act, Meaning, host_of, named, snmp_refused
from seawall.platforms.cisco_ios import configured

_ACCOUNT = re.compile(r"(?P<user>\S+) (?P<line>\S+) (?P<src>\S+) (?P<kind>start|stop|update) (?P<rest>.*)", re.DOTALL)
_ADDRESS = re.compile(r"(?:^| )addr=(\S+)")
_ON = r" by (?P<user>\S+) on (?P<line>\S+) \((?P<src_ip>[^)]*)\)"


def accounted(message: str) -> Act | None:
    """ACCOUNTING-6-CMD and -5-EXEC: `u vty6 192.0.2.15 stop task_id=28 … cmd=show version`."""
    found = _ACCOUNT.match(message)
    if found is None:
        return None
    rest = found["rest"]
    before, has_command, command = rest.partition("cmd=")
    source = None if found["src"] == "unknown" else found["src"]
    line = None if found["line"] == "unknown" else found["line"]
    if has_command:
        if address := _ADDRESS.search(command):  # gNMI: the true source
            source = host_of(address[1])
        service = "gnmi" if "rpc=/gnmi" in command else "shell"
        return Act("command", SUCCESS, service, line, found["user"], source, command_raw=command.strip())
    service = line if line in ("ssh", "telnet", "console") else "shell"
    if "service=" not in before:
        return None
    activity = {"start": "login", "stop": "logout"}.get(found["kind"])
    return Act(activity, SUCCESS, service, line, found["user"], source) if activity else None


def _service(meaning: Meaning) -> Meaning:
    def without_daemon(message: str) -> Act | None:
        act = meaning(message)
        return act._replace(service=(act.service or "").removesuffix("d") or None) if act else None

    return without_daemon


_WHO = r"user (?P<user>\S+) .*?\[from: (?P<src_ip>[^\]]*)\](?: \[service: (?P<service>[^\]]*)\])?"

MEANINGS: Final[dict[str, Meaning]] = {
    "AAA-LOGIN": _service(named(_WHO, "login", outcome=SUCCESS)),
    "AAA-LOGIN_FAILED": _service(named(_WHO, "login", outcome=FAILURE)),
    "AAA-LOGOUT": _service(named(_WHO, "logout")),
    "ACCOUNTING-CMD": accounted,
    "ACCOUNTING-EXEC": accounted,
    "SNMP-AUTH_FAILURE": snmp_refused(r"from (?:host )?(?P<src_ip>[0-9a-fA-F.:]+)"),
    "SYS-CONFIG_I": configured,
    "SYS-CONFIG_E": named(r"(?P<command_raw>[Ee]nter configuration mode) from \S+" + _ON, "command"),
    "SYS-CONFIG_STARTUP": named(r"Startup config saved from \S+" + _ON, "config_change", outcome=SUCCESS),
    "SYS-CONFIG_SESSION_COMMIT_SUCCESS": named(r"committed .*?" + _ON, "config_change", outcome=SUCCESS),
}
