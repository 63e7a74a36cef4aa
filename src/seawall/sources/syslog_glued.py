"""Two messages on one line: a line end lost on the way. Told apart only where a whole header stands in the middle.

A header is a PRI stuck to the text before it, with a time or a counter behind. A PRI with a blank before it is left: it
may be a relay's line that quotes another, or words of somebody who would like to write another device's log.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from seawall.sources import columns as cut
from seawall.sources.times import Ints

_HEADER: Final = re.compile(
    rb"<(?:\d|[1-9]\d|1[0-8]\d|19[01])>(?:"
    rb"1 \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"  # RFC 5424
    rb"|(?:[A-Z][a-z]{2}) [ \d]\d (?:\d{4} )?\d\d:\d\d:\d\d[ .]"  # RFC 3164
    rb"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"
    rb"|\d{1,10}: [^<>\n]{0,100}?%[A-Z][A-Z0-9_\-]{1,60}-[0-7]-[A-Z])"  # Cisco: counter, and a mnemonic before long
)
_BARE: Final = cut.byte_set(bytes(range(33)) + b":>\"'([{=|;,<\\/")  # signs after which a PRI is somebody's text
_DIGIT: Final = cut.byte_set(b"0123456789")


def unglued(data: bytes, starts: Ints, ends: Ints) -> tuple[Ints, Ints, Ints]:
    """Where messages start and end, and which of the lines given each stands on."""
    whole = np.arange(len(starts))
    bytes_ = np.frombuffer(data, np.uint8)
    marks = np.flatnonzero(bytes_[1:-1] == 60) + 1  # every line ends, so none is lost
    marks = marks[_DIGIT[bytes_[marks + 1]] & ~_BARE[bytes_[marks - 1]]]
    found = [at for at in marks.tolist() if _HEADER.match(data, at)]
    if not found:
        return starts, ends, whole
    cuts = np.array(found, np.int64)
    lines = np.searchsorted(starts, cuts, side="right") - 1
    inside = (lines >= 0) & (cuts > starts[lines]) & (cuts < ends[lines])
    cuts, lines = cuts[inside], lines[inside]
    return (
        np.insert(starts, lines + 1, cuts),
        np.insert(ends, lines, cuts),
        np.insert(whole, lines + 1, lines),
    )
