"""Log messages out of a stream of bytes (RFC 6587, RFC 5425): counted, or one a line, as each sender likes.

A count is believed where a priority stands behind it (`83 <13>…`); all else is lines. What comes out is one message a
line: a line feed inside a counted message becomes `#012`, as rsyslog writes it, so that it stays one message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

_COUNT: Final = re.compile(rb"([1-9]\d{0,8}) <")
_BEGUN: Final = re.compile(rb"[1-9]\d{0,8} ?\Z")  # may become a count when more comes
_TO_LINE_END: Final = -1


@dataclass(slots=True)
class Framing:
    """Where one connection stands between two looks; nothing of a message is kept here."""

    skip: int = 0  # octets of a message too long to take that are still to come; -1: up to the line's end
    counted: bool = False  # whether the sender counts


@dataclass(slots=True)
class Taken:
    """What whole messages some bytes held."""

    lines: bytes = b""  # each message ended by a line feed
    messages: int = 0
    used: int = 0  # octets to take off the stream; the rest waits for more
    oversized: int = 0  # messages left out


def take(data: bytes, framing: Framing, most: int, *, over: bool = False) -> Taken:
    """Cut whole messages off the front of `data`; `over` says that nothing more will come."""
    taken = Taken()
    at = _skipped(data, framing)
    parts: list[bytes] = []
    while at < len(data):
        found = _COUNT.match(data, at)
        if found is None:
            if not over and _BEGUN.match(data, at) and len(data) - at <= 10:
                break
            at = _lines(data, at, framing, most, over, taken, parts)
            break
        begin = found.end() - 1
        end = begin + int(found[1])
        framing.counted = True
        if end - begin > most:
            taken.oversized += 1
            framing.skip = max(0, end - len(data))
            at = min(end, len(data))
            continue
        if end > len(data):
            if not over:
                break
            end = len(data)
        parts.append(_one_line(data[begin:end]))
        at = end
        if data[at : at + 1] == b"\n":  # senders that count and end lines as well
            at += 1
    taken.lines = b"".join(parts)
    taken.messages = taken.lines.count(b"\n")
    taken.used = at
    return taken


def _skipped(data: bytes, framing: Framing) -> int:
    """Where reading goes on behind a message that was too long."""
    if framing.skip == 0:
        return 0
    if framing.skip > 0:
        gone = min(framing.skip, len(data))
        framing.skip -= gone
        return gone
    end = data.find(b"\n")
    if end < 0:
        return len(data)
    framing.skip = 0
    return end + 1


def _lines(data: bytes, at: int, framing: Framing, most: int, over: bool, taken: Taken, parts: list[bytes]) -> int:
    """Take whole lines from `at` on; where taking stops."""
    end = data.rfind(b"\n", at) + 1
    if end > at:
        parts.append(_without_long(data[at:end], most, taken))
        at = end
    rest = len(data) - at
    if rest > most:
        taken.oversized += 1
        framing.skip = 0 if over else _TO_LINE_END
        return len(data)
    if over and rest:
        parts.append(_one_line(data[at:]))
        return len(data)
    return at


def _without_long(lines: bytes, most: int, taken: Taken) -> bytes:
    if len(lines) <= most:
        return lines
    ends = np.flatnonzero(np.frombuffer(lines, np.uint8) == 10)
    starts = np.concatenate((np.zeros(1, np.int64), ends[:-1] + 1))
    long = np.flatnonzero(ends - starts > most)
    if not len(long):
        return lines
    taken.oversized += len(long)
    kept, at = [], 0
    for row in long.tolist():
        kept.append(lines[at : int(starts[row])])
        at = int(ends[row]) + 1
    return b"".join((*kept, lines[at:]))


def _one_line(message: bytes) -> bytes:
    """A message as a line."""
    message = message.rstrip(b"\r\n\0")
    if not message:
        return b""
    return (message.replace(b"\n", b"#012") if b"\n" in message else message) + b"\n"


def lines_of(datagrams: list[bytes]) -> bytes:
    """Datagrams as lines, one each, also where one holds line feeds or nothing."""
    joined = b"\n".join(datagrams) + b"\n"
    if joined.count(b"\n") == len(datagrams):
        return joined
    return b"".join(_one_line(one) or b"\n" for one in datagrams)
