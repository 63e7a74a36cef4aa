"""Names asked over UDP port 53 in a capture: one row for a question and its answer, as a sensor before resolvers tells.

A question waits for its answer `WAIT_US`; what was never answered, and an answer whose question was not seen, are rows
too. DNS over TCP, TLS and HTTPS, and DNS inside tunnels, are not read.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from seawall.sources.dns_wire import Message, read_message
from seawall.sources.exports.values import address_of
from seawall.sources.packets import Packets
from seawall.sources.pcaps.files import Block, udp_payload
from seawall.sources.records import Records, When

KIND: Final = "dns_queries"
CAPTURED: Final = "captured"  # flag of rows read off the wire
PORT: Final = 53
WAIT_US: Final = 30 * 10**6
MAX_OPEN: Final = 65_536  # questions that wait at a time
_Key = tuple[bytes, int, bytes, int]


class _Asked(NamedTuple):
    place: str
    micros: int
    wire: bytes
    told: Message


class Names:
    """The names of a capture, block by block."""

    def __init__(self, records: Records, origin: str) -> None:
        self._records, self._origin = records, origin
        self._open: dict[_Key, _Asked] = {}
        self.unread = 0  # packets of port 53 that are no DNS message, or cut short

    def take(self, block: Block, found: Packets) -> None:
        """Read the DNS messages among some packets."""
        side = found.outer
        rows = np.flatnonzero((found.payload >= 0) & ((side.sport == PORT) | (side.dport == PORT)))
        for row in rows.tolist():
            wire = udp_payload(block, int(found.payload[row]), int(block.ends[row]))
            place, micros = f"{self._origin}#{block.first + row}", int(block.micros[row])
            try:
                asked = _Asked(place, micros, wire, read_message(wire))
            except ValueError:
                self.unread += 1
                continue
            ends = (side.src[row].tobytes(), int(side.sport[row])), (side.dst[row].tobytes(), int(side.dport[row]))
            answers = bool(wire[2] & 128)
            (client, port), (server, _) = reversed(ends) if answers else ends
            self._pair((client, port, server, int.from_bytes(wire[:2], "big")), asked, answers=answers)
        if len(rows):
            self._expire(int(block.micros[rows].max()))

    def close(self) -> None:
        """Tell every question that still waits: the capture ends."""
        for key, asked in self._open.items():
            self._emit(key, asked, None)
        self._open = {}

    def _pair(self, key: _Key, asked: _Asked, *, answers: bool) -> None:
        before = self._open.get(key)
        if answers:
            mine = before is not None and before.told.name.lower() == asked.told.name.lower()
            if before is not None and mine:
                del self._open[key]
                self._emit(key, before, asked.told)
            else:
                self._emit(key, asked, asked.told)
            return
        if before is not None:
            self._emit(key, self._open.pop(key), None)
        elif len(self._open) >= MAX_OPEN:
            oldest = next(iter(self._open))
            self._emit(oldest, self._open.pop(oldest), None)
        self._open[key] = asked

    def _expire(self, now: int) -> None:
        for key in [key for key, asked in self._open.items() if now - asked.micros > WAIT_US]:
            self._emit(key, self._open.pop(key), None)

    def _emit(self, key: _Key, asked: _Asked, answer: Message | None) -> None:
        client, port, server, _ = key
        values = {
            "message": "query" if answer is None else "response",
            "query": asked.told.name,
            "qclass": asked.told.qclass,
            "qtype": asked.told.qtype,
            "rcode": answer.rcode if answer else None,
            "answers": ",".join(answer.answers) or None if answer else None,
            "src_ip": address_of(client),
            "src_port": port,
            "dst_ip": address_of(server),
            "proto": "udp",
            "flags": CAPTURED,
        }
        record = b"".join((client, server, port.to_bytes(2, "big"), asked.micros.to_bytes(8, "big"), asked.wire))
        self._records.add(asked.place, record, When(asked.micros, "exact"), None, values)
