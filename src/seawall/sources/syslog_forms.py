"""Forms whose header stands inside the text: Nokia SR OS events and FortiOS key=value lines.

These are rare enough to be read line by line; only lines whose text begins with a digit or `date=` are looked at.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

import numpy as np

from seawall.sources import columns as cut
from seawall.sources.times import Ints, zone_minutes

_DIGITS: Final = cut.byte_set(b"0123456789")
_SROS: Final = re.compile(
    rb"(?P<seq>\d{1,18}) (?P<instance>\S+) "
    rb"(?P<name>[A-Z0-9_]+-(?P<severity>CRITICAL|MAJOR|MINOR|WARNING|INDETERMINATE|CLEARED)-\w+-\d+) (?=\[)"
)
# As the vendor maps them (7705 SAR OS System Management Guide, table 26), and as its PRIs bear out.
_SEVERITIES: Final = {b"CRITICAL": 1, b"MAJOR": 2, b"MINOR": 3, b"WARNING": 4, b"INDETERMINATE": 6, b"CLEARED": 6}
_FORTI: Final = re.compile(rb"date=(\d{4})-(\d\d)-(\d\d) time=(\d\d):(\d\d):(\d\d)")
_FORTI_NAME: Final = re.compile(rb'(?<![^ ])devname="?([^" ]+)"?')
_FORTI_ZONE: Final = re.compile(rb'(?<![^ ])tz="?([+-]\d\d:?\d\d)"?')


class Inner(NamedTuple):
    """What the text of a line says that its header did not."""

    skip: int = 0  # bytes of the text that are header
    mnemonic: str | None = None
    severity: int = -1
    platform: str | None = None
    observer: str | None = None
    sequence: int | None = None
    micros: int | None = None
    zone_written: bool = False


def special(data: bytes, bytes_: cut.Bytes, starts: Ints, ends: Ints, rows: cut.Flags) -> dict[int, Inner]:
    """Inner headers by row, among the rows given; `starts` are where the texts start."""
    first = bytes_[np.minimum(starts, len(data))]
    found: dict[int, Inner] = {}
    for i in np.flatnonzero(rows & (_DIGITS[first] | (first == 100)) & (starts < ends)).tolist():
        if match := _SROS.match(data, starts[i], ends[i]):
            name, seq = match["name"].decode(), int(match["seq"])
            found[i] = Inner(match.end() - match.start(), name, _SEVERITIES[match["severity"]], "sros", sequence=seq)
        elif match := _FORTI.match(data, starts[i], ends[i]):
            found[i] = _fortios(match, data[starts[i] : ends[i]])
    return found


def _fortios(match: re.Match[bytes], text: bytes) -> Inner:
    name, zone = _FORTI_NAME.search(text), _FORTI_ZONE.search(text)
    shift, sure = zone_minutes(zone[1].decode()) if zone else (0, False)
    try:
        when = datetime(*map(int, match.groups()), tzinfo=UTC) - timedelta(minutes=shift)  # type: ignore[misc,arg-type]
        micros: int | None = int(when.timestamp()) * 1_000_000
    except (ValueError, OverflowError):
        micros = None
    observer = name[1].decode("utf-8", "replace") if name else None
    return Inner(platform="fortios", observer=observer, micros=micros, zone_written=sure)
