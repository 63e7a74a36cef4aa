"""Segments: what collectors wrote down, byte for byte, in the order it came. One format for the whole spool.

A segment is `MAGIC`, then frames. A frame is a head of `HEAD` (little-endian: mark, type, sender, messages, bytes of
the payload, microseconds UTC at which it was taken in, CRC-32 of all of it with this field zero) and its payload:

- `SENDER`: JSON that says who a number is: `transport`, `address`, `trust` (as events have it), `how` (in words). A
  number is told before it is first used, in every segment anew: a segment is read without any other.
- `LINES`: log messages, each ended by a line feed; a line feed inside one was written `#012`, as rsyslog writes it.
- `EXPORT`: datagrams of flow export, one behind the other; their lengths stand before them (4 octets each).
- `TEMPLATES`: datagrams that came earlier, repeated so that this segment is read without the one before. Laid out as
  `EXPORT`, but what they say of templates and options counts alone.
- `DOCUMENT`: a whole file that was handed in: the length of its name (4 octets), the name, its bytes.
- `LOSS`: JSON that says what a collector knows it lost since the last such frame: `source`, `lost`, `why`.

Where the sender is `MANY`, the number of each message's sender stands before all else, 4 octets each. A writer that
was killed leaves a torn frame at the end, and that is all: frames are written whole before a sender is told so.
"""

from __future__ import annotations

import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import BinaryIO, Final, NamedTuple

