"""Packets to flows: those of one conversation, both ways, with idle and active timeouts as routers have them.

Packets of a block are grouped a column at a time; only the pieces of conversations are joined one by one. A
conversation inside a tunnel is a flow of the tunnel's ends that names the inner ends too, so octets are never counted
twice. Who began is who sent the first packet, unless that is an answer to a TCP handshake that was not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from seawall.sources.exports import values
from seawall.sources.packets import TCP, TUNNELS, Packets, Side
from seawall.sources.records import Records, When

Ints = NDArray[np.int64]

IDLE_US: Final = 60 * 10**6
ACTIVE_US: Final = 1_800 * 10**6
MAX_OPEN: Final = 500_000  # conversations followed at a time
MAX_FRAGMENTS: Final = 65_536
FRAGMENT_US: Final = 60 * 10**6
_FIN, _SYN, _RST, _ACK = 1, 2, 4, 16
_KEY: Final = np.dtype(
    [("a", "u1", 16), ("b", "u1", 16), ("ia", "u1", 16), ("ib", "u1", 16), ("ap", ">u2"), ("bp", ">u2"), ("iap", ">u2"),
     ("ibp", ">u2"), ("proto", "u1"), ("iproto", "u1"), ("tunnel", "u1"), ("marks", "u1"), ("vlan", ">u2"),
     ("icmp", ">u2")]
)  # fmt: skip
_PORTED, _INNER, _INNER_PORTED = 1, 2, 4


@dataclass(slots=True)
class _Piece:
    """Part of a conversation. 0: from the end the key names first; 1: from the other."""

    start: int
    end: int
    octets: tuple[int, int]
    packets: tuple[int, int]
    flags: tuple[int, int]
    first_from: int  # 0 or 1
    first_flags: int
    tos: int
    icmp: int  # of the first packet; -1 none
    number: int  # of the first packet
    goes_on: bool  # cut by the active timeout

    def join(self, other: _Piece) -> None:
        self.end = max(self.end, other.end)
        self.octets = (self.octets[0] + other.octets[0], self.octets[1] + other.octets[1])
        self.packets = (self.packets[0] + other.packets[0], self.packets[1] + other.packets[1])
        self.flags = (self.flags[0] | other.flags[0], self.flags[1] | other.flags[1])
        self.goes_on = other.goes_on


class Summary:
    """The flows of a capture, block by block."""

    def __init__(self, records: Records, origin: str) -> None:
        self._records, self._origin = records, origin
        self._open: dict[bytes, _Piece] = {}
        self._fragments: dict[tuple[bytes, bytes, int, int], tuple[int, int, int]] = {}
        self.orphans = 0  # fragments whose beginning, which has the ports, was not seen
        self.crowded = 0  # conversations ended early for want of room

    def take(self, found: Packets, rows: Ints, micros: Ints, numbers: Ints) -> None:
        """Add some packets (`rows` of `found`); times are UTC microseconds."""
        rows = rows[found.outer.proto[rows] >= 0]
        if not len(rows):
            return
        self._ports_of_fragments(found, rows, micros)
        keys, back = _keys(found, rows)
        groups = _groups(keys)
        at = micros[rows]
        order = np.lexsort((np.arange(len(rows)), at, groups))
        self._join(keys, back, groups, found, rows, at, numbers[rows], order)
        now = int(at.max())
        self._expire(now)

    def close(self) -> None:
        """End every conversation: the capture ends."""
        for key, piece in self._open.items():
            self._emit(key, piece, "end" if _ended(piece) else "forced")
        self._open = {}

    def _ports_of_fragments(self, found: Packets, rows: Ints, micros: Ints) -> None:
        side = found.outer
        for row in rows[side.fragment[rows] >= 0].tolist():
            name = (side.src[row].tobytes(), side.dst[row].tobytes(), int(side.proto[row]), int(side.fragment[row]))
            if not side.later[row]:
                if len(self._fragments) >= MAX_FRAGMENTS:
                    del self._fragments[next(iter(self._fragments))]
                if side.ported[row]:
                    self._fragments[name] = (int(side.sport[row]), int(side.dport[row]), int(micros[row]))
            elif (known := self._fragments.get(name)) and abs(int(micros[row]) - known[2]) < FRAGMENT_US:
                side.sport[row], side.dport[row], side.ported[row] = known[0], known[1], True
            elif side.proto[row] in (TCP, 17, 132):
                self.orphans += 1

    def _join(
        self, keys: NDArray[Any], back: NDArray[np.bool_], groups: Ints, found: Packets, rows: Ints, at: Ints,
        numbers: Ints, order: Ints,
    ) -> None:  # fmt: skip
        flags = np.where(found.outer.proto[rows] == TCP, found.flags[rows], 0)[order]
        group, moment, way = groups[order], at[order], back[order]
        first = np.ones(len(order), np.bool_)
        first[1:] = (group[1:] != group[:-1]) | (moment[1:] - moment[:-1] > IDLE_US)
        first |= _begins_anew(flags, first)
        begin = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0))
        turn = (moment - moment[begin]) // ACTIVE_US
        cut = np.zeros(len(order), np.bool_)
        cut[1:] = (turn[1:] != turn[:-1]) & ~first[1:]
        first |= cut
        starts = np.flatnonzero(first)
        octets = found.outer.length[rows][order]
        sums = [
            np.add.reduceat(np.where(way == side, figure, 0), starts).tolist()
            for figure in (octets, np.ones(len(order), np.int64)) for side in (False, True)
        ]  # fmt: skip
        ors = [np.bitwise_or.reduceat(np.where(way == side, flags, 0), starts).tolist() for side in (False, True)]
        ends = np.append(starts[1:], len(order)) - 1
        goes_on = np.append(cut[starts[1:]], np.zeros(1, np.bool_)).tolist()
        tos, icmp = found.tos[rows][order][starts].tolist(), found.icmp[rows][order][starts].tolist()
        made = [
            _Piece(a, b, (s0, s1), (p0, p1), (f0, f1), int(w), f, t, i, n, g)
            for a, b, s0, s1, p0, p1, f0, f1, w, f, t, i, n, g in zip(
                moment[starts].tolist(), moment[ends].tolist(), *sums, *ors, way[starts].tolist(),
                flags[starts].tolist(), tos, icmp, numbers[order][starts].tolist(), goes_on, strict=True,
            )
        ]  # fmt: skip
        names = keys[order][starts].tolist()
        for place in np.argsort(moment[starts], kind="stable").tolist():
            self._add(names[place], made[place])

    def _add(self, key: bytes, piece: _Piece) -> None:
        known = self._open.get(key)
        if known is not None:
            anew = _ended(known) and piece.first_flags & (_SYN | _ACK) == _SYN
            if known.goes_on or piece.end - known.start > ACTIVE_US:
                self._emit(key, known, "active" if piece.start - known.end <= IDLE_US and not anew else "idle")
            elif piece.start - known.end > IDLE_US or anew:
                self._emit(key, known, "end" if _ended(known) else "idle")
            else:
                known.join(piece)
                return
            del self._open[key]
        elif len(self._open) >= MAX_OPEN:
            oldest = next(iter(self._open))
            self._emit(oldest, self._open.pop(oldest), "lack")
            self.crowded += 1
        self._open[key] = piece

    def _expire(self, now: int) -> None:
        old = [key for key, piece in self._open.items() if now - piece.end > IDLE_US]
        for key in old:
            piece = self._open.pop(key)
            self._emit(key, piece, "end" if _ended(piece) else "idle")

    def _emit(self, key: bytes, piece: _Piece, reason: str) -> None:
        said = np.frombuffer(key, _KEY, 1)[0]
        marks, proto = int(said["marks"]), int(said["proto"])
        began = piece.first_from
        if proto == TCP and piece.first_flags & (_SYN | _ACK) == _SYN | _ACK:
            began = 1 - began
        one, two = ("a", "b") if began == 0 else ("b", "a")
        icmp = piece.icmp if piece.icmp >= 0 else None
        made: dict[str, Any] = {
            "src_ip": values.address_of(said[one].tobytes()), "dst_ip": values.address_of(said[two].tobytes()),
            "src_port": int(said[f"{one}p"]) if marks & _PORTED else None,
            "dst_port": int(said[f"{two}p"]) if marks & _PORTED else icmp,
            "proto": values.PROTOCOL_NAMES[proto], "ip_proto": proto, "end_time": piece.end,
            "duration": (piece.end - piece.start) / 1e6, "src_bytes": piece.octets[began],
            "dst_bytes": piece.octets[1 - began], "src_pkts": piece.packets[began],
            "dst_pkts": piece.packets[1 - began],
            "tcp_flags": values.FLAG_NAMES[piece.flags[0] | piece.flags[1]] if proto == TCP else None,
            "tos": piece.tos, "vlan": int(said["vlan"]) - 1 if said["vlan"] else None, "end_reason": reason,
            "export_format": "pcap", "icmp_type": icmp >> 8 if icmp is not None else None,
            "icmp_code": icmp & 255 if icmp is not None else None, "tunnel": TUNNELS[int(said["tunnel"])] or None,
        }  # fmt: skip
        if marks & _INNER:
            ported = bool(marks & _INNER_PORTED)
            made |= {
                "inner_src_ip": values.address_of(said[f"i{one}"].tobytes()),
                "inner_dst_ip": values.address_of(said[f"i{two}"].tobytes()),
                "inner_proto": values.PROTOCOL_NAMES[int(said["iproto"])],
                "inner_src_port": int(said[f"i{one}p"]) if ported else None,
                "inner_dst_port": int(said[f"i{two}p"]) if ported else None,
            }
        record = key + repr((piece.start, piece.end, piece.octets, piece.packets, piece.flags, began)).encode()
        when = When(piece.start, "exact")
        self._records.add(f"{self._origin}#{piece.number}", record, when, None, made)


def _ended(piece: _Piece) -> bool:
    return bool((piece.flags[0] | piece.flags[1]) & _RST or piece.flags[0] & piece.flags[1] & _FIN)


def _begins_anew(flags: Ints, first: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Where a TCP handshake begins on ports whose conversation before had ended."""
    asks = (flags & (_SYN | _ACK)) == _SYN
    closes = np.cumsum((flags & (_FIN | _RST)) > 0)
    anchor = np.maximum.accumulate(np.where(first | asks, np.arange(len(flags)), 0))
    before = np.zeros(len(flags), np.int64)
    before[1:] = anchor[:-1]
    since = np.zeros(len(flags), np.int64)
    since[1:] = closes[:-1] - closes[before[1:]] + ((flags[before[1:]] & (_FIN | _RST)) > 0)
    found: NDArray[np.bool_] = asks & ~first & (since > 0)
    return found


