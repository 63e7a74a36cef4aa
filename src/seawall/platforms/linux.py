# ruff: noqa: E501 - patterns are as long as they are
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
    named(
        r"^error: PAM: \S.{0,60}? for (?:illegal user )?(?P<user>\S+) from (?P<src_ip>\S+)",
        "login",
        outcome=FAILURE,
        service="ssh",
    ),
    named(
        r"^(?:error: )?maximum authentication attempts exceeded for (?:invalid user )?(?P<user>\S+) from (?P<src_ip>\S+)",
        "login",
        outcome=FAILURE,
        service="ssh",
    ),
    named(r"^User (?P<user>\S+) from (?P<src_ip>\S+) not allowed because", "login", outcome=FAILURE, service="ssh"),
    named(r"^Disconnected from user (?P<user>\S+) (?P<src_ip>\S+) port", "logout", service="ssh"),
    named(r"^pam_unix\(sshd:session\): session closed for user (?P<user>\S+)", "logout", service="ssh"),
)
_SUDO = first(
    named(
        r"^\s*(?P<user>\S+) : (?:user NOT in sudoers|command not allowed|\d+ incorrect password attempts?|"
        r"a password is required)(?: ; TTY=(?P<line>\S+))?.*?COMMAND=(?P<command_raw>.*)",
        "command",
        outcome=FAILURE,
        service="sudo",
    ),
    named(
        r"^\s*(?P<user>\S+) : (?:(?!COMMAND=|TTY=).)*(?:TTY=(?P<line>\S+) ;)?.*?COMMAND=(?P<command_raw>.*)",
        "command",
        service="sudo",
    ),
)
_SU = first(
    named(r"^\(to (?P<user>\S+)\) \S+ on (?P<line>\S+)", "login", outcome=SUCCESS, service="su"),
    named(r"session closed for user (?P<user>\S+)", "logout", service="su"),
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


# Who may use the machine was changed: shadow's tools and passwd.
_ACCOUNTS = first(
    named(r"^new user: name=(?P<user>[^,\s]+)", "config_change", service="shell"),
    named(r"^(?:delete|add|lock|unlock|change) (?:user )?'(?P<user>[^']+)'", "config_change", service="shell"),
    named(r"password changed for (?P<user>\S+)", "config_change", service="shell"),
    named(r"^(?:new group|group added to|removed group|group '\S+' removed)", "config_change", service="shell"),
)
# bash with SYSLOG_HISTORY, snoopy, and the line that many profiles send to the log before each prompt.
_SHELL = first(
    named(r"^HISTORY: PID=\d+ UID=\d+ (?P<command_raw>.*)", "command", service="shell"),
    named(
        r"^\[(?:[^\]]* )?(?:login|username):(?P<user>[^\s\]]+)[^\]]*\]: (?P<command_raw>.*)", "command", service="shell"
    ),
    named(r"^(?P<user>[\w.\-]+) \[\d+\]: *\d* *(?P<command_raw>.*?)(?: \[\d+\])?$", "command", service="shell"),
)
_OPENVPN = first(
    named(
        r"(?P<src_ip>[0-9a-fA-F.:]+?):\d{1,5} \[(?P<user>[^\]]+)\] Peer Connection Initiated",
        "login",
        outcome=SUCCESS,
        service="vpn",
    ),
    named(
        r"(?:(?P<user>[^\s/]+)/)?(?P<src_ip>[0-9a-fA-F.:]+?):\d{1,5} "
        r"(?:TLS Auth Error|SENT CONTROL .*AUTH_FAILED|AUTH_FAILED|TLS Error: TLS handshake failed)",
        "login",
        outcome=FAILURE,
        service="vpn",
    ),
    named(
        r"(?P<user>[^\s/]+)/(?P<src_ip>[0-9a-fA-F.:]+?):\d{1,5} SIG\w+\[soft,[\w\-]+\] received, client-instance",
        "logout",
        service="vpn",
    ),
)
_STRONGSWAN = first(
    named(
        r"IKE_SA \S+ established between [^\[]+\[[^\]]*\]\.\.\.(?P<src_ip>[^\[]+)\[(?P<user>[^\]]*)\]",
        "login",
        outcome=SUCCESS,
        service="vpn",
    ),
    named(
        r"(?:EAP method \S+|XAuth authentication) failed for (?:peer )?'?(?P<user>[^\s']+)|"
        r"^.{0,20}authentication of '(?P<line>[^']*)' with .* failed",
        "login",
        outcome=FAILURE,
        service="vpn",
    ),
    named(
        r"deleting IKE_SA \S+ between [^\[]+\[[^\]]*\]\.\.\.(?P<src_ip>[^\[]+)\[(?P<user>[^\]]*)\]",
        "logout",
        service="vpn",
    ),
)
_IVANTI = first(
    named(
        r"(?:Login succeeded|Remote address .* authentication successful|Primary authentication successful) for "
        r"(?P<user>[^/\s]+)(?:/.{1,100}?)?(?: \(session:[^)]*\))? from (?P<src_ip>[0-9a-fA-F.:]+)",
        "login",
        outcome=SUCCESS,
        service="vpn",
    ),
    named(
        r"(?:Login failed|[Aa]uthentication failed).{0,80}? for (?P<user>[^/\s]+)(?:/.{1,100}?)? from (?P<src_ip>[0-9a-fA-F.:]+)",
        "login",
        outcome=FAILURE,
        service="vpn",
    ),
    named(r"- (?P<user>[^\s(]+)\([^)]*\)\[[^\]]*\] - Logout from (?P<src_ip>[0-9a-fA-F.:]+)", "logout", service="vpn"),
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
    "sshd_operns": _SSHD,  # of IOS XR's host
    **dict.fromkeys(("bash", "-bash", "sh", "root", "snoopy"), _SHELL),
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
    **dict.fromkeys(
        ("useradd", "userdel", "usermod", "groupadd", "groupdel", "passwd", "chpasswd", "gpasswd"), _ACCOUNTS
    ),
    **dict.fromkeys(("openvpn", "ovpn-server"), _OPENVPN),
    **dict.fromkeys(("charon", "charon-systemd", "ipsec", "strongswan"), _STRONGSWAN),
    **dict.fromkeys(("PulseSecure", "Juniper", "ive"), _IVANTI),
    "tacplus": _tacacs,
    "tac_plus": _tacacs,
    "tac_plus-ng": _tacacs,
}
