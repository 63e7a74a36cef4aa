"""Cisco IOS XR: what its messages mean. Sub-facility and mnemonic are compared without case."""

from __future__ import annotations

from typing import Final

from seawall.platforms.acts import FAILURE, SUCCESS, Meaning, at_console, first, named, snmp_refused
from seawall.platforms.cisco_ios import configured

_EXEC = r"[uU]ser '(?P<user>[^']*)' from '(?P<src_ip>[^']*)' on '(?P<line>[^']*)'"

_SSHD = first(
    named(r"Accepted \S+ for (?P<user>\S+) from (?P<src_ip>\S+) port", "login", outcome=SUCCESS, service="ssh"),
    named(
        r"Failed \S+ for (?:<unknown>|(?:invalid user )?(?P<user>\S+)) from (?P<src_ip>\S+) port",
        "login",
        outcome=FAILURE,
        service="ssh",
    ),
    named(r"Closed session for (?P<user>\S+) from (?P<src_ip>\S+) port", "logout", service="ssh"),
)

MEANINGS: Final[dict[str, Meaning]] = {
    "SECURITY-SSHD-INFO_SUCCESS": named(_EXEC, "login", outcome=SUCCESS, service="ssh"),
    "SECURITY-SSHD-INFO_FAILURE": named(_EXEC, "login", outcome=FAILURE, service="ssh"),
    "SECURITY-SSHD-INFO_USER_LOGOUT": named(
        r"User '(?P<user>[^']*)' from '(?P<src_ip>[^']*)' logged out on '(?P<line>[^']*)'", "logout", service="ssh"
    ),
    "SECURITY-SSHD_SYSLOG_PRX-INFO_GENERAL": _SSHD,
    "SECURITY-LOGIN-AUTHEN_SUCCESS": at_console(named(_EXEC, "login", outcome=SUCCESS)),
    "SECURITY-LOGIN-AUTHEN_FAILED": at_console(named(_EXEC, "login", outcome=FAILURE)),
    "SECURITY-LOGIN-CLOSE": named(r"user '(?P<user>[^']*)'", "logout"),
    "MGBL-CONFIG-DB_COMMIT": named(r"committed by user '(?P<user>[^']*)'", "config_change", outcome=SUCCESS),
    "MGBL-CONFIG-DB_COMMIT_ADMIN": named(r"committed by user '(?P<user>[^']*)'", "config_change", outcome=SUCCESS),
    "MGBL-CONFIGCLI-COMMIT_FAILURE": named(
        r"under '(?P<line>[^']*)': by ?: ?'(?P<user>[^']*)'", "config_change", outcome=FAILURE
    ),
    "MGBL-SYS-CONFIG_I": configured,
    "SNMP-SNMP-AUTH_FAIL": snmp_refused(r"bad community from (?P<src_ip>\S+)"),
    "INFRA-INFRA_MSG-RUN_LOGIN": named(
        r"User (?P<user>\S+) logged into shell from (?P<line>\S+)", "login", outcome=SUCCESS, service="shell"
    ),
    "INFRA-INFRA_MSG-RUN_LOGOUT": named(
        r"User (?P<user>\S+) logged out of shell from (?P<line>\S+)", "logout", service="shell"
    ),
}
