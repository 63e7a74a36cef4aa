"""A user of a real FreeRADIUS, disabled and enabled again."""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from seawall.errors import PeerError
from seawall.response.actions import kind_of
from seawall.response.channels.radius import RadiusChannel
from seawall.response.execute import UNDO
from seawall.response.steps import Step
from seawall.response.targets import Accounts
from tests.parts import program

from ..world import World

_CONFIG = """
name = seawall
logdir = {folder}
run_dir = {folder}
pidfile = {folder}/radiusd.pid
libdir = /usr/lib/freeradius
raddbdir = {folder}
log {{
  destination = files
  file = {folder}/radius.log
}}
client here {{
  ipaddr = 127.0.0.1
  secret = only-here
}}
thread pool {{
  start_servers = 1
  max_servers = 2
}}
modules {{
  files {{
    usersfile = {folder}/users
  }}
  pap {{
  }}
}}
server default {{
  listen {{
    type = auth
    ipaddr = 127.0.0.1
    port = {port}
  }}
  authorize {{
    files
    pap
  }}
  authenticate {{
    pap
  }}
}}
"""


@dataclass
class Running:
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.stop()
        command = [program("freeradius"), "-X", "-d", str(self.folder), "-n", "radiusd"]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(20)
            self.process = None

    def answer(self, account: str) -> str:
        """Access-Accept or Access-Reject, once the server answers."""
        ends = time.monotonic() + 60
        while time.monotonic() < ends:
            done = subprocess.run(
                [program("radclient"), "-r", "1", "-t", "1", f"127.0.0.1:{self.port}", "auth", "only-here"],
                input=f"User-Name={account},User-Password=Wave9\n", capture_output=True, text=True, timeout=30,
            )  # fmt: skip
            for word in ("Access-Accept", "Access-Reject"):
                if f"Received {word}" in done.stdout:
                    return word
        raise AssertionError("the server never answered")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    program("freeradius")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    (tmp_path / "users").write_text('ann\tCleartext-Password := "Wave9"\nben\tCleartext-Password := "Wave9"\n')
    (tmp_path / "radiusd.conf").write_text(_CONFIG.format(folder=tmp_path, port=port))
    running = Running(tmp_path, port)
    try:
        running.start()
        yield running
    finally:
        running.stop()


def test_a_user_is_refused_and_let_in_again_and_the_file_is_as_before(server: Running) -> None:
    users = server.folder / "users"
    before = users.read_bytes()
    accounts = Accounts(
        "aaa1", "freeradius", str(users), check=("freeradius", "-XC", "-d", str(server.folder), "-n", "radiusd")
    )
    world = World()
    hands = world.new_hands(RadiusChannel(accounts))
    action = kind_of("account_disable").action("aaa1", {"account": "ann", "store": "freeradius"}, "stolen")
    plan = world.plan(action)
    world.sign(plan, action, "ben", "cy")
    assert server.answer("ann") == "Access-Accept"
    outcome = hands.apply(plan, action)
    assert outcome.step is Step.VERIFIED, outcome.said
    server.start()
    assert server.answer("ann") == "Access-Reject"
    assert server.answer("ben") == "Access-Accept"
    world.sign(plan, action, "ben", "cy", deed=UNDO)
    assert hands.undo(plan, action).step is Step.UNDONE
    server.start()
    assert server.answer("ann") == "Access-Accept"
    assert users.read_bytes() == before


def test_a_file_the_server_would_not_read_comes_back(tmp_path: Path) -> None:
    users = tmp_path / "users"
    users.write_text("ann\n")
    users.chmod(0o640)
    channel = RadiusChannel(Accounts("aaa1", "freeradius", str(users), check=("false",)))
    action = kind_of("account_disable").action("aaa1", {"account": "ann", "store": "freeradius"}, "stolen")
    with pytest.raises(PeerError, match="as before"):
        channel.apply(action, 0)
    assert (users.read_text(), users.stat().st_mode & 0o777) == ("ann\n", 0o640)
