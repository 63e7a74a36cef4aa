"""Captures of packets: flow export found inside is decoded; all others come to flows themselves, and to names asked.

Export is known by its content on any port, by its look alone on the usual ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.exports import KIND, hand_over, notes_of
from seawall.sources.exports.clocks import Clocks
from seawall.sources.exports.decoder import Decoder
from seawall.sources.exports.files import could_begin, end_of
from seawall.sources.exports.templates import MalformedError
from seawall.sources.exports.values import address_of
from seawall.sources.packets import Packets
from seawall.sources.pcaps import names
from seawall.sources.pcaps.files import Block, blocks, is_capture, udp_payload
from seawall.sources.pcaps.names import Names
from seawall.sources.pcaps.summary import Summary
from seawall.sources.records import Records

Ints = NDArray[np.int64]
USUAL_PORTS: Final = (2055, 2056, 4432, 4739, 6343, 9025, 9026, 9555, 9995, 9996)  # of collectors
_VERSIONS: Final = (5, 9, 10)


def _sniff(evidence: Evidence) -> int:
    return 99 if is_capture(evidence.head) else 0


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read a capture; what cannot be read of it is a reject, the rest goes on."""
    decoder, clocks = Decoder(), Clocks(evidence.origin)
    with Records(KIND, evidence.origin, reading) as records, Records(names.KIND, evidence.origin, reading) as asked:
        summary, left, named = Summary(records, evidence.origin), _Left(), Names(asked, evidence.origin)
        for block in blocks(evidence):
            found = Packets(np.frombuffer(block.data, np.uint8), block.starts, block.ends, block.states())
            exported = _export(block, found, decoder, clocks)
            summary.take(
                found, np.flatnonzero(~exported), block.micros, np.arange(len(exported), dtype=np.int64) + block.first
            )
            left.see(block, found)
            named.take(block, found)
            for number, what in block.faults:
                records.reject(f"{evidence.origin}#{number}", what)
            hand_over(decoder, records, evidence.origin)
            yield records.chunk(block.read_bytes)
            yield asked.chunk()
        summary.close()
        named.close()
        hand_over(decoder, records, evidence.origin, last=True)
        yield asked.chunk()
        said = (*notes_of(decoder), *clocks.notes(), *left.notes(evidence.origin, summary, named))
        yield records.chunk(0, said)


def _export(block: Block, found: Packets, decoder: Decoder, clocks: Clocks) -> NDArray[np.bool_]:
    """Decode the export datagrams among some packets; which packets these were."""
    made = np.zeros(len(block.starts), np.bool_)
    rows = np.flatnonzero(found.payload >= 0)
    rows = rows[found.payload[rows] + 20 <= block.ends[rows]]
    data, at = found.data, found.payload[rows]
    word = data[at].astype(np.int64) << 8 | data[at + 1]
    flow = (data[at + 2] == 0) & (data[at + 3] == 5) & (word == 0)
    rows = rows[np.isin(word, _VERSIONS) | flow]
    for row in rows.tolist():
        payload = udp_payload(block, int(found.payload[row]), int(block.ends[row]))
        usual = int(found.outer.dport[row]) in USUAL_PORTS
        if could_begin(payload) and (usual or _whole(payload)):
            exporter = address_of(found.outer.src[row].tobytes()) or ""
            micros = int(block.micros[row])
            clocks.see(payload, exporter, micros)
            decoder.take(payload, exporter, micros, block.first + row)
            made[row] = True
    return made


def _whole(payload: bytes) -> bool:
    """Whether a datagram is exactly as long as its own figures say."""
    try:
        return end_of(payload, 0) == len(payload)
    except MalformedError:
        return False


class _Left:
    """What was left out, and why."""

    def __init__(self) -> None:
        self._links: dict[int, int] = {}
        self._cut = self._other = 0

    def see(self, block: Block, found: Packets) -> None:
        states = block.states()
        for link in np.unique(block.links[states == 0]).tolist():
            if link in self._links or len(self._links) < 100:
                self._links[link] = self._links.get(link, 0) + int((block.links == link).sum())
        none = found.outer.proto < 0
        self._cut += int((found.cut & none).sum())
        self._other += int((none & ~found.cut & (states > 0)).sum())

    def notes(self, origin: str, summary: Summary, named: Names) -> tuple[str, ...]:
        said = [f"{origin}: {count} packets of link type {link} left out" for link, count in self._links.items()]
        for count, what in (
            (self._cut, "packets cut short before their IP header ends left out"),
            (self._other, "packets without IP left out (ARP, LLDP and the like)"),
            (summary.orphans, "fragments without the first one, which names the ports, count as flows without ports"),
            (named.unread, "packets of UDP port 53 are no DNS messages, or cut short: no names are read of them"),
            (summary.crowded, "flows ended early: more conversations at a time than are followed"),
        ):
            if count:
                said.append(f"{origin}: {count} {what}")
        return tuple(said)


SOURCE: Final = Source(
    name="pcaps",
    title="Packet captures (pcap, pcapng): flow export inside, else flows of their packets",
    kinds=(KIND, names.KIND),
    sniff=_sniff,
    read=_read,
)
