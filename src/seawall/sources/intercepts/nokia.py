"""Nokia SR OS lawful intercept, as text: `li-source` entries and the mirror destinations they use.

Classic configuration, MD-CLI (braces) and full paths come out alike. One tap is one trigger (sap, subscriber, filter
entry, NAT) of a source that is not shut down; where it goes, the mirror destination of the same number says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from seawall.sources.base import Evidence, Reading
from seawall.sources.intercepts.base import Format, Given, Rows, decoded, dumped, lines_of, text
from seawall.sources.intercepts.config_paths import host_of, paths_of
from seawall.sources.intercepts.x1 import joined

_SNIFF: Final = re.compile(rb"\bli-source\b|^\s*li\s*\{", re.M)
_SOURCE: Final = re.compile(r"\bli-source \"?([^\s\"{]+)\"?\s*(.*)$")
_DEST: Final = re.compile(r"\bmirror-dest \"?([^\s\"{]+)\"?\s*(.*)$")
_TRIGGER: Final = re.compile(
    r"\b(sap|subscriber|ip-filter|ipv6-filter|mac-filter|nat|l2-aware-sub|wlan-gw|imsi|msisdn|imei)\b\s*(.*)$"
)
_INTERCEPT: Final = re.compile(r"\bintercept-id\s+\"?([\w.\-]+)")
_FORMS: Final = {"subscriber": "NAI", "imsi": "IMSI", "msisdn": "MSISDN", "imei": "IMEI", "l2-aware-sub": "NAI"}


@dataclass(slots=True)
class _Source:
    line: int
    triggers: dict[str, list[str]] = field(default_factory=dict)  # trigger → what was said of it
    state: str = ""


def _sniff(evidence: Evidence) -> int:
    head = evidence.head
    return 75 if head.lstrip()[:1] not in (b"{", b"[", b"<") and _SNIFF.search(head) else 0


def _read(evidence: Evidence, reading: Reading, rows: Rows) -> Iterator[None]:  # noqa: ARG001 - a reader's signature
    with closing(evidence.open()) as stream:
        lines = [(number, decoded(raw)) for number, raw in lines_of(stream) if number <= 2_000_000]
    host = host_of(line for _, line in lines)
    sources: dict[str, _Source] = {}
    delivery: dict[str, dict[str, str]] = {}
    for number, path in paths_of(lines):
        whole = " ".join(path)
        if found := _SOURCE.search(whole):
            _take(sources.setdefault(found[1], _Source(number)), found[2])
        elif found := _DEST.search(whole):
            _leg(delivery.setdefault(found[1], {}), found[2])
    count = 0
    for name, source in sources.items():
        for trigger, words in source.triggers.items() or {"": []}.items():
            count += 1
            _row(name, trigger, " ".join(words), source, delivery.get(name, {}), host, evidence.origin, rows)
        if rows.full:
            yield
    values = {
        "system": host,
        "path": "element",
        "form": "nokia",
        "complete": True,
        "names_only": False,
        "taps": count,
        "report": evidence.origin,
    }
    rows.add("tap_reports", evidence.origin, f"nokia\0{host}\0{evidence.origin}".encode(), values)
    for name, leg in delivery.items():
        if name not in sources:
            mirror = {
                "system": host,
                "mirror_kind": "mirror-dest",
                "session": text(name),
                "source": "",
                "destination": joined(leg.get("ip", ""), leg.get("port")),
                "state": "inactive" if leg.get("state") == "off" else "active",
            }
            rows.add("mirrors", evidence.origin, "\0".join(map(str, mirror.values())).encode(), mirror)
    yield


def _take(source: _Source, rest: str) -> None:
    if re.search(r"\bno shutdown\b|admin-state enable", rest):
        source.state = "on"
    elif re.search(r"\bshutdown\b|admin-state disable", rest):
        source.state = "off"
    elif found := _TRIGGER.search(rest):
        words = found[2].split()
        head = [w for w in words if w not in ("ingress", "egress", "create", "{")]
        keys = {"ip-filter": 3, "ipv6-filter": 3, "mac-filter": 3, "nat": 5}.get(found[1], 1)
        name = " ".join([found[1], *head[:keys]]).partition(" intercept-id")[0]
        source.triggers.setdefault(name, []).append(found[2])


def _leg(leg: dict[str, str], rest: str) -> None:
    if found := re.search(
        r"\bip src \S+ dest ([\da-fA-F.:]+)"
        r"|\bdest(?:ination)?(?:-address)?\s+([\d.]+\.[\d.]+|[\da-fA-F]*:[\da-fA-F:]+)",
        rest,
    ):
        leg["ip"] = found[1] or found[2]
    if found := re.search(r"\budp src \d+ dest (\d+)|\b(?:dest(?:ination)?-port|port)\s+(\d+)", rest):
        leg["port"] = found[1] or found[2]
    if re.search(r"(?<!no )\bshutdown\b|admin-state disable", rest):
        leg["state"] = "off"


def _row(
    name: str, trigger: str, words: str, source: _Source, leg: dict[str, str], host: str, origin: str, rows: Rows
) -> None:
    found = _INTERCEPT.search(words)
    native = text(found[1]) if found else ""
    where = joined(leg["ip"], leg.get("port")) if leg.get("ip") else ""
    targets = list(_targets(trigger, words))
    values = {
        "system": host,
        "path": "element",
        "form": "nokia",
        "tap": f"intercept-id={native}" if native else f"li-source={text(name)}",
        "native_kind": "intercept-id" if native else "li-source",
        "native_value": native or text(name),
        "liids": "[]",
        "state": "inactive" if source.state == "off" else "active",
        "state_raw": source.state,
        "tap_scope": "CC",
        "delivery": dumped([where] if where else []),
        "report": origin,
    }
    rows.add("taps", source.line, "\0".join((host, name, trigger, words, where)).encode(), values, targets=targets)


def _targets(trigger: str, words: str) -> Iterator[Given]:
    kind, _, value = trigger.partition(" ")
    value = value.strip('"')
    if kind in _FORMS and value:
        yield _FORMS[kind], value
    elif kind == "nat" and (found := re.search(r"\bip(?:-address)? ([\d.]+|[\da-fA-F:]+)", f"{value} {words}")):
        yield "IPAddress", found[1]
    elif kind == "sap" and value:
        yield "SAP", value


FORMAT: Final = Format("nokia", "Nokia SR OS lawful intercept (text)", _sniff, _read)
