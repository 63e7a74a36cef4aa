"""dnstap: a query and its answer as a resolver's Frame Streams file, down to the DNS messages (RFC 1035)."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

CONTENT: Final = b"protobuf:dnstap.Dnstap"
_TYPES: Final = {"A": 1, "NS": 2, "CNAME": 5, "TXT": 16, "AAAA": 28}
_CODES: Final = {"NOERROR": 0, "SERVFAIL": 2, "NXDOMAIN": 3}


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question with its answer; without addresses it is the question alone."""

    time: datetime  # UTC
    client: str
    port: int
    name: str
    qtype: str = "A"
    server: str = "192.0.2.53"
    rcode: str = ""  # empty: a query
    addresses: tuple[str, ...] = ()


def write(exchanges: Iterable[Exchange], identity: str = "ns1") -> bytes:
    """A whole file: START, one frame per exchange, STOP."""
    field = (1).to_bytes(4, "big") + len(CONTENT).to_bytes(4, "big") + CONTENT
    start = (2).to_bytes(4, "big") + field
    frames = b"".join(len(f).to_bytes(4, "big") + f for f in (_frame(one, identity) for one in exchanges))
    return b"\0\0\0\0" + len(start).to_bytes(4, "big") + start + frames + b"\0\0\0\0\0\0\0\4\0\0\0\3"


def _frame(one: Exchange, identity: str) -> bytes:
    answering = bool(one.rcode)
    client = ipaddress.ip_address(one.client).packed
    seconds, nanos = int(one.time.timestamp()), one.time.microsecond * 1_000
    message = _number(1, 6 if answering else 5) + _number(2, 1 if len(client) == 4 else 2) + _number(3, 1)
    message += _data(4, client) + _data(5, ipaddress.ip_address(one.server).packed)
    message += _number(6, one.port) + _number(7, 53)
    times = (12, 13) if answering else (8, 9)
    message += _number(times[0], seconds) + bytes([times[1] << 3 | 5]) + nanos.to_bytes(4, "little")
    message += _data(14 if answering else 10, _dns(one))
    return _data(1, identity.encode()) + _data(14, message) + _number(15, 1)


def _dns(one: Exchange) -> bytes:
    flags = 0x8180 | _CODES[one.rcode] if one.rcode else 0x0100
    question = b"".join(bytes([len(label)]) + label.encode() for label in one.name.split(".")) + b"\0"
    head = b"\x12\x34" + flags.to_bytes(2, "big") + b"\0\1" + len(one.addresses).to_bytes(2, "big") + b"\0\0\0\0"
    answers = b""
    for address in one.addresses:
        data = ipaddress.ip_address(address).packed
        kind = 1 if len(data) == 4 else 28
        answers += b"\xc0\x0c" + kind.to_bytes(2, "big") + b"\0\1\0\0\0\x3c" + len(data).to_bytes(2, "big") + data
    return head + question + _TYPES[one.qtype].to_bytes(2, "big") + b"\0\1" + answers


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    return bytes([*made, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _data(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(value)) + value
