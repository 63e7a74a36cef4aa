"""Routers that speak over real SSH: a paramiko server with the dialogues of IOS XE and Junos, refusals included."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

IOS = """version 17.9
hostname edge1
!
archive
 path flash:archive
username admin privilege 15 secret 9 $9$abc
username helper privilege 15 secret 9 $9$def
!
interface Tunnel77
 ip address 10.10.12.2 255.255.255.0
 tunnel destination 203.0.113.222
!
ip access-list standard 20
 10 permit 192.0.2.0 0.0.0.255
 20 permit 198.51.100.219
!
end
"""
JUNOS = """set version 21.4R3
set system host-name bng1
set system login user admin class super-user
set system login user helper class super-user
set interfaces gr-0/0/0 unit 0 tunnel destination 203.0.113.222
"""


@dataclass
class Router:
    """One device: its configuration, and how it behaves."""

    platform: str
    config: str = ""
    refuse: str = ""  # a pattern of lines it refuses
    deaf: str = ""  # lines it takes without effect
    hang: str = ""  # lines after which no prompt comes
    pending: str | None = None  # what it goes back to unless somebody confirms
    said: list[str] = field(default_factory=list)
    mode: str = ""
    candidate: str = ""
    section: str = ""

    def __post_init__(self) -> None:
        self.config = self.config or (IOS if self.platform == "ios" else JUNOS)

    @property
    def prompt(self) -> str:
        if self.platform == "ios":
            return "edge1(config)#" if self.mode else "edge1#"
        return "[edit]\r\nadmin@bng1# " if self.mode else "admin@bng1> "

    def time_passes(self) -> None:
        """Nobody confirmed."""
        if self.pending is not None:
            self.config, self.pending = self.pending, None

    def answer(self, line: str) -> str:
        self.said.append(line)
        if self.refuse and re.search(self.refuse, line):
            return "% Invalid input detected at '^' marker." if self.platform == "ios" else "error: permission denied"
        return (self._ios if self.platform == "ios" else self._junos)(line)

    def _ios(self, line: str) -> str:
        if line == "show running-config":
            return self.config
        if line.startswith("configure terminal"):
            self.mode, self.section = "config", ""
            self.pending = self.config if "revert timer" in line else None
        elif line in ("end", "exit"):
            self.mode = ""
        elif line == "configure confirm":
            self.pending = None
        elif line == "configure revert now":
            self.mode = ""
            self.time_passes()
        elif self.mode and not (self.deaf and re.search(self.deaf, line)):
            self._edit(line)
        return ""

    def _edit(self, line: str) -> None:
        if line.startswith(("interface ", "ip access-list ")):
            self.section = line
        elif line.startswith("no username "):
            self.config = re.sub(rf"(?m)^{line[3:]} .*\n", "", self.config)
        elif line.startswith("no ") and self.section:
            entry = re.escape(line[3:])
            self.config = re.sub(rf"(?m)^ (\d+ )?{entry}\n", "", self.config)
        elif self.section:
            self.config = self.config.replace(f"{self.section}\n", f"{self.section}\n {line}\n")

    def _junos(self, line: str) -> str:
        if found := re.fullmatch(r"set cli screen-(width|length) (\d+)", line):
            return f"Screen {found[1]} set to {found[2]}"
        if line.endswith("show configuration | display set"):
            return self.config
        if line.startswith("configure"):
            self.mode, self.candidate = "config", self.config
        elif line.startswith("commit confirmed"):
            self.pending, self.config = self.config, self.candidate
            return "commit confirmed will be automatically rolled back in 5 minutes unless confirmed\r\ncommit complete"
        elif line == "commit":
            self.pending, self.config = None, self.candidate
            return "commit complete"
        elif line == "rollback 1":
            self.candidate = self.pending if self.pending is not None else self.config
            return "load complete"
        elif line.startswith("exit"):
            self.mode = ""
        elif line.startswith("delete ") and not (self.deaf and re.search(self.deaf, line)):
            self.candidate = re.sub(rf"(?m)^set {re.escape(line[7:])}.*\n", "", self.candidate)
        elif line.startswith("set "):
            self.candidate += line + "\n"
        return ""


@contextmanager
def serving(router: Router, known_hosts: Path) -> Iterator[int]:
    """The router on a port of the loopback; its host key is written into a known_hosts file."""
    import paramiko

    key = paramiko.ECDSAKey.generate()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    port = listener.getsockname()[1]
    known_hosts.write_text(f"[127.0.0.1]:{port} {key.get_name()} {key.get_base64()}\n", encoding="utf-8")
    ended = threading.Event()
    threads: list[threading.Thread] = []

    def accept() -> None:
        while not ended.is_set():
            with suppress(TimeoutError):
                client, _ = listener.accept()
                threads.append(threading.Thread(target=_serve, args=(client, key, router, ended), daemon=True))
                threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield port
    finally:
        ended.set()
        accepting.join(10)
        for thread in threads:
            thread.join(10)
        listener.close()


def _serve(client: socket.socket, key: Any, router: Router, ended: threading.Event) -> None:
    import paramiko

    class Door(paramiko.ServerInterface):
        def check_auth_password(self, username: str, password: str) -> int:
            return paramiko.AUTH_SUCCESSFUL if (username, password) == ("seawall", "right") else paramiko.AUTH_FAILED

        def check_channel_request(self, kind: str, chanid: int) -> int:
            return paramiko.OPEN_SUCCEEDED

        def check_channel_pty_request(self, *_: Any) -> bool:
            return True

        def check_channel_shell_request(self, channel: Any) -> bool:
            return True

    transport = paramiko.Transport(client)
    try:
        transport.add_server_key(key)
        transport.start_server(server=Door())
        channel = transport.accept(20)
        if channel is not None:
            _talk(channel, router, ended)
    except (EOFError, OSError, paramiko.SSHException):
        pass  # the client left
    finally:
        transport.close()


def _talk(channel: Any, router: Router, ended: threading.Event) -> None:
    channel.settimeout(0.2)
    channel.sendall(f"\r\n{router.prompt}".encode())
    rest = b""
    router.mode = ""
    while not ended.is_set() and not channel.closed:
        try:
            piece = channel.recv(4096)
        except TimeoutError:
            continue
        if not piece:
            return
        rest += piece.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        while b"\n" in rest:
            raw, _, rest = rest.partition(b"\n")
            line = raw.decode().strip()
            if router.hang and re.search(router.hang, line):
                channel.sendall(raw + b"\r\n")
                continue
            said = router.answer(line) if line else ""
            if router.platform == "ios" and line.startswith("no username") and not said:
                channel.sendall(f"{line}\r\nThis removes all configuration of that name. Continue? [confirm]".encode())
                continue
            text = f"{line}\r\n{said}".replace("\r\n", "\n").rstrip("\n").replace("\n", "\r\n")
            channel.sendall(f"{text}\r\n{router.prompt}".encode())
