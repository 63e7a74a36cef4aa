"""sFlow version 5 (sflow.org, "sFlow Version 5", July 2004): samples of packets, each standing for many.

Flow samples, compact and expanded, are read: the raw packet header, Ethernet, IPv4 and IPv6 records, and what switch,
router and gateway add. Counter samples are skipped and counted. A sample is one packet: never an interval.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from seawall.sources import packets as layers
from seawall.sources.exports.templates import MalformedError, compiled

VERSION: Final = b"\0\0\0\5"
MAX_SAMPLES: Final = 1_024  # of one datagram
MAX_RECORDS: Final = 64  # of one sample
_FIELDS: Final = (
    (27, 16), (28, 16), (62, 16), (7, 2), (11, 2), (4, 1), (6, 1), (5, 1), (10, 4), (14, 4), (1, 8), (2, 8), (305, 4),
    (58, 2), (32, 2), (16, 4), (17, 4),
)  # fmt: skip
TEMPLATE: Final = compiled(1005, [((0, number), length) for number, length in _FIELDS])
_RECORD: Final = np.dtype(
    [("src", "u1", 16), ("dst", "u1", 16), ("hop", "u1", 16), ("sport", ">u2"), ("dport", ">u2"), ("proto", "u1"),
     ("flags", "u1"), ("tos", "u1"), ("in", ">u4"), ("out", ">u4"), ("octets", ">u8"), ("packets", ">u8"),
     ("rate", ">u4"), ("vlan", ">u2"), ("icmp", ">u2"), ("sas", ">u4"), ("das", ">u4")]
)  # fmt: skip
_HEADERS: Final = {1: layers.ETHERNET, 4: layers.HDLC, 7: layers.PPP, 11: layers.IPV4, 12: layers.IPV6, 13: layers.MPLS}
_FAR: Final = 0x3FFFFFFF  # of an interface: unknown


@dataclass(slots=True)
class Sample:
    """One packet that was looked at."""

    rate: int
    input_if: int
    output_if: int
    header: bytes = b""
    begins: int = layers.DONE  # which header `header` begins with
    frame: int = 0  # octets of the whole frame
    bare: tuple[bytes, bytes, int, int, int, int, int, int] | None = None  # src, dst, proto, ports, flags, tos, length
    vlan: int = 0
    next_hop: bytes = bytes(16)
    src_as: int = 0
    dst_as: int = 0


@dataclass(slots=True)
class Datagram:
    """What a datagram holds."""

    agent: str
    sub_agent: int
    sequence: int
    uptime_ms: int
    samples: list[Sample] = field(default_factory=list)
    skipped: dict[str, int] = field(default_factory=dict)  # what was left out on purpose
    rejects: list[str] = field(default_factory=list)


class _Words:
    """XDR (RFC 4506): words of four octets, texts and opaques filled up to them."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data, self.at = data, at

    def word(self) -> int:
        if self.at + 4 > len(self.data):
            raise MalformedError(f"sFlow cut short at octet {self.at}")
        self.at += 4
        return int.from_bytes(self.data[self.at - 4 : self.at], "big")

    def octets(self, size: int) -> bytes:
        padded = size + 3 & ~3
        if size > len(self.data) or self.at + size > len(self.data):
            raise MalformedError(f"sFlow names {size} octets where {len(self.data) - self.at} are left")
        self.at += padded
        return self.data[self.at - padded : self.at - padded + size]

    def address(self) -> bytes:
        kind = self.word()
        if kind == 0:
            return bytes(16)
        if kind not in (1, 2):
            raise MalformedError(f"sFlow address of type {kind}")
        return _wide(self.octets(4 if kind == 1 else 16))


def _wide(address: bytes) -> bytes:
    return bytes(10) + b"\xff\xff" + address if len(address) == 4 else address


def datagram_end(data: bytes, at: int) -> int:
    """Where the datagram that begins at a place ends. Raises MalformedError if it is cut short."""
    words = _Words(data, at + 4)
    words.address()
    words.at += 12
    for _ in range(_bounded(words.word(), MAX_SAMPLES, "samples")):
        words.word()
        words.octets(words.word())
    return words.at


def _bounded(count: int, most: int, what: str) -> int:
    if count > most:
        raise MalformedError(f"sFlow names {count} {what}, more than a datagram holds")
    return count


def read_datagram(data: bytes) -> Datagram:
    """Read a datagram; what is wrong with one sample is said and the others are read.

    Raises:
        MalformedError: its header is cut short.
    """
    words = _Words(data, 4)
    agent = words.address()
    told = str(ipaddress.ip_address(agent[12:] if agent[:12] == _wide(bytes(4))[:12] else agent)) if any(agent) else ""
    found = Datagram(told, words.word(), words.word(), words.word())
    try:
        for _ in range(_bounded(words.word(), MAX_SAMPLES, "samples")):
            kind = words.word()
            content = words.octets(words.word())
            if kind in (1, 3):
                _sample(content, expanded=kind == 3, found=found)
            else:
                what = (
                    "sFlow counter samples" if kind in (2, 4) else f"sFlow samples of type {kind >> 12}:{kind & 4095}"
                )
                found.skipped[what] = found.skipped.get(what, 0) + 1
    except MalformedError as why:
        found.rejects.append(str(why))
    return found


