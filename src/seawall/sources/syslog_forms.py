"""Forms whose header stands inside the text: SR OS events, FortiOS pairs, PAN-OS records, ISE segments, CEF and LEEF.

These are read line by line; only lines whose text begins with a sign one of them begins with are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from seawall.platforms import fortios, ise, panos
from seawall.platforms.fields import SHIPPED, Shipped, shipped
from seawall.sources import columns as cut
from seawall.sources.times import Ints, moment

_FIRST: Final = cut.byte_set(b'0123456789CdiLlt"')
_SROS: Final = re.compile(
    r"(?P<seq>\d{1,18}) (?P<instance>\S+) "
    r"(?P<name>[A-Z0-9_]+-(?P<severity>CRITICAL|MAJOR|MINOR|WARNING|INDETERMINATE|CLEARED)-\w+-\d+) (?=\[)"
)
# As the vendor maps them (7705 SAR OS System Management Guide, table 26), and as its PRIs bear out.
_SEVERITIES: Final = {"CRITICAL": 1, "MAJOR": 2, "MINOR": 3, "WARNING": 4, "INDETERMINATE": 6, "CLEARED": 6}
_FORTI: Final = re.compile(
    r"\"?(?:(?:logver|timestamp|itime|idseq|devname|devid|device_id|tz|vd)=(?:\"[^\"]{0,64}\"|[^\s\",]{0,64})[ ,]){0,6}"
    r"(?:time=\"?\d\d:\d\d:\d\d\S{0,12} (?:dev(?:name|id)|eventtime|logid)=|"  # a relay took the date for a program
    r"date=\"?\d{4}-\d\d-\d\d\"?[ ,]time=)"
)
_PANOS: Final = re.compile(r"\d{0,3},[^,]{0,40},[^,]{0,40},[A-Z][A-Z\-]{3,20},[^,]{0,40},[^,]{0,20},[^,]{0,40},")
_ISE: Final = re.compile(r"CISE_\w{1,64}(?= )")
_CEF_LEVELS: Final = {"low": 5, "medium": 4, "high": 3, "very-high": 2, "unknown": -1}


class Inner(NamedTuple):
    """What the text of a line says that its header did not."""

    skip: int = 0  # characters of the text that are header
    mnemonic: str | None = None
    severity: int = -1
    platform: str | None = None
    observer: str | None = None
    sequence: int | None = None
    micros: int | None = None
    zone_written: bool = False
    part: tuple[str, int, int] | None = None  # message, number of segments, segment from 0: text cut by its sender
    whole: str | None = None  # the text of all segments, at the row of the first one


def special(data: bytes, bytes_: cut.Bytes, starts: Ints, ends: Ints, rows: cut.Flags) -> dict[int, Inner]:
    """Inner headers by row, among the rows given; `starts` are where the texts start."""
    first = bytes_[np.minimum(starts, len(data))]
    found: dict[int, Inner] = {}
    for i in np.flatnonzero(rows & _FIRST[first] & (starts < ends)).tolist():
        text = data[starts[i] : ends[i]].decode("utf-8", "replace")
        for form, reader in _FORMS:
            if (match := form.match(text)) and (inner := reader(match, text)):
                found[i] = inner
                break
    if any(inner.part for inner in found.values()):
        _join(found, lambda i: data[starts[i] : ends[i]].decode("utf-8", "replace"))
    return found


def _join(found: dict[int, Inner], text_of: Callable[[int], str]) -> None:
    """Give the row of each first segment the text of all, where none is missing; the rows stay as they are."""
    parts: dict[tuple[str, int], dict[int, int]] = {}
    for row, inner in found.items():
        if inner.part and inner.part[1] > 1:
            parts.setdefault(inner.part[:2], {}).setdefault(inner.part[2], row)
    for (_, count), rows in parts.items():
        if set(rows) == set(range(count)):
            texts = [text_of(rows[0])]
            for number in range(1, count):
                text = text_of(rows[number])
                head = ise.HEAD.match(text)
                texts.append(text[head.end() :] if head else text)
            found[rows[0]] = found[rows[0]]._replace(whole=" ".join(texts))


def _sros(match: re.Match[str], _: str) -> Inner:
    return Inner(match.end(), match["name"], _SEVERITIES[match["severity"]], "sros", sequence=int(match["seq"]))


def _fortios(_: re.Match[str], text: str) -> Inner:
    said = fortios.fields_of(text)
    return _of_fortios(said)


def _of_fortios(said: dict[str, str]) -> Inner:
    micros, sure = moment(f"{said.get('date', '')} {said.get('time', '')}{said.get('tz', '')}")
    epoch, _ = moment(said.get("eventtime", ""))
    # It counts in UTC, and says what date and time leave open: the zone, or the part of the second.
    if epoch is not None and (not sure or (micros is not None and micros // 1_000_000 == epoch // 1_000_000)):
        micros, sure = epoch, True
    level = fortios.LEVELS.get((said.get("level") or said.get("pri") or "").lower(), -1)
    observer = said.get("devname") or said.get("devid") or said.get("device_id")
    return Inner(0, fortios.name_of(said), level, "fortios", observer, micros=micros, zone_written=sure)


def _panos(_: re.Match[str], text: str) -> Inner | None:
    values = panos.values_of(text)
    if len(values) < 9:
        return None
    name, device, severity, time = panos.header_of(values)
    micros, sure = moment(time)
    return Inner(0, name, severity, "panos", device, micros=micros, zone_written=sure)


def _ise(match: re.Match[str], text: str) -> Inner:
    head = ise.HEAD.match(text)
    if head is None:
        return Inner(0, match[0], platform="ise")
    part = (f"{match[0]} {head['message']}", int(head["segments"]), int(head["segment"]))
    if not head["code"]:
        return Inner(0, match[0], platform="ise", sequence=int(head["message"]), part=part)
    micros, sure = moment(head["time"])
    level = ise.LEVELS.get(head["level"], -1)
    number = int(head["message"])
    return Inner(0, f"{match[0]}/{head['code']}", level, "ise", None, number, micros, sure, part)


def _ise_local(match: re.Match[str], _: str) -> Inner:
    name = f"{ise.category_of(match)}/{match['code']}"
    micros, sure = moment(match["time"]) if match["time"] else (None, False)
    return Inner(0, name, ise.LEVELS[match["level"]], "ise", None, int(match["counter"]), micros, sure)


def _shipped(_: re.Match[str], text: str) -> Inner | None:
    event = shipped(text)
    if event is None:
        return None
    said, vendor = event.fields, event.vendor.lower()
    if vendor.startswith("fortinet"):
        inner = _of_fortios(fortios.fields_of(text))
    else:
        platform = "panos" if vendor.startswith("palo alto") else "cef"
        inner = Inner(0, event.event or event.name or None, -1, platform)
    micros, sure = inner.micros, inner.zone_written
    for name in ("rt", "start", "devTime", "end"):
        if micros is None and (value := said.get(name)):
            micros, sure = moment(value)
    observer = inner.observer or next((said[n] for n in ("dvchost", "dvc", "identHostName") if said.get(n)), None)
    return inner._replace(
        severity=inner.severity if inner.severity >= 0 else _cef_level(event),
        observer=observer,
        micros=micros,
        zone_written=sure,
    )


def _cef_level(event: Shipped) -> int:
    """A syslog severity for CEF's 0-10 (ArcSight: 0-3 low, 4-6 medium, 7-8 high, 9-10 very high) or its words."""
    word = event.severity.strip().lower()
    if word.isascii() and word.isdigit() and len(word) <= 2:
        number = int(word)
        return 5 if number <= 3 else 4 if number <= 6 else 3 if number <= 8 else 2
    return _CEF_LEVELS.get(word, -1)


_FORMS: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], str], Inner | None]], ...]] = (
    (_SROS, _sros),
    (_FORTI, _fortios),
    (_PANOS, _panos),
    (_ISE, _ise),
    (ise.LOCAL, _ise_local),
    (SHIPPED, _shipped),
)


def begins_special(line: bytes) -> bool:
    """Whether a line without any header begins as one of the forms that need none."""
    text = line[:512].decode("latin-1")
    return any(form.match(text) for form in (_FORTI, SHIPPED, ise.LOCAL)) or bool(_RECORD.match(text))


_RECORD: Final = re.compile(r"\d{0,3},\d{4}/\d\d/\d\d \d\d:\d\d:\d\d,[^,]{0,40},[A-Z][A-Z\-]{3,20},")
