"""Suricata's EVE JSON: every event type, in Suricata's own names with the levels joined by `_`.

https://docs.suricata.io/en/latest/output/eve/eve-json-format.html. DNS changed its form twice (version 1: a record
each; 2: one answer with all records; 3, Suricata 8: `queries` and `answers`); all fill the same `dns_*` columns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from seawall.model.events import BY_NAME
from seawall.platforms.masking import MASK, mask
from seawall.sources.base import Chunk, Evidence, Reading, Source
from seawall.sources.jsonlines import Item, first_object, flattened, read_objects
from seawall.sources.moments import moment
from seawall.sources.records import Records

_SECRET: Final = re.compile(r"(^|_)(password|passwd|community|http_request_body|http_response_body)(_|$)", re.I)
_MASKED: Final = ("http_url", "http_http_user_agent", "http_http_refer", "payload_printable", "ftp_command_data")
_RAW: Final = (
    "payload",
    "packet",
    "packet_info_linktype",
    "http_http_body",
    "http_http_body_printable",
)  # may hold all
_DAYS: Final = tuple(c.name for c in BY_NAME["suricata"].columns if c.type == "time")
_NUMBERS: Final = frozenset(c.name for c in BY_NAME["suricata"].columns if c.type == "int")
_OURS: Final = ("time", "device", "user", "origin", "observer", "tenant", "scope", "trust", "event_id", "received",
                "time_quality", "timestamp", "host", "dst_ip")  # fmt: skip
_ODD: Final = re.compile(r"[^0-9A-Za-z_]+")


def _sniff(evidence: Evidence) -> int:
    found = first_object(evidence.head)
    if found is None:
        return 55 if evidence.head.startswith(b'{"timestamp":"') and b'"event_type":"' in evidence.head[:400] else 0
    kind, time = found.get("event_type"), found.get("timestamp")
    if not isinstance(kind, str) or not isinstance(time, str):
        return 0
    told = ("flow_id", "pcap_cnt", "stats", "src_ip", "engine") if isinstance(found.get(kind), dict) else ("flow_id",)
    return 92 if any(name in found for name in told) else 0


def _read(evidence: Evidence, reading: Reading) -> Iterator[Chunk]:
    """Read EVE line by line; a line that is no event is a reject, the others go on."""
    with Records("suricata", evidence.origin, reading) as records:
        for objects in read_objects(evidence):
            for number, what in objects.faults:
                records.reject(number, what)
            for item in objects.items:
                _take(item, records, reading)
            yield records.chunk(objects.read_bytes, objects.notes)


def _take(item: Item, records: Records, reading: Reading) -> None:
    event = item.value
    if not isinstance(event.get("event_type"), str):
        records.reject(item.number, "JSON, but no EVE event: it has no event_type")
        return
    host = event.get("host")
    observer = host if isinstance(host, str) else None
    when = moment(event.get("timestamp"), reading, observer or "")
    records.add(item.number, item.record, when, observer, columns_of(event, reading))


def columns_of(event: Mapping[str, Any], reading: Reading) -> dict[str, Any]:
    """The columns of one event, secrets masked."""
    said = {name: part for name, part in event.items() if name not in ("timestamp", "host")}
    answers = _dns(said.pop("dns")) if isinstance(said.get("dns"), dict) else {}
    values: dict[str, Any] = {}
    for name, value in flattened(said).items():
        ours = _ODD.sub("_", name)
        values[f"suricata_{ours}" if ours.lower() in _OURS else ours] = _safe(ours, value)
    values |= answers
    for name in _DAYS:
        if name in values:
            values[name] = moment(values[name], reading).micros
    for name in _NUMBERS & values.keys():
        if isinstance(values[name], str) and not values[name].isdecimal():
            values[f"{name}_text"] = values.pop(name)  # never lose what has another type than expected
    values["dst_ip"] = values.get("dest_ip")
    return values


def _safe(name: str, value: Any) -> Any:
    if _SECRET.search(name) or name in _RAW:
        return MASK
    return mask(value) if isinstance(value, str) and (name in _MASKED or len(value) > 256) else value


def _dns(dns: Mapping[str, Any]) -> dict[str, Any]:
    """The question and the answers of a DNS event of any version."""
    nested = dns.get("query")
    if isinstance(nested, list) and nested and isinstance(nested[0], dict):  # alerts of version 2
        dns = {**nested[0], **{name: part for name, part in dns.items() if name != "query"}}
    asked = dns.get("queries")
    question = asked[0] if isinstance(asked, list) and asked and isinstance(asked[0], dict) else dns
    rest = {n: v for n, v in dns.items() if n not in ("answers", "queries", "grouped", "rrname", "rrtype")}
    values = {f"dns_{_ODD.sub('_', name)}": part for name, part in flattened(rest).items()}
    values["dns_rrname"], values["dns_rrtype"] = question.get("rrname"), question.get("rrtype")
    given = dns.get("answers")
    found = (
        [str(a["rdata"]) for a in given if isinstance(a, dict) and a.get("rdata")] if isinstance(given, list) else []
    )
    grouped = dns.get("grouped")
    if not found and isinstance(grouped, dict):
        found = [str(value) for part in grouped.values() if isinstance(part, list) for value in part]
    if not found and dns.get("rdata"):
        found = [str(dns["rdata"])]
    return {**values, "dns_answers": ",".join(found)[:32_768] or None}


SOURCE: Final = Source(
    name="suricata",
    title="Suricata EVE",
    kinds=("suricata",),
    sniff=_sniff,
    read=_read,
)
