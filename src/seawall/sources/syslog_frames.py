"""Octet-counted messages (RFC 6587, 3.4.1), as some receivers write the stream to a file: `83 <13>…76 <13>…`.

A count is believed where another message stands behind it; where it lies, its message ends with the line. The count
is no part of the message: the same message without it has the same event id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import numpy as np

from seawall.sources.times import Ints

FRAME: Final = re.compile(rb"(?P<count>[1-9]\d{0,5}) (?=<(?:\d|[1-9]\d|1[0-8]\d|19[01])>)")
_WIDTH: Final = 7  # digits of a count and its blank


def unframed(data: bytes, starts: Ints, ends: Ints) -> tuple[Ints, Ints, Ints]:
    """Where messages start and end, and which of the lines given each stands on."""
    whole = np.arange(len(starts))
    bytes_ = np.frombuffer(data, np.uint8)
    counted = (bytes_[starts] - np.uint8(49) < 9) & (ends - starts > _WIDTH)
    rows = [row for row in np.flatnonzero(counted).tolist() if FRAME.match(data, starts[row])]
    if not rows:
        return starts, ends, whole
    pieces = {row: list(_pieces(data, int(starts[row]), int(ends[row]))) for row in rows}
    many = np.ones(len(starts), np.int64)
    many[rows] = [len(pieces[row]) for row in rows]
    which = np.repeat(whole, many)
    starts, ends = starts[which], ends[which]
    at = np.searchsorted(which, rows)
    for first, row in zip(at.tolist(), rows, strict=True):
        for place, (start, end) in enumerate(pieces[row], first):
            starts[place], ends[place] = start, end
    return starts, ends, which


def _pieces(data: bytes, at: int, end: int) -> Iterator[tuple[int, int]]:
    """The messages on one line that begins with a count."""
    while found := FRAME.match(data, at, end):
        stop = found.end() + int(found["count"])
        if stop >= end or not FRAME.match(data, stop, end):
            stop = end
        yield found.end(), stop
        at = stop