def _sample(content: bytes, *, expanded: bool, found: Datagram) -> None:
    words = _Words(content)
    words.at += 8 if not expanded else 12  # its own sequence number, and who sampled
    rate = words.word()
    words.at += 8  # pool and drops
    if expanded:
        ways = [(words.word(), words.word()) for _ in range(2)]
        interfaces = [value if form == 0 else 0 for form, value in ways]
    else:
        interfaces = [
            value & _FAR if value >> 30 == 0 and value != _FAR else 0 for value in (words.word(), words.word())
        ]
    sample = Sample(rate, interfaces[0], interfaces[1])
    for _ in range(_bounded(words.word(), MAX_RECORDS, "records")):
        kind = words.word()
        _record(kind, words.octets(words.word()), sample, found)
    if sample.header or sample.bare:
        found.samples.append(sample)
    else:
        what = "sFlow samples without an IP packet"
        found.skipped[what] = found.skipped.get(what, 0) + 1


def _record(kind: int, content: bytes, sample: Sample, found: Datagram) -> None:
    words = _Words(content)
    if kind == 1:
        protocol, sample.frame, stripped = words.word(), words.word(), words.word()
        sample.header = words.octets(words.word())
        sample.begins = _HEADERS.get(protocol, layers.DONE)
        sample.frame -= min(stripped, sample.frame)
        if sample.begins == layers.DONE:
            what = f"sFlow packet headers of protocol {protocol}"
            found.skipped[what] = found.skipped.get(what, 0) + 1
    elif kind in (3, 4):
        length, proto = words.word(), words.word()
        size = 4 if kind == 3 else 16
        ends = _wide(words.octets(size)), _wide(words.octets(size))
        sport, dport, flags, tos = (words.word() for _ in range(4))
        sample.bare = (*ends, proto & 255, sport & 65535, dport & 65535, flags & 255, tos & 255, length)
    elif kind == 1001:
        sample.vlan = words.word() & 0xFFF
    elif kind == 1002:
        sample.next_hop = words.address()
    elif kind == 1003:
        _gateway(words, sample)


def _gateway(words: _Words, sample: Sample) -> None:
    hop = words.address()
    if not any(sample.next_hop):
        sample.next_hop = hop
    words.word()
    sample.src_as = words.word()
    words.word()
    last = 0
    for _ in range(_bounded(words.word(), MAX_RECORDS, "path segments")):
        words.word()
        path = words.octets(4 * _bounded(words.word(), MAX_SAMPLES, "systems of a path"))
        last = int.from_bytes(path[-4:], "big") if path else last
    sample.dst_as = last


def records_of(samples: list[Sample]) -> tuple[bytes, list[int]]:
    """Records of `TEMPLATE` for samples of IP packets, and which samples these were."""
    rows = np.zeros(len(samples), _RECORD)
    headers = [sample.header for sample in samples]
    lengths = np.array([len(header) for header in headers], np.int64)
    starts = np.cumsum(lengths) - lengths
    data = np.frombuffer(b"".join(headers) + bytes(layers.PADDING), np.uint8)
    begins = np.array([sample.begins for sample in samples], np.int64)
    found = layers.Packets(data, starts, starts + lengths, begins)
    outer = found.outer
    rows["src"], rows["dst"] = outer.src, outer.dst
    rows["sport"], rows["dport"] = outer.sport, np.where(found.icmp >= 0, found.icmp, outer.dport)
    rows["proto"], rows["flags"], rows["tos"] = np.maximum(outer.proto, 0), found.flags, found.tos
    rows["octets"], rows["packets"] = outer.length, 1
    rows["icmp"], rows["vlan"] = np.maximum(found.icmp, 0), np.maximum(found.vlan, 0)
    known = outer.proto >= 0
    for row, sample in enumerate(samples):
        one = rows[row]
        one["in"], one["out"], one["rate"] = sample.input_if, sample.output_if, sample.rate
        one["hop"], one["sas"], one["das"] = np.frombuffer(sample.next_hop, np.uint8), sample.src_as, sample.dst_as
        if sample.vlan:
            one["vlan"] = sample.vlan
        if sample.bare and not known[row]:
            src, dst, *rest, length = sample.bare
            one["src"], one["dst"] = np.frombuffer(src, np.uint8), np.frombuffer(dst, np.uint8)
            one["proto"], one["sport"], one["dport"], one["flags"], one["tos"] = rest
            one["octets"], known[row] = length, True
    return rows[known].tobytes(), np.flatnonzero(known).tolist()
