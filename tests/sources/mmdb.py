"""A writer of small MaxMind DB files (format 2.0, IPv6 tree with IPv4 in ::/96, records of 24 bits), for tests."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

MARK = b"\xab\xcd\xefMaxMind.com"


def value(given: Any) -> bytes:
    """One value of the data section."""
    if isinstance(given, dict):
        return _head(7, len(given)) + b"".join(value(k) + value(v) for k, v in given.items())
    if isinstance(given, list):
        return _head(11, len(given)) + b"".join(map(value, given))
    if isinstance(given, str):
        raw = given.encode()
        return _head(2, len(raw)) + raw
    assert isinstance(given, int)
    raw = given.to_bytes((given.bit_length() + 7) // 8, "big")
    return _head(9 if len(raw) > 4 else 6, len(raw)) + raw


def _head(kind: int, size: int) -> bytes:
    extended = bytes([kind - 7]) if kind > 7 else b""
    first = 0 if kind > 7 else kind << 5
    if size < 29:
        return bytes([first | size]) + extended
    if size < 285:
        return bytes([first | 29]) + extended + bytes([size - 29])
    return bytes([first | 30]) + extended + (size - 285).to_bytes(2, "big")


def database(networks: Mapping[str, Any]) -> bytes:
    """A database that says this of these networks; wider ones must come first."""
    nodes: list[list[Any]] = [[None, None]]
    data, places = b"", {}
    for text, record in networks.items():
        network = ipaddress.ip_network(text)
        bits = f"{int(network.network_address):0128b}"[: network.prefixlen + (96 if network.version == 4 else 0)]
        places[text], data = len(data), data + value(record)
        node = 0
        for bit in map(int, bits[:-1]):
            following = nodes[node][bit]
            if not isinstance(following, int):
                nodes.append([following, following])
                following = nodes[node][bit] = len(nodes) - 1
            node = following
        nodes[node][int(bits[-1])] = text
    return _file(nodes, data, places)


def _file(nodes: list[list[Any]], data: bytes, places: Mapping[str, int]) -> bytes:
    count = len(nodes)

    def record(to: Any) -> bytes:
        number = to if isinstance(to, int) else count if to is None else count + 16 + places[to]
        return number.to_bytes(3, "big")

    tree = b"".join(record(left) + record(right) for left, right in nodes)
    return tree + bytes(16) + data + metadata(count)


def metadata(count: int) -> bytes:
    """The end of a file whose tree has so many nodes."""
    said = {"node_count": count, "record_size": 24, "ip_version": 6, "database_type": "Test", "languages": ["en"]}
    version = {"binary_format_major_version": 2, "binary_format_minor_version": 0, "build_epoch": 1_790_000_000}
    return MARK + value({**said, **version, "description": {"en": "made by a test"}})
