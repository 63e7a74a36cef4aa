# ruff: noqa: E501 - tables of numbers read better unbroken
"""DNS messages as they stand on the wire (RFC 1035): the first question, the code, the answers' data. Small and bounded.

Names become text as resolvers log them: dots inside labels and unprintable bytes as `\\DDD` (RFC 4343, section 2.1).
"""

from __future__ import annotations

import ipaddress
from typing import Final, NamedTuple

MAX_ANSWERS: Final = 64
MAX_JUMPS: Final = 64  # compression pointers in one name
_TYPES: Final = {
    1: "A", 2: "NS", 5: "CNAME", 6: "SOA", 10: "NULL", 12: "PTR", 13: "HINFO", 15: "MX", 16: "TXT", 24: "SIG", 25: "KEY",
    28: "AAAA", 33: "SRV", 35: "NAPTR", 39: "DNAME", 41: "OPT", 43: "DS", 46: "RRSIG", 47: "NSEC", 48: "DNSKEY",
    50: "NSEC3", 52: "TLSA", 64: "SVCB", 65: "HTTPS", 99: "SPF", 251: "IXFR", 252: "AXFR", 255: "ANY", 256: "URI", 257: "CAA",
}  # fmt: skip
_CLASSES: Final = {1: "IN", 3: "CH", 4: "HS", 255: "ANY"}
_CODES: Final = (
    "NOERROR", "FORMERR", "SERVFAIL", "NXDOMAIN", "NOTIMP", "REFUSED", "YXDOMAIN", "YXRRSET", "NXRRSET", "NOTAUTH", "NOTZONE",
)  # fmt: skip


class Message(NamedTuple):
    """What a message says."""

    name: str
    qtype: str
    qclass: str
    rcode: str
    answers: tuple[str, ...]


def read_message(wire: bytes) -> Message:
    """Read a message.

    Raises:
        ValueError: it is cut short before the end of its question, or its names go in circles.
    """
    if len(wire) < 12:
        raise ValueError("a DNS header that is cut short")
    questions, count = (int.from_bytes(wire[at : at + 2], "big") for at in (4, 6))
    code = wire[3] & 15
    if questions < 1:
        raise ValueError("no question in this DNS message")
    name, at = read_name(wire, 12)
    if at + 4 > len(wire):
        raise ValueError("a DNS question that is cut short")
    qtype, qclass = (int.from_bytes(wire[n : n + 2], "big") for n in (at, at + 2))
    rcode = _CODES[code] if code < len(_CODES) else f"RCODE{code}"
    answers = _answers(wire, at + 4, min(count, MAX_ANSWERS)) if questions == 1 else ()
    return Message(name, type_name(qtype), _CLASSES.get(qclass, f"CLASS{qclass}"), rcode, answers)


def type_name(number: int) -> str:
    """A type by its number (RFC 3597 for those without a name)."""
    return _TYPES.get(number, f"TYPE{number}")


def read_name(wire: bytes, at: int) -> tuple[str, int]:
    """The name at `at` without final dot, and where it ends. Raises ValueError if it is cut short or goes in circles."""
    labels: list[str] = []
    end, jumps, total = -1, 0, 0
    while True:
        if at >= len(wire):
            raise ValueError("a name that is cut short")
        size = wire[at]
        if size >= 192:
            if at + 1 >= len(wire):
                raise ValueError("a name that is cut short")
            target = int.from_bytes(wire[at : at + 2], "big") & 0x3FFF
            end = at + 2 if end < 0 else end
            jumps += 1
            if target >= at or jumps > MAX_JUMPS:
                raise ValueError("a name that goes in circles")
            at = target
            continue
        if size > 63:
            raise ValueError("a label of an unknown kind")
        at += 1
        if size == 0:
            return ".".join(labels) or ".", at if end < 0 else end
        label = wire[at : at + size]
        total += size + 1
        if len(label) < size or total > 255:
            raise ValueError("a name that is cut short or longer than 255 bytes")
        labels.append(_text(label))
        at += size


def _text(label: bytes) -> str:
    return "".join(chr(b) if 33 <= b < 127 and b not in b".\\" else f"\\{b:03d}" for b in label)


def _answers(wire: bytes, at: int, count: int) -> tuple[str, ...]:
    """The data of the answers as far as they can be read; a cut one ends the list."""
    found: list[str] = []
    try:
        for _ in range(count):
            _, at = read_name(wire, at)
            kind, size = int.from_bytes(wire[at : at + 2], "big"), int.from_bytes(wire[at + 8 : at + 10], "big")
            at += 10
            if at + size > len(wire):
                break
            found.append(_data(wire, kind, at, size))
            at += size
    except ValueError:
        pass  # what was read before the cut is true
    return tuple(text for text in found if text)


def _data(wire: bytes, kind: int, at: int, size: int) -> str:
    data = wire[at : at + size]
    if kind in (1, 28) and size in (4, 16):
        return str(ipaddress.ip_address(data))
    if kind in (2, 5, 12, 39):
        return read_name(wire, at)[0]
    if kind == 15 and size > 2:
        return read_name(wire, at + 2)[0]
    if kind == 16:
        return _strings(data)
    return f"{type_name(kind)}({size} bytes)" if kind not in (46, 41) else ""


def _strings(data: bytes) -> str:
    texts, at = [], 0
    while at < len(data):
        size = data[at]
        texts.append(_text(data[at + 1 : at + 1 + size]))
        at += 1 + size
    return "TXT " + " ".join(texts)
