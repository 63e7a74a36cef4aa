"""Linux servers and jump hosts: what their programs' lines mean. Keys are program names."""

from __future__ import annotations

from typing import Final

from seawall.platforms.acts import FAILURE, SUCCESS, Act, Meaning, first, named
from seawall.platforms.tacacs import act_of_fields

_SSHD = first(
    named(r"^Accepted \S+ for (?P<user>\S+) from (?P<src_ip>\S+) port", "login", outcome=SUCCESS, service="ssh"),
    named(
        r"^Failed \S+ for (?:invalid user )?(?P<user>\S*) from (?P<src_ip>\S+) port",
        "login",
        outcome=FAILURE,
        service="ssh",
    ),
    named(r"^Invalid user (?P<user>\S*) from (?P<src_ip>\S+)", "login", outcome=FAILURE, service="ssh"),
    named(r"^Disconnected from user (?P<user>\S+) (?P<src_ip>\S+) port", "logout", service="ssh"),
    named(r"^pam_unix\(sshd:session\): session closed for user (?P<user>\S+)", "logout", service="ssh"),
)
_SUDO = named(
    r"^\s*(?P<user>\S+) : (?:(?!COMMAND=|TTY=).)*(?:TTY=(?P<line>\S+) ;)?.*?COMMAND=(?P<command_raw>.*)",
    "command",
    service="sudo",
)
_SU = first(
    named(r"session opened for user (?P<user>[^\s(]+)", "login", outcome=SUCCESS, service="su"),
    named(r"FAILED SU \(to (?P<user>\S+)\)", "login", outcome=FAILURE, service="su"),
)
_LOGIN = first(
    named(
        r"(?:ROOT LOGIN|LOGIN) ON (?P<line>\S+)(?: BY (?P<user>\S+))?(?: FROM (?P<src_ip>\S+))?",
        "login",
        outcome=SUCCESS,
    ),
    named(r"FAILED LOGIN.*?(?:FROM (?P<src_ip>\S+) )?FOR '?(?P<user>[^',]+)", "login", outcome=FAILURE),
)


def _tacacs(message: str) -> Act | None:
    """Accounting a TACACS+ server sends on as syslog; the device stands in `dst_ip`, the server is the observer."""
    fields = message.split("|" if "|" in message and "\t" not in message else "\t")
    if fields[0].startswith("ACCT-"):
        fields = fields[1:]
    act = act_of_fields(fields[1:]) if len(fields) >= 6 else None
    return act._replace(dst_ip=fields[0].strip()) if act else None


PROGRAMS: Final[dict[str, Meaning]] = {
    "sshd": _SSHD,
    "sshd-session": _SSHD,
    "dropbear": first(
        named(
            r"auth succeeded for '(?P<user>[^']*)'.* from (?P<src_ip>[^\s:]+)", "login", outcome=SUCCESS, service="ssh"
        ),
        named(
            r"[Bb]ad password attempt for '(?P<user>[^']*)' from (?P<src_ip>[^\s:]+)",
            "login",
            outcome=FAILURE,
            service="ssh",
        ),
    ),
    "sudo": _SUDO,
    "su": _SU,
    "login": _LOGIN,
    "tacplus": _tacacs,
    "tac_plus": _tacacs,
    "tac_plus-ng": _tacacs,
}
