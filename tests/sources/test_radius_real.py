"""A real FreeRADIUS writes a detail file from packets a real radclient sends it, on the loopback alone."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from seawall.sources import radius
from tests.parts import program
from tests.sources.reading import read_path

SECRET = "shared-only-here"
CONFIG = """
name = seawall
logdir = {folder}
radacctdir = {folder}
run_dir = {folder}
libdir = {libdir}
raddbdir = {folder}
max_request_time = 5
max_requests = 64
correct_escapes = true
log {{
  destination = files
  file = {folder}/radius.log
}}
client here {{
  ipaddr = 127.0.0.1
  secret = {secret}
}}
thread pool {{
  start_servers = 1
  max_servers = 1
  min_spare_servers = 1
  max_spare_servers = 1
}}
modules {{
  detail {{
    filename = {folder}/detail
    header = "%t"
    permissions = 0600
  }}
}}
server accounting {{
  listen {{
    type = acct
    ipaddr = 127.0.0.1
    port = {port}
  }}
  preacct {{
  }}
  accounting {{
    detail
  }}
}}
"""
PACKET = """Acct-Status-Type = {status}
User-Name = "ann \\\\ müller"
User-Password = "hUnter2Zx9"
NAS-IP-Address = 192.0.2.1
NAS-Identifier = "bras1"
Acct-Session-Id = "00AB"
Calling-Station-Id = "198.51.100.7"
Service-Type = NAS-Prompt-User
Acct-Input-Octets = 5
Acct-Input-Gigawords = 1
"""


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A server that answers: its port and its detail file."""
    daemon = program("freeradius")
    libdir = next(
        (p for p in (Path("/usr/lib/freeradius"), Path("/usr/lib64/freeradius")) if p.exists()), Path("/usr/lib")
    )
    port = free_port()
    config = CONFIG.format(folder=tmp_path, libdir=libdir, secret=SECRET, port=port)
    (tmp_path / "radiusd.conf").write_text(config, encoding="utf-8")
    dictionary = next(p for p in (Path("/etc/freeradius/3.0/dictionary"), Path("/etc/raddb/dictionary")) if p.exists())
    (tmp_path / "dictionary").write_bytes(dictionary.read_bytes())
    command = [daemon, "-f", "-l", "stdout", "-d", str(tmp_path), "-n", "radiusd"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as running:
        try:
            assert running.stdout is not None
            said: list[str] = []
            for line in running.stdout:  # ends when the server is ready, or with it
                said.append(line)
                if "Ready to process requests" in line:
                    break
            assert said, "the server said nothing"
            assert "Ready to process requests" in said[-1], "".join(said)
            yield port, tmp_path / "detail"
        finally:
            running.terminate()
            running.wait(timeout=10)


def test_what_a_real_server_writes_is_read(server: tuple[int, Path]) -> None:
    port, detail = server
    for status in ("Start", "Interim-Update", "Stop"):
        command = [program("radclient"), "-r", "3", "-t", "2", f"127.0.0.1:{port}", "acct", SECRET]
        sent = PACKET.format(status=status)
        done = subprocess.run(command, input=sent, text=True, capture_output=True, timeout=30, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
    result = read_path(detail)
    rows = result.rows("radius")
    assert (result.rejected, [row["record"] for row in rows]) == (0, ["start", "interim-update", "stop"])
    assert radius.SOURCE.name == "radius"
    assert [row["activity"] for row in rows] == ["login", None, "logout"]
    one = rows[0]
    assert (one["user"], one["device"], one["src_ip"]) == ("ann \\ müller", "bras1", "198.51.100.7")
    assert (one["in_octets"], one["time_quality"], one["service"]) == ((1 << 32) + 5, "exact", "shell")
    assert "hUnter2Zx9" not in str(rows)
