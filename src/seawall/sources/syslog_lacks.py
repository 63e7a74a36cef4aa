"""What a syslog line does not say of itself, and why: nothing is missing without a reason."""

from __future__ import annotations

import re
from typing import Any, Final

import numpy as np
import pyarrow as pa

from seawall.sources import columns as cut
from seawall.sources.syslog_forms import Inner
from seawall.sources.syslog_parts import Parts
from seawall.sources.times import UPTIME

_HOST: Final = ("", "host: none written")
_TIME: Final = ("", "time: none written", "time: uptime only", "time: no such date")
_MONTH: Final = re.compile(rb"[*.]?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)$")
_SEVERITY: Final = ("", "severity: no PRI")
_NAME: Final = ("", "name: free text")
_WORDS: Final = [
    ", ".join(reason for reason in (host, time, severity, name) if reason) or None
    for name in _NAME
    for severity in _SEVERITY
    for time in _TIME
    for host in _HOST
]


def lacks(
    parts: Parts,
    hosts: cut.Flags,
    times: cut.Flags,
    severities: cut.Flags,
    programs: cut.Flags,
    forms: dict[int, Inner],
) -> pa.Array:
    """The column `lacks`; the flags say which lines have a host, a time, a severity, a program."""
    without_time = np.where(times, 0, 1)
    if not times.all():
        without_time = np.where(times, 0, _written(parts)[parts.shapes])
    names = programs | (parts.mnemonics > 0)
    codes = ((~names * 2 + ~severities) * len(_TIME) + without_time) * 2 + ~hosts
    if not codes.any() and not any(form.part for form in forms.values()):
        return pa.nulls(len(codes), pa.string())  # most blocks: nothing is lacking
    segments = {row: form.part for row, form in forms.items() if form.part and form.part[2] > 0}
    if not segments:
        return cut.decode(codes, _WORDS)
    reasons = [_WORDS[code] for code in codes.tolist()]
    for row, (_, count, number) in segments.items():
        part = f"segment {number + 1} of {count}: what it tells is read with the first"
        reasons[row] = f"{reasons[row]}, {part}" if reasons[row] else part
    return pa.array(reasons, pa.string())


def _written(parts: Parts) -> np.ndarray[Any, np.dtype[np.int64]]:
    """For each shape what stands in its head for a time, by the first line that has it: a place in `_TIME`."""
    example = cut.first_of_each(parts.shapes, len(parts.table))
    heads = zip(parts.starts[example].tolist(), parts.message[example].tolist(), strict=True)
    return np.array([_reason(_words(parts.data[start:end])) for start, end in heads], np.int64)


def _reason(words: list[bytes]) -> int:
    if not any(map(UPTIME.match, words)):
        return 1
    return 3 if any(map(_MONTH.match, words)) else 2  # beside a month the clock is one: 25:00:00, Feb 30


def _words(head: bytes) -> list[bytes]:
    return head[:240].replace(b">", b" ").split(b" ")
