"""Sockets that listen, opened when their port is free: a taken port is said, and tried again."""

from __future__ import annotations

import contextlib
import os
import socket
from dataclasses import dataclass
from typing import Final

from seawall.service.addresses import Address
from seawall.service.datagrams import widen

BACKLOG: Final = 4_096
_TCP_BUFFER: Final = 2 << 20  # octets: room for the longest message whatever the sender's pace


@dataclass(frozen=True, slots=True)
class Door:
    """What is listened on, and for what."""

    what: str  # transport as senders are told apart: syslog-udp, syslog-tcp, syslog-tls, flows-udp
    address: Address

    @property
    def key(self) -> str:
        """Its name among the sockets the supervisor holds."""
        return f"{self.what} {self.address}"

    @property
    def is_udp(self) -> bool:
        """Whether datagrams come through it."""
        return self.what.endswith("udp")


def open_door(door: Door, buffer_bytes: int) -> socket.socket:
    """A socket that listens at a door. Raises OSError if it cannot: the port is taken, or not ours to open."""
    host = door.address.host
    everywhere = not host and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if ":" in host or everywhere else socket.AF_INET
    made = socket.socket(family, socket.SOCK_DGRAM if door.is_udp else socket.SOCK_STREAM)
    try:
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if everywhere else 1)
        if door.is_udp:
            widen(made, buffer_bytes)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
            widen(made, _TCP_BUFFER)
        made.bind((host or ("::" if everywhere else "0.0.0.0"), door.address.port))  # noqa: S104 - `*` was asked for
        if not door.is_udp:
            made.listen(BACKLOG)
        made.setblocking(False)
    except OSError:
        made.close()
        raise
    return made


def why_not(error: OSError) -> str:
    """Why a door cannot be opened, and what would help."""
    said = error.strerror or str(error)
    if isinstance(error, PermissionError):
        return f"{said}: ports below 1024 need CAP_NET_BIND_SERVICE, which the systemd unit gives"
    return said


def shut(one: socket.socket) -> None:
    """Close a connection whatever state it is in."""
    with contextlib.suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    with contextlib.suppress(OSError):
        one.close()


def is_alive(one: socket.socket) -> bool:
    """Whether a socket handed down is one still."""
    try:
        os.fstat(one.fileno())
        return one.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0
    except OSError:
        return False