def _keys(found: Packets, rows: Ints) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Each packet's conversation, the same for both ways, and whether it came from the end named second."""
    keys = np.zeros(len(rows), _KEY)
    outer, inner = found.outer, found.inner
    ports = _ports(outer, rows)
    back = _later(outer.src[rows], outer.dst[rows], *ports)
    for side, sport, dport, one, two in ((outer, *ports, "a", "b"), (inner, *_ports(inner, rows), "ia", "ib")):
        keys[one] = np.where(back[:, None], side.dst[rows], side.src[rows])
        keys[two] = np.where(back[:, None], side.src[rows], side.dst[rows])
        keys[f"{one}p"], keys[f"{two}p"] = np.where(back, dport, sport), np.where(back, sport, dport)
    keys["proto"], keys["iproto"] = outer.proto[rows], np.maximum(inner.proto[rows], 0)
    keys["tunnel"], keys["vlan"] = found.tunnel[rows], found.vlan[rows] + 1
    there = inner.proto[rows] >= 0
    keys["marks"] = outer.ported[rows] * _PORTED + there * _INNER + (there & inner.ported[rows]) * _INNER_PORTED
    icmp = found.icmp[rows]
    kind = icmp >> 8
    asked = np.select([icmp < 0, (kind == 0) | (kind == 8), (kind == 128) | (kind == 129)], [0, 9, 129], kind + 1)
    keys["icmp"] = asked
    return keys.view(f"V{_KEY.itemsize}"), back


