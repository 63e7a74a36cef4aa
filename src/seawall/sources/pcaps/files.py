"""Capture files, a block of packets at a time: pcap (libpcap, both byte orders, micro- and nanoseconds) and pcapng.

pcap: draft-ietf-opsawg-pcap; pcapng: draft-ietf-opsawg-pcapng. Record headers are walked one by one, because each says
where the next one stands; everything behind them is done a column at a time.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from seawall.sources import packets
from seawall.sources.base import Evidence

Ints = NDArray[np.int64]

MAX_PACKET: Final = 1 << 20  # octets captured of one; larger lengths are damage
BLOCK_BYTES: Final = 16 << 20
BLOCK_PACKETS: Final = 262_144
MAX_INTERFACES: Final = 65_536
_MAGICS: Final = {
    b"\xd4\xc3\xb2\xa1": ("<", 1_000_000, 16), b"\xa1\xb2\xc3\xd4": (">", 1_000_000, 16),
    b"\x4d\x3c\xb2\xa1": ("<", 10**9, 16), b"\xa1\xb2\x3c\x4d": (">", 10**9, 16),
    b"\x34\xcd\xb2\xa1": ("<", 1_000_000, 24), b"\xa1\xb2\xcd\x34": (">", 1_000_000, 24),
}  # fmt: skip
_PCAPNG: Final = b"\x0a\x0d\x0d\x0a"
_ORDERS: Final = {b"\x1a\x2b\x3c\x4d": ">", b"\x4d\x3c\x2b\x1a": "<"}
_HEADER: Final = 24
_LATEST_US: Final = 4_102_444_800 * 10**6


@dataclass(slots=True)
class Block:
    """Some packets of a capture, in order. `faults` are what stopped the reading, with the packet's number."""

    first: int  # number of the first packet, from 1
    data: bytes
    starts: Ints
    ends: Ints  # behind what was captured of each
    lengths: Ints  # octets it had on the wire
    micros: Ints  # since 1970, UTC
    links: Ints  # link types
    faults: list[tuple[int, str]] = field(default_factory=list)
    read_bytes: int = 0

    def states(self) -> Ints:
        """Which header each packet begins with."""
        made = np.zeros(len(self.links), np.int64)
        for link in np.unique(self.links).tolist():
            made[self.links == link] = packets.link_state(link)
        return made


def udp_payload(block: Block, begin: int, end: int) -> bytes:
    """What an UDP packet carries from `begin` on, without the filling a short frame has behind it."""
    length = int.from_bytes(block.data[begin - 4 : begin - 2], "big") - 8
    return block.data[begin : min(end, begin + length) if length > 0 else end]


@dataclass(slots=True)
class _Interface:
    link: int
    unit: int = 1_000_000  # parts of a second
    offset_s: int = 0


