"""Router configuration and `show` text: copies of traffic beside lawful intercept, LI features.

Copies: SPAN, RSPAN, ERSPAN, embedded capture (Cisco), port mirroring and analyzers (Junos), mirror destinations
(SR OS), observing ports (VRP). Features: an LI package in `show install`, a TAP MIB bound to an SNMP view.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from seawall.sources.base import Evidence, Reading
from seawall.sources.intercepts.base import Format, Rows, decoded, dumped, lines_of, text
from seawall.sources.intercepts.config_paths import host_of, paths_of

MAX_LINES: Final = 2_000_000
_SNIFF: Final = re.compile(
    rb"^\s*(?:monitor[ -](?:session|capture)|(?:set )?forwarding-options|port-mirroring|analyzer |observe-port"
    rb"|debug mirror-source|(?:configure )?mirror\b|mirror-dest|snmp-server view \S+ c\w*tap|(?:set )?snmp view)"
    rb"|port-mirroring \{|analyzer \{|-li[-_]\S*\d"
    rb"|\b(?:c?TapMIB|cTap2MIB|ciscoIpTapMIB)\b|lawful-intercept|flow-tap",
    re.M | re.I,
)
_SESSION: Final = re.compile(r"^monitor[ -]session (?P<name>\S+)\s*(?P<rest>.*)$", re.I)
_CAPTURE: Final = re.compile(r"^monitor capture (?P<name>\S+)\s*(?P<rest>.*)$", re.I)
_ANALYZER: Final = re.compile(r"\b(?:analyzer|port-mirroring instance) (?P<name>\S+)\s*(?P<rest>.*)$", re.I)
_MIRRORING: Final = re.compile(r"\bforwarding-options port-mirroring\b\s*(?P<rest>.*)$", re.I)
_DEST: Final = re.compile(r"\bmirror-dest \"?(?P<name>[^\s\"]+)\"?\s*(?P<rest>.*)$", re.I)
_DEBUG: Final = re.compile(r"\bdebug mirror-source \"?(?P<name>[^\s\"]+)\"?\s*(?P<rest>.*)$", re.I)
_OBSERVE: Final = re.compile(r"^observe-port (?P<name>\S+)\s*(?P<rest>.*)$", re.I)
_PACKAGE: Final = re.compile(
    r"(?<![\w.\-])[\w.\-]{0,80}-li(?:[-_.][\w.\-]{0,80})?(?![\w\-])|\b\w{1,40}-k9sec-li\S{0,80}", re.I
)
_INSTALLED: Final = re.compile(r"active|\d\.\d", re.I)
_VIEW: Final = re.compile(r"^snmp-server view (\S+) (c\w*tap\w*)\S* included", re.I)
_FLOWTAP: Final = re.compile(r"\b(?:system services |services )?(flow-tap(?:-dtcp)?|radius-flow-tap)\b", re.I)
_LI_SOURCE: Final = re.compile(r"\bli li-source\b|\bli-source\b")


@dataclass(slots=True)
class _Copy:
    kind: str
    line: int
    sources: list[str] = field(default_factory=list)
    destinations: list[str] = field(default_factory=list)
    off: bool = False
    on: bool = False


def _sniff(evidence: Evidence) -> int:
    head = evidence.head
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"[", b"<"):
        return 0
    return (
        40
        if _SNIFF.search(head)
        else 30
        if re.search(rb"^(?:hostname|set system host-name|sysname) ", head, re.M)
        else 0
    )


def _read(evidence: Evidence, reading: Reading, rows: Rows) -> Iterator[None]:  # noqa: ARG001 - a reader's signature
    with closing(evidence.open()) as stream:
        lines = []
        for number, raw in lines_of(stream):
            if number > MAX_LINES:
                rows.reject(number, f"more than {MAX_LINES} lines; the rest was left unread")
                break
            lines.append((number, decoded(raw) if b"\0" not in raw else ""))
    host = host_of(line for _, line in lines)
    copies: dict[tuple[str, str], _Copy] = {}
    features: list[str] = []
    for number, path in paths_of(lines):
        _copy(copies, number, path)
        _feature(features, path[-1])
    for (kind, name), one in copies.items():
        _row(kind, name, one, host, rows)
        if rows.full:
            yield
    values = {
        "system": host,
        "path": "element",
        "form": "config",
        "complete": False,
        "names_only": False,
        "taps": 0,
        "features": dumped(list(dict.fromkeys(features))[:20]),
        "report": evidence.origin,
    }
    rows.add("tap_reports", evidence.origin, f"config\0{host}\0{evidence.origin}".encode(), values)
    yield


def _copy(copies: dict[tuple[str, str], _Copy], number: int, path: tuple[str, ...]) -> None:
    whole = " ".join(path)
    for form, kind in (
        (_SESSION, "span"),
        (_CAPTURE, "capture"),
        (_DEBUG, "debug-mirror"),
        (_OBSERVE, "observe-port"),
        (_DEST, "mirror-dest"),
        (_ANALYZER, "port-mirroring"),
        (_MIRRORING, "port-mirroring"),
    ):
        found = form.search(whole)
        if found:
            name = found["name"] if "name" in form.groupindex else "default"
            one = copies.setdefault((kind, name.strip('"')), _Copy(kind, number))
            _said(one, found["rest"], whole)
            return


def _said(one: _Copy, rest: str, whole: str) -> None:
    """What a line adds to a copy."""
    low = rest.lower()
    if "erspan" in low:
        one.kind = "erspan"
    elif "rspan" in low or "remote vlan" in low:
        one.kind = "rspan"
    if re.search(r"(?<!no )\bshutdown$|\badmin-state disable|\bstop$|\binactive:", low):
        one.off = True
    if re.search(r"\bno shutdown$|\badmin-state enable|\bstart$", low):
        one.on = True
    if found := re.search(r"\bsource\s+(?:interface |vlan |cpu )?(.+)$", rest, re.I):
        one.sources.append(found[1])
    if whole.lower().startswith("interface ") and one.kind in ("span", "erspan", "rspan"):
        one.sources.append(whole.split()[1])
    if found := re.search(r"\binput\b.*?\binterface\s+(\S+)", rest, re.I):
        one.sources.append(found[1])
    if found := re.search(r"\binterface (\S+)", rest, re.I):
        where = one.destinations if re.search(r"\boutput\b|\bdestination\b", low) else one.sources
        if found[1] not in where and one.kind in ("capture", "port-mirroring", "observe-port"):
            (one.destinations if one.kind == "observe-port" else where).append(found[1])
    found = re.search(
        r"\bdestination\s+(?:interface |remote vlan |ip address |ipv4-address |address )?(.+)$", rest, re.I
    )
    if found and found[1].split()[0].lower() not in ("origin", "erspan-id", "mtu", "vrf", "no"):
        one.destinations.append(re.sub(r"^ip address ", "", found[1]))
    found = re.search(
        r"\b(?:output )?(?:ip-address|ip address|next-hop|dest|destination-address)\s+([\da-fA-F.:]+)", rest, re.I
    )
    if found and "origin" not in low:
        one.destinations.append(found[1])


def _row(kind: str, name: str, one: _Copy, host: str, rows: Rows) -> None:
    destinations = [d for d in dict.fromkeys(one.destinations) if d.lower() not in ("ip", "interface")]
    state = "inactive" if one.off and not one.on else "active"
    if kind == "capture" and not one.on and not one.off:
        state = "unknown"
    values = {
        "system": host,
        "mirror_kind": one.kind,
        "session": text(name),
        "source": text("; ".join(dict.fromkeys(one.sources))),
        "destination": text("; ".join(destinations)),
        "state": state,
    }
    rows.add("mirrors", one.line, "\0".join((host, *map(str, values.values()))).encode(), values)


def _feature(features: list[str], line: str) -> None:
    if found := _VIEW.match(line):
        features.append(f"SNMP view {text(found[1])} shows {text(found[2])}")
    elif _INSTALLED.search(line) and (found := _PACKAGE.search(line)):
        features.append(f"package {text(found[0])}")
    elif found := _FLOWTAP.search(line):
        features.append(text(found[1]))


FORMAT: Final = Format("config", "Router configuration (copies of traffic, LI features)", _sniff, _read)
