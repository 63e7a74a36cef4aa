"""Files of raw export datagrams, one behind the other: bare, or each with its length before it (2 or 4 octets).

NetFlow v5 and IPFIX say how long they are; of v9 and sFlow the sets and samples say it. Where a datagram lies about
its length the file is read on from the next header that can be one, and what lies between is a reject.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import BinaryIO, Final, Literal, NamedTuple

from seawall.sources.base import Evidence
from seawall.sources.exports import sflow
from seawall.sources.exports.templates import FIRST_ID, MalformedError

MAX_DATAGRAM: Final = 65_535
READ_BYTES: Final = 4 << 20
_EARLIEST_S, _LATEST_S = 631_152_000, 4_102_444_800  # 1990 to 2100
_ORDERS: Final[tuple[tuple[int, Literal["big", "little"]], ...]] = (
    (2, "big"),
    (4, "big"),
    (4, "little"),
    (2, "little"),
)


class Prefix(NamedTuple):
    """How a length stands before each datagram; size 0: it does not."""

    size: int
    order: Literal["big", "little"] = "big"


@dataclass(slots=True)
class Cut:
    """A datagram of a file, or why there is none."""

    data: bytes
    at: int  # where it begins
    fault: str = ""


def could_begin(data: bytes, at: int = 0) -> bool:
    """Whether a datagram may begin here, by its header and what follows it."""
    head = data[at : at + 32]
    if len(head) < 20:
        return False
    version = int.from_bytes(head[:2], "big")
    first, size = int.from_bytes(head[2:4], "big"), len(head)
    if version == 5:
        seconds, nanos = int.from_bytes(head[8:12], "big"), int.from_bytes(head[12:16], "big")
        return 0 < first <= 30 and _timely(seconds) and nanos < 10**9
    if version == 9:
        ident, length = int.from_bytes(head[20:22], "big"), int.from_bytes(head[22:24], "big")
        set_ok = size < 24 or ((ident < 2 or ident >= FIRST_ID) and length >= 4)
        return _timely(int.from_bytes(head[8:12], "big")) and set_ok and first < 10_000
    if version == 10:
        ident, length = int.from_bytes(head[16:18], "big"), int.from_bytes(head[18:20], "big")
        return (
            first >= 20
            and _timely(int.from_bytes(head[4:8], "big"))
            and (ident in (2, 3) or ident >= FIRST_ID)
            and length >= 4
        )
    if head[:4] == sflow.VERSION:
        kind = int.from_bytes(head[4:8], "big")
        at_count = {1: 24, 2: 36}.get(kind)
        return at_count is not None and 0 < int.from_bytes(data[at + at_count : at + at_count + 4], "big") <= 256
    return False


def _timely(seconds: int) -> bool:
    return _EARLIEST_S < seconds < _LATEST_S


def end_of(data: bytes, at: int) -> int:
    """Where the datagram that begins here ends.

    Raises:
        MalformedError: what it says of its length cannot be, or goes beyond the data.
    """
    version = int.from_bytes(data[at : at + 2], "big")
    if version == 5:
        return at + 24 + 48 * int.from_bytes(data[at + 2 : at + 4], "big")
    if version == 10:
        return at + int.from_bytes(data[at + 2 : at + 4], "big")
    if version == 9:
        return _v9_end(data, at)
    if data[at : at + 4] == sflow.VERSION:
        return sflow.datagram_end(data, at)
    raise MalformedError("no header of flow export")


def _v9_end(data: bytes, begin: int) -> int:
    at = begin + 20
    while at + 4 <= len(data) and at - begin < MAX_DATAGRAM:
        ident, length = int.from_bytes(data[at : at + 2], "big"), int.from_bytes(data[at + 2 : at + 4], "big")
        if ident == length == 0:  # a packet filled up with zeros
            rest = data[at : begin + MAX_DATAGRAM].lstrip(b"\0")
            return len(data) if not rest else min(len(data), begin + MAX_DATAGRAM) - len(rest) - 1
        if 2 <= ident < FIRST_ID or length < 4:
            return at  # sets with such numbers are reserved: the next datagram begins here
        at += length
    return at


def prefix_of(head: bytes) -> Prefix | None:
    """How the datagrams of a file are told apart; None if it holds none."""
    if could_begin(head):
        return Prefix(0)
    for size, order in _ORDERS:
        length = int.from_bytes(head[:size], order)
        if 20 <= length <= MAX_DATAGRAM and could_begin(head, size):
            following = size + length
            if following == len(head) or could_begin(head, following + size) or following + size + 20 > len(head):
                return Prefix(size, order)
    return None


@dataclass(slots=True)
class _Window:
    """The part of a file that is being cut."""

    stream: BinaryIO
    data: bytes = b""
    base: int = 0  # where `data` begins in the file
    at: int = 0
    over: bool = field(default=False)

    def fill(self) -> None:
        """Have a whole datagram's room ahead, if the file has it."""
        while not self.over and len(self.data) - self.at < 2 * MAX_DATAGRAM:
            block = self.stream.read(READ_BYTES)
            self.over = not block
            self.data = self.data[self.at :] + block
            self.base += self.at
            self.at = 0


def datagrams(evidence: Evidence, prefix: Prefix) -> Iterator[Cut]:
    """The datagrams of a file, in order, and faults where there is none."""
    with closing(evidence.open()) as stream:
        window = _Window(stream)
        window.fill()
        while window.at < len(window.data):
            yield _next(window, prefix)
            window.fill()


def _next(window: _Window, prefix: Prefix) -> Cut:
    data, at = window.data, window.at
    begin = at + prefix.size
    place = window.base + at
    try:
        if prefix.size:
            end = begin + int.from_bytes(data[at:begin], prefix.order)
            if not could_begin(data, begin):
                raise MalformedError("no header of flow export")
        elif not could_begin(data, begin):
            raise MalformedError("no header of flow export")
        else:
            end = end_of(data, begin)
        if end <= begin + 15:
            raise MalformedError("it says it is shorter than its header")
    except MalformedError as why:
        found = _resumed(data, at + 1, prefix)
        window.at = found
        return Cut(b"", place, f"{found - at} octets from {place} on are no datagram: {why}")
    window.at = min(end, len(data))
    if end > len(data):
        return Cut(data[begin:], place, "" if end - len(data) < MAX_DATAGRAM else "cut short")
    return Cut(data[begin:end], place)


def _resumed(data: bytes, at: int, prefix: Prefix) -> int:
    """Where the next datagram may begin; the end of the data if nowhere."""
    while 0 <= at < len(data):
        nul = data.find(b"\0", at + prefix.size)
        if nul < 0:
            return len(data)
        if could_begin(data, nul):
            return max(at, nul - prefix.size)
        at = nul + 1 - prefix.size
        if at + prefix.size >= len(data):
            return len(data)
    return len(data)
