"""Packets to addresses, ports and tunnels, a column at a time: each round takes one header off all that have one.

IEEE 802.3 and 802.1Q, MPLS (RFC 3032), IPv4 and IPv6 with extension headers (RFC 791, 8200), TCP, UDP, SCTP, ICMP;
inside them GRE (RFC 2784, 2890), ERSPAN, IPIP, 6in4, EtherIP, VXLAN (RFC 7348), Geneve (RFC 8926), GTP-U (TS 29.281),
L2TP (RFC 2661), Teredo. Rounds are bounded; a packet that is cut short keeps what was read of it and is marked.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]
Octets = NDArray[np.uint8]

MAX_ROUNDS: Final = 40  # headers taken off one packet
PADDING: Final = 64  # octets that must stand behind the data

DONE, ETHERNET, ETHERTYPE, IPV4, IPV6, TRANSPORT, MPLS, PPP, NULL, SLL, SLL2, RAW, HDLC = range(13)
_LINKS: Final = {
    0: NULL, 1: ETHERNET, 9: PPP, 12: RAW, 14: RAW, 50: PPP, 101: RAW, 104: HDLC, 108: NULL, 113: SLL, 228: IPV4,
    229: IPV6, 276: SLL2,
}  # fmt: skip
TUNNELS: Final = (
    "", "gre", "ipip", "6in4", "etherip", "l2tp", "vxlan", "geneve", "gtp-u", "teredo", "erspan", "pptp", "mpls-in-udp",
)  # fmt: skip
_NAMED: Final = {name: number for number, name in enumerate(TUNNELS)}
_ETHERTYPES: Final = {
    0x0800: IPV4, 0x86DD: IPV6, 0x8847: MPLS, 0x8848: MPLS, 0x880B: PPP, 0x6558: ETHERNET, 0x8100: -1, 0x88A8: -1,
    0x9100: -1, 0x9200: -1, 0x8864: -2,
}  # fmt: skip
_PPP: Final = {0x0021: IPV4, 0x0057: IPV6, 0x0281: MPLS}
_PORTS: Final = {
    4789: "vxlan",
    8472: "vxlan",
    6081: "geneve",
    2152: "gtp-u",
    1701: "l2tp",
    3544: "teredo",
    6635: "mpls-in-udp",
}
_EXTENSIONS: Final = (0, 43, 60, 135, 139, 140)
TCP, UDP, SCTP = 6, 17, 132
_PORTED: Final = (TCP, UDP, SCTP, 33, 136)


def link_state(link: int) -> int:
    """Which header a link type's packets begin with; DONE if none that is read here."""
    return _LINKS.get(link, DONE)


class Side:
    """Addresses and ports at one depth of every packet."""

    def __init__(self, count: int) -> None:
        self.src = np.zeros((count, 16), np.uint8)  # IPv4 as IPv4-mapped
        self.dst = np.zeros((count, 16), np.uint8)
        self.proto = np.full(count, -1, np.int64)  # -1: no IP header was found
        self.sport = np.zeros(count, np.int64)
        self.dport = np.zeros(count, np.int64)
        self.ported = np.zeros(count, np.bool_)
        self.length = np.zeros(count, np.int64)  # octets from the IP header on, as it says
        self.fragment = np.full(count, -1, np.int64)  # identification of a fragment; -1: whole
        self.later = np.zeros(count, np.bool_)  # a fragment behind the first: it has no ports