def _ports(side: Side, rows: Ints) -> tuple[Ints, Ints]:
    return np.where(side.ported[rows], side.sport[rows], 0), np.where(side.ported[rows], side.dport[rows], 0)


def _later(one: NDArray[np.uint8], two: NDArray[np.uint8], sport: Ints, dport: Ints) -> NDArray[np.bool_]:
    """Whether the first address (of equals, the first port) is the greater."""
    wide = [np.ascontiguousarray(ends).view(">u8").astype(np.uint64) for ends in (one, two)]
    high, low = (wide[0][:, n] > wide[1][:, n] for n in range(2))
    same = [wide[0][:, n] == wide[1][:, n] for n in range(2)]
    made: NDArray[np.bool_] = high | (same[0] & (low | (same[1] & (sport > dport))))
    return made


def _groups(keys: NDArray[Any]) -> Ints:
    """A number for each packet's conversation: by a keyed mix of its octets, checked against the octets themselves."""
    octets = np.ascontiguousarray(keys).view(np.uint8).reshape(len(keys), -1)
    words = np.zeros((len(keys), -(-octets.shape[1] // 8) * 8), np.uint8)
    words[:, : octets.shape[1]] = octets
    wide = words.view(np.uint64)
    mixed = np.full(len(keys), _SEED, np.uint64)
    for column in range(wide.shape[1]):
        mixed = (mixed ^ wide[:, column]) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= mixed >> np.uint64(29)
    _, first, groups = np.unique(mixed, return_index=True, return_inverse=True)
    if (wide != wide[first[groups]]).any():  # two conversations with one mix: take the slow way
        _, groups = np.unique(keys, return_inverse=True)
    return groups.astype(np.int64)


_SEED: Final = np.frombuffer(np.random.default_rng().bytes(8), np.uint64)[0]
