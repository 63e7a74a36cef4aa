"""Frames that other things wrap, each built from its own standard: the flow inside comes out."""

from __future__ import annotations

import struct

import pytest

from seawall.sources import pcaps
from tests.sources.reading import read_bytes


def _ipv4(source: bytes, target: bytes, proto: int, data: bytes) -> bytes:
    return struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(data), 1, 0, 64, proto, 0, source, target) + data


def _udp(source: int, target: int, data: bytes) -> bytes:
    return struct.pack("!HHHH", source, target, 8 + len(data), 0) + data


INNER = _ipv4(bytes([10, 1, 1, 1]), bytes([203, 0, 113, 9]), 17, _udp(50_123, 4_444, b"x" * 40))
MACS = bytes(12)


def _outer(port: int, data: bytes) -> bytes:
    return MACS + b"\x08\x00" + _ipv4(bytes([192, 0, 2, 1]), bytes([192, 0, 2, 2]), 17, _udp(port, port, data))


PLAIN = {
    "802.1Q": MACS + b"\x81\x00\x00\x07\x08\x00" + INNER,
    "QinQ (802.1ad)": MACS + b"\x88\xa8\x00\x64\x81\x00\x00\x07\x08\x00" + INNER,
    "QinQ with the old type": MACS + b"\x91\x00\x00\x64\x81\x00\x00\x07\x08\x00" + INNER,
    "MPLS, two labels": MACS + b"\x88\x47" + bytes([0, 1, 0, 64, 0, 2, 1, 64]) + INNER,
}
TUNNELLED = {
    "geneve": _outer(6_081, b"\x01\x00\x65\x58" + bytes(8) + MACS + b"\x08\x00" + INNER),  # one option of 4 octets
    "l2tp": _outer(1_701, struct.pack("!HHHH", 0x0002, 7, 9, 0xFF03) + b"\x00\x21" + INNER),
    "vxlan": _outer(4_789, b"\x08" + bytes(7) + MACS + b"\x08\x00" + INNER),
}


def _classic(frame: bytes) -> bytes:
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1)
    return head + struct.pack("<IIII", 1_790_000_000, 5, len(frame), len(frame)) + frame


def _block(kind: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))


def _option(code: int, value: bytes) -> bytes:
    return struct.pack("<HH", code, len(value)) + value + bytes(-len(value) % 4)


def _ng(frame: bytes, moment: int, options: bytes) -> bytes:
    section = _block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1) + _option(1, b"a comment") + bytes(4))
    interface = _block(1, struct.pack("<HHI", 1, 0, 65_535) + options + bytes(4))
    head = struct.pack("<IIIII", 0, moment >> 32, moment & 0xFFFFFFFF, len(frame), len(frame))
    return section + interface + _block(6, head + frame + bytes(-len(frame) % 4) + _option(1, b"seen") + bytes(4))


@pytest.mark.parametrize("name", PLAIN)
def test_tags_and_labels_before_a_packet_are_seen_through(name: str) -> None:
    (row,) = read_bytes(pcaps.SOURCE, _classic(PLAIN[name])).rows("flow_records")
    assert (row["src_ip"], row["dst_ip"], row["dst_port"], row["tunnel"]) == ("10.1.1.1", "203.0.113.9", 4_444, None)


@pytest.mark.parametrize("name", TUNNELLED)
def test_a_tunnel_over_udp_names_its_ends_and_the_flow_inside(name: str) -> None:
    (row,) = read_bytes(pcaps.SOURCE, _classic(TUNNELLED[name])).rows("flow_records")
    assert (row["tunnel"], row["src_ip"], row["dst_ip"]) == (name, "192.0.2.1", "192.0.2.2")
    assert (row["inner_src_ip"], row["inner_dst_ip"], row["inner_dst_port"]) == ("10.1.1.1", "203.0.113.9", 4_444)


@pytest.mark.parametrize(
    ("options", "ticks"),
    [
        (b"", 1_790_000_000_000_000),
        (_option(9, b"\x09"), 1_790_000_000_000_000_000),
        (_option(2, b"eth0") + _option(9, b"\x94"), 1_790_000_000 << 20),
        (_option(9, b"\x00") + _option(14, struct.pack("<q", 1_000)), 1_789_999_000),
    ],
    ids=["microseconds", "nanoseconds", "a power of two", "seconds, with an offset"],
)
def test_options_of_an_interface_say_what_its_clock_counts(options: bytes, ticks: int) -> None:
    (row,) = read_bytes(pcaps.SOURCE, _ng(PLAIN["802.1Q"], ticks, options)).rows("flow_records")
    assert row["time"].timestamp() == 1_790_000_000  # type: ignore[union-attr]
