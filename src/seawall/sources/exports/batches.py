"""A batch of flow records of one layout, and the columns it comes to: whole columns at a time, no object per record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from seawall.sources.exports import elements, moments, values
from seawall.sources.exports.elements import IANA, REVERSE, Element
from seawall.sources.exports.options import Announced, octets
from seawall.sources.exports.templates import Field, Template

if TYPE_CHECKING:
    from seawall.sources.exports.decoder import Head

Ints = NDArray[np.int64]
FORMATS: Final = {5: "netflow5", 9: "netflow9", 10: "ipfix", 1005: "sflow5"}
_TCP: Final = 6
_INNER_BEGINS: Final = frozenset((IANA, number) for number in (8, 12, 27, 28))
_OF_HEADERS: Final = _INNER_BEGINS | {(IANA, number) for number in (4, 5, 6, 7, 11)}
_NONE_IS_ZERO: Final = ("src_as", "dst_as", "vlan")  # exporters write 0 for what they do not know
_ICMPS: Final = (1, 58)


class Heads(NamedTuple):
    """What stands above the records of each datagram, as columns; -1 where nothing is said."""

    places: list[int | str]
    exporter: str
    domain: int
    version: int
    export_us: Ints
    uptime_ms: Ints
    received_us: Ints

    @classmethod
    def of(cls, heads: Sequence[Head]) -> Heads:
        """Of the heads of datagrams of one exporter and domain."""
        one = heads[0]
        columns = (
            np.array([-1 if value is None else value for value in column], np.int64)
            for column in zip(*((h.export_us, h.uptime_ms, h.received_us) for h in heads), strict=True)
        )
        return cls([h.place for h in heads], one.exporter, one.domain, one.version, *columns)


class Rows(NamedTuple):
    """What a batch comes to, as `seawall.sources.records.Columns` wants it."""

    micros: Ints  # start, UTC
    quality: pa.Array
    exporter: pa.Array
    datagrams: Ints  # which datagram of the batch a record stood in
    ordinals: Ints  # the how-manieth record of that datagram it was in this batch
    records: pa.Array  # binary: what the datagram says above its records, then the record
    values: dict[str, pa.Array]


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one template, one behind the other."""

    template: Template
    data: bytes
    counts: list[int]  # records of each datagram
    heads: Heads
    rates: list[int | None]  # sampling rate known when each datagram came
    announced: Announced

    @property
    def count(self) -> int:
        """How many records there are."""
        return sum(self.counts)

    def fields(self) -> dict[Element, Field]:
        """The columns as exported; of an element that stands twice the first, which is the outermost (RFC 7011, 8)."""
        return self._parts()[0]

    def _parts(self) -> tuple[dict[Element, Field], dict[Element, Field]]:
        """The columns, and those of the packet inside where a record describes a tunnel's two headers.

        Such a record names the protocol twice; the inner header begins with the addresses behind the first.
        """
        elements_ = self.template.elements
        split = len(elements_)
        if elements_.count((IANA, 4)) > 1:
            first = elements_.index((IANA, 4))
            split = next((n for n, e in enumerate(elements_) if n > first and e in _INNER_BEGINS), split)
        outer: dict[Element, Field] = {}
        inner: dict[Element, Field] = {}
        columns = self.template.columns(self.data, self.count)
        for place, (element, column) in enumerate(zip(elements_, columns, strict=True)):
            part = inner if place >= split and element in _OF_HEADERS else outer
            if element not in part and (isinstance(column, list) or column.ndim == 1 or column.shape[1]):
                part[element] = column
        return outer, inner

    def numbers(self) -> dict[str, NDArray[Any]]:
        """The columns every flow has, as plain arrays: times (UTC, microseconds), addresses (numbers or octets), ports,
        protocol, octets and packets. This is decoding; `rows` is what a lake keeps.
        """
        said = self.fields()
        datagram = np.repeat(np.arange(len(self.counts)), self.counts)
        made: dict[str, NDArray[Any]] = {}
        start, end, _ = moments.of(said, self.heads, datagram, self.announced)
        made["start"], made["end"] = start, end
        for name, numbers in elements.INTEGERS.items():
            if (found := _first(said, numbers)) is not None:
                made[name] = values.integers(found)
        for name in ("src_ip", "dst_ip"):
            for number in elements.ADDRESSES[name]:
                if (column := said.get((IANA, number))) is not None and not isinstance(column, list):
                    made.setdefault(name, column.astype(column.dtype.newbyteorder("=")))
        return made

    def rows(self) -> Rows:
        """The columns of `flow_records`."""
        return _Making(self).rows()