class Packets:
    """What the headers of some packets say. `outer` is the first IP header, `inner` the last inside a tunnel."""

    def __init__(self, data: Octets, starts: Ints, ends: Ints, states: Ints) -> None:
        count = len(starts)
        self.data, self.at, self.ends = data, starts.copy(), ends
        self.state = states.copy()
        self.outer, self.inner = Side(count), Side(count)
        self.tunnel = np.zeros(count, np.int64)  # place in TUNNELS
        self.vlan = np.full(count, -1, np.int64)
        self.flags = np.zeros(count, np.int64)
        self.tos = np.zeros(count, np.int64)
        self.icmp = np.full(count, -1, np.int64)  # type * 256 + code
        self.payload = np.full(count, -1, np.int64)  # where the outer UDP payload begins
        self.cut = np.zeros(count, np.bool_)
        self._ethertype = np.zeros(count, np.int64)
        self._deep = np.zeros(count, np.bool_)
        self._read()

    def _read(self) -> None:
        steps: dict[int, Callable[[Ints], None]] = {
            ETHERNET: self._ethernet, ETHERTYPE: self._by_ethertype, IPV4: self._ipv4, IPV6: self._ipv6,
            TRANSPORT: self._transport, MPLS: self._mpls, PPP: self._ppp, NULL: self._null, SLL: self._sll,
            SLL2: self._sll2, RAW: self._raw, HDLC: self._hdlc,
        }  # fmt: skip
        for _ in range(MAX_ROUNDS):
            active = np.flatnonzero(self.state)
            if not len(active):
                return
            kinds = self.state[active]
            for kind in np.unique(kinds).tolist():
                steps[kind](active[kinds == kind])
        self.state[:] = DONE  # headers without end

    def _fits(self, rows: Ints, size: int) -> Ints:
        """The rows that have so many octets left; the others end here, cut short."""
        inside = self.at[rows] + size <= self.ends[rows]
        if not inside.all():
            short = rows[~inside]
            self.state[short], self.cut[short] = DONE, True
        return rows[inside]

    def _u8(self, rows: Ints, offset: int | Ints = 0) -> Ints:
        found: Ints = self.data[self.at[rows] + offset].astype(np.int64)
        return found

    def _u16(self, rows: Ints, offset: int | Ints = 0) -> Ints:
        return self._u8(rows, offset) << 8 | self._u8(rows, offset + 1)

    def _u32(self, rows: Ints, offset: int | Ints = 0) -> Ints:
        return self._u16(rows, offset) << 16 | self._u16(rows, offset + 2)

    def _octets(self, rows: Ints, offset: int, size: int) -> Octets:
        found: Octets = self.data[(self.at[rows] + offset)[:, None] + np.arange(size)]
        return found

    def _go(self, rows: Ints, size: int | Ints, state: int | Ints) -> None:
        self.at[rows] += size
        self.state[rows] = state

    def _ethernet(self, rows: Ints) -> None:
        rows = self._fits(rows, 14)
        self._ethertype[rows] = self._u16(rows, 12)
        self._go(rows, 14, ETHERTYPE)

    def _sll(self, rows: Ints) -> None:
        rows = self._fits(rows, 16)
        self._ethertype[rows] = self._u16(rows, 14)
        self._go(rows, 16, ETHERTYPE)

    def _sll2(self, rows: Ints) -> None:
        rows = self._fits(rows, 20)
        self._ethertype[rows] = self._u16(rows)
        self._go(rows, 20, ETHERTYPE)

    def _hdlc(self, rows: Ints) -> None:
        rows = self._fits(rows, 4)
        self._ethertype[rows] = self._u16(rows, 2)
        self._go(rows, 4, ETHERTYPE)

    def _null(self, rows: Ints) -> None:
        """A family in either byte order; the IP header says the version itself."""
        self._go(self._fits(rows, 4), 4, RAW)

    def _raw(self, rows: Ints) -> None:
        rows = self._fits(rows, 1)
        version = self._u8(rows) >> 4
        self.state[rows] = np.select([version == 4, version == 6], [IPV4, IPV6], DONE)

    def _ppp(self, rows: Ints) -> None:
        rows = self._fits(rows, 4)
        framed = np.where(self._u16(rows) == 0xFF03, 2, 0)
        short = np.where(self._u8(rows, framed) & 1, 1, 2)  # a compressed protocol field is odd
        kind = np.where(short == 1, self._u8(rows, framed), self._u16(rows, framed))
        self._go(rows, framed + short, _mapped(kind, _PPP))

    def _by_ethertype(self, rows: Ints) -> None:
        kind = _mapped(self._ethertype[rows], _ETHERTYPES)
        self.state[rows] = np.maximum(kind, DONE)
        llc = rows[(kind == DONE) & (self._ethertype[rows] <= 1500)]
        if len(llc):  # 802.3 with SNAP
            llc = self._fits(llc, 8)
            snap = llc[(self._u16(llc) == 0xAAAA)]
            self._ethertype[snap] = self._u16(snap, 6)
            self._go(snap, 8, ETHERTYPE)
        tagged = self._fits(rows[kind == -1], 4)
        outermost = tagged[(self.vlan[tagged] < 0) & ~self._deep[tagged]]
        self.vlan[outermost] = self._u16(outermost) & 0xFFF
        self._ethertype[tagged] = self._u16(tagged, 2)
        self._go(tagged, 4, ETHERTYPE)
        session = self._fits(rows[kind == -2], 8)  # PPPoE
        self._go(session, 6, PPP)

    def _mpls(self, rows: Ints) -> None:
        rows = self._fits(rows, 5)
        bottom = self._u8(rows, 2) & 1 == 1
        self._go(rows, 4, MPLS)
        last = rows[bottom]
        version = self._u8(last) >> 4
        # A pseudowire begins with a control word (0), or with a frame at once.
        self.state[last] = np.select([version == 4, version == 6], [IPV4, IPV6], ETHERNET)
        self.at[last] += np.where(version == 0, 4, 0)

    def _side(self, rows: Ints) -> tuple[tuple[Side, Ints], tuple[Side, Ints]]:
        deep = self._deep[rows]
        return (self.outer, rows[~deep]), (self.inner, rows[deep])

    def _ipv4(self, rows: Ints) -> None:
        rows = self._fits(rows, 20)
        head = (self._u8(rows) & 15) * 4
        wrong = (self._u8(rows) >> 4 != 4) | (head < 20)
        self.state[rows[wrong]] = DONE
        rows, head = rows[~wrong], head[~wrong]
        for side, some in self._side(rows):
            for ends, offset in ((side.src, 12), (side.dst, 16)):
                ends[some] = 0
                ends[some, 10:12] = 255
                ends[some, 12:] = self._octets(some, offset, 4)
            side.proto[some] = self._u8(some, 9)
            said = self._u16(some, 2)  # 0 where the sending card cuts large segments itself
            side.length[some] = np.where(said >= 20, said, self.ends[some] - self.at[some])
            place = self._u16(some, 6)
            broken = (place & 0x3FFF) != 0
            side.fragment[some] = np.where(broken, self._u16(some, 4), -1)
            side.later[some] = (place & 0x1FFF) != 0
        shallow = rows[~self._deep[rows]]
        self.tos[shallow] = self._u8(shallow, 1)
        self._go(rows, head, TRANSPORT)

    def _ipv6(self, rows: Ints) -> None:
        rows = self._fits(rows, 40)
        wrong = self._u8(rows) >> 4 != 6
        self.state[rows[wrong]] = DONE
        rows = rows[~wrong]
        for side, some in self._side(rows):
            side.src[some], side.dst[some] = self._octets(some, 8, 16), self._octets(some, 24, 16)
            side.proto[some] = self._u8(some, 6)
            said = self._u16(some, 4)
            side.length[some] = np.where(said > 0, said + 40, self.ends[some] - self.at[some])
            side.fragment[some], side.later[some] = -1, False
        shallow = rows[~self._deep[rows]]
        self.tos[shallow] = (self._u16(shallow) >> 4) & 255
        self._go(rows, 40, TRANSPORT)

    def _transport(self, rows: Ints) -> None:
        for side, some in self._side(rows):
            if len(some):
                self._transport_of(side, some)

    def _transport_of(self, side: Side, rows: Ints) -> None:
        self.state[rows] = DONE
        rows = rows[~side.later[rows]]
        proto = side.proto[rows]
        self._extensions(side, rows[np.isin(proto, _EXTENSIONS) | (proto == 44) | (proto == 51)])
        ported = self._fits(rows[np.isin(proto, _PORTED)], 4)
        side.sport[ported], side.dport[ported] = self._u16(ported), self._u16(ported, 2)
        side.ported[ported] = True
        if side is self.outer:
            icmp = self._fits(rows[(proto == 1) | (proto == 58)], 2)
            self.icmp[icmp] = self._u16(icmp)
            tcp = self._fits(rows[proto == TCP], 14)
            self.flags[tcp] = self._u8(tcp, 13)
        udp = self._fits(rows[proto == UDP], 8)
        self._over_udp(side, udp)
        for number, name, state in ((4, "ipip", IPV4), (41, "6in4", IPV6), (97, "etherip", ETHERNET)):
            some = rows[proto == number]
            if len(some):
                self._into(some, name, 2 if number == 97 else 0, state)
        self._gre(rows[proto == 47])
        self._l2tpv3(rows[proto == 115])

    def _extensions(self, side: Side, rows: Ints) -> None:
        rows = self._fits(rows, 8)
        proto = side.proto[rows]
        size = np.select([proto == 44, proto == 51], [8, (self._u8(rows, 1) + 2) * 4], (self._u8(rows, 1) + 1) * 8)
        broken = rows[proto == 44]
        place = self._u16(broken, 2)
        atomic = (place & 0xFFF9) == 0  # RFC 6946: whole after all
        side.fragment[broken] = np.where(atomic, -1, self._u32(broken, 4))
        side.later[broken] = (place & 0xFFF8) != 0
        side.proto[rows] = self._u8(rows)
        self._go(rows, size, TRANSPORT)

    def _into(self, rows: Ints, name: str, size: int | Ints, state: int | Ints) -> None:
        """Step inside a tunnel: what comes next is the inner side."""
        first = rows[self.tunnel[rows] == 0]
        self.tunnel[first] = _NAMED[name]
        self._deep[rows] = True
        self._go(rows, size, state)

    def _gre(self, rows: Ints) -> None:
        rows = self._fits(rows, 4)
        flags, kind = self._u16(rows), self._u16(rows, 2)
        size = 4 + ((flags & 0x8000) > 0) * 4 + ((flags & 0x2000) > 0) * 4 + ((flags & 0x1000) > 0) * 4
        size += ((flags & 0x87) == 0x81) * 4  # enhanced GRE of PPTP: acknowledgement number
        erspan = np.isin(kind, (0x88BE, 0x22EB))
        first = rows[self.tunnel[rows] == 0]
        self.tunnel[first] = _NAMED["gre"]
        mirrored = rows[erspan & (self.tunnel[rows] == _NAMED["gre"])]
        self.tunnel[mirrored] = _NAMED["erspan"]
        more = np.select(
            [kind == 0x22EB, (kind == 0x88BE) & ((flags & 0x1000) > 0)], [12, 8], 0
        )  # ERSPAN III, II; type I has no header of its own
        known = _mapped(kind, _ETHERTYPES)
        inside = np.where(erspan, ETHERNET, np.maximum(known, DONE))
        self._deep[rows] = True
        self._go(rows, size + more, inside)

    def _l2tpv3(self, rows: Ints) -> None:
        rows = self._fits(rows, 8)
        data = rows[self._u32(rows) != 0]  # session 0 is control
        self.tunnel[rows[self.tunnel[rows] == 0]] = _NAMED["l2tp"]
        # Without the cookie's length nobody knows where the frame begins; without a cookie it is here.
        self._into(data, "l2tp", 4, DONE)

    def _over_udp(self, side: Side, rows: Ints) -> None:
        if not len(rows):
            return
        if side is self.outer:
            self.payload[rows] = self.at[rows] + 8
        ports = np.stack([side.dport[rows], side.sport[rows]])
        for port, name in _PORTS.items():
            either = (ports == port).any(axis=0) if name in ("gtp-u", "l2tp", "teredo") else ports[0] == port
            some = rows[either & (self.state[rows] == DONE)]
            if len(some):
                _UDP_TUNNELS[name](self, some, name)

    def _vxlan(self, rows: Ints, name: str) -> None:
        rows = self._fits(rows, 16)
        rows = rows[(self._u8(rows, 8) & 0x08 > 0) & (self._u8(rows, 15) == 0)]
        self._into(rows, name, 16, ETHERNET)

    def _geneve(self, rows: Ints, name: str) -> None:
        rows = self._fits(rows, 16)
        rows = rows[self._u8(rows, 8) >> 6 == 0]
        self._into(rows, name, 16 + (self._u8(rows, 8) & 63) * 4, _inside(self._u16(rows, 10)))

    def _mpls_in_udp(self, rows: Ints, name: str) -> None:
        self._into(self._fits(rows, 12), name, 8, MPLS)

    def _teredo(self, rows: Ints, name: str) -> None:
        rows = self._fits(rows, 48)
        plain = rows[self._u8(rows, 8) >> 4 == 6]
        marked = rows[(self._u16(rows, 8) == 0) & (self._u8(rows, 16) >> 4 == 6)]  # origin indication
        self._into(plain, name, 8, IPV6)
        self._into(marked, name, 16, IPV6)

    def _gtpu(self, rows: Ints, name: str) -> None:
        rows = self._fits(rows, 16)
        flags, kind = self._u8(rows, 8), self._u8(rows, 9)
        known = (flags >> 5 == 1) & (flags & 16 > 0)
        self.tunnel[rows[known & (self.tunnel[rows] == 0)]] = _NAMED[name]
        rows, flags = rows[known & (kind == 255)], flags[known & (kind == 255)]
        size = np.where(flags & 7, 12, 8)
        extended = flags & 4 > 0
        at = size.copy()
        for _ in range(8):  # extension headers: each begins with its length and ends with the next one's type
            following = self._u8(rows, np.minimum(8 + at - 1, self.ends[rows] - self.at[rows] - 1))
            more = extended & (following != 0) & (self.at[rows] + 8 + at < self.ends[rows])
            if not more.any():
                break
            length = self._u8(rows, np.where(more, 8 + at, 0)) * 4
            at = np.where(more & (length > 0), at + length, at)
            extended = more & (length > 0)
        self._into(rows, name, 8 + at, RAW)

    def _l2tp(self, rows: Ints, name: str) -> None:
        rows = self._fits(rows, 14)
        flags = self._u16(rows, 8)
        two = (flags & 15 == 2) & ((self.outer.dport[rows] == 1701) | (self.outer.sport[rows] == 1701))
        self.tunnel[rows[two & (self.tunnel[rows] == 0)]] = _NAMED[name]
        rows, flags = rows[two & (flags & 0x8000 == 0)], flags[two & (flags & 0x8000 == 0)]
        size = 6 + ((flags & 0x4000) > 0) * 2 + ((flags & 0x0800) > 0) * 4
        offset = (flags & 0x0200) > 0
        there = np.minimum(8 + size, np.maximum(self.ends[rows] - self.at[rows] - 2, 0))
        size = np.where(offset, size + 2 + np.where(offset, self._u16(rows, there), 0), size)
        self._into(rows, name, 8 + size, PPP)


_UDP_TUNNELS: Final[dict[str, Callable[[Packets, Ints, str], None]]] = {
    "vxlan": Packets._vxlan,
    "geneve": Packets._geneve,
    "gtp-u": Packets._gtpu,
    "l2tp": Packets._l2tp,
    "teredo": Packets._teredo,
    "mpls-in-udp": Packets._mpls_in_udp,
}


def _mapped(values: Ints, table: dict[int, int]) -> Ints:
    made = np.zeros(len(values), np.int64)
    for value, state in table.items():
        made[values == value] = state
    return made


def _inside(ethertypes: Ints) -> Any:
    return np.maximum(_mapped(ethertypes, _ETHERTYPES), DONE)
