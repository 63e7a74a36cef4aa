# ruff: noqa: E501 - tables of numbers read better unbroken
"""dnstap: what a resolver asked and answered, as Protocol Buffers in a Frame Streams file (BIND, Unbound, Knot, CoreDNS).

Frame Streams: a frame is its length (4 bytes, big-endian) and that many bytes; length 0 announces a control frame.
Protocol Buffers: dnstap.proto, of which the fields below are read and all others skipped. DNS messages: RFC 1035, only
as far as the first question, the header's code and the answers' data; compression pointers may only point back.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from seawall.errors import InputError
from seawall.sources.base import BLOCK_BYTES, Chunk, Evidence, Reading, Source
from seawall.sources.dns_wire import read_message
from seawall.sources.records import NEVER, Records, When

CONTENT: Final = b"protobuf:dnstap.Dnstap"
MAX_FRAME: Final = 1 << 18  # a DNS message has at most 65,535 bytes, a dnstap frame holds two
_CONTROL_START: Final = 2
_KINDS: Final = (
    "",
    "AUTH",
    "AUTH",
    "RESOLVER",
    "RESOLVER",
    "CLIENT",
    "CLIENT",
    "FORWARDER",
    "FORWARDER",
    "STUB",
    "STUB",
    "TOOL",
    "TOOL",
    "UPDATE",
    "UPDATE",
)  # Message.Type: odd numbers are queries, even ones responses
_PROTOCOLS: Final = {1: "udp", 2: "tcp", 3: "dot", 4: "doh", 5: "dnscrypt-udp", 6: "dnscrypt-tcp", 7: "doq"}
Fields = dict[int, Any]


def fields_of(data: bytes) -> Fields:
    """The fields of a Protocol Buffers message, by number; of a field met twice the last counts.

    Raises:
        ValueError: it is cut short or uses a wire type dnstap does not.
    """
    found: Fields = {}
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            found[number], at = _varint(data, at)
        elif wire == 2:
            size, at = _varint(data, at)
            found[number], at = data[at : at + size], at + size
        elif wire in (1, 5):
            size = 8 if wire == 1 else 4
            found[number], at = int.from_bytes(data[at : at + size], "little"), at + size
        else:
            raise ValueError("a wire type dnstap does not use")
        if at > len(data):
            raise ValueError("a field that runs past its message")
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise ValueError("a number that is cut short")
        byte = data[at]
        value |= (byte & 127) << shift
        at += 1
        if byte < 128:
            return value, at
    raise ValueError("a number longer than ten bytes")


def values_of(frame: bytes) -> tuple[dict[str, Any], When, str | None]:
    """The columns, time and server of one frame.

    Raises:
        ValueError: it is no dnstap message, or one without a DNS question.
    """
    outer = fields_of(frame)
    inner = outer.get(14)
    if not isinstance(inner, bytes):
        raise ValueError("no message in this frame")
    message = fields_of(inner)
    kind = _integer(message, 1)
    answering = kind % 2 == 0
    wire = _bytes(message, 14 if answering else 10) or _bytes(message, 10) or _bytes(message, 14)
    if wire is None:
        raise ValueError("no DNS message in this frame")
    told = read_message(wire)
    query, response = _address(message.get(4)), _address(message.get(5))
    # In messages a resolver sends out itself, "query address" is its own.
    values = {
        "message": "response" if answering else "query",
        "query": told.name,
        "qclass": told.qclass,
        "qtype": told.qtype,
        "rcode": told.rcode if answering else None,
        "answers": ",".join(told.answers) or None,
        "src_ip": query,
        "src_port": _integer(message, 6) or None,
        "dst_ip": response,
        "proto": _PROTOCOLS.get(_integer(message, 3)),
        "flags": _KINDS[kind] if 0 < kind < len(_KINDS) else None,
    }
    seconds, nanos = (12, 13) if answering and 12 in message else (8, 9)
    return values, _when(message, seconds, nanos), _said(outer.get(1))


def _when(message: Fields, seconds: int, nanos: int) -> When:
    count = _integer(message, seconds)
    if not 0 < count < 4_102_444_800:  # the year 2100
        return NEVER
    return When(count * 1_000_000 + min(_integer(message, nanos), 999_999_999) // 1_000, "exact")


def _integer(fields: Fields, number: int) -> int:
    value = fields.get(number)
    return value if isinstance(value, int) else 0


def _bytes(fields: Fields, number: int) -> bytes | None:
    value = fields.get(number)
    return value if isinstance(value, bytes) else None


def _said(value: Any) -> str | None:
    return value[:255].decode("utf-8", "replace") if isinstance(value, bytes) and value else None


def _address(value: Any) -> str | None:
    return str(ipaddress.ip_address(value)) if isinstance(value, bytes) and len(value) in (4, 16) else None


def sniff(evidence: Evidence) -> int:
    """100 if the file begins with a START frame that names dnstap."""
    head = evidence.head[:256]
    started = head[:4] == b"\0\0\0\0" and int.from_bytes(head[8:12], "big") in (_CONTROL_START, 4)
    return 100 if started and CONTENT in head else 0


def read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Events of kind `dns_queries` and rejects; a frame is `#number` in its origin, data frames counted from 1.

    Raises:
        InputError: the file cannot be read on.
    """
    with Records("dns_queries", evidence.origin, reading) as records:
        used = 0
        try:
            with evidence.open() as stream:
                for number, frame, size in _frames(stream):
                    _take(records, f"{evidence.origin}#{number}", frame)
                    used += size
                    if used >= BLOCK_BYTES:
                        yield records.chunk(used)
                        used = 0
        except (OSError, EOFError) as error:
            raise InputError(
                f"cannot be read on: {error}", where=evidence.origin, mend="copy the file again"
            ) from error
        yield records.chunk(used)


def _take(records: Records, place: str, frame: bytes | str) -> None:
    if isinstance(frame, str):
        records.reject(place, frame)
        return
    try:
        values, when, server = values_of(frame)
    except ValueError as error:
        records.reject(place, f"no dnstap message: {error}")
        return
    records.add(place, frame, when, server, values)


def _frames(stream: BinaryIO) -> Iterator[tuple[int, bytes | str, int]]:
    """(number, frame or why it is none, bytes used) of each data frame; ends at the first length nobody may trust."""
    number = 0
    while head := stream.read(4):
        size = int.from_bytes(head, "big")
        if len(head) == 4 and size == 0:
            size = int.from_bytes(stream.read(4), "big")
            if size > 4_096:
                yield number + 1, f"control frame of {size} bytes, longer than any; the rest is left unread", 8
                return
            stream.read(size)
            continue
        number += 1
        if size > MAX_FRAME:
            yield number, f"frame of {size} bytes, longer than any; the rest is left unread", 4
            return
        data = stream.read(size)
        if len(head) < 4 or len(data) < size:
            yield number, "frame cut short at the end of the file", len(head) + len(data)
            return
        yield number, data, size + 4


SOURCE: Final = Source("dnstap", "dnstap (Frame Streams)", ("dns_queries",), sniff, read)
