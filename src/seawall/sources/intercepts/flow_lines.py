"""Flows of the delivery network as JSON: who sent how much to which address. Headers only; a payload is never kept."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import orjson

from seawall.sources.base import Evidence, Reading
from seawall.sources.intercepts.base import Format, Rows, text, when
from seawall.sources.intercepts.delimited import columns_of
from seawall.sources.intercepts.objects import objects_of, squeezed
from seawall.sources.intercepts.x1 import xid_of

NAMES: Final = {
    "src": ("src", "srcip", "source", "sourceip", "srcaddr", "sourceaddress", "idorigh"),
    "dst": ("dst", "dstip", "destination", "destip", "dstaddr", "destinationip", "destinationaddress", "idresph"),
    "dst_port": ("dport", "dstport", "destport", "destinationport", "port", "idrespp"),
    "proto": ("proto", "protocol"),
    "octets": ("bytes", "octets", "size", "length"),
    "liid": ("liid",),
    "xid": ("xid",),
}  # fmt: skip
_TIMES: Final = ("ts", "time", "timestamp", "start", "first", "at", "starttime", "firstseen")
_SRC: Final = re.compile(rb"\"(?:src|src_?ip|source|source_?ip|srcaddr|source_?address)\"\s*:", re.I)
_DST: Final = re.compile(rb"\"(?:dst|dst_?ip|dest_?ip|destination|dstaddr|destination_?(?:ip|address))\"\s*:", re.I)
_SIZE: Final = re.compile(rb"\"(?:bytes|octets|packets|dport|dst_?port|proto)\"\s*:", re.I)


def _sniff(evidence: Evidence) -> int:
    head = evidence.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] not in (b"{", b"["):
        names = set(columns_of(evidence.head))
        ends = names & set(NAMES["src"]) and names & set(NAMES["dst"])
        return 79 if ends and names & {*NAMES["octets"], *NAMES["dst_port"], *NAMES["proto"]} else 0
    return 72 if _SRC.search(head) and _DST.search(head) and _SIZE.search(head) else 0


def _read(evidence: Evidence, reading: Reading, rows: Rows) -> Iterator[None]:
    for place, raw in objects_of(evidence, rows):
        fields = {squeezed(str(name)): value for name, value in raw.items()}
        values: dict[str, object] = {
            column: next((text(fields[n]) for n in names if text(fields.get(n))), "") for column, names in NAMES.items()
        }
        values["xid"] = xid_of(str(values["xid"]))
        for column in ("dst_port", "octets"):
            value = str(values[column])
            values[column] = int(value) if value.isascii() and value.isdigit() and len(value) < 19 else 0
        if not values["dst"]:
            rows.reject(place, "a flow without a destination")
            continue
        moment = when(next((fields[t] for t in _TIMES if fields.get(t)), None), reading)
        rows.add("delivery", place, orjson.dumps(raw, default=str), values, when=moment)
        if rows.full:
            yield
    yield


FORMAT: Final = Format("flows", "Flows of the delivery network (JSON)", _sniff, _read)