MAGIC: Final = b"SEAWALL SPOOL 1\n"
SUFFIX: Final = ".swspool"
MARK: Final = b"SWF1"
HEAD: Final = struct.Struct("<4sBxxxIIIqI4x")
SENDER, LINES, EXPORT, TEMPLATES, DOCUMENT, LOSS = range(1, 7)
MANY: Final = 0xFFFFFFFF
MAX_PAYLOAD: Final = 128 << 20  # bytes; more than any collector writes at once
_READ: Final = 4 << 20


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sent something, and how far that is known."""

    transport: str  # e.g. "syslog-udp", "syslog-tls", "netflow-udp", "http", "file"
    address: str  # IP address, path or name
    trust: str  # as events have it: authenticated, spoofable, file
    how: str = ""  # how it was authenticated, in words; empty: it was not


class Frame(NamedTuple):
    """One frame, whole and as it was written; `fault` says why there is none."""

    type: int
    sender: int
    messages: int
    received_us: int  # UTC
    payload: bytes
    at: int = 0  # where it begins in the segment
    fault: str = ""


def frame(type_: int, sender: int, messages: int, received_us: int, payload: bytes) -> bytes:
    """A frame as bytes."""
    head = HEAD.pack(MARK, type_, sender, messages, len(payload), received_us, 0)
    crc = zlib.crc32(payload, zlib.crc32(head))
    return HEAD.pack(MARK, type_, sender, messages, len(payload), received_us, crc) + payload


def sender_frame(number: int, sender: Sender, received_us: int) -> bytes:
    """The frame that says who `number` is."""
    return frame(SENDER, number, 0, received_us, json.dumps(asdict(sender)).encode())


def sender_of(one: Frame) -> Sender:
    """Who a `SENDER` frame names. Raises ValueError if it is none of ours."""
    said = json.loads(one.payload)
    if not isinstance(said, dict) or not all(isinstance(value, str) for value in said.values()):
        raise ValueError("a sender is named by texts")
    try:
        return Sender(**said)
    except TypeError as error:
        raise ValueError(str(error)) from error


def export_payload(datagrams: Sequence[bytes]) -> bytes:
    """Datagrams, their lengths before them."""
    return struct.pack(f"<{len(datagrams)}I", *map(len, datagrams)) + b"".join(datagrams)


def document_frame(sender: int, name: str, content: bytes, received_us: int) -> bytes:
    """A whole file that was handed in."""
    told = name.encode("utf-8", "replace")[:4096]
    return frame(DOCUMENT, sender, 1, received_us, struct.pack("<I", len(told)) + told + content)


def loss_frame(sender: int, source: str, lost: int, why: str, received_us: int) -> bytes:
    """What a collector knows it lost."""
    said = {"source": source, "lost": lost, "why": why}
    return frame(LOSS, sender, 0, received_us, json.dumps(said).encode())


class Loss(NamedTuple):
    """What a collector said it lost."""

    source: str
    lost: int
    why: str


def loss_of(payload: bytes) -> Loss:
    """What a `LOSS` frame says. Raises ValueError if it is none of ours."""
    said = json.loads(payload)
    try:
        return Loss(str(said["source"])[:300], int(said["lost"]), str(said["why"])[:300])
    except (TypeError, KeyError) as error:
        raise ValueError(f"a loss that does not say {error}") from error


def senders_of(one: Frame) -> tuple[tuple[int, ...], bytes]:
    """The sender of each datagram, and the rest of the payload. Raises ValueError if there is no room for so many."""
    size = 4 * one.messages  # each message has at least a length or a sender of four octets
    if len(one.payload) < size:
        raise ValueError("it names more messages than it has room for")
    if one.sender != MANY:
        return (one.sender,) * one.messages, one.payload
    return struct.unpack_from(f"<{one.messages}I", one.payload), one.payload[size:]


def datagrams_of(rest: bytes, messages: int) -> list[bytes]:
    """The datagrams of an `EXPORT` frame, senders taken off. Raises ValueError if they are not all there."""
    at = 4 * messages
    if len(rest) < at:
        raise ValueError("it names more datagrams than it has room for")
    found = []
    for length in struct.unpack_from(f"<{messages}I", rest):
        found.append(rest[at : at + length])
        at += length
    if at != len(rest):
        raise ValueError("its datagrams are not as long as it says")
    return found


def document_of(payload: bytes) -> tuple[str, bytes]:
    """Name and bytes of a `DOCUMENT` frame. Raises ValueError if the name is cut short."""
    if len(payload) < 4 or len(payload) < 4 + (size := int.from_bytes(payload[:4], "little")):
        raise ValueError("its name is cut short")
    return payload[4 : 4 + size].decode("utf-8", "replace"), payload[4 + size :]


def frames(stream: BinaryIO) -> Iterator[Frame]:
    """The frames of a segment in order; damage comes as a frame with a `fault`, and reading goes on behind it."""
    data = stream.read(_READ)
    base = at = 0
    if data.startswith(MAGIC):
        at = len(MAGIC)
    while True:
        if len(data) - at < HEAD.size:
            data, base, at = data[at:] + stream.read(_READ), base + at, 0
            if len(data) < HEAD.size:
                break
        mark, type_, sender, messages, length, received, crc = HEAD.unpack_from(data, at)
        if mark != MARK or length > MAX_PAYLOAD:
            found = data.find(MARK, at + 1)
            if found < 0:  # the mark may lie across two pieces read
                more = stream.read(_READ)
                if not more:
                    yield Frame(0, 0, 0, 0, b"", base + at, f"{len(data) - at} octets are no frame")
                    return
                data, base, at = data[max(at + 1, len(data) - 3) :] + more, base + max(at + 1, len(data) - 3), 0
                continue
            yield Frame(0, 0, 0, 0, b"", base + at, f"{found - at} octets are no frame")
            at = found
            continue
        end = at + HEAD.size + length
        while len(data) < end and (more := stream.read(max(_READ, end - len(data)))):
            data, base, end, at = data[at:] + more, base + at, end - at, 0
        if len(data) < end:
            yield Frame(
                0, 0, 0, 0, b"", base + at, f"the last frame is cut short: {len(data) - at} of {end - at} octets"
            )
            return
        payload = data[at + HEAD.size : end]
        head = HEAD.pack(mark, type_, sender, messages, length, received, 0)
        if zlib.crc32(payload, zlib.crc32(head)) != crc:
            yield Frame(0, 0, 0, 0, b"", base + at, "a frame whose check sum is wrong")
            at += 4
            continue
        yield Frame(type_, sender, messages, received, payload, base + at)
        at = end
    if len(data) - at:
        yield Frame(0, 0, 0, 0, b"", base + at, f"the last frame is cut short: {len(data) - at} octets")
