# ruff: noqa: E501 - log lines are as long as they are
"""A real rsyslog relays devices' lines, on the loopback alone, and writes them in each of its usual forms."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.parts import program
from tests.sources.reading import read_path

TEMPLATES = ("RSYSLOG_TraditionalFileFormat", "RSYSLOG_FileFormat", "RSYSLOG_SyslogProtocol23Format")
CONFIG = """
module(load="imptcp")
input(type="imptcp" address="127.0.0.1" port="{port}" ruleset="relay")
ruleset(name="relay") {{
{actions}
}}
"""
LINES = (  # what a device sends; its name and time, the vendor's name for it, who did it
    (b"<189>45: pe1: Nov 22 2026 10:15:30.123 UTC: %SYS-5-CONFIG_I: Configured from console by ann on vty0 (192.0.2.5)", ("pe1", "SYS-5-CONFIG_I")),
    (b"<165>1 2026-11-22T10:15:30.123Z mx1 mgd 3046 UI_COMMIT - User 'ann' requested 'commit' operation", ("mx1", "UI_COMMIT")),
    (b"<187>Nov 22 10:15:30 sr7 TMNX: 18 Base USER-MINOR-cli_user_login-2001 [ann]:  User from 192.0.2.5 logged in", ("sr7", "USER-MINOR-cli_user_login-2001")),
    (b'<190>date=2026-11-22 time=10:15:30 devname="fw1" tz="+0000" logid="0100032001" type="event" subtype="system" level="information" user="ann" ui="https(192.0.2.5)" action="login" status="success"', ("fw1", "event/system/0100032001")),
    (b"<30>Nov 22 10:15:30 jump1 sshd[7]: Accepted publickey for ann from 192.0.2.5 port 7 ssh2", ("jump1", None)),
)  # fmt: skip
LAST = b"<30>Nov 22 10:15:31 jump1 app[7]: the-last-line"
PATIENCE_S = 20


@pytest.fixture
def relayed(tmp_path: Path) -> Iterator[Path]:
    """A folder with one file for each template, complete."""
    daemon = program("rsyslogd")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    actions = "\n".join(f'  action(type="omfile" file="{tmp_path}/{t}.log" template="{t}")' for t in TEMPLATES)
    config = tmp_path / "rsyslog.conf"
    config.write_text(CONFIG.format(port=port, actions=actions), encoding="utf-8")
    command = [daemon, "-n", "-f", str(config), "-i", str(tmp_path / "pid")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            with connected(port, running) as device:
                device.sendall(b"\n".join((*(line for line, _ in LINES), LAST)) + b"\n")
            wait_for(running, lambda: all(b"the-last-line" in bytes_of(tmp_path / f"{t}.log") for t in TEMPLATES))
            yield tmp_path
        finally:
            running.terminate()
            running.wait(timeout=10)


def bytes_of(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def connected(port: int, running: subprocess.Popen[bytes]) -> socket.socket:
    found: list[socket.socket] = []

    def attempt() -> bool:
        with suppress(ConnectionRefusedError):
            found.append(socket.create_connection(("127.0.0.1", port), timeout=5))
        return bool(found)

    wait_for(running, attempt)
    return found[0]


def wait_for(running: subprocess.Popen[bytes], done: object) -> None:
    """Until it is done, or the relay ended, or patience did."""
    ends = time.monotonic() + PATIENCE_S
    while not done():  # type: ignore[operator]
        with suppress(subprocess.TimeoutExpired):
            running.wait(timeout=0.02)
            pytest.fail(f"the relay ended with {running.returncode}")
        assert time.monotonic() < ends, "the relay did not answer in time"


def test_what_a_real_relay_writes_says_what_the_device_said(relayed: Path) -> None:
    for template in TEMPLATES:
        rows = read_path(relayed / f"{template}.log").rows("syslog")
        assert len(rows) == len(LINES) + 1, template
        for row, (line, (host, mnemonic)) in zip(rows, LINES, strict=False):
            structured = template == "RSYSLOG_SyslogProtocol23Format"
            if mnemonic == "UI_COMMIT" and not structured:
                mnemonic = None  # the relay drops a MSGID where its template has no place for one
            assert (template, row["observer"], row["mnemonic"]) == (template, host, mnemonic), line
            if not (structured and host == "fw1"):  # there it takes the device's date for a program's name
                assert str(row["time"])[:19] == "2026-11-22 10:15:30", (template, line)
            assert row["user"] == "ann", (template, line)
