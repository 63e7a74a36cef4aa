"""Flow export as it comes over the network, whatever carried it: NetFlow v5, v9 (RFC 3954), IPFIX (RFC 7011), sFlow v5.

A `Decoder` is given datagrams, one at a time, and hands out flows in batches of equal layout. It keeps what exporters
said before (templates, sampling, names), counts what never arrived by the sequence numbers, and holds data whose
template is still to come for a bounded time and size. Everything an exporter says may be a lie; every store is bounded.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from seawall.sources.exports import sflow
from seawall.sources.exports.batches import Batch, Heads
from seawall.sources.exports.elements import names_ends
from seawall.sources.exports.options import Announced, learn
from seawall.sources.exports.sequences import Sequences
from seawall.sources.exports.templates import (
    FIRST_ID,
    MalformedError,
    Template,
    compiled,
    read_ipfix,
    read_v9,
)

MAX_TEMPLATES: Final = 65_536  # of all exporters
MAX_TEMPLATES_EACH: Final = 4_096  # of one exporter's domain
MAX_DOMAINS: Final = 16_384  # exporters and domains remembered; invented ones push out nobody, they are refused
HELD_BYTES: Final = 16 << 20  # data waiting for a template
HELD_SETS_EACH: Final = 1_024
HELD_S: Final = 1_800
BATCH_RECORDS: Final = 65_536
BATCH_BYTES: Final = 8 << 20
SAMPLES: Final = 8_192  # of sFlow, read at once
MAX_PENDING: Final = 4_096  # layouts with records not handed out yet

Key = tuple[str, int, int]  # exporter, domain, version


class _Held(NamedTuple):
    """A set that waits for its template."""

    at_us: int
    key: Key
    ident: int
    content: bytes
    head: Head


class Head(NamedTuple):
    """What a datagram says above its records, and who brought it when."""

    place: int | str  # number of the datagram, or its whole origin
    exporter: str  # empty: unknown
    domain: int
    version: int
    export_us: int  # when it was sent, by the exporter's clock; UTC microseconds
    uptime_ms: int | None
    received_us: int | None


@dataclass(slots=True)
class _Pending:
    template: Template
    announced: Announced
    contents: list[bytes] = field(default_factory=list)
    counts: list[int] = field(default_factory=list)
    heads: list[Head] = field(default_factory=list)
    rates: list[int | None] = field(default_factory=list)
    records: int = 0
    octets: int = 0


_V5_FIELDS: Final = (
    (8, 4), (12, 4), (15, 4), (10, 2), (14, 2), (2, 4), (1, 4), (22, 4), (21, 4), (7, 2), (11, 2), (210, 1), (6, 1),
    (4, 1), (5, 1), (16, 2), (17, 2), (9, 1), (13, 1), (210, 2),
)  # fmt: skip
V5: Final = compiled(FIRST_ID, [((0, number), length) for number, length in _V5_FIELDS])
_V5_HEAD: Final = struct.Struct(">HHIIIIBBH")
_V9_HEAD: Final = struct.Struct(">HHIIII")
_IPFIX_HEAD: Final = struct.Struct(">HHIII")
_SET: Final = struct.Struct(">HH")
_FUTURE_US: Final = 4_102_444_800 * 10**6  # 2100


class Decoder:
    """Datagrams in, batches of flows, rejects and notes out. Bounded in everything it remembers.

    decoder = Decoder()
    for place, (payload, exporter, received_us) in enumerate(datagrams, 1):
        decoder.take(payload, exporter, received_us, place)
    for batch in (*decoder.ready(), *decoder.close()):
        ...
    """

    def __init__(self) -> None:
        self.rejects: list[tuple[int | str, str]] = []  # place of the datagram, and why; the caller takes them away
        self.sequences = Sequences()
        self.counted: dict[str, int] = {}  # what was left out on purpose, and how often
        self._templates: dict[Key, dict[int, Template]] = {}
        self._templates_held = 0
        self._announced: dict[Key, Announced] = {}
        self._pending: dict[tuple[Key, int], _Pending] = {}
        self._ready: list[Batch] = []
        self._samples: list[tuple[sflow.Sample, Head]] = []
        self._held: dict[int, _Held] = {}  # by a running number, so oldest first
        self._held_last = 0
        self._held_bytes = 0
        self._held_each: dict[tuple[Key, int], list[int]] = {}

    def take(self, data: bytes, exporter: str = "", received_us: int | None = None, place: int | str = 0) -> None:
        """Read one datagram; `exporter` is the sender's address as text, times are UTC microseconds."""
        version = int.from_bytes(data[:2], "big")
        try:
            if version == 5:
                self._v5(data, exporter, received_us, place)
            elif version == 9:
                self._v9(data, exporter, received_us, place)
            elif version == 10:
                self._ipfix(data, exporter, received_us, place)
            elif data[:4] == sflow.VERSION:
                self._sflow(data, exporter, received_us, place)
            else:
                raise MalformedError(f"no flow export: it begins with {data[:4].hex() or 'nothing'}")
        except MalformedError as why:
            self.reject(place, str(why))

    def reject(self, place: int | str, what: str) -> None:
        """Keep why something in a datagram could not be read."""
        self.rejects.append((place, what))

    def ready(self) -> Iterator[Batch]:
        """Batches that are full; they are handed out once."""
        ready, self._ready = self._ready, []
        yield from ready

    def flush(self) -> Iterator[Batch]:
        """Every batch there is, full or not."""
        self._settle_samples()
        yield from self.ready()
        pending, self._pending = self._pending, {}
        for one in pending.values():
            yield _batch(one)

    def close(self) -> Iterator[Batch]:
        """Everything that is left; data whose template never came are rejects now."""
        while self._held:
            self._give_up(next(iter(self._held)), "its template never came")
        yield from self.flush()

    def _v5(self, data: bytes, exporter: str, received: int | None, place: int | str) -> None:
        if len(data) < _V5_HEAD.size:
            raise MalformedError(f"NetFlow v5 header cut short: {len(data)} octets")
        _, count, uptime, seconds, nanos, sequence, kind, engine, sampling = _V5_HEAD.unpack_from(data)
        head = self._head(
            place, exporter, kind << 8 | engine, 5, seconds * 10**6 + min(nanos, 999_999_999) // 1000, uptime, received
        )
        content = data[_V5_HEAD.size :]
        there, _ = V5.count(content)
        if count > there:
            self.reject(place, f"NetFlow v5 names {count} records and holds {there}; these were read")
        elif not 0 < count <= 30:
            raise MalformedError(f"NetFlow v5 names {count} records, where it may have 1 to 30")
        count = min(count, there)
        key = self._key(head)
        self.sequences.see(key, sequence, count)
        self._announced_of(key).header_rate = sampling & 0x3FFF
        if count:
            self._add(V5, content[: count * V5.least], count, head, key)

    def _v9(self, data: bytes, exporter: str, received: int | None, place: int | str) -> None:
        if len(data) < _V9_HEAD.size:
            raise MalformedError(f"NetFlow v9 header cut short: {len(data)} octets")
        _, count, uptime, seconds, sequence, domain = _V9_HEAD.unpack_from(data)
        if count and len(data) < _V9_HEAD.size + 4:
            self.reject(place, f"NetFlow v9 header that announces {count} records or sets, and none behind it")
        head = self._head(place, exporter, domain, 9, seconds * 10**6, uptime, received)
        self.sequences.see(self._key(head), sequence, 1)
        for ident, content in _sets(data, _V9_HEAD.size):
            if ident in (0, 1):
                for template in read_v9(content, options=ident == 1):
                    self._define(template, head)
            elif ident >= FIRST_ID:
                self._data(ident, content, head)
            else:
                self.reject(place, f"NetFlow v9 set {ident} is reserved; left out")

    def _ipfix(self, data: bytes, exporter: str, received: int | None, place: int | str) -> None:
        if len(data) < _IPFIX_HEAD.size:
            raise MalformedError(f"IPFIX header cut short: {len(data)} octets")
        _, length, seconds, sequence, domain = _IPFIX_HEAD.unpack_from(data)
        if length > len(data):
            self.reject(place, f"IPFIX message of {length} octets, of which {len(data)} are there; these were read")
        head = self._head(place, exporter, domain, 10, seconds * 10**6, None, received)
        records: int | None = 0
        for ident, content in _sets(data[: max(length, _IPFIX_HEAD.size)], _IPFIX_HEAD.size):
            if ident in (2, 3):
                for template in read_ipfix(content, options=ident == 3):
                    self._define(template, head)
            elif ident >= FIRST_ID:
                found = self._data(ident, content, head)
                records = None if found is None or records is None else records + found
            else:
                self.reject(place, f"IPFIX set {ident} is reserved; left out")
        self.sequences.see(self._key(head), sequence, records)

    def _sflow(self, data: bytes, exporter: str, received: int | None, place: int | str) -> None:
        found = sflow.read_datagram(data)
        at = received if received is not None else 0
        head = self._head(place, found.agent or exporter, found.sub_agent, 1005, at, found.uptime_ms, received)
        key = self._key(head)
        self.sequences.see(key, found.sequence, 1)
        for what, times in found.skipped.items():
            self.counted[what] = self.counted.get(what, 0) + times
        for why in found.rejects:
            self.reject(place, why)
        self._announced_of(key)
        self._samples += [(sample, head) for sample in found.samples]
        if len(self._samples) >= SAMPLES:
            self._settle_samples()

    def _settle_samples(self) -> None:
        """Read the packet headers of many samples at once."""
        samples, self._samples = self._samples, []
        if not samples:
            return
        content, rows = sflow.records_of([sample for sample, _ in samples])
        without = len(samples) - len(rows)
        if without:
            what = "sFlow samples without an IP packet"
            self.counted[what] = self.counted.get(what, 0) + without
        size = sflow.TEMPLATE.least
        for number, row in enumerate(rows):
            head = samples[row][1]
            self._add(sflow.TEMPLATE, content[number * size : (number + 1) * size], 1, head, self._key(head))

    def _head(
        self, place: int | str, exporter: str, domain: int, version: int, at: int, uptime: int | None, got: int | None
    ) -> Head:
        if at > _FUTURE_US:
            raise MalformedError("its header names a time after 2100")
        return Head(place, exporter, domain, version, at, uptime, got)

    def _key(self, head: Head) -> Key:
        key = (head.exporter, head.domain, head.version)
        if key not in self._announced and len(self._announced) >= MAX_DOMAINS:
            raise MalformedError(f"more than {MAX_DOMAINS} exporters and domains; those met later are left out")
        return key

    def _announced_of(self, key: Key) -> Announced:
        found = self._announced.get(key)
        if found is None:
            found = self._announced[key] = Announced()
        return found

    def _define(self, template: Template | MalformedError | int, head: Head) -> None:
        """Take a template, or why it is none, or the number of one that is withdrawn."""
        key = self._key(head)
        known = self._templates.setdefault(key, {})
        self._announced_of(key)
        if isinstance(template, MalformedError):
            self.reject(head.place, str(template))
        elif isinstance(template, int):
            gone = list(known) if template in (2, 3) else [template]
            for ident in gone:
                if template not in (2, 3) or known[ident].is_options == (template == 3):
                    self._templates_held -= known.pop(ident, None) is not None
        elif template.ident in known:
            if known[template.ident] == template:
                return  # said again, as exporters must
            known[template.ident] = template
            self._release(key, template)
        elif self._templates_held >= MAX_TEMPLATES or len(known) >= MAX_TEMPLATES_EACH:
            self.reject(head.place, f"template {template.ident} is one more than may be remembered; left out")
        else:
            known[template.ident] = template
            self._templates_held += 1
            self._release(key, template)

    def _data(self, ident: int, content: bytes, head: Head) -> int | None:
        """Take a set of data; how many records it had, None if nobody knows yet."""
        key = self._key(head)
        template = self._templates.get(key, {}).get(ident)
        if template is None:
            self._hold(_Held(head.received_us or head.export_us, key, ident, content, head))
            return None
        return self._records(template, content, head, key)

    def _records(self, template: Template, content: bytes, head: Head, key: Key) -> int:
        try:
            count, end = template.count(content)
        except MalformedError as why:
            self.reject(head.place, f"{why}; {len(content)} octets left out")
            return 0
        if count == 0:
            if any(content):
                self.reject(
                    head.place, f"{len(content)} octets, less than one record of template {template.ident} needs"
                )
        elif template.is_options:
            try:
                learn(self._announced_of(key), template, content[:end], count)
            except MalformedError as why:
                self.reject(head.place, str(why))
        elif not names_ends(template.elements):
            what = f"records of template {template.ident}, which names no two addresses,"
            if what in self.counted or len(self.counted) < MAX_TEMPLATES_EACH:
                self.counted[what] = self.counted.get(what, 0) + count
        else:
            left = content[end:]
            # A record of nothing but zeros behind the last is padding of an exporter that pads whole packets.
            while count and not any(content[end - template.least : end]) and template.dtype is not None:
                count, end = count - 1, end - template.least
            if count and any(left):
                self.reject(head.place, f"{len(left)} octets behind the last record of template {template.ident}")
            if count:
                self._add(template, content[:end], count, head, key)
        return count

    def _add(self, template: Template, content: bytes, count: int, head: Head, key: Key) -> None:
        pending = self._pending.get((key, id(template)))  # it is held there, so its id is its own
        if pending is None:
            if len(self._pending) >= MAX_PENDING:
                self._ready += [_batch(one) for one in self._pending.values()]
                self._pending = {}
            pending = self._pending[(key, id(template))] = _Pending(template, self._announced_of(key))
        pending.contents.append(content)
        pending.counts.append(count)
        pending.heads.append(head)
        pending.rates.append(pending.announced.rate())
        pending.records += count
        pending.octets += len(content)
        if pending.records >= BATCH_RECORDS or pending.octets >= BATCH_BYTES:
            self._ready.append(_batch(self._pending.pop((key, id(template)))))

    def _hold(self, held: _Held) -> None:
        while self._held and held.at_us - (oldest := next(iter(self._held.items())))[1].at_us > HELD_S * 10**6:
            self._give_up(oldest[0], f"its template did not come within {HELD_S} s")
        waiting = self._held_each.get((held.key, held.ident), [])
        if len(waiting) >= HELD_SETS_EACH or self._held_bytes + _weight(held) > HELD_BYTES:
            self._unknown(held, "and no room is left to wait for it")
            return
        self._held_last += 1
        self._held[self._held_last] = held
        self._held_bytes += _weight(held)
        self._held_each.setdefault((held.key, held.ident), []).append(self._held_last)

    def _give_up(self, number: int, why: str) -> None:
        held = self._held.pop(number)
        self._held_bytes -= _weight(held)
        waiting = self._held_each[held.key, held.ident]
        waiting.remove(number)
        if not waiting:
            del self._held_each[held.key, held.ident]
        self._unknown(held, why)

    def _unknown(self, held: _Held, why: str) -> None:
        self.reject(
            held.head.place,
            f"{len(held.content)} octets of template {held.ident} of domain {held.key[1]}: {why} "
            "(put the packets that hold templates before or into the same file)",
        )

    def _release(self, key: Key, template: Template) -> None:
        """Read what waited for a template."""
        for number in self._held_each.pop((key, template.ident), []):
            held = self._held.pop(number)
            self._held_bytes -= _weight(held)
            self._records(template, held.content, held.head, key)


def _weight(held: _Held) -> int:
    """Octets a waiting set costs: one without content costs memory too."""
    return len(held.content) + 100


def _sets(data: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """The sets behind a header: number and content.

    Raises:
        MalformedError: a set says a length that cannot be; what stood before it was given.
    """
    while len(data) - at >= 4:
        ident, length = _SET.unpack_from(data, at)
        if ident == 0 and length == 0 and not any(data[at:]):  # a packet filled up with zeros
            return
        if length < 4:
            raise MalformedError(
                f"set {ident} says it has {length} octets, fewer than its header; the rest was left out"
            )
        if at + length > len(data):
            raise MalformedError(
                f"set {ident} says it has {length} octets of which {len(data) - at} are there; it was left out"
            )
        yield ident, data[at + 4 : at + length]
        at += length
    if any(data[at:]):
        raise MalformedError(f"{len(data) - at} octets behind the last set")


def _batch(pending: _Pending) -> Batch:
    return Batch(
        pending.template,
        b"".join(pending.contents),
        pending.counts,
        Heads.of(pending.heads),
        pending.rates,
        pending.announced,
    )
