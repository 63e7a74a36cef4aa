# ruff: noqa: E501 - log lines are as long as they are
"""Lines of Linux servers and jump hosts, in our own words, and the act each tells of."""

from __future__ import annotations

import pytest

from seawall.platforms import Act, interpret


@pytest.mark.parametrize(
    ("program", "message", "act"),
    [
        ("sshd", "Accepted publickey for ann from 192.0.2.15 port 4 ssh2", Act("login", "success", "ssh", None, "ann", "192.0.2.15")),
        ("sshd", "Failed password for invalid user adm from 203.0.113.9 port 4 ssh2", Act("login", "failure", "ssh", None, "adm", "203.0.113.9")),
        ("/usr/bin/sudo", "     ann : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh -c id", Act("command", None, "sudo", "pts/0", "ann", command_raw="/bin/sh -c id")),
        ("dropbear", "Bad password attempt for 'adm' from 203.0.113.9:4022", Act("login", "failure", "ssh", None, "adm", "203.0.113.9")),
        ("su", "FAILED SU (to root) ann on pts/0", Act("login", "failure", "su", None, "root")),
        ("login", "ROOT LOGIN ON tty1", Act("login", "success", None, "tty1")),
        ("tac_plus", "192.0.2.1\tann\ttty1\t192.0.2.15\tstop\ttask_id=1\tservice=shell\tcmd=show version <cr>", Act("command", None, "shell", "tty1", "ann", "192.0.2.15", "192.0.2.1", "show version")),
        ("sshd", "error: PAM: Authentication failure for ann from 192.0.2.15", Act("login", "failure", "ssh", None, "ann", "192.0.2.15")),
        ("sshd", "User eve from 203.0.113.9 not allowed because not listed in AllowUsers", Act("login", "failure", "ssh", None, "eve", "203.0.113.9")),
        ("sudo", "     eve : user NOT in sudoers ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/bash", Act("command", "failure", "sudo", "pts/1", "eve", command_raw="/bin/bash")),
        ("su", "(to root) ann on pts/0", Act("login", "success", "su", "pts/0", "root")),
        ("useradd", "new user: name=eve, UID=0, GID=0, home=/home/eve, shell=/bin/bash, from=/dev/pts/0", Act("config_change", None, "shell", None, "eve")),
        ("usermod", "add 'eve' to group 'sudo'", Act("config_change", None, "shell", None, "eve")),
        ("passwd", "pam_unix(passwd:chauthtok): password changed for eve", Act("config_change", None, "shell", None, "eve")),
        ("openvpn", "192.0.2.15:1194 [ann] Peer Connection Initiated with [AF_INET]192.0.2.15:1194", Act("login", "success", "vpn", None, "ann", "192.0.2.15")),
        ("openvpn", "192.0.2.15:1194 TLS Auth Error: Auth Username/Password verification failed for peer", Act("login", "failure", "vpn", None, None, "192.0.2.15")),
        ("openvpn", "ann/192.0.2.15:1194 SIGTERM[soft,remote-exit] received, client-instance exiting", Act("logout", None, "vpn", None, "ann", "192.0.2.15")),
        ("charon", "12[IKE] IKE_SA road[3] established between 198.51.100.1[gw.example]...192.0.2.15[ann@example]", Act("login", "success", "vpn", None, "ann@example", "192.0.2.15")),
        ("charon", "12[IKE] EAP method EAP_MSCHAPV2 failed for peer ann", Act("login", "failure", "vpn", None, "ann")),
        ("PulseSecure", "2026-11-22 10:30:17 - ive - [192.0.2.15] ann(Staff)[Users] - Login succeeded for ann/Staff (session:00000000) from 192.0.2.15 with x.", Act("login", "success", "vpn", None, "ann", "192.0.2.15")),
        ("PulseSecure", "2026-11-22 10:30:17 - ive - [203.0.113.9] ann(Staff)[] - Primary authentication failed for ann/Local from 203.0.113.9", Act("login", "failure", "vpn", None, "ann", "203.0.113.9")),
        ("cron", "(root) CMD (x)", None),
    ],
)  # fmt: skip
def test_linux_lines_go_by_their_program(program: str, message: str, act: Act | None) -> None:
    assert interpret(None, message, "linux", program) == act
