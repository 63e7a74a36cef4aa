"""Nokia SR OS: what its events mean. Keys are application and event name: numbers are not unique."""

from __future__ import annotations

import re
from typing import Final

from seawall.platforms.acts import FAILURE, SUCCESS, Act, Meaning, snmp_refused

_SUBJECT = re.compile(r"\[(?P<subject>[^\]]*)\]:\s*(?P<text>.*)", re.DOTALL)
_FROM = re.compile(r"User (?:\S+ )?from (?P<ip>[^\s:]+(?::[0-9a-fA-F:]*[0-9a-fA-F])?)")
_TYPED = re.compile(r"User (?:\S+ )?from \S+?: (?P<typed>.*)$", re.DOTALL)
# `*A:pe7>config>port#  mtu 9212`; `$` where the context was just made; `(ex)[/configure router "Base"] A:ann@pe7# `.
_PROMPT = re.compile(
    r"\s*(?:\W{0,2}(?:\(\w+\))?\[(?P<path>[^\]]*)\]\s*)?(?P<prompt>[^\s#$]*)[#$](?:\s+|$)(?P<command>.*)", re.DOTALL
)
_OLD_PROMPT = re.compile(r"\s*(?P<prompt>\S+>)\s+(?P<command>.*)", re.DOTALL)

_MODE = re.compile(r"^(?:ex|gl|pr|ro|qc):")  # newer releases write how the candidate was opened: `[gl:/configure log]`


def _session(activity: str, outcome: str | None, service: str | None) -> Meaning:
    def meaning(message: str) -> Act | None:
        found = _SUBJECT.match(message)
        if found is None:
            return None
        source = _FROM.search(found["text"])
        return Act(activity, outcome, service, user=found["subject"] or None, src_ip=source["ip"] if source else None)

    return meaning


def _input(message: str) -> Act | None:
    """`[u]:  User from ip: pe7>config>system#  ptp`: the command stands behind the prompt, which holds no blank."""
    found = _SUBJECT.match(message)
    said = _TYPED.search(found["text"]) if found else None
    if found is None or said is None:
        return None
    typed = _PROMPT.match(said["typed"]) or _OLD_PROMPT.match(said["typed"])
    path = _MODE.sub("", typed.groupdict().get("path") or "").lstrip("/") if typed else ""
    context = [path] if path else typed["prompt"].split(">")[1:] if typed else []
    source = _FROM.search(found["text"])
    return Act(
        "command",
        user=found["subject"] or None,
        src_ip=source["ip"] if source else None,
        command_raw=(typed["command"] if typed else said["typed"]).strip() or None,
        section=" ".join(part for part in context if part) or None,
    )


def _changed(message: str) -> Act | None:
    found = _SUBJECT.match(message)
    return Act("config_change", SUCCESS, user=None) if found else None


MEANINGS: Final[dict[str, Meaning]] = {
    "USER-cli_user_login": _session("login", SUCCESS, None),
    "USER-cli_user_logout": _session("logout", None, None),
    "USER-cli_user_login_failed": _session("login", FAILURE, None),
    "USER-cli_user_login_max_attempts": _session("login", FAILURE, None),
    "USER-ftp_user_login": _session("login", SUCCESS, "ftp"),
    "USER-ftp_user_logout": _session("logout", None, "ftp"),
    "USER-ftp_user_login_failed": _session("login", FAILURE, "ftp"),
    "USER-ftp_user_login_max_attempts": _session("login", FAILURE, "ftp"),
    "SECURITY-ssh_user_login": _session("login", SUCCESS, "ssh"),
    "SECURITY-ssh_user_logout": _session("logout", None, "ssh"),
    "SECURITY-ssh_user_login_failed": _session("login", FAILURE, "ssh"),
    "USER-cli_user_io": _input,
    "USER-cli_config_io": _input,
    "SNMP-snmpAuthenticationFailure": snmp_refused(r"(?:failure )?from (?P<src_ip>[0-9a-fA-F.:]+)"),
    "SYSTEM-tmnxConfigModify": _changed,
    "SYSTEM-tmnxConfigCreate": _changed,
    "SYSTEM-tmnxConfigDelete": _changed,
    "SYSTEM-ssiSaveConfigSucceeded": _changed,
}