class _Reader:
    """Walks a capture's records; `blocks` gives what they hold."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._data, self._at, self._over = b"", 0, False
        self._rows: list[tuple[int, int, int, int, int]] = []  # start, end, wire length, microseconds, link
        self._faults: list[tuple[int, str]] = []
        self._first, self._count, self._read = 1, 0, 0

    def blocks(self) -> Iterator[Block]:
        self._more(_HEADER)
        magic = self._data[:4]
        if not is_capture(self._data[:_HEADER]):
            self._fault("no capture: it does not begin as one")
            yield self._block()
            return
        walk = self._pcapng if magic == _PCAPNG else self._pcap
        walking = walk()
        ended = False
        while not ended:
            ended = next(walking, True)
            yield self._block()

    def _more(self, size: int) -> bool:
        """Have so many octets ahead; what was walked over stays until its block is handed out."""
        while len(self._data) - self._at < size and not self._over:
            block = self._stream.read(max(BLOCK_BYTES, size))
            self._over = not block
            self._data += block
            self._read += len(block)
        return len(self._data) - self._at >= size

    def _block(self) -> Block:
        columns = np.array(self._rows, np.int64).reshape(-1, 5)
        made = Block(
            self._first, self._data[: self._at] + bytes(packets.PADDING), columns[:, 0].copy(), columns[:, 1].copy(),
            columns[:, 2].copy(), columns[:, 3].copy(), columns[:, 4].copy(), self._faults, self._read,
        )  # fmt: skip
        self._data, self._at = self._data[self._at :], 0
        self._first += len(self._rows)
        self._rows, self._faults, self._read = [], [], 0
        return made

    def _full(self) -> bool:
        return len(self._rows) >= BLOCK_PACKETS or self._at >= BLOCK_BYTES

    def _fault(self, what: str) -> None:
        self._faults.append((self._first + len(self._rows), what))

    def _pcap(self) -> Iterator[bool]:
        order, unit, size = _MAGICS[self._data[:4]]
        link = struct.unpack_from(order + "I", self._data, 20)[0] & 0xFFFF
        record = struct.Struct(order + "IIII")
        self._at = _HEADER
        while self._more(size):
            seconds, fraction, captured, length = record.unpack_from(self._data, self._at)
            if captured > MAX_PACKET:
                self._fault(
                    f"a packet of {captured} octets: the capture is damaged from here on, the rest was left out"
                )
                return
            if not self._more(size + captured):
                break
            begin = self._at + size
            micros = seconds * 10**6 + (fraction if unit == 10**6 else fraction // 1000)
            self._rows.append((begin, begin + captured, max(length, captured), micros, link))
            self._at = begin + captured
            if self._full():
                yield False
        left = len(self._data) - self._at
        if left:
            self._fault(f"cut off inside a packet: {left} octets are left of it")
            self._at = len(self._data)

    def _pcapng(self) -> Iterator[bool]:
        interfaces: list[_Interface] = []
        order = "<"
        while self._more(12):
            kind = self._data[self._at : self._at + 4]
            if kind == _PCAPNG:
                found = _ORDERS.get(self._data[self._at + 8 : self._at + 12])
                if found is None:
                    self._fault("a section that says no byte order: the rest was left out")
                    return
                order, interfaces = found, []
            number, size = struct.unpack_from(order + "II", self._data, self._at)
            if size < 12 or size > MAX_PACKET + 65_536 or size % 4:
                self._fault(f"a block of {size} octets: the capture is damaged from here on, the rest was left out")
                return
            if not self._more(size):
                break
            self._take(number, self._at + 8, self._at + size - 4, order, interfaces)
            self._at += size
            if self._full():
                yield False
        left = len(self._data) - self._at
        if left:
            self._fault(f"cut off inside a block: {left} octets are left of it")
            self._at = len(self._data)

    def _take(self, number: int, begin: int, end: int, order: str, interfaces: list[_Interface]) -> None:
        data = self._data
        if number == 1 and end - begin >= 8:
            if len(interfaces) < MAX_INTERFACES:
                interfaces.append(_interface(data[begin:end], order))
        elif number in (2, 6) and end - begin >= 20:
            ident = struct.unpack_from(order + ("H" if number == 2 else "I"), data, begin)[0]
            high, low, captured, length = struct.unpack_from(order + "IIII", data, begin + 4)
            begin += 20
            if begin + captured > end or ident >= len(interfaces):
                self._fault("a packet that is longer than its block, or of an interface nobody described")
                return
            face = interfaces[ident]
            count = high << 32 | low
            micros = min(face.offset_s * 10**6 + count * 10**6 // face.unit, _LATEST_US)
            self._rows.append((begin, begin + captured, max(length, captured), micros, face.link))
        elif number == 3 and end - begin >= 4:
            self._fault("a simple packet block, which has no time; left out")


def _interface(body: bytes, order: str) -> _Interface:
    """An interface description, of which link type, resolution and offset of times matter."""
    made = _Interface(struct.unpack_from(order + "H", body)[0])
    at = 8
    while at + 4 <= len(body):
        code, size = struct.unpack_from(order + "HH", body, at)
        value = body[at + 4 : at + 4 + size]
        if code == 0:
            break
        if code == 9 and value:
            power = value[0] & 127
            made.unit = 2 ** min(power, 63) if value[0] & 128 else 10 ** min(power, 18)
        elif code == 14 and len(value) == 8:
            made.offset_s = struct.unpack(order + "q", value)[0]
        at += 4 + size + (-size % 4)
    if abs(made.offset_s) > 1 << 33:
        made.offset_s = 0
    return made


def is_capture(head: bytes) -> bool:
    """Whether a file begins as captures do."""
    if head[:4] == _PCAPNG:
        return head[8:12] in _ORDERS
    if head[:4] not in _MAGICS or len(head) < _HEADER:
        return False
    major = struct.unpack_from(_MAGICS[head[:4]][0] + "H", head, 4)[0]
    return bool(major in (1, 2))


def blocks(evidence: Evidence) -> Iterator[Block]:
    """The packets of a capture, in order."""
    with closing(evidence.open()) as stream:
        yield from _Reader(stream).blocks()
