"""Datagrams taken from a socket many at a time (recvmmsg(2)), and what the kernel says it dropped before.

One call brings hundreds of datagrams, so that the cost of a call is shared. The buffers are made once.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import struct
from typing import Final, NamedTuple

import numpy as np

BATCH: Final = 512  # datagrams of one call
MAX_DATAGRAM: Final = 16_384  # octets; jumbo frames fit, what is longer is cut and counted
_NAME: Final = 28  # sockaddr_in6
_MSG_TRUNC: Final = 0x20
_MSG_DONTWAIT: Final = 0x40
_SO_MEMINFO: Final = 55  # getsockopt(2): what /proc/net/udp says, of this socket alone
_MEMINFO: Final = struct.Struct("9I")
_SO_RCVBUFFORCE: Final = 33


class _IoVec(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Message(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("iov", ctypes.c_void_p),
        ("iov_length", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
        ("padding", ctypes.c_int),  # msghdr ends on a boundary of eight octets
        ("length", ctypes.c_uint),
        ("padding_behind", ctypes.c_uint),
    )


class Memory(NamedTuple):
    """What the kernel says of a socket's buffer."""

    used: int  # octets that wait to be read, with their overhead
    size: int  # octets it may hold
    drops: int  # datagrams thrown away since the socket was made, modulo 2**32


class Batch(NamedTuple):
    """Datagrams of one call."""

    datagrams: list[bytes]
    addresses: list[bytes]  # as the kernel writes them: 4 or 16 octets
    cut: int  # how many were longer than we take; what came of them is among `datagrams`


class Receiver:
    """Buffers for one thread; any socket may be read through them."""

    def __init__(self) -> None:
        self._data = bytearray(BATCH * MAX_DATAGRAM)
        self._names = bytearray(BATCH * _NAME)
        self._messages = (_Message * BATCH)()
        self._iovs = (_IoVec * BATCH)()
        data = ctypes.addressof(ctypes.c_char.from_buffer(self._data))
        names = ctypes.addressof(ctypes.c_char.from_buffer(self._names))
        for i in range(BATCH):
            self._iovs[i] = _IoVec(data + i * MAX_DATAGRAM, MAX_DATAGRAM)
            self._messages[i].name = names + i * _NAME
            self._messages[i].name_length = _NAME
            self._messages[i].iov = ctypes.addressof(self._iovs[i])
            self._messages[i].iov_length = 1
        self._heads = np.frombuffer(memoryview(self._messages).cast("B"), np.uint32).reshape(BATCH, -1)
        self._place_length = _Message.length.offset // 4
        self._place_flags = _Message.flags.offset // 4
        self._place_name_length = _Message.name_length.offset // 4
        self._call = ctypes.CDLL(None, use_errno=True).recvmmsg
        self._view, self._names_view = memoryview(self._data), memoryview(self._names)

    def take(self, descriptor: int) -> Batch | None:
        """What waits at a socket, `BATCH` datagrams at most; None if nothing does. Never waits.

        Raises:
            OSError: the socket is broken.
        """
        self._heads[:, self._place_name_length] = _NAME
        count = self._call(descriptor, self._messages, BATCH, _MSG_DONTWAIT, None)
        if count < 0:
            code = ctypes.get_errno()
            if code in (errno.EAGAIN, errno.EINTR, errno.ECONNREFUSED):
                return None
            raise OSError(code, os.strerror(code))
        lengths = self._heads[:count, self._place_length].tolist()
        cut = int(np.count_nonzero(self._heads[:count, self._place_flags] & _MSG_TRUNC))
        view, names = self._view, self._names
        datagrams = [bytes(view[i * MAX_DATAGRAM : i * MAX_DATAGRAM + n]) for i, n in enumerate(lengths)]
        if names[0] | names[1] << 8 == socket.AF_INET:
            addresses = [bytes(names[at + 4 : at + 8]) for at in range(0, count * _NAME, _NAME)]
        else:
            addresses = [bytes(names[at + 8 : at + 24]) for at in range(0, count * _NAME, _NAME)]
        return Batch(datagrams, addresses, cut)


def address_text(address: bytes) -> str:
    """An address as people write it; IPv4 behind IPv6 as IPv4."""
    if len(address) == 16 and address.startswith(b"\0" * 10 + b"\xff\xff"):
        address = address[12:]
    return socket.inet_ntop(socket.AF_INET if len(address) == 4 else socket.AF_INET6, address)


def memory_of(one: socket.socket) -> Memory:
    """How full a socket's buffer is, and how many datagrams the kernel dropped."""
    said = _MEMINFO.unpack(one.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size))
    return Memory(said[0], said[1], said[8])


def widen(one: socket.socket, octets: int) -> int:
    """Give a socket a large receive buffer: as much as asked if privileged, else what net.core.rmem_max allows."""
    for option in (_SO_RCVBUFFORCE, socket.SO_RCVBUF):
        try:
            one.setsockopt(socket.SOL_SOCKET, option, octets)
            break
        except PermissionError:
            continue
    return one.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
