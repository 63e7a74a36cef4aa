"""DTCP (Juniper FlowTap): answers to LIST, and ADD and DELETE messages where somebody recorded them.

Lines end CRLF or LF, names in any case. Each criterion is one tap; LIST names triggers, never the sessions mirrored
now. Authentication-Info is never kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from typing import Final

from seawall.sources.base import Evidence, Reading
from seawall.sources.intercepts.base import Format, Given, Rows, dumped, lines_of, text
from seawall.sources.intercepts.x1 import joined

_SNIFF: Final = re.compile(
    rb"^DTCP/\d\.\d |^(?:ADD|DELETE|LIST|ENABLE|DISABLE|REFRESH) DTCP/\d"
    rb"|^(?:X-JTAP-[\w-]+|X-MD-INTERCEPT-ID|CRITERIA-ID)\s*:",
    re.M | re.I,
)
_VERB: Final = re.compile(r"^(ADD|DELETE|LIST|ENABLE|DISABLE|REFRESH|NOOP) DTCP/\d", re.I)
_TRIGGERS: Final = {  # X-… triggers by subscriber
    "user-name": "NAI",
    "x-user-name": "NAI",
    "x-username": "NAI",
    "calling-station-id": "MACAddress",
    "x-calling-station-id": "MACAddress",
}


def _sniff(evidence: Evidence) -> int:
    return 95 if _SNIFF.search(evidence.head[:8_192]) else 0


def _read(evidence: Evidence, reading: Reading, rows: Rows) -> Iterator[None]:  # noqa: ARG001 - a reader's signature
    block: dict[str, str] = {}
    verb, answered, count, claimed, start = "", False, 0, None, 1
    with closing(evidence.open()) as stream:
        for number, raw in lines_of(stream):
            line = raw.decode("utf-8", "replace").strip()
            if found := _VERB.match(line):
                count += _flush(block, verb, evidence.origin, start, rows)
                verb, block = found[1].upper(), {}
                if verb not in ("ADD", "DELETE", "LIST", "REFRESH", "NOOP"):
                    rows.note("a DTCP verb this reader does not know")
            elif line.upper().startswith("DTCP/"):
                count += _flush(block, verb, evidence.origin, start, rows)
                verb, block, answered = "", {}, True
                if " 200" not in line:
                    rows.reject(number, "DTCP answered with an error; its taps are not known")
            elif not line or (line.upper().startswith("CRITERIA-ID") and "criteria-id" in block):
                count += _flush(block, verb, evidence.origin, start, rows)
                block = {}
            name, colon, value = line.partition(":")
            if colon and not _VERB.match(line):
                name = name.strip().lower()
                if not block:
                    start = number
                if name == "criteria-count":
                    claimed = int(value) if value.strip().isdigit() and len(value.strip()) < 9 else None
                elif name != "authentication-info":
                    block[name] = text(value)
            if rows.full:
                yield
    count += _flush(block, verb, evidence.origin, start, rows)
    if claimed is not None and claimed != count:
        rows.reject(evidence.origin, f"the answer claims {claimed} criteria and names {count}: taps may be missing")
    if answered or claimed is not None:
        values = {
            "system": "",
            "path": "element",
            "form": "dtcp",
            "complete": claimed in (None, count),
            "names_only": False,
            "taps": count,
            "report": evidence.origin,
        }
        rows.add("tap_reports", evidence.origin, f"dtcp\0{evidence.origin}".encode(), values)
    yield


def _flush(block: dict[str, str], verb: str, origin: str, line: int, rows: Rows) -> int:
    """One tap of a block of fields; 0 where it is none."""
    if "x-md-intercept-id" not in block and "criteria-id" not in block and "x-jtap-cdest-dest-address" not in block:
        return 0
    native = block.get("x-md-intercept-id", "").lower().removeprefix("0x")
    host = block.get("x-jtap-cdest-dest-address", "")
    delivery = joined(host, block.get("x-jtap-cdest-dest-port")) if host else ""
    targets = list(_targets(block))
    values = {
        "system": "",
        "path": "management" if verb else "element",
        "form": "dtcp",
        "tap": native or f"criteria {block.get('criteria-id', '')}",
        "native_kind": "X-MD-Intercept-Id",
        "native_value": native,
        "liids": "[]",
        "mediator": block.get("csource-id", ""),
        "state": "active" if not verb or verb == "ADD" else "inactive",
        "state_raw": verb or block.get("flags", ""),
        "tap_scope": "CC",
        "delivery": dumped([delivery] if delivery else []),
        "report": origin,
    }
    record = "\0".join((native, block.get("criteria-id", ""), delivery, *(v for _, v in targets))).encode()
    rows.add("taps", line, record, values, targets=targets)
    return 1


def _targets(block: dict[str, str]) -> Iterator[Given]:
    for name in ("source-address", "dest-address"):
        value = block.get(name, "")
        if value and value != "*":
            yield "cidr", value
    for name, form in _TRIGGERS.items():
        if block.get(name):
            yield form, block[name]


FORMAT: Final = Format("dtcp", "DTCP (FlowTap)", _sniff, _read)
