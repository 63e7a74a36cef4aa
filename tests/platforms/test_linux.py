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
        ("cron", "(root) CMD (x)", None),
    ],
)  # fmt: skip
def test_linux_lines_go_by_their_program(program: str, message: str, act: Act | None) -> None:
    assert interpret(None, message, "linux", program) == act
