"""Connections of log senders: TCP that a successor can take over, and TLS.

Over TCP bytes are looked at (`MSG_PEEK`), written to the spool, and only then taken off the socket, so that a
collector that dies at any moment loses nothing the sender was told is taken (see `fdstore`). What was written and not
taken off is read again, in another segment: the same events with the same ids. Over TLS the state of the connection
dies with us; the connection breaks, and senders that keep a queue send its rest again.
"""

from __future__ import annotations

import socket
import ssl
import time
from dataclasses import dataclass, field
from typing import Any, Final

from seawall.disk.segments import Sender
from seawall.service.framing import Framing, Taken, take

READ_BYTES: Final = 256 << 10  # looked at in one go
HANDSHAKE_S: Final = 10.0
_DISCARD: Final = bytearray(READ_BYTES)


@dataclass
class Stream:
    """A plain TCP connection."""

    socket: socket.socket
    sender: Sender
    key: str  # of the copy the supervisor holds
    most: int
    framing: Framing = field(default_factory=Framing)
    over: bool = False  # nothing more will come
    ended: bool = False  # the sender's end came: what waits in the kernel is the last
    used: int = 0  # octets written to the spool and not taken off the socket yet
    skip_after: tuple[int, bool] = (0, False)
    alive: float = field(default_factory=time.monotonic)

    def look(self, buffer: bytearray) -> Taken | None:
        """What whole messages wait; None if there is nothing new. Sets `over` at the end of the stream.

        Raises:
            OSError: the connection is broken.
        """
        try:
            count = self.socket.recv_into(buffer, READ_BYTES, socket.MSG_PEEK)
        except BlockingIOError:
            return None
        if not count:
            self.over = True
            return Taken()
        # Looking never meets the end while a message without its line feed waits before it.
        self.over = self.ended and count < READ_BYTES
        taken = take(bytes(memoryview(buffer)[:count]), self.framing, self.most, over=self.over)
        self.used = taken.used
        return taken

    def settle(self) -> None:
        """Take off the socket what the spool holds now."""
        left = self.used
        while left:
            left -= self.socket.recv_into(_DISCARD, min(left, READ_BYTES), socket.MSG_TRUNC)
        self.used = 0

    def handshake(self) -> bool:
        """Nothing to agree on."""
        return True


@dataclass
class TlsStream(Stream):
    """A connection under TLS: what was read and is no whole message yet waits here."""

    held: bytes = b""
    ready: bool = False
    began: float = field(default_factory=time.monotonic)

    def handshake(self) -> bool:
        """Go on agreeing with the sender; True once that is done.

        Raises:
            OSError: the sender speaks no TLS, or none that is accepted (ssl.SSLError is one).
        """
        if self.ready:
            return True
        assert isinstance(self.socket, ssl.SSLSocket), "a socket that speaks TLS"
        try:
            self.socket.do_handshake()
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
            return False
        self.ready = True
        self.sender = _authenticated(self.socket, self.sender)
        return True

    def look(self, buffer: bytearray) -> Taken | None:
        """As for TCP; what was looked at is off the socket already."""
        room = READ_BYTES - len(self.held)
        try:
            count = self.socket.recv_into(buffer, room)
        except (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError):
            return None
        if not count:
            self.over = True
            taken = take(self.held, self.framing, self.most, over=True)
            self.held = b""
            return taken
        data = self.held + memoryview(buffer)[:count]
        taken = take(data, self.framing, self.most)
        self.held = data[taken.used :]
        return taken

    def settle(self) -> None:
        """Nothing is left on the socket."""


def _authenticated(one: ssl.SSLSocket, sender: Sender) -> Sender:
    certificate = one.getpeercert()
    version, _, _ = one.cipher() or ("", "", 0)
    if not certificate:
        how = f"{one.version() or version}, no certificate of the sender's"
        return Sender(sender.transport, sender.address, "spoofable", how)
    subject: Any = certificate.get("subject", ())
    others: Any = certificate.get("subjectAltName", ())
    names = [value for rdn in subject for key, value in rdn if key == "commonName"]
    names += [value for kind, value in others if kind in ("DNS", "IP Address")]
    said = ", ".join(dict.fromkeys(str(name)[:200] for name in names[:4])) or "a certificate without a name"
    return Sender(sender.transport, sender.address, "authenticated", f"{one.version()}, certificate of {said}")
