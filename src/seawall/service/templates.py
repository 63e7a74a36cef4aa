"""What exporters of flows said once and every segment needs: the last templates, and datagrams of options.

NetFlow v9 and IPFIX explain their records in templates that come every few minutes. A segment is read without the ones
before it, so those explanations are repeated at its beginning. Bounded: an invented exporter pushes out nobody.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

MAX_EXPORTERS: Final = 4_096
MAX_EACH: Final = 64  # datagrams kept of one exporter's domain
_HEADS: Final = {9: (20, 16, (0, 1)), 10: (16, 12, (2, 3))}  # octets of the head, where the domain stands, set numbers
_SET: Final = struct.Struct(">HH")


def sets_of(datagram: bytes) -> Iterator[tuple[int, bytes]]:
    """(number, bytes with their head) of each set of a v9 or IPFIX datagram, as far as it can be followed."""
    version = int.from_bytes(datagram[:2], "big")
    at = _HEADS[version][0] if version in _HEADS else len(datagram)
    while at + 4 <= len(datagram):
        number, length = _SET.unpack_from(datagram, at)
        if length < 4:
            return
        yield number, datagram[at : at + length]
        at += length


class Templates:
    """The last explanations of every exporter."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int, int], dict[bytes, bytes]] = {}
        self._options: dict[tuple[str, int, int], set[int]] = {}
        self._keys: dict[str, list[tuple[str, int, int]]] = {}  # of each exporter
        self.refused = 0  # exporters beyond the bound

    def see(self, exporter: str, datagram: bytes) -> None:
        """Note what a datagram explains; most explain nothing, and cost little."""
        version = int.from_bytes(datagram[:2], "big")
        if version not in _HEADS or len(datagram) < 24:
            return
        _, place, explaining = _HEADS[version]
        key = (exporter, version, int.from_bytes(datagram[place : place + 4], "big"))
        options = self._options.get(key)
        for number, content in sets_of(datagram):
            if number in explaining:
                self._keep(key, datagram, content)
                if number == explaining[1]:
                    self._options.setdefault(key, set()).add(int.from_bytes(content[4:6], "big"))
            elif options and number in options and len(options) < MAX_EACH:
                self._keep(key, datagram, content, about=number)

    def _keep(self, key: tuple[str, int, int], datagram: bytes, content: bytes, about: int = 0) -> None:
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= MAX_EXPORTERS:
                self.refused += 1
                return
            kept = self._kept[key] = {}
            self._keys.setdefault(key[0], []).append(key)
        head = _HEADS[key[1]][0]
        name = about.to_bytes(2, "big") if about else content
        kept.pop(name, None)  # the newest stand last
        kept[name] = datagram[:head] + content
        while len(kept) > MAX_EACH:
            del kept[next(iter(kept))]

    def of(self, exporter: str) -> list[bytes]:
        """Datagrams that repeat what an exporter explained, oldest first; explanations before what they explain."""
        found = [one for key in self._keys.get(exporter, ()) for one in self._kept[key].values()]
        return sorted((_whole(one) for one in found), key=_rank)


def _whole(datagram: bytes) -> bytes:
    """The datagram with its head saying how long it is now."""
    if int.from_bytes(datagram[:2], "big") == 10:
        return datagram[:2] + len(datagram).to_bytes(2, "big") + datagram[4:]
    return datagram[:2] + b"\0\1" + datagram[4:]


def _rank(datagram: bytes) -> int:
    version = int.from_bytes(datagram[:2], "big")
    head, _, explaining = _HEADS[version]
    return 0 if int.from_bytes(datagram[head : head + 2], "big") in explaining else 1
