"""Walks of Cisco's TAP MIBs (CISCO-TAP2-MIB, CISCO-IP-TAP-MIB and relatives), named or numeric, of any length.

A stream is live when its own row, and that of its mediation device, are active(1) and interception is enabled: rows are
volatile, and one notInService taps nothing. `sysUpTime` tells a restart, `sysName` whose walk it is. Lines are read one
by one and only the columns that matter are kept, because the rows of one tap stand in several tables: a walk costs
memory for its taps, not for its length.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from sys import intern
from typing import Final

from seawall.sources.base import Evidence, Reading
from seawall.sources.intercepts.base import Format, Given, Rows, dumped, lines_of, text
from seawall.sources.intercepts.x1 import joined

MAX_TAPS: Final = 2_000_000
_BASE: Final = (
    r"(?:\.?1\.3\.6\.1\.4\.1"
    r"|\.?iso(?:\.org\.dod\.internet\.private\.enterprises|\.3\.6\.1\.4\.1)|(?:SNMPv2-SMI::)?enterprises)"
)
_NUMERIC: Final = re.compile(rf"^{_BASE}\.9\.9\.(399|394|252|395|400|401|672)\.([\d.]+)\s*=\s*(.*)$")
_NAMED: Final = re.compile(r"^(?:[\w-]+::)?(c(?:i|i6|u|m|802)?[Tt]ap2?\w+)\.([\d.]+)\s*=\s*(.*)$")
_ANY: Final = re.compile(
    rb"^(?:[\w-]*TAP2?-MIB::)?c(?:i|i6|u|m|802)?[Tt]ap2?[A-Z]\w*\.[\d.]+\s*="
    rb"|^\S*9\.9\.(?:399|394|252|395|400|401|672)\.[\d.]+\s*=",
    re.M,
)
_COLUMNS: Final = {  # table of a MIB, by its OID below .9.9 → columns
    "399.1.1.2.1": ("mediation", {2: "DestAddressType", 3: "DestAddress", 4: "DestPort", 13: "Status"}),
    "399.1.2.1.1": ("stream", {2: "StreamType", 3: "InterceptEnable", 6: "Status"}),
    "394.1.1.2.1": (
        "ip",
        {
            2: "AddrType",
            3: "DestinationAddress",
            4: "DestinationLength",
            5: "SourceAddress",
            6: "SourceLength",
            15: "VRF",
            16: "Status",
        },
    ),
}
_WORDS: Final = re.compile(r"^c(?:i|i6|u|m|802)?tap2?(mediation|stream|debug)?(\w+)$", re.I)
_VALUE: Final = re.compile(
    r"^(?:[A-Z][\w-]*\d*(?:-STRING)?|STRING|OID|Hex-STRING|Network Address|IpAddress|Timeticks)\s*:\s*(.*)$", re.I
)
_INTEGER: Final = re.compile(r"\((-?\d+)\)\s*$|^(-?\d+)\b")
_UPTIME: Final = re.compile(
    r"^(?:\S*sysUpTime(?:Instance)?(?:\.0)?|\S*1\.3\.6\.1\.2\.1\.1\.3\.0|\S*mib-2\.1\.3\.0)\s*=\s*(?:Timeticks:\s*)?\(?(\d+)\)?"
)
_NAME: Final = re.compile(
    r"^(?:\S*sysName(?:\.0)|\S*1\.3\.6\.1\.2\.1\.1\.5\.0|\S*mib-2\.1\.5\.0)\s*=\s*(?:STRING:\s*)?\"?([\w.-]+)"
)


_BARE: Final = re.compile(
    rb"^\S*(?:sysUpTime(?:Instance)?(?:\.0)?|1\.3\.6\.1\.2\.1\.1\.3\.0|mib-2\.1\.3\.0)\s*="
    rb"|^\S*(?:c\w*tap2?\w*|9\.9\.(?:399|394))\S*\s*=\s*No Such",
    re.M | re.I,
)


_KEPT: Final = re.compile(r"^(?:Dest|Source|Src)|Status$|Enable$|Addr|Subscriber|User", re.I)


def _sniff(evidence: Evidence) -> int:
    if _ANY.search(evidence.head):
        return 90
    return 55 if _BARE.search(evidence.head[:4_096]) else 0  # an element without taps answers too


@dataclass(slots=True)
class _Walk:
    name: str = ""
    uptime: int | None = None  # hundredths of a second
    mediation: dict[str, dict[str, str]] = field(default_factory=dict)
    streams: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    lines: int = 0
    strange: int = 0
    first: dict[str, int] = field(default_factory=dict)  # content id → line it first stood on


def _read(evidence: Evidence, reading: Reading, rows: Rows) -> Iterator[None]:  # noqa: ARG001 - a reader's signature
    walk = _Walk()
    with closing(evidence.open()) as stream:
        for number, raw in lines_of(stream):
            line = raw.decode("utf-8", "replace")
            _line(walk, line, number)
            if len(walk.streams) > MAX_TAPS:
                rows.reject(number, f"more than {MAX_TAPS} taps in one walk; the rest was left unread")
                break
    if walk.strange:
        rows.note(f"{walk.strange} lines of the walk belong to no table of a tap")
    report = evidence.origin
    count = 0
    seen = {content for content, _ in walk.streams}
    for (content, index), stream_row in walk.streams.items():
        count += 1
        _tap(walk, content, index, stream_row, report, rows)
        if rows.full:
            yield
    for content in walk.mediation:
        if content not in seen:
            count += 1
            _tap(walk, content, "", {}, report, rows)
    if walk.lines or walk.uptime is not None or not walk.strange:
        values = {
            "system": walk.name,
            "path": "element",
            "form": "snmp",
            "complete": True,
            "names_only": False,
            "taps": count,
            "report": report,
            "status": f"uptime {walk.uptime}" if walk.uptime is not None else "",
        }
        rows.add("tap_reports", report, f"snmp\0{walk.name}\0{report}".encode(), values)
    yield


def _line(walk: _Walk, line: str, number: int) -> None:
    found = _NAMED.match(line)
    if found:
        table, column, index, value = _named(found[1], found[2], found[3])
    elif found := _NUMERIC.match(line):
        table, column, index, value = _numeric(found[1], found[2], found[3])
    else:
        if found := _UPTIME.match(line):
            walk.uptime = int(found[1])
        elif found := _NAME.match(line):
            walk.name = text(found[1])
        elif line.strip() and "No Such" not in line and "No more variables" not in line:
            walk.strange += 1
        return
    walk.lines += 1
    if not table:
        return
    content, _, rest = index.partition(".")
    if not _KEPT.search(column):
        walk.first.setdefault(content, number)
        return
    value = intern(value)
    walk.first.setdefault(content, number)
    if table == "mediation":
        walk.mediation.setdefault(content, {})[column] = value
    else:
        name = f"ip.{column}" if table == "ip" else column
        walk.streams.setdefault((content, rest.partition(".")[0]), {})[name] = value


def _named(name: str, index: str, raw: str) -> tuple[str, str, str, str]:
    words = _WORDS.match(name)
    if words is None:
        return "", "", index, ""
    table, column = (words[1] or "").lower(), words[2]
    if table == "debug":
        return "", "", index, ""
    if re.match(r"c(?:i|i6|u|m|802)tap", name, re.I) and not name.lower().startswith("citap2"):
        table = "ip"
        column = re.sub(r"^(?:Stream)", "", column)
    return table or "stream", column, index, _value(raw)


def _numeric(mib: str, rest: str, raw: str) -> tuple[str, str, str, str]:
    for base, (table, columns) in _COLUMNS.items():
        if base.startswith(mib) and f"{mib}.{rest}".startswith(f"{base}."):
            column, _, index = f"{mib}.{rest}"[len(base) + 1 :].partition(".")
            name = columns.get(int(column)) if column.isdigit() and len(column) < 6 else None
            return (table, name, index, _value(raw)) if name else ("", "", index, "")
    return "", "", rest, ""


def _value(raw: str) -> str:
    raw = raw.strip()
    found = _VALUE.match(raw)
    return (found[1] if found else raw).strip().strip('"')


def _number(raw: str | None) -> int | None:
    found = _INTEGER.search(raw or "")
    return int(next(g for g in found.groups() if g is not None)) if found else None


def address(raw: str | None) -> str:
    """`0A 42 01 05`, `0x0A420105`, `10.66.1.5` or sixteen octets as an address; empty if it is none."""
    import ipaddress

    text_ = (raw or "").strip().strip('"')
    squeezed = re.sub(r"[\s:]|^0x", "", text_.lower())
    try:
        if re.fullmatch(r"[0-9a-f]{8}|[0-9a-f]{32}", squeezed) and "." not in text_:
            return str(ipaddress.ip_address(bytes.fromhex(squeezed)))
        return str(ipaddress.ip_address(text_))
    except ValueError:
        return ""


def _tap(walk: _Walk, content: str, index: str, stream: dict[str, str], report: str, rows: Rows) -> None:
    mediation = walk.mediation.get(content, {})
    statuses = [_number(mediation.get("Status")), _number(stream.get("Status")), _number(stream.get("ip.Status"))]
    told = [one for one in statuses if one is not None]
    enabled = _number(stream.get("InterceptEnable"))
    live = bool(told) and all(one == 1 for one in told) and enabled in (None, 1) and (bool(stream) or not walk.streams)
    delivery = address(mediation.get("DestAddress"))
    port = _number(mediation.get("DestPort"))
    targets = list(_targets(stream))
    values = {
        "system": walk.name,
        "path": "element",
        "form": "snmp",
        "tap": f"cTap2MediationContentId={content}",
        "native_kind": "cTap2MediationContentId",
        "native_value": content,
        "liids": "[]",
        "state": "active" if live else "inactive" if told else "unknown",
        "state_raw": "/".join(map(str, told)),
        "tap_scope": "CC",
        "report": report,
        "delivery": dumped([joined(delivery, port)] if delivery else []),
    }
    record = "\0".join((walk.name, content, index, *(v for _, v in targets), *map(str, told), delivery)).encode()
    rows.add("taps", walk.first.get(content, 1), record, values, targets=targets)


def _targets(stream: dict[str, str]) -> Iterator[Given]:
    for side in ("Source", "Destination"):
        host = address(stream.get(f"ip.{side}Address"))
        length = _number(stream.get(f"ip.{side}Length"))
        if host and length != 0:
            yield "cidr", f"{host}/{length}" if length is not None else host
    for name in ("ip.MacAddress", "ip.SourceMacAddress", "ip.DestinationMacAddress", "ip.SrcMacAddr", "ip.DestMacAddr"):
        if stream.get(name):
            yield "MACAddress", stream[name]
    for name, form in (("ip.SubscriberID", "IMSI"), ("ip.SubscriberId", "IMSI"), ("ip.Username", "NAI")):
        if stream.get(name):
            yield form, stream[name]


FORMAT: Final = Format("snmp", "Walk of a TAP MIB", _sniff, _read)
