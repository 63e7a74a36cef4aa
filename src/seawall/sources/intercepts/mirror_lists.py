"""Copies of traffic as a list (JSON, CSV) or as a switch shows them (`show monitor session`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from typing import Any, Final

from seawall.sources.base import Evidence, Reading
from seawall.sources.intercepts.base import Format, Rows, decoded, lines_of, text, when
from seawall.sources.intercepts.config_paths import host_of
from seawall.sources.intercepts.delimited import columns_of, rows_of
from seawall.sources.intercepts.objects import objects_of, squeezed

NAMES: Final = {
    "system": ("system", "device", "router", "switch", "host", "hostname", "node", "element", "neidentifier"),
    "mirror_kind": ("kind", "type", "mirrortype", "mirrorkind", "method"),
    "session": ("session", "sessionid", "name", "id", "instance", "capture", "mirror"),
    "source": ("source", "sources", "sourceinterface", "src", "sourceport", "monitored", "from"),
    "destination": ("destination", "destinations", "dest", "dst", "destinationinterface", "destinationip", "to",
                    "collector"),
    "state": ("state", "status", "adminstate"),
}  # fmt: skip
_TIMES: Final = ("ts", "time", "timestamp", "asof", "seen", "at")
_OFF: Final = frozenset(
    {"inactive", "down", "disabled", "shutdown", "off", "stopped", "admindown", "notinservice", "false"}
)
_COPY: Final = re.compile(
    rb"\b(?:e?r?span|port.?mirror(?:ing)?|mirror(?:s|_kind|-dest)?|monitor.?(?:session|capture)|packet.?capture)\b",
    re.I,
)
_SESSION: Final = re.compile(rb"^\s*Session\s+\S+\s*$|^Monitor-session \S+", re.M)
_SHOWN: Final = re.compile(r"^\s*Session\s+(\S+)\s*$|^Monitor-session (\S+)")
_FIELD: Final = re.compile(r"^\s*([A-Za-z][A-Za-z0-9 /\-]*?)\s*:\s*(\S.*)?$")


def _sniff(evidence: Evidence) -> int:
    head = evidence.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] in (b"{", b"["):
        keys = {squeezed(k.decode("utf-8", "ignore")) for k in re.findall(rb"\"([\w \-]{2,30})\"\s*:", head)}
        return 74 if _fits(keys) and _COPY.search(head) and not keys & {"bytes", "octets", "dport"} else 0
    names = set(columns_of(evidence.head))
    if _fits(names) and _COPY.search(head) and not names & {"bytes", "octets", "dport"}:
        return 82
    return 60 if _SESSION.search(evidence.head) and re.search(rb"(?:Source|Destination|Dest)\b", head) else 0


def _fits(names: set[str]) -> bool:
    return all(names & set(NAMES[column]) for column in ("system", "session", "destination"))


def _read(evidence: Evidence, reading: Reading, rows: Rows) -> Iterator[None]:
    head = evidence.head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] in (b"{", b"["):
        for place, raw in objects_of(evidence, rows):
            _row({squeezed(str(k)): v for k, v in raw.items()}, place, reading, rows)
    elif _fits(set(columns_of(evidence.head))):
        for number, row in rows_of(evidence):
            _row(row, number, reading, rows)
    else:
        for number, shown in _shown(evidence):
            _row(shown, number, reading, rows)
    yield


def _row(fields: Mapping[str, Any], place: int | str, reading: Reading, rows: Rows) -> None:
    values = {column: _of(fields, names) for column, names in NAMES.items()}
    if not (values["destination"] or values["source"] or values["session"]):
        rows.reject(place, "a copy of traffic without session, source and destination")
        return
    values["state"] = "inactive" if squeezed(values["state"]) in _OFF else "active"
    moment = when(next((fields[t] for t in _TIMES if fields.get(t)), None), reading)
    rows.add("mirrors", place, "\0".join(values.values()).encode(), dict(values), when=moment)


def _of(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = fields.get(name)
        if isinstance(value, list):
            value = "; ".join(text(v) for v in value)
        if text(value):
            return text(value)
    return ""


def _shown(evidence: Evidence) -> Iterator[tuple[int, dict[str, str]]]:
    """Sessions of `show monitor session all`."""
    with closing(evidence.open()) as stream:
        lines = [(number, decoded(raw)) for number, raw in lines_of(stream) if number <= 200_000]
    host = host_of(line for _, line in lines)
    one: dict[str, str] = {}
    start, side = 1, ""
    for number, line in lines:
        if found := _SHOWN.match(line):
            if one:
                yield start, one
            one, start, side = {"system": host, "kind": "span", "session": found[1] or found[2]}, number, ""
        elif one and (field := _FIELD.match(line)):
            name, value = field[1].lower(), (field[2] or "").strip()
            if name.startswith(("source", "dest")):
                side = "source" if name.startswith("source") else "destination"
            if name == "type":
                one["kind"] = next(
                    (k for k in ("erspan", "rspan") if k in value.lower().replace("remote", "rspan")), "span"
                )
            elif name in ("status", "admin status", "state"):
                one["state"] = value.split()[0] if value else ""
            elif (
                side
                and value
                and (name in ("both", "rx only", "tx only", "rx", "tx") or name.startswith(("source", "dest")))
            ):
                one[side] = f"{one[side]}; {value}" if side in one else value
    if one:
        yield start, one


FORMAT: Final = Format("mirrors", "Copies of traffic (lists, show monitor session)", _sniff, _read)
