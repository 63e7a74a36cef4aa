"""Sockets that outlive the process reading them: the supervisor holds a copy of each.

A collector that is killed leaves its connections open and what the kernel took in unread; the next one is given the
same sockets, and reads on where the last stopped. So no byte a sender was told is taken gets lost, and no datagram
either while the kernel's buffer lasts. The other half is that collectors look at bytes (`MSG_PEEK`), write them to the
spool, and only then take them off the socket.

Messages go over a pair of `SOCK_SEQPACKET` sockets, JSON with at most one descriptor: `keep` and `drop` a name,
`give`.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

VARIABLE: Final = "SEAWALL_SOCKETS"  # number of the descriptor on which the supervisor answers
MAX_MESSAGE: Final = 4_096
MAX_HELD: Final = 40_000
_END: Final = b"{}"


@dataclass
class Store:
    """The supervisor's half: what it holds for one child."""

    descriptors: dict[str, int] = field(default_factory=dict)
    about: dict[str, dict[str, Any]] = field(default_factory=dict)

    def answer(self, channel: socket.socket) -> bool:
        """Do what the child asked, as far as it has asked; False once it hung up."""
        while True:
            try:
                data, descriptors, _, _ = socket.recv_fds(channel, MAX_MESSAGE, 1)
            except BlockingIOError:
                return True
            except OSError:
                return False
            if not data:
                return False
            self._do(channel, json.loads(data), descriptors)

    def _do(self, channel: socket.socket, asked: dict[str, Any], descriptors: list[int]) -> None:
        name = str(asked.get("name", ""))
        if asked.get("do") == "keep" and descriptors and len(self.descriptors) < MAX_HELD:
            self._close(name)
            self.descriptors[name], self.about[name] = descriptors.pop(), dict(asked.get("about", {}))
        elif asked.get("do") == "drop":
            self._close(name)
        elif asked.get("do") == "give":
            channel.setblocking(True)
            try:
                for held, descriptor in list(self.descriptors.items()):
                    message = json.dumps({"name": held, "about": self.about[held]}).encode()
                    socket.send_fds(channel, [message], [descriptor])
                channel.send(_END)
            finally:
                channel.setblocking(False)
        for left in descriptors:
            os.close(left)

    def _close(self, name: str) -> None:
        if name in self.descriptors:
            os.close(self.descriptors.pop(name))
            del self.about[name]

    def close(self) -> None:
        """Let go of everything."""
        for name in list(self.descriptors):
            self._close(name)


class Keeper:
    """The child's half. Without a supervisor (a collector run by hand) nothing is kept, and all else works."""

    def __init__(self, descriptor: int | None = None) -> None:
        number = os.environ.get(VARIABLE, "") if descriptor is None else str(descriptor)
        self._channel = socket.socket(fileno=int(number)) if number.isdigit() else None
        self.unkept = 0  # sockets the supervisor did not take in time

    def given(self) -> Iterator[tuple[str, dict[str, Any], socket.socket]]:
        """The sockets the last process of this kind left, with what it said of them."""
        if self._channel is None:
            return
        self._channel.setblocking(True)
        self._channel.send(json.dumps({"do": "give"}).encode())
        while True:
            data, descriptors, _, _ = socket.recv_fds(self._channel, MAX_MESSAGE, 1)
            if not data or data == _END:
                break
            told = json.loads(data)
            if descriptors:
                yield told["name"], told["about"], socket.socket(fileno=descriptors[0])

    def keep(self, name: str, one: socket.socket, about: dict[str, Any]) -> None:
        """Have a copy held under a name, until `drop`."""
        message = json.dumps({"do": "keep", "name": name, "about": about}).encode()
        self._say(lambda channel: socket.send_fds(channel, [message], [one.fileno()], socket.MSG_DONTWAIT))

    def drop(self, name: str) -> None:
        """Have the copy closed: then the connection ends when we close ours."""
        message = json.dumps({"do": "drop", "name": name}).encode()
        self._say(lambda channel: channel.send(message))

    def _say(self, send: Callable[[socket.socket], int]) -> None:
        if self._channel is None:
            return
        try:
            send(self._channel)
        except OSError:
            self.unkept += 1
