"""Flows at the source of volume: full records only where an end is own infrastructure; the others are counted.

Whom customers speak with is not the carrier's to hoard. Before anything is written, flows between others come to sums
per minute, exporter, protocol and port; the addresses are gone.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from seawall.engine.records import FileRecord
from seawall.model.events import arrow_schema, event_ids
from seawall.model.settings import FlowSettings
from seawall.model.site import Site
from seawall.sources.base import Reject
from seawall.sources.pcaps.names import CAPTURED

KIND: Final = "flow_counts"
THINNED: Final = "flow_records"
NAMES: Final = "dns_queries"
_BUCKETS: Final = (1_024, 4_096, 16_384, 32_768, 49_152)  # ports from 1024 on are counted in these ranges
_SUMS: Final = ("src_bytes", "dst_bytes", "src_pkts", "dst_pkts", "est_bytes", "est_pkts")
_MINUTE_US: Final = 60 * 10**6

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Sink(Protocol):
    """Where tables go (`intake.Sink`)."""

    def add(self, kind: str, table: pa.Table) -> int:
        """Take rows; say how many were new."""
        ...

    def reject(self, rejects: Iterable[Reject]) -> None:
        """Take what could not be read."""
        ...

    def finish_file(self, record: FileRecord) -> None:
        """Take note that a file is completely read."""
        ...

    def commit(self) -> None:
        """Make everything taken so far visible."""
        ...


def infrastructure(site: Site, settings: FlowSettings) -> tuple[Network, ...]:
    """The networks whose flows are kept whole: those of the settings, and every address the site file calls its own."""
    named = [
        *settings.infrastructure, *(address for device in site.devices for address in device.addresses),
        *site.management_networks, *site.jump_hosts, *site.aaa_servers, *site.nms_servers, *site.syslog_servers,
        *(end.address for end in (*site.tunnel_ends, *site.mirror_ends)),
    ]  # fmt: skip
    found = []
    for text in named:
        try:
            found.append(ipaddress.ip_network(text, strict=False))
        except ValueError:  # a device's address may be a name
            continue
    return tuple(found)


class Thinned:
    """A sink that hands flows with an end in some networks on whole, and sums of the others."""

    def __init__(self, sink: Sink, networks: Iterable[Network]) -> None:
        self._sink = sink
        self._four = _ranges(n for n in networks if n.version == 4)
        self._six = tuple(n for n in networks if n.version == 6)

    def add(self, kind: str, table: pa.Table) -> int:
        """Take rows; say how many were new, sums included."""
        if kind == NAMES and table.num_rows:
            table = table.filter(pa.array(self._kept(table)))
        if kind != THINNED or not table.num_rows:
            return self._sink.add(kind, table)
        own = self._is_own(table["src_ip"]) | self._is_own(table["dst_ip"])
        for name in ("inner_src_ip", "inner_dst_ip"):
            own |= self._is_own(table[name])
        new = self._sink.add(kind, table.filter(pa.array(own))) if own.any() else 0
        others = table.filter(pa.array(~own))
        return new + (self._sink.add(KIND, counted(others)) if others.num_rows else 0)

    def reject(self, rejects: Iterable[Reject]) -> None:
        """Take what could not be read."""
        self._sink.reject(rejects)

    def finish_file(self, record: FileRecord) -> None:
        """Take note that a file is completely read."""
        self._sink.finish_file(record)

    def commit(self) -> None:
        """Make everything taken so far visible."""
        self._sink.commit()

    def _kept(self, table: pa.Table) -> NDArray[np.bool_]:
        """Names read off the wire with an end in the networks, and all that servers logged themselves."""
        captured = pc.equal(table["flags"], CAPTURED).fill_null(False).to_numpy(zero_copy_only=False)
        own: NDArray[np.bool_] = self._is_own(table["src_ip"]) | self._is_own(table["dst_ip"]) | ~captured
        return own

    def _is_own(self, addresses: pa.ChunkedArray) -> NDArray[np.bool_]:
        encoded = addresses.combine_chunks().dictionary_encode()
        if isinstance(encoded, pa.ChunkedArray):
            encoded = encoded.combine_chunks()
        known = np.array([self._one(text) for text in encoded.dictionary.to_pylist()] or [False], np.bool_)
        places = encoded.indices.fill_null(0).to_numpy(zero_copy_only=False)
        made: NDArray[np.bool_] = known[places] & encoded.indices.is_valid().to_numpy(zero_copy_only=False)
        return made

    def _one(self, text: str) -> bool:
        if ":" in text:
            address = ipaddress.ip_address(text)
            return any(address in network for network in self._six)
        starts, ends = self._four
        number = int.from_bytes(socket.inet_aton(text), "big")
        place = int(np.searchsorted(starts, number, "right")) - 1
        return place >= 0 and number <= int(ends[place])


def _ranges(networks: Iterable[Network]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """First and last address of each network, in order, overlapping ones as one."""
    merged = list(ipaddress.collapse_addresses(n for n in networks if isinstance(n, ipaddress.IPv4Network)))
    bounds = [(int(n.network_address), int(n.broadcast_address)) for n in merged]
    columns = np.array(bounds, np.int64).reshape(-1, 2)
    return columns[:, 0], columns[:, 1]


def counted(flows: pa.Table) -> pa.Table:
    """Sums of flows per minute, exporter, protocol and port; no address of an end is left."""
    micros = flows["time"].cast(pa.int64())
    minute = pc.multiply(pc.divide(micros, _MINUTE_US), _MINUTE_US)
    keyed = pa.table(
        {
            "minute": minute, "exporter": flows["exporter"], "proto": flows["proto"], "ip_proto": flows["ip_proto"],
            "port_from": _bucket(flows["dst_port"]), "sampling": flows["sampling"],
            "event_id": flows["event_id"].cast(pa.binary()),
            **{name: flows[name] for name in _SUMS},
        }
    )  # fmt: skip
    keys = ["minute", "exporter", "proto", "ip_proto", "port_from", "sampling"]
    sums = [(name, "sum") for name in _SUMS]
    made = keyed.group_by(keys).aggregate([*sums, ("event_id", "min"), ("event_id", "count")])
    return _as_events(made, flows)


def _bucket(ports: pa.ChunkedArray) -> pa.Array:
    """A port below 1024 itself; above it the first of its range."""
    values = ports.combine_chunks()
    numbers = values.fill_null(0).to_numpy(zero_copy_only=False)
    edges = np.array((0, *_BUCKETS), np.int64)
    lower = edges[np.searchsorted(edges, numbers, "right") - 1]
    mask = values.is_null().to_numpy(zero_copy_only=False)
    return pa.array(np.where(numbers < _BUCKETS[0], numbers, lower), pa.int64(), mask=mask)


def _as_events(made: pa.Table, flows: pa.Table) -> pa.Table:
    count = made.num_rows
    exporters = made["exporter"].to_pylist()
    # The least id of what was summed stands for all of it: reading the same evidence again gives the same sums.
    names = [first + repr(row).encode() for first, row in zip(
        made["event_id_min"].to_pylist(),
        zip(*(made[name].to_pylist() for name in ("minute", "proto", "port_from", "event_id_count")), strict=True),
        strict=True,
    )]  # fmt: skip
    same: dict[str, Any] = {name: flows[name][0].as_py() for name in ("trust", "tenant", "scope")}
    same["origin"] = flows["origin"][0].as_py().rpartition("#")[0] or flows["origin"][0].as_py()
    minute = made["minute"].combine_chunks()
    columns: dict[str, Any] = {
        "event_id": pa.array(event_ids(KIND, [who or "" for who in exporters], names), pa.binary(16)),
        "time": minute.cast(pa.timestamp("us")).cast(pa.timestamp("us", tz="UTC")),
        "time_quality": pc.if_else(minute.is_null(), "missing", "exact"),
        "observer": made["exporter"], "device": made["exporter"], "flows": made["event_id_count"],
        **{name: made[name] for name in ("exporter", "proto", "ip_proto", "port_from", "sampling")},
        **{name: made[f"{name}_sum"] for name in _SUMS},
        **{name: pa.repeat(pa.scalar(value, pa.string()), count) for name, value in same.items()},
    }  # fmt: skip
    schema = arrow_schema(KIND)
    return pa.table([columns.get(f.name, pa.nulls(count, f.type)) for f in schema], schema=schema)
