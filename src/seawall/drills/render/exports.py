"""Flow export as routers send it: NetFlow v5, v9 and IPFIX datagrams, sFlow v5 samples, and captures of packets.

Formats: Cisco's v5 layout, RFC 3954, RFC 7011, sFlow Version 5, and the pcap file of libpcap.
"""

from __future__ import annotations

import ipaddress
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from seawall.drills.acts import Act

_NUMBERS: Final = {"tcp": 6, "udp": 17, "icmp": 1, "gre": 47, "esp": 50}
_UPTIME_MS: Final = 3_600_000  # of the exporter when it sends
_TEMPLATE: Final = 256
_OPTIONS: Final = 257
FIELDS: Final = (
    (8, 4), (12, 4), (15, 4), (10, 4), (14, 4), (2, 8), (1, 8), (7, 2), (11, 2), (6, 1), (4, 1), (5, 1), (136, 1),
)  # fmt: skip
FIELDS6: Final = tuple({8: (27, 16), 12: (28, 16), 15: (62, 16)}.get(number, (number, size)) for number, size in FIELDS)


def _number(act: Act, name: str, otherwise: int) -> int:
    return int(act.detail.get(name, otherwise))


def _ends_ms(act: Act) -> tuple[int, int]:
    start = round(act.time.timestamp() * 1000)
    return start, start + round(float(act.detail.get("duration", "0.412")) * 1000)


def _protocol(act: Act) -> int:
    return _NUMBERS.get(act.detail.get("proto", "tcp"), 6)


def _packed(address: str) -> bytes:
    return ipaddress.ip_address(address).packed


def _both_six(act: Act) -> tuple[bytes, bytes, bool]:
    source, target = _packed(act.source), _packed(act.detail["to"])
    return source, target, len(source) == 16


