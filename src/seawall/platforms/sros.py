"""Nokia SR OS: what its events mean. Keys are application and event name: numbers are not unique."""

from __future__ import annotations

import re
from typing import Final

from seawall.platforms.acts import FAILURE, SUCCESS, Act, Meaning

_SUBJECT = re.compile(r"\[(?P<subject>[^\]]*)\]:\s*(?P<text>.*)", re.DOTALL)
_FROM = re.compile(r"User (?:\S+ )?from (?P<ip>[^\s:]+(?::[0-9a-fA-F:]*[0-9a-fA-F])?)")
_TYPED = re.compile(r"User (?:\S+ )?from \S+?: (?P<typed>.*)$", re.DOTALL)


def _session(activity: str, outcome: str | None, service: str | None) -> Meaning:
    def meaning(message: str) -> Act | None:
        found = _SUBJECT.match(message)
        if found is None:
            return None
        source = _FROM.search(found["text"])
        return Act(activity, outcome, service, user=found["subject"] or None, src_ip=source["ip"] if source else None)

    return meaning


def _input(message: str) -> Act | None:
    """`[u]:  User from ip: pe7>config>system#  ptp`: the command stands behind the last `#` or `>`."""
    found = _SUBJECT.match(message)
    said = _TYPED.search(found["text"]) if found else None
    if found is None or said is None:
        return None
    typed = said["typed"]
    cut = max(typed.rfind("# "), typed.rfind("> "))
    context = re.split(r"[>#]", typed[: max(cut, 0)].strip().lstrip("*"))[1:]
    source = _FROM.search(found["text"])
    return Act(
        "command",
        user=found["subject"] or None,
        src_ip=source["ip"] if source else None,
        command_raw=typed[cut + 1 :].strip(),
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
    "SYSTEM-ssiSaveConfigSucceeded": _changed,
}