def _first(said: dict[Element, Field], numbers: Sequence[int], enterprise: int = IANA) -> Field | None:
    return next((said[enterprise, n] for n in numbers if (enterprise, n) in said), None)


class _Making:
    """Makes the columns of one batch; remembers which elements have a column already."""

    def __init__(self, batch: Batch) -> None:
        self._batch = batch
        self._said, self._inner = batch._parts()
        self._count = batch.count
        self._datagram = np.repeat(np.arange(len(batch.counts)), batch.counts)
        self._used: set[Element] = {(IANA, elements.PADDING)}

    def rows(self) -> Rows:
        said, heads = self._said, self._batch.heads
        start, end, quality = moments.of(said, heads, self._datagram, self._batch.announced)
        self._used |= {(IANA, n) for n in (*elements.MOMENTS, elements.INIT_MS, elements.DURATION_MS)}
        made: dict[str, pa.Array] = {
            "end_time": values.instants(np.maximum(end, 0), end >= 0),
            "duration": pa.array(np.maximum(end - start, 0) / 1e6, pa.float64(), mask=end < 0),
        }
        received = heads.received_us[self._datagram]
        made["received"] = values.instants(np.maximum(received, 0), received >= 0)
        made |= self._integers()
        made |= self._protocol(made)
        made |= self._addresses()
        made |= self._sampling(made)
        made |= self._words()
        made |= self._inside(made)
        made["domain"] = pa.repeat(pa.scalar(heads.domain, pa.int64()), self._count)
        made["export_format"] = pa.repeat(pa.scalar(FORMATS[heads.version]), self._count)
        for name in ("input_if", "output_if"):
            if name in made:
                made |= self._interface(name, made[name])
        return Rows(start, quality, made["exporter"], self._datagram, self._ordinals(), self._records(), {
            **self._others(), **made,
        })  # fmt: skip

    def _take(self, numbers: Sequence[int], enterprise: int = IANA) -> Field | None:
        found = next(((enterprise, n) for n in numbers if (enterprise, n) in self._said), None)
        if found is None:
            return None
        self._used.add(found)
        return self._said[found]

    def _integers(self) -> dict[str, pa.Array]:
        made = {}
        for name, numbers in elements.INTEGERS.items():
            if (column := self._take(numbers)) is not None:
                found = values.integers(column)
                made[name] = values.counts(np.where(found == 0, -1, found) if name in _NONE_IS_ZERO else found)
        for name, numbers in elements.BACKWARDS.items():
            forward = elements.INTEGERS[name.replace("dst", "src")]
            column = self._take(forward, REVERSE)
            if column is None:
                column = self._take(numbers)
            if column is not None:
                made[name] = values.counts(values.integers(column))
        return made

    def _protocol(self, made: dict[str, pa.Array]) -> dict[str, pa.Array]:
        found: dict[str, pa.Array] = {}
        number = made.get("ip_proto")
        protocol = np.full(self._count, -1, np.int64)
        if number is not None:
            protocol = number.fill_null(-1).to_numpy(zero_copy_only=False)
            found["proto"] = values.looked_up(protocol, values.PROTOCOL_NAMES)
        if (flags := self._take((elements.TCP_FLAGS,))) is not None:
            seen = np.where(protocol == _TCP, values.integers(flags) & 255, -1)
            found["tcp_flags"] = values.looked_up(seen, values.FLAG_NAMES)
        icmp = np.isin(protocol, _ICMPS)
        both = self._take(elements.ICMP_BOTH)
        if icmp.any():
            port = made.get("dst_port")
            code = values.integers(both) if both is not None else None
            if code is None and port is not None:
                code = port.fill_null(0).to_numpy(zero_copy_only=False)
            if code is not None:
                found["icmp_type"] = made.get("icmp_type", pa.array(code >> 8, pa.int64(), mask=~icmp))
                found["icmp_code"] = made.get("icmp_code", pa.array(code & 255, pa.int64(), mask=~icmp))
                if both is not None:
                    found["dst_port"] = pc.if_else(
                        pa.array(icmp), pa.array(code, pa.int64()), port if port is not None else None
                    )
        return found

    def _inside(self, made: dict[str, pa.Array]) -> dict[str, pa.Array]:
        """The packet inside a tunnel, where the record describes it too."""
        if not self._inner:
            return {}
        found: dict[str, pa.Array] = {}
        for name in ("src_ip", "dst_ip"):
            if (column := _first(self._inner, elements.ADDRESSES[name])) is not None:
                found[f"inner_{name}"] = values.addresses(column)
        for name, number in (("inner_src_port", 7), ("inner_dst_port", 11)):
            if (column := _first(self._inner, (number,))) is not None:
                found[name] = values.counts(values.integers(column))
        if (column := _first(self._inner, (4,))) is not None:
            found["inner_proto"] = values.looked_up(values.integers(column), values.PROTOCOL_NAMES)
        carrier = made["ip_proto"].fill_null(-1).to_numpy(zero_copy_only=False)
        found["tunnel"] = values.looked_up(carrier, values.CARRIER_NAMES)
        return found

    def _addresses(self) -> dict[str, pa.Array]:
        made = {}
        for name, numbers in elements.ADDRESSES.items():
            there = [n for n in numbers if (IANA, n) in self._said]
            self._used |= {(IANA, n) for n in there}
            texts = [values.addresses(self._said[IANA, n]) for n in there]
            unset = name in ("next_hop", "exporter")
            if len(texts) > 1 or unset:
                texts = [pc.if_else(pc.is_in(text, values.UNSET), None, text) for text in texts]
            if texts:
                made[name] = texts[0] if len(texts) == 1 else pc.coalesce(*texts)
        sender = pa.scalar(self._batch.heads.exporter or None, pa.string())
        made["exporter"] = (
            pc.coalesce(made["exporter"], sender) if "exporter" in made else pa.repeat(sender, self._count)
        )
        return made

    def _sampling(self, made: dict[str, pa.Array]) -> dict[str, pa.Array]:
        """One packet in how many, from the record, its sampler, or what holds for all; and the estimates."""
        batch, count = self._batch, self._count
        rate = np.zeros(count, np.int64)
        source = np.zeros(count, np.int64)
        samplers = self._take(elements.SAMPLERS)
        if (own := self._take(elements.RATES)) is not None:
            rate = values.integers(own).copy()
            if (space := self._take((elements.SAMPLING_SPACE,))) is not None:
                taken = np.maximum(rate, 1)
                rate = np.where(rate > 0, np.round((rate + values.integers(space)) / taken), 0).astype(np.int64)
            source[rate > 0] = 3 if batch.heads.version == 1005 else 1
        if samplers is not None and batch.announced.samplers:
            ids = values.integers(samplers)
            for ident in np.unique(ids).tolist():
                if (said := batch.announced.samplers.get(ident)) is not None:
                    hit = (ids == ident) & (rate == 0)
                    rate[hit], source[hit] = said, 2
        now = batch.announced.rate()
        whole = np.array([known or now or 0 for known in batch.rates], np.int64)[self._datagram]
        missing = rate == 0
        rate[missing] = whole[missing]
        source[missing & (whole > 0)] = 4 if batch.heads.version == 5 else 2
        valid = (rate > 0) & (rate < 1 << 32)
        found = {"sampling": pa.array(rate, pa.int64(), mask=~valid)}
        found["sampling_from"] = values.looked_up(np.where(valid, source, -1), values.RATE_SOURCES)
        for counted, estimate in (("src_bytes", "est_bytes"), ("src_pkts", "est_pkts")):
            if counted in made:
                raw = made[counted].fill_null(0).to_numpy(zero_copy_only=False)
                fits = valid & made[counted].is_valid().to_numpy(zero_copy_only=False)
                fits &= raw < (1 << 62) // np.maximum(rate, 1)
                found[estimate] = pa.array(np.where(fits, raw * np.where(fits, rate, 0), 0), pa.int64(), mask=~fits)
        return found

    def _words(self) -> dict[str, pa.Array]:
        made = {}
        for name, number, words in (
            ("direction", elements.DIRECTION, elements.DIRECTIONS),
            ("end_reason", elements.END_REASON, elements.END_REASONS),
            ("action", elements.EVENT, elements.EVENTS),
        ):
            if (column := self._take((number,))) is not None:
                made[name] = values.looked_up(values.integers(column), values.table_of(words))
        if (column := self._take((elements.APPLICATION,))) is not None:
            made["app"] = self._applications(column)
        return made

    def _applications(self, column: Field) -> pa.Array:
        """Names the exporter announced; else `engine:selector` as RFC 6759 parts them."""
        each = pa.array([octets(column, row) for row in range(self._count)], pa.binary()).dictionary_encode()
        known = self._batch.announced.applications
        named = [
            known.get(value) or f"{value[0]}:{int.from_bytes(value[1:], 'big')}" if any(value) else None
            for value in each.dictionary.to_pylist()
        ]
        return pa.array(named, pa.string()).take(each.indices)

    def _interface(self, name: str, numbers: pa.Array) -> dict[str, pa.Array]:
        encoded = numbers.dictionary_encode()
        made = {name: encoded.dictionary.cast(pa.string()).take(encoded.indices)}
        if self._batch.announced.interfaces:
            known = self._batch.announced.interfaces
            named = [known.get(index) for index in encoded.dictionary.to_pylist()]
            made[f"{name}_name"] = pa.array(named, pa.string()).take(encoded.indices)
        return made

    def _others(self) -> dict[str, pa.Array]:
        """Elements without a column of ours, as texts under their own names."""
        return {
            elements.name_of(element): values.as_text(element, column)
            for element, column in self._said.items()
            if element not in self._used
        }

    def _ordinals(self) -> Ints:
        counts = np.array(self._batch.counts, np.int64)
        firsts = np.cumsum(counts) - counts
        found: Ints = np.arange(self._count) - firsts[self._datagram] + 1
        return found

    def _records(self) -> pa.Array:
        """The bytes that name each record: when and by whom its datagram was sent, and the record itself."""
        batch, heads = self._batch, self._batch.heads
        top = np.zeros(len(batch.counts), np.dtype([("v", ">u2"), ("d", ">u4"), ("t", ">i8"), ("u", ">i8")]))
        top["v"], top["d"], top["t"], top["u"] = heads.version, heads.domain, heads.export_us, heads.uptime_ms
        above = np.frombuffer(top.tobytes(), np.uint8).reshape(len(top), -1)[self._datagram]
        if batch.template.dtype is not None:
            below = np.frombuffer(batch.data, np.uint8, self._count * batch.template.least)
            both = np.hstack([above, below.reshape(self._count, -1)])
            offsets = np.arange(self._count + 1, dtype=np.int32) * both.shape[1]
            buffers = [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(both))]
            return pa.Array.from_buffers(pa.binary(), self._count, buffers)
        spans = batch.template.spans(batch.data, self._count)
        parts = [above[row].tobytes() + batch.data[start:end] for row, (start, end) in enumerate(spans)]
        return pa.array(parts, pa.binary())