def cut_active(acts: Sequence[Act], active_s: float) -> list[Act]:
    """The acts as an exporter with an active timeout reports them: long ones in pieces, all but the last `active`."""
    made = []
    for act in acts:
        seconds = float(act.detail.get("duration", "0.412"))
        pieces = max(1, -int(-seconds // active_s))
        for piece in range(pieces):
            last = piece == pieces - 1
            share = {
                name: str(int(act.detail[name]) * (piece + 1) // pieces - int(act.detail[name]) * piece // pieces)
                for name in ("sent", "pkts")
                if name in act.detail
            }
            length = seconds - piece * active_s if last else active_s
            detail = {**act.detail, **share, "duration": str(length), "reason": "3" if last else "2"}
            made.append(replace(act, time=act.time + timedelta(seconds=piece * active_s), detail=detail))
    return made


def _v5(acts: Sequence[Act], sequence: int, rate: int) -> bytes:
    now_ms = max(_ends_ms(act)[1] for act in acts)
    head = struct.pack(
        ">HHIIIIBBH", 5, len(acts), _UPTIME_MS, now_ms // 1000, now_ms % 1000 * 10**6, sequence, 0, 0,
        rate and 1 << 14 | rate,
    )  # fmt: skip
    return head + b"".join(_v5_record(act, now_ms) for act in acts)


def _v5_record(act: Act, now_ms: int) -> bytes:
    start, end = ((moment - now_ms + _UPTIME_MS) & 0xFFFFFFFF for moment in _ends_ms(act))
    ends = _packed(act.source) + _packed(act.detail["to"]) + bytes(4)
    return ends + struct.pack(
        ">HHIIIIHHxBBBHHBBxx", _number(act, "in", 12), _number(act, "out", 34), _number(act, "pkts", 9),
        _number(act, "sent", 600), start, end, _number(act, "sport", 40_000), _number(act, "port", 443),
        _number(act, "flags", 27), _protocol(act), 0, 64_500, 64_501, 24, 24,
    )  # fmt: skip


def _record(act: Act, times: bytes) -> bytes:
    source, target, six = _both_six(act)
    return (
        source + target + bytes(16 if six else 4)
        + struct.pack(
            ">IIQQHHBBBB", _number(act, "in", 12), _number(act, "out", 34), _number(act, "pkts", 9),
            _number(act, "sent", 600), _number(act, "sport", 40_000), _number(act, "port", 443),
            _number(act, "flags", 27), _protocol(act), 0, _number(act, "reason", 3),
        )
        + times
    )  # fmt: skip


def _set(ident: int, content: bytes) -> bytes:
    padding = -len(content) % 4
    return struct.pack(">HH", ident, 4 + len(content) + padding) + content + bytes(padding)


def _template(ident: int, fields: Sequence[tuple[int, int]]) -> bytes:
    return struct.pack(">HH", ident, len(fields)) + b"".join(struct.pack(">HH", *field) for field in fields)


def _v9(acts: Sequence[Act], sequence: int, rate: int) -> bytes:
    now_ms = max(_ends_ms(act)[1] for act in acts)
    now_ms += -now_ms % 1000  # the header has whole seconds only
    times = ((22, 4), (21, 4))
    sets = [_set(0, _template(_TEMPLATE, (*FIELDS, *times)) + _template(_TEMPLATE + 2, (*FIELDS6, *times)))]
    if rate:
        scope = struct.pack(">HHHHHHHHH", _OPTIONS, 4, 8, 1, 4, 34, 4, 35, 1)
        sets.append(_set(1, scope))
        sets.append(_set(_OPTIONS, struct.pack(">IIB", 0, rate, 1)))
    for ident, some in _by_version(acts):
        records = []
        for act in some:
            said = [(moment - now_ms + _UPTIME_MS) & 0xFFFFFFFF for moment in _ends_ms(act)]
            records.append(_record(act, struct.pack(">II", *said)))
        sets.append(_set(ident, b"".join(records)))
    head = struct.pack(">HHIIII", 9, len(acts) + 2, _UPTIME_MS, now_ms // 1000, sequence, 7)
    return head + b"".join(sets)


def _by_version(acts: Sequence[Act]) -> Iterator[tuple[int, list[Act]]]:
    """The acts over IPv4 and those over IPv6, with the number of their template."""
    for ident, six in ((_TEMPLATE, False), (_TEMPLATE + 2, True)):
        if some := [act for act in acts if _both_six(act)[2] == six]:
            yield ident, some


def _ipfix(acts: Sequence[Act], sequence: int, rate: int) -> bytes:
    now_ms = max(_ends_ms(act)[1] for act in acts)
    times = ((152, 8), (153, 8))
    sets = [_set(2, _template(_TEMPLATE, (*FIELDS, *times)) + _template(_TEMPLATE + 2, (*FIELDS6, *times)))]
    if rate:
        sets.append(_set(3, struct.pack(">HHHHHHH", _OPTIONS, 2, 1, 149, 4, 34, 4)))
        sets.append(_set(_OPTIONS, struct.pack(">II", 7, rate)))
    for ident, some in _by_version(acts):
        sets.append(_set(ident, b"".join(_record(act, struct.pack(">QQ", *_ends_ms(act))) for act in some)))
    body = b"".join(sets)
    return struct.pack(">HHIII", 10, 16 + len(body), -(-now_ms // 1000), sequence, 7) + body


def _sflow(acts: Sequence[Act], sequence: int, rate: int) -> bytes:
    """One sample of one packet of each act."""
    samples = []
    for number, act in enumerate(acts):
        frame = packet(act, _number(act, "sent", 600) // max(1, _number(act, "pkts", 9)))
        header = frame[:128]
        record = struct.pack(">IIII", 1, len(frame), 0, len(header)) + header + bytes(-len(header) % 4)
        sample = struct.pack(
            ">IIIIIIII", sequence * 8 + number, 12, rate or 1, 1, 0, _number(act, "in", 12), _number(act, "out", 34), 1
        )
        content = sample + struct.pack(">II", 1, len(record)) + record
        samples.append(struct.pack(">II", 1, len(content)) + content)
    head = struct.pack(">II4sIIII", 5, 1, bytes([192, 0, 2, 254]), 0, sequence, _UPTIME_MS, len(acts))
    return head + b"".join(samples)


_WRITERS: Final[Mapping[str, tuple[Callable[[Sequence[Act], int, int], bytes], int]]] = {
    "netflow5": (_v5, 30), "netflow9": (_v9, 16), "ipfix": (_ipfix, 16), "sflow5": (_sflow, 6),
}  # fmt: skip
FORMS: Final = tuple(_WRITERS)


def datagrams(acts: Sequence[Act], form: str, *, rate: int = 0) -> list[bytes]:
    """The datagrams that report `flow` acts, in a form of `FORMS`.

    `act.source` is the client. `detail`: to, port, and optionally sport, proto, duration (s), sent (octets), pkts,
    flags, in, out (interfaces), reason (why the record ended, RFC 5102's flowEndReason). `rate`: one packet in so many
    was looked at; counts are written as they are.
    """
    writer, most = _WRITERS[form]
    made, sequence = [], 1
    for first in range(0, len(acts), most):
        some = acts[first : first + most]
        made.append(writer(some, sequence, rate))
        sequence += len(some) if form in ("netflow5", "ipfix") else 1
    return made


def packet(act: Act, octets: int, *, back: bool = False) -> bytes:
    """One Ethernet frame of an act, its IP packet of about so many octets; `back`: of the answer."""
    ends = [(act.source, _number(act, "sport", 40_000)), (act.detail["to"], _number(act, "port", 443))]
    (source, sport), (target, dport) = reversed(ends) if back else ends
    number = _protocol(act)
    ports = struct.pack(">HH", sport, dport)
    payload = bytes(max(0, octets - 40))
    if number == 6:
        body = ports + struct.pack(">IIBBHHH", 1, 1, 0x50, _number(act, "flags", 24), 65_535, 0, 0) + payload
    elif number == 17:
        body = ports + struct.pack(">HH", 8 + len(payload), 0) + payload
    elif number == 1:
        body = struct.pack(">BBHI", 0 if back else 8, 0, 0, 1) + payload
    else:
        body = payload
    return _framed(_packed(source), _packed(target), number, body)


def _framed(source: bytes, target: bytes, number: int, body: bytes) -> bytes:
    if len(source) == 16:
        return bytes(12) + b"\x86\xdd" + struct.pack(">IHBB", 6 << 28, len(body), number, 64) + source + target + body
    bare = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(body), 1, 0, 64, number, 0) + source + target
    total = sum(struct.unpack(">10H", bare))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return bytes(12) + b"\x08\x00" + bare[:10] + struct.pack(">H", ~total & 0xFFFF) + bare[12:] + body


def pcap(acts: Sequence[Act]) -> bytes:
    """A capture of the packets of `flow` acts: `pkts` of them, evenly spread, and as many answers if `got` is there."""
    frames: list[tuple[int, bytes]] = []
    for act in acts:
        start, end = _ends_ms(act)
        count = max(1, _number(act, "pkts", 9))
        for number in range(count):
            at = start * 1000 + (end - start) * 1000 * number // max(1, count - 1)
            frames.append((at, packet(act, _number(act, "sent", 600) // count)))
            if "got" in act.detail:
                frames.append((at + 500, packet(act, _number(act, "got", 600) // count, back=True)))
    return written(frames)


def carried(payloads: Sequence[tuple[int, str, bytes]], *, port: int = 2055, collector: str = "192.0.2.250") -> bytes:
    """A capture of datagrams (microseconds since 1970, sender, payload) on their way to a collector."""
    return written(
        (
            at,
            _framed(
                _packed(sender), _packed(collector), 17, struct.pack(">HHHH", 50_000, port, 8 + len(data), 0) + data
            ),
        )
        for at, sender, data in payloads
    )


def written(frames: Sequence[tuple[int, bytes]] | Iterator[tuple[int, bytes]]) -> bytes:
    """A pcap file of Ethernet frames with their times, microseconds since 1970, in order of time."""
    made = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 262_144, 1)]
    for at, frame in sorted(frames, key=lambda one: one[0]):
        made.append(struct.pack("<IIII", at // 10**6, at % 10**6, len(frame), len(frame)) + frame)
    return b"".join(made)
