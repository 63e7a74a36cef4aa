# ruff: noqa: E501 - lists of commands
"""What people type to programs with passwords in it, and what looks like it and is none."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seawall.platforms.masking import ANY_SECRET, MASK, mask

TYPED = (
    "curl -u ann:X https://192.0.2.1/", "curl -k --user 'ann:X' x", "curl -sSuann:X x", "mysql -u root -pX cdr",
    "mysqldump --host db -pX cdr", "sshpass -p X ssh ann@192.0.2.1", "sshpass -pX scp a b", "psexec \\\\h -u ann -p X cmd",
    "PsExec64.exe \\\\h -p \"X\" cmd", "plink -P 22 -pw X ann@h", "ldapsearch -D cn=x -w X -b y", "net user eve X /add",
    "smbclient //h/s -U ann%X", "net use z: \\\\h\\s X /user:ann", "wmiexec.py corp/ann:X@192.0.2.1",
    "xfreerdp /u:ann /p:X /v:h", "redis-cli -h x -a X", "openssl enc -aes-256-cbc -k X -in a", "zip -P X a b",
    "7z a -pX a b", "PGPASSWORD=X psql", "echo X | sudo -S id", "sqlplus system/X@cdr", "ipmitool -U a -P X chassis",
    "wget --user ann --password X x", "rclone --sftp-pass X", "impacket-secretsdump ann:X@192.0.2.1",
)  # fmt: skip
HARMLESS = (
    "mysql -P 3306 -h db", "mysql -p", "curl -u ann https://x", "ssh -p 22 ann@h", "tar -czf a.tgz -p b", "mkdir -p /a/b",
    "net user", "echo hello | grep x", "zip a b", "openssl version", "plink -P 22 ann@h", "echo test > /tmp/x",
    "neighbor 192.0.2.1 remote-as 64500", "curl -o x https://192.0.2.1/a:b",
)  # fmt: skip


@pytest.mark.parametrize("command", TYPED)
@pytest.mark.parametrize(
    "around", ["{}", "User 'ann', command 'run {}'", "<86>Nov 22 10:15:30 h sudo: ann : COMMAND=/usr/bin/{}"]
)
def test_a_password_given_to_a_program_is_masked(command: str, around: str) -> None:
    line = around.format(command.replace("X", "hUnter2Zx9"))
    masked = mask(line)
    assert "hUnter2Zx9" not in masked
    assert MASK in masked
    assert mask(masked) == masked


@pytest.mark.parametrize("command", HARMLESS)
def test_what_holds_no_password_stays(command: str) -> None:
    assert mask(command) == command


def test_the_search_for_many_lines_finds_every_such_line() -> None:
    import re

    assert [c for c in TYPED if not re.search(ANY_SECRET, c, re.IGNORECASE)] == []


@given(st.text("curl -upsqz:/@|<\"'X ", max_size=200))
def test_masking_twice_is_masking_once(text: str) -> None:
    for program in ("curl ", "psexec ", "zip "):
        masked = mask(program + text)
        assert mask(masked) == masked


def test_a_line_made_to_be_slow_is_not() -> None:
    line = "curl " * 2_000 + "-u" + " a" * 5_000
    start = time.process_time()
    mask(line)
    assert time.process_time() - start < 5
